//! Lines that are closed, people who are not on duty, and places that can't be had.

use super::*;

#[test]
fn p25_a_first_line_that_is_closed_says_when_it_opens_and_the_next_one_is_called() {
    let world = world("by_day, sos_amitie");
    for (minute, words) in [
        (NOON, "Nous appelons Ligne du jour."),
        (
            NOON - 5 * HOUR,
            "Pour Ligne du jour, la ligne est fermée. Elle ouvre aujourd'hui à 9 h 30. Nous appelons SOS Amitié.",
        ),
        (
            NOON + 12 * HOUR,
            "Pour Ligne du jour, la ligne est fermée. Elle ouvre aujourd'hui à 9 h 30. Nous appelons SOS Amitié.",
        ),
        (
            NOON + 8 * HOUR,
            "Pour Ligne du jour, la ligne est fermée. Elle ouvre demain à 9 h 30. Nous appelons SOS Amitié.",
        ),
        (
            NOON + 3 * DAY,
            "Pour Ligne du jour, la ligne est fermée. Elle ouvre lundi à 9 h 30. Nous appelons SOS Amitié.",
        ),
        (
            NOON - DAY,
            "Pour Ligne du jour, la ligne est fermée aujourd'hui, jour férié. Elle ouvre demain à 9 h 30. Nous appelons SOS Amitié.",
        ),
    ] {
        let (mut caller, said) = Caller::listener(&world, minute);
        assert!(said.starts_with(words), "{minute}: {said}");
        assert_eq!(caller.rings(), if minute == NOON { "11" } else { "50" });
    }
}

#[test]
fn p25_where_everyone_is_closed_nothing_rings_and_the_numbers_follow() {
    let world = world("by_day");
    let (mut caller, said) = Caller::listener(&world, NOON + 8 * HOUR);
    let words = "Pour Ligne du jour, la ligne est fermée. Elle ouvre demain à 9 h 30. Voici les numéros, deux fois.";
    assert!(said.starts_with(words), "{said}");
    assert_eq!(caller.state.node, world.roles.numbers);
    assert!(caller.press('#').starts_with("Retour."));
}

#[test]
fn people_who_are_not_on_duty_are_passed_over_without_a_word() {
    let world = world("team, sos_amitie");
    let (mut caller, said) = Caller::listener(&world, NOON);
    assert!(said.starts_with("Nous appelons notre équipe."), "{said}");
    let dial = caller.dial();
    assert_eq!((number(&dial, 0), dial.accept), ("21".into(), true));
    let (mut caller, said) = Caller::listener(&world, NOON + 2 * HOUR);
    assert!(said.starts_with("Nous appelons notre équipe."), "{said}");
    assert_eq!(caller.rings(), "22");
    // Whoever answers is spoken to in a language of theirs.
    caller.ended(DialOutcome::Busy);
    let dial = caller.dial();
    assert_eq!((number(&dial, 0), dial.targets[0].lang), ("23".into(), Lang::EN));
}

#[test]
fn what_can_not_be_reserved_is_passed_over_with_one_sentence() {
    let world = world("sos_amitie, third");
    for (outcome, words) in [
        (Outcome::Full, "Ce n'est pas libre en ce moment."),
        (Outcome::Paused, "Nous ne pouvons pas les joindre en ce moment."),
        (Outcome::Unhealthy, "Nous ne pouvons pas les joindre en ce moment."),
    ] {
        let (mut caller, _) = Caller::listener(&world, NOON);
        caller.asks();
        assert_eq!(caller.hear(&Event::Done(outcome)), format!("{words} {NEXT}"), "{outcome:?}");
        assert_eq!((caller.rings().as_str(), caller.state.chain_seconds), ("14", 0));
    }
    // Without a number of ours, nobody can be called at all.
    let (mut caller, _) = Caller::listener(&world, NOON);
    caller.asks();
    let said = caller.hear(&Event::Done(Outcome::Unreachable));
    assert!(said.starts_with("Nous n'arrivons pas à joindre") && said.contains(NUMBERS), "{said}");
}

#[test]
fn of_a_group_that_is_taken_nothing_is_said_until_somebody_is_free() {
    let world = world("many, third");
    let (mut caller, _) = Caller::listener(&world, NOON);
    let mut step = caller.step(&Event::Silence);
    let (mut places, mut in_a_row, mut most) = (0, 0, 0);
    for _ in 0..40 {
        step = match step {
            Step::Do { .. } => {
                in_a_row += 1;
                most = most.max(in_a_row);
                caller.step(&Event::Done(Outcome::Full))
            }
            Step::Answer { .. } if caller.state.node == world.roles.numbers => break,
            Step::Answer { verbs, .. } => {
                assert!(matches!(&verbs[..], [Verb::Listen(listen)] if !listen.prompts.is_empty()), "{verbs:?}");
                (places, in_a_row) = (places + 1, 0);
                caller.step(&Event::Silence)
            }
        };
    }
    assert_eq!(caller.state.node, world.roles.numbers);
    // A webhook has eight effects at most.
    assert!(most <= 7 && places == 2, "{most} in a row, {places} places");
}
