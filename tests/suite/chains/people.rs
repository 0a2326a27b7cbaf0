//! Groups: who rings first, and who rings together.

use super::*;

#[test]
fn people_take_turns_and_each_call_keeps_its_order() {
    let world = world("turns");
    for (turn_of, order) in [(0, ["31", "32", "33"]), (1, ["32", "33", "31"]), (u32::MAX, ["31", "32", "33"])] {
        let mut caller = Caller::new(&world, NOON);
        caller.now.turn_of = turn_of;
        caller.press('4');
        caller.press('1');
        for number in order {
            assert_eq!(caller.rings(), number, "{turn_of}");
            caller.ended(DialOutcome::Busy);
        }
    }
}

#[test]
fn a_group_rings_together_without_those_who_are_taken_or_not_on_duty() {
    let world = world("all");
    let (mut caller, _) = Caller::listener(&world, NOON);
    let Effect::Reserve { seats, ring, .. } = caller.asks();
    assert_eq!((seats.len(), seats[0].capacity, ring), (2, Some(1), 25));
    let asked = caller.state.clone();
    let dial = caller.dialled(Outcome::Reserved);
    assert_eq!((dial.targets.len(), number(&dial, 0), number(&dial, 1)), (2, "41".into(), "42".into()));
    caller.state = asked.clone();
    let dial = caller.dialled(Outcome::Partly(0b10));
    assert_eq!((dial.targets.len(), number(&dial, 0)), (1, "42".into()));
    caller.state = asked;
    let said = caller.hear(&Event::Done(Outcome::Partly(0)));
    assert!(said.starts_with(BUSY), "{said}");
}
