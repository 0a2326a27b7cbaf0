//! The person whom the ladder calls (L4, L5).

use super::*;

/// The announcement of the ladder's call, and the caller: the help menu is behind.
fn called_by_the_ladder(world: &World) -> Caller<'_> {
    let help = Spot { node: world.roles.help, part: PartId::BEGINNING };
    let mut caller = Caller::new(world, NOON);
    let person = world.roles.person;
    let keymap = world.node(person).unwrap().keymap;
    caller.state = CallState { by_ladder: true, failures: 3, back: vec![help], keymap, ..caller.state };
    caller.state.node = person;
    caller.state.awaits = person;
    // The hour is over: the bound of the call waits.
    caller.now.minute += MAX_MINUTES;
    caller
}

#[test]
fn l4_the_ladders_person_is_a_chain_and_the_bound_waits_for_its_end() {
    let world = world("sos_amitie, third, fourth");
    let mut caller = called_by_the_ladder(&world);
    assert_eq!(caller.rings(), "50");
    assert!(caller.ended(DialOutcome::NoAnswer).ends_with(NEXT));
    let between = caller.state.clone();
    // Any key stays, and only gives the place back.
    caller.press('5');
    assert_eq!((caller.state.node, caller.state.failures), (world.roles.help, 0));
    caller.state = between;
    assert_eq!(caller.rings(), "14");
    assert!(caller.ended(DialOutcome::NoAnswer).starts_with(STILL));
    let asked = caller.state.clone();
    caller.press('2');
    assert_eq!(caller.state.node, world.roles.numbers);
    assert_eq!(caller.state.back.last().map(|spot| spot.node), Some(world.roles.help));
    caller.state = asked;
    assert_eq!(caller.silence(), NEXT);
    assert_eq!(caller.rings(), "15");
    let said = caller.ended(DialOutcome::Completed);
    assert!(said.starts_with(TALKED), "{said}");
    assert!(caller.state.ladder_answered);
}

#[test]
fn l5_where_everyone_is_closed_the_ladder_gives_the_numbers_and_the_place() {
    let world = world("by_day");
    let mut caller = called_by_the_ladder(&world);
    caller.now.minute = NOON + 8 * HOUR;
    caller.state.started = caller.now.minute;
    caller.state = CallState { failures: 2, ..Caller::new(&world, caller.now.minute).state };
    let said = caller.silence();
    assert!(said.contains("Elle ouvre demain") && said.contains(NUMBERS), "{said}");
    assert_eq!((caller.state.node, caller.state.by_ladder), (world.roles.main_menu, false));
}
