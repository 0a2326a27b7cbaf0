//! Chains laid out, by example.

use super::*;
use crate::{
    files::Files,
    lines::{Chains, hours::PREPARED_DAYS},
};

const LINES: &str = r#"
friends: { name: { fr: les amis, en: the friends }, announce: "09 72 39 40 50", dial: "+33972394050", speaks: [fr], capacity: 2 }
by_sip: { name: { fr: b }, announce: "01 99 00 00 00", sip: "sip:ecoute@example.org", ring_seconds: 10, accept: true }
short: { name: { fr: c }, announce: "3919", dial_short: "3919" }
unsure: { name: { fr: d }, announce: "01 99 00 00 09", dial: "+33199000009", verified: false }
said: { name: { fr: e }, announce: "3114" }
samu: { name: { fr: f }, announce: "15", dial: "+33199000008" }
"#;

const PEOPLE: &str = r#"
ordered:
  name: { fr: notre équipe, en: our team }
  ring_seconds: 15
  people:
    zoe: { dial: "+33199000001", speaks: [fr, en] }
    anne: { dial: "+33199000002", hours: "Mo-Fr 18:00-21:00" }
turning:
  name: { fr: à tour de rôle }
  ring: in_turn
  people:
    zoe: { dial: "+33199000003" }
    anne: { dial: "+33199000004" }
at_once:
  name: { fr: ensemble }
  ring: together
  people:
    zoe: { dial: "+33199000005" }
    anne: { dial: "+33199000006", hours: "Mo-Fr 18:00-21:00" }
"#;

/// Monday 23 November 2026, 12:00 in Paris.
const NOON: u32 = 29_923_860;
const DAY: u32 = 24 * 60;

fn attempts(names: &str, dials_short: bool) -> Vec<Attempt> {
    let chain = format!("a: {{ try: {names} }}\n");
    let files = Files::from_texts([("lines.yaml", LINES), ("responders.yaml", PEOPLE), ("chains.yaml", &chain)]);
    let (lines, responders) = (Lines::parse(&files).0.unwrap(), Responders::parse(&files).0);
    let known = Known { lines: &lines, responders: responders.as_ref(), minute: NOON, dials_short };
    known.attempts(Chains::parse(&files).0.unwrap().get("a").unwrap())
}

/// `our_team/anne 15s accept turn 1`, several telephones with a plus between.
fn told(attempts: &[Attempt]) -> Vec<String> {
    let telephones = |attempt: &Attempt| {
        let names: Vec<&str> = attempt.telephones.iter().map(|telephone| telephone.name.as_str()).collect();
        names.join(" + ")
    };
    let told = attempts.iter().map(|attempt| {
        let accept = if attempt.accept { " accept" } else { "" };
        let turn = attempt.turn.map_or_else(String::new, |turn| format!(" turn {turn}"));
        format!("{} {}s{accept}{turn}", telephones(attempt), attempt.ring)
    });
    told.collect()
}

#[test]
fn a_line_is_one_attempt_with_what_is_written_of_it() {
    let laid_out = attempts("[friends, by_sip]", false);
    assert_eq!(told(&laid_out), ["friends 25s", "by_sip 10s accept"]);
    let friends = &laid_out[0].telephones[0];
    assert_eq!(friends.address, Address::Number("+33972394050".parse().unwrap()));
    assert_eq!(
        (friends.capacity, &friends.speaks[..], friends.line),
        (Some(2), &[Lang::FR][..], LineId::of("friends"))
    );
    assert_eq!(laid_out[1].telephones[0].address, Address::Sip("sip:ecoute@example.org".to_owned()));
    assert_eq!(laid_out[0].spoken, [(Lang::EN, "the friends".to_owned()), (Lang::FR, "les amis".to_owned())]);
}

#[test]
fn what_can_not_be_called_is_passed_over_and_the_rest_is_called() {
    assert_eq!(told(&attempts("[unsure, said, nobody, friends]", true)), ["friends 25s"]);
    assert_eq!(told(&attempts("[unsure, said]", true)), [""; 0]);
}

#[test]
fn an_emergency_number_is_called_by_no_setting() {
    assert_eq!(told(&attempts("[samu, friends]", true)), ["friends 25s"]);
}

#[test]
fn a_short_number_is_called_only_through_a_provider_that_can() {
    assert_eq!(told(&attempts("[short, friends]", false)), ["friends 25s"]);
    let able = attempts("[short, friends]", true);
    assert_eq!(told(&able), ["short 25s", "friends 25s"]);
    assert_eq!(able[0].telephones[0].address, Address::Short("3919".to_owned()));
}

#[test]
fn people_ring_in_the_order_in_which_they_are_written_and_must_accept() {
    let laid_out = attempts("[ordered, friends]", false);
    assert_eq!(told(&laid_out), ["ordered/zoe 15s accept", "ordered/anne 15s accept", "friends 25s"]);
    assert_eq!((laid_out[1].name.as_str(), laid_out[1].telephones[0].capacity), ("ordered", Some(1)));
    assert_eq!(laid_out[0].telephones[0].speaks, ["fr".parse().unwrap(), Lang::EN]);
}

#[test]
fn people_who_take_turns_know_their_place_and_those_who_ring_together_are_one_attempt() {
    let laid_out = attempts("[turning, at_once, ordered]", false);
    assert_eq!(
        told(&laid_out),
        [
            "turning/zoe 25s accept turn 0",
            "turning/anne 25s accept turn 1",
            "at_once/zoe + at_once/anne 25s accept",
            "ordered/zoe 15s accept",
            "ordered/anne 15s accept",
        ]
    );
    let mut ids: Vec<LineId> = laid_out.iter().flat_map(|attempt| &attempt.telephones).map(|one| one.line).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 6, "each person is counted alone");
}

#[test]
fn each_person_has_hours_of_their_own_also_past_what_is_prepared() {
    let laid_out = attempts("[at_once]", false);
    let [zoe, anne] = &laid_out[0].telephones[..] else { panic!("{laid_out:?}") };
    // Mondays, also 61 weeks later: 427 days are more than are laid out.
    for monday in [NOON, NOON + 61 * 7 * DAY] {
        let evening = monday + 7 * 60;
        assert!(zoe.is_open(monday) && zoe.is_open(evening), "{monday}");
        assert!(!anne.is_open(monday) && anne.is_open(evening) && !anne.is_open(evening + 2 * 60), "{monday}");
        assert!(!anne.is_open(evening + 5 * DAY), "a Saturday");
    }
    const { assert!(61 * 7 > PREPARED_DAYS) };
}
