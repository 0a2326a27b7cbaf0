//! What is said between two lines, and when a chain is over (T3 to T5).

use super::*;

#[test]
fn t3_between_two_lines_one_sentence_is_said_and_keys_work() {
    let world = world("sos_amitie, third");
    let (mut caller, said) = Caller::listener(&world, NOON);
    assert!(said.starts_with("Nous appelons SOS Amitié."), "{said}");
    assert_eq!(caller.rings(), "50");
    let listen = caller.listen(&Event::TransferEnded(Transfer::of(DialOutcome::Busy)));
    assert_eq!(listen.wait, 2);
    let before = caller.state.clone();
    let said = caller.press('*');
    assert!(said.contains(BUSY) && said.ends_with(NEXT), "{said}");
    assert_eq!(caller.state.phase, before.phase);
    for (key, node) in [('9', world.roles.urgent_help), ('0', world.roles.main_menu), ('#', NodeId::of("talk_menu"))] {
        caller.state = before.clone();
        caller.press(key);
        assert_eq!((caller.state.node, caller.state.attempt), (node, 0), "{key}");
    }
    caller.state = before.clone();
    let wrong = caller.press('5');
    assert!(wrong.contains("touche") && wrong.ends_with(NEXT), "{wrong}");
    caller.state = before;
    assert_eq!(caller.rings(), "14");
    let said = caller.ended(DialOutcome::NoAnswer);
    assert!(said.starts_with(NO_ANSWER) && said.contains(NUMBERS), "{said}");
}

#[test]
fn t4_after_long_ringing_the_caller_chooses_and_silence_waits() {
    let world = world("sos_amitie, third, fourth");
    let (mut caller, _) = Caller::listener(&world, NOON);
    caller.rings();
    caller.ended(DialOutcome::NoAnswer);
    caller.rings();
    let said = caller.ended(DialOutcome::NoAnswer);
    assert!(said.starts_with(STILL) && said.contains("appuyez sur la touche 2"), "{said}");
    let asked = caller.state.clone();
    assert_eq!(caller.silence(), NEXT);
    assert_eq!(caller.rings(), "15");
    caller.state = asked.clone();
    assert_eq!(caller.press('1'), NEXT);
    assert_eq!(caller.rings(), "15");
    caller.state = asked.clone();
    caller.press('2');
    assert_eq!((caller.state.node, caller.state.failures), (world.roles.numbers, 0));
    caller.state = asked;
    assert!(caller.press('5').contains(STILL));
    assert_eq!(caller.state.failures, 1);
}

#[test]
fn t5_a_chain_rings_ninety_seconds_and_no_longer() {
    let world = world("sos_amitie, third, fourth, by_day, in_english");
    let (mut caller, _) = Caller::listener(&world, NOON);
    let mut rung = Vec::new();
    loop {
        let dial = caller.dial();
        rung.push(dial.ring);
        let mut said = caller.ended(DialOutcome::NoAnswer);
        if said.starts_with(STILL) {
            said = caller.silence();
        }
        if said.contains(NUMBERS) {
            break;
        }
    }
    assert_eq!(rung, [25, 25, 25, 15]);
    assert_eq!((caller.state.attempt, caller.state.chain_seconds), (0, 0));
}

#[test]
fn t5_only_where_all_were_busy_is_it_said_of_all() {
    let world = world("sos_amitie, third");
    for (first, second, words) in [
        (DialOutcome::Busy, DialOutcome::Busy, "Toutes les lignes sont occupées."),
        (DialOutcome::NoAnswer, DialOutcome::Busy, NO_ANSWER),
        (DialOutcome::Failed, DialOutcome::Failed, NO_ANSWER),
    ] {
        let (mut caller, _) = Caller::listener(&world, NOON);
        caller.rings();
        caller.ended(first);
        caller.rings();
        let said = caller.ended(second);
        assert!(said.starts_with(words) && said.contains(NUMBERS), "{first:?} {second:?}: {said}");
    }
}
