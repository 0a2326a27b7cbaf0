//! Whether they have talked (T7), another language (T9), and ways out of a chain and back.

use super::*;

#[test]
fn t7_only_a_conversation_leads_to_what_follows_one() {
    let completed = Transfer::of(DialOutcome::Completed);
    let cases = [
        ("sos_amitie, third", completed, TALKED),
        ("sos_amitie, third", Transfer { bridged: Some(true), ..completed }, TALKED),
        ("with_key, third", completed, ASKED),
        ("with_key, third", Transfer { accepted: Some(true), ..completed }, TALKED),
        ("with_key, third", Transfer { bridged: Some(true), ..completed }, TALKED),
        ("with_key, third", Transfer { accepted: Some(false), ..completed }, NOT_YET),
        ("with_key, third", Transfer { accepted: Some(false), bridged: Some(true), ..completed }, NOT_YET),
        ("with_key, third", Transfer { bridged: Some(false), ..completed }, NOT_YET),
        ("with_key, third", Transfer::of(DialOutcome::Busy), BUSY),
    ];
    for (attempts, transfer, words) in cases {
        let world = world(attempts);
        let (mut caller, _) = Caller::listener(&world, NOON);
        caller.dial();
        let said = caller.hear(&Event::TransferEnded(transfer));
        assert!(said.starts_with(words), "{attempts} {transfer:?}: {said}");
        assert_eq!(caller.state.answered, words == TALKED);
    }
}

#[test]
fn t7_where_it_is_not_known_the_caller_is_asked() {
    let world = world("with_key, third");
    let (mut caller, _) = Caller::listener(&world, NOON);
    caller.dial();
    let said = caller.ended(DialOutcome::Completed);
    assert!(said.contains("Pour dire oui, appuyez sur la touche 1."), "{said}");
    let asked = caller.state.clone();
    assert!(caller.press('1').starts_with(TALKED));
    caller.state = asked.clone();
    assert_eq!(caller.press('2'), NEXT);
    assert_eq!(caller.rings(), "14");
    // Silence: once again, then as yes.
    caller.state = asked;
    assert!(caller.silence().starts_with(ASKED));
    assert!(caller.silence().starts_with(TALKED));
    assert_eq!(caller.state.failures, 0);
}

#[test]
fn t7_where_no_word_of_the_end_comes_nobody_else_is_called() {
    let world = world("sos_amitie, third");
    let (mut caller, _) = Caller::listener(&world, NOON);
    caller.dial();
    assert!(caller.silence().contains(NUMBERS));
}

#[test]
fn t9_a_line_in_another_language_is_called_only_after_the_word() {
    let world = world("sos_amitie, in_english");
    let (mut caller, said) = Caller::listener(&world, NOON);
    assert!(!said.contains("On y parle"), "{said}");
    caller.dial();
    let said = caller.ended(DialOutcome::Busy);
    assert!(
        said.ends_with(&format!("{NEXT} On y parle anglais. Pour rester ici, appuyez sur la touche dièse.")),
        "{said}"
    );
    caller.press('#');
    assert_eq!(caller.state.node, NodeId::of("talk_menu"));
}

#[test]
fn t9_who_speaks_another_language_than_a_taken_one_of_the_same_group_is_announced() {
    let world = world("mixed");
    let (mut caller, said) = Caller::listener(&world, NOON);
    assert!(!said.contains("On y parle"), "{said}");
    caller.asks();
    let said = caller.hear(&Event::Done(Outcome::Full));
    assert!(said.contains("On y parle anglais. Pour rester ici, appuyez sur la touche dièse."), "{said}");
    assert_eq!(caller.rings(), "62");
}

#[test]
fn who_leaves_a_chain_between_two_lines_comes_back_to_the_line_at_hand() {
    let world = world("sos_amitie, third");
    for (keys, words) in [("82", "We are trying another line."), ("9#", NEXT), ("0#", NEXT)] {
        let (mut caller, _) = Caller::listener(&world, NOON);
        caller.rings();
        caller.ended(DialOutcome::NoAnswer);
        let said = keys.chars().map(|key| caller.press(key)).last().unwrap();
        assert!(said.contains(words), "{keys}: {said}");
        assert_eq!((caller.state.attempt, caller.state.chain_seconds), (1, 25), "{keys}");
        assert_eq!(caller.rings(), "14", "{keys}");
    }
    // So does the question whether they have talked.
    let world = self::world("with_key, third");
    let (mut caller, _) = Caller::listener(&world, NOON);
    caller.rings();
    caller.ended(DialOutcome::Completed);
    caller.press('9');
    assert!(caller.press('#').contains(ASKED));
}

/// The caller who rings at `attempt` of `before` while a reload makes `after` of the chain.
fn reloaded<'w>(before: &World, after: &'w World, attempt: usize) -> Caller<'w> {
    let (mut caller, _) = Caller::listener(before, NOON);
    caller.dial();
    for _ in 0..attempt {
        caller.ended(DialOutcome::NoAnswer);
        caller.dial();
    }
    assert_eq!((caller.state.phase, usize::from(caller.state.attempt)), (Phase::Ringing, attempt));
    Caller { world: after, state: caller.state, now: caller.now }
}

#[test]
fn t7_a_conversation_is_one_though_a_reload_has_taken_its_line_out_of_the_chain() {
    let (before, after) = (world("sos_amitie, third"), world("sos_amitie"));
    let completed = Transfer::of(DialOutcome::Completed);
    for transfer in [completed, Transfer { accepted: Some(true), ..completed }] {
        let mut caller = reloaded(&before, &after, 1);
        let said = caller.hear(&Event::TransferEnded(transfer));
        assert!(said.starts_with(TALKED), "{transfer:?}: {said}");
        assert!(caller.state.answered);
    }
    let said = reloaded(&before, &after, 1).ended(DialOutcome::Busy);
    assert!(said.contains(NUMBERS), "{said}");
}

#[test]
fn t7_what_nobody_accepted_is_no_conversation_whatever_a_reload_has_made_of_the_chain() {
    let before = world("with_key, third");
    let voicemail = Transfer { accepted: Some(false), ..Transfer::of(DialOutcome::Completed) };
    for after in ["third, with_key", "third"] {
        let after = world(after);
        let mut caller = reloaded(&before, &after, 0);
        let said = caller.hear(&Event::TransferEnded(voicemail));
        assert!(!said.contains(TALKED), "{said}");
        assert!(!caller.state.answered);
    }
}
