//! Places are never more than the capacity, and come back however the transfer ended.

use super::*;

const NOW: u32 = 29_000_000;

fn claim(line: &str, call: &str, effect: u16) -> Claim {
    let mut id = [0; 16];
    id[..2].copy_from_slice(&effect.to_be_bytes());
    Claim {
        line: LineId::of(line),
        name: LineId::of(line),
        capacity: Some(1),
        effect: EffectId(id),
        call: CallKey::of(Some(call)),
        turn: 3,
        lease_until: lease_until(NOW, 25),
        force: false,
    }
}

#[test]
fn a_line_takes_as_many_calls_as_it_has_places() {
    let lines = Occupancy::default();
    assert_eq!(lines.reserve(&claim("a", "CA1", 1), NOW), Outcome::Reserved);
    assert_eq!(lines.reserve(&claim("a", "CA2", 2), NOW), Outcome::Full);
    assert_eq!(lines.reserve(&claim("b", "CA2", 3), NOW), Outcome::Reserved);
    lines.release(&CallKey::of(Some("CA1")));
    lines.release(&CallKey::of(Some("CA1")));
    assert_eq!(lines.held(LineId::of("a")), 0);
    assert_eq!(lines.reserve(&claim("a", "CA3", 4), NOW), Outcome::Reserved);
}

#[test]
fn peer_defect_18_a_claim_delivered_twice_takes_one_place_and_hears_the_first_outcome() {
    let lines = Occupancy::default();
    let two = |call, effect| Claim { capacity: Some(2), ..claim("a", call, effect) };
    assert_eq!(lines.reserve(&two("CA1", 1), NOW), Outcome::Reserved);
    assert_eq!(lines.reserve(&two("CA1", 1), NOW), Outcome::Reserved);
    assert_eq!(lines.held(LineId::of("a")), 1);
    assert_eq!(lines.reserve(&two("CA2", 2), NOW), Outcome::Reserved);
    assert_eq!(lines.reserve(&two("CA3", 3), NOW), Outcome::Full);
    lines.release(&CallKey::of(Some("CA1")));
    assert_eq!(lines.reserve(&two("CA3", 3), NOW), Outcome::Full, "the first outcome, though a place is free now");
    assert_eq!(lines.reserve(&two("CA1", 1), NOW), Outcome::Reserved, "a late copy takes no place");
    assert_eq!(lines.held(LineId::of("a")), 1);
}

#[test]
fn the_end_of_a_transfer_told_twice_keeps_the_next_lines_place() {
    let lines = Occupancy::default();
    let call = CallKey::of(Some("CA1"));
    lines.reserve(&claim("a", "CA1", 1), NOW);
    for _ in 0..2 {
        lines.release_before(&call, 4);
        assert_eq!(lines.reserve(&Claim { turn: 4, ..claim("b", "CA1", 2) }, NOW), Outcome::Reserved);
        assert_eq!((lines.held(LineId::of("a")), lines.held(LineId::of("b"))), (0, 1));
    }
}

#[test]
fn a_forgotten_place_is_free_when_its_lease_ends() {
    let lines = Occupancy::default();
    lines.reserve(&claim("a", "CA1", 1), NOW);
    assert_eq!(lines.reserve(&claim("a", "CA2", 2), NOW + 30), Outcome::Full);
    assert_eq!(lines.reserve(&claim("a", "CA3", 3), NOW + 31), Outcome::Reserved);
}

#[test]
fn who_is_known_to_talk_is_held_for_the_longest_conversation_and_no_longer() {
    let lines = Occupancy::default();
    for (line, call, effect) in [("a", "CA1", 1), ("b", "CA2", 2), ("c", "CA2", 3)] {
        lines.reserve(&claim(line, call, effect), NOW);
    }
    // Of several that rang together we don't know who talks.
    ["CA1", "CA2", "CA9"].iter().for_each(|call| lines.talks(&CallKey::of(Some(call)), NOW));
    for (later, held) in [(30, [1, 1, 1]), (31, [1, 0, 0]), (LONGEST_TALK - 1, [1, 0, 0]), (LONGEST_TALK, [0; 3])] {
        lines.book().expire(NOW + later);
        assert_eq!(["a", "b", "c"].map(|line| lines.held(LineId::of(line))), held, "{later}");
    }
    let book = lines.book();
    assert!(book.entries.is_empty() && book.calls.is_empty() && book.ends.is_empty());
}

#[test]
fn a_line_without_a_limit_is_never_full_but_counted() {
    let lines = Occupancy::default();
    for i in 0..100 {
        let unlimited = Claim { capacity: None, ..claim("a", "CA1", i) };
        assert_eq!(lines.reserve(&unlimited, NOW), Outcome::Reserved);
    }
    assert_eq!(lines.held(LineId::of("a")), 100);
    assert_eq!(lines.reserve(&Claim { capacity: Some(0), ..claim("closed", "CA1", 200) }, NOW), Outcome::Full);
}

#[test]
fn one_id_for_another_line_is_another_claim() {
    let lines = Occupancy::default();
    lines.reserve(&claim("a", "CA1", 1), NOW);
    assert_eq!(lines.reserve(&claim("b", "CA1", 1), NOW), Outcome::Reserved);
    assert_eq!((lines.held(LineId::of("a")), lines.held(LineId::of("b"))), (0, 1));
}

#[test]
fn what_gives_a_place_back_says_which_once() {
    let lines = Occupancy::default();
    lines.reserve(&claim("a", "CA1", 1), NOW);
    let call = CallKey::of(Some("CA1"));
    assert_eq!(lines.release_before(&call, 3), [], "its own turn");
    assert_eq!(lines.release_before(&call, 4), [LineId::of("a")]);
    assert_eq!(lines.release_before(&call, 4), []);
    assert_eq!(lines.release(&call), []);
}

#[test]
fn another_reason_not_to_be_called_is_remembered_with_the_claim_and_takes_no_place() {
    let lines = Occupancy::default();
    let judged = |outcome| lines.reserve_if(&claim("a", "CA1", 1), NOW, |_| outcome);
    assert_eq!(judged(Outcome::Paused), Outcome::Paused);
    assert_eq!(judged(Outcome::Reserved), Outcome::Paused, "a copy hears the first outcome");
    assert_eq!(lines.held(LineId::of("a")), 0);
}

#[test]
fn where_leases_close_a_line_the_oldest_place_can_be_claimed_and_there_are_never_more() {
    let lines = Occupancy::default();
    let two = |line, call, effect, age| Claim {
        capacity: Some(2),
        lease_until: lease_until(NOW - age, 25),
        ..claim(line, call, effect)
    };
    lines.reserve(&two("a", "CA1", 1, 0), NOW);
    lines.reserve(&two("a", "CA2", 2, 5), NOW);
    lines.reserve(&two("b", "CA3", 3, 3), NOW);
    let (a, b) = (LineId::of("a"), LineId::of("b"));
    assert_eq!(lines.held_longest(&[b, a]), Some(a));
    assert_eq!(lines.held_longest(&[b]), Some(b));
    assert_eq!(lines.held_longest(&[LineId::of("c")]), None);
    assert_eq!(lines.reserve(&two("a", "CA4", 4, 0), NOW), Outcome::Full);
    assert_eq!(lines.reserve(&Claim { force: true, ..two("a", "CA4", 5, 0) }, NOW), Outcome::Reserved);
    assert_eq!(lines.held(a), 2);
    // The one whose place it was is over at last: nothing more is given back.
    assert_eq!(lines.release(&CallKey::of(Some("CA2"))), []);
    assert_eq!(lines.held(a), 2);
    let nobody = Claim { force: true, capacity: Some(0), ..claim("closed", "CA5", 6) };
    assert_eq!(lines.reserve(&nobody, NOW), Outcome::Full);
}

#[test]
fn force_takes_a_free_place_first_and_keeps_the_others() {
    let lines = Occupancy::default();
    let forced = |call, effect| Claim { force: true, capacity: Some(2), ..claim("a", call, effect) };
    for (call, effect) in [("CA1", 1), ("CA2", 2)] {
        assert_eq!(lines.reserve(&forced(call, effect), NOW), Outcome::Reserved);
    }
    assert_eq!(lines.held(LineId::of("a")), 2);
}

#[test]
fn memory_is_bounded_and_every_view_empties() {
    let lines = Occupancy::default();
    for i in 0..u16::try_from(MAX_CLAIMS + 1000).unwrap() {
        lines.reserve(&Claim { capacity: None, ..claim("a", &format!("CA{i}"), i) }, NOW);
    }
    assert_eq!(lines.held(LineId::of("a")) as usize, MAX_CLAIMS);
    let mut book = lines.book();
    book.expire(NOW + 31);
    assert!(book.entries.is_empty() && book.calls.is_empty() && book.held.is_empty() && book.ends.is_empty());
}
