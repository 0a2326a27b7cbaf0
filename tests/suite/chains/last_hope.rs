//! A chain that is full by our own count alone; one that a reload has changed.

use super::*;

#[test]
fn where_every_line_is_full_by_our_count_alone_one_is_tried_all_the_same_and_once() {
    let world = world("third, team, fourth");
    let (mut caller, _) = Caller::listener(&world, NOON);
    let mut asked = 0;
    let seats = loop {
        caller.asks();
        let mut step = caller.step(&Event::Done(Outcome::Full));
        while let Step::Do { effect: Effect::Reserve { force: false, .. }, .. } = &step {
            step = caller.step(&Event::Done(Outcome::Full));
        }
        asked += 1;
        match step {
            Step::Do { effect: Effect::Reserve { seats, force: true, .. }, .. } => break seats,
            Step::Answer { .. } => assert!(asked < 5),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(seats.len(), 2, "lines only: people may be talking");
    assert_eq!(number(&caller.dialled(Outcome::Partly(0b10)), 0), "15");
    let said = caller.ended(DialOutcome::Busy);
    assert!(said.contains("Toutes les lignes sont occupées.") && said.contains(NUMBERS), "{said}");
}

#[test]
fn the_last_hope_that_is_none_ends_in_honest_words() {
    for (attempts, outcomes, words) in [
        ("third", vec![Outcome::Full], "La ligne est occupée."),
        ("third", vec![Outcome::Paused], "La ligne est occupée."),
        ("team", vec![], "Toutes les lignes sont occupées."),
    ] {
        let world = world(attempts);
        let (mut caller, _) = Caller::listener(&world, NOON);
        caller.asks();
        let mut step = caller.step(&Event::Done(Outcome::Full));
        let mut outcomes = outcomes.into_iter();
        while let Step::Do { effect: Effect::Reserve { force, .. }, .. } = step {
            let outcome = if force { outcomes.next().unwrap() } else { Outcome::Full };
            step = caller.step(&Event::Done(outcome));
        }
        let Step::Answer { verbs, .. } = step else { panic!() };
        let [Verb::Listen(listen)] = &verbs[..] else { panic!("{verbs:?}") };
        assert_eq!(listen.prompts[0].speech.written().split(" Ce n").next(), Some(words), "{attempts}");
    }
}

#[test]
fn after_one_real_ring_no_full_line_is_forced() {
    let world = world("third, fourth");
    let (mut caller, _) = Caller::listener(&world, NOON);
    caller.dial();
    caller.ended(DialOutcome::Busy);
    caller.asks();
    let said = caller.hear(&Event::Done(Outcome::Full));
    assert!(said.contains("Toutes les lignes sont occupées."), "{said}");
}

#[test]
fn a_chain_that_a_reload_has_changed_is_announced_again() {
    let world = world("sos_amitie, third");
    let other = self::world("third, sos_amitie");
    let (mut caller, _) = Caller::listener(&world, NOON);
    caller.dial();
    caller.ended(DialOutcome::Busy);
    let mut reloaded = Caller { world: &other, state: caller.state, now: caller.now };
    let said = reloaded.silence();
    assert!(said.contains("Nous appelons La troisième."), "{said}");
    assert_eq!(reloaded.state.phase, Phase::Place);
}
