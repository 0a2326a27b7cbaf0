//! What the breaker promises, minute by minute.

use super::*;

const NOW: u32 = 29_000_000;

fn line() -> LineId {
    LineId::of("a")
}

fn call(n: usize) -> CallKey {
    CallKey::of(Some(&format!("CA{n}")))
}

fn fail(health: &Health, n: usize, now: u32) -> Option<u32> {
    assert!(health.may_try(line(), &call(n), now), "call {n}");
    health.ended(line(), &call(n), DialOutcome::Failed, now)
}

/// A line that is rested from `NOW` on.
fn rested() -> Health {
    let health = Health::default();
    assert_eq!([1, 2, 3].map(|n| fail(&health, n, NOW)), [None, None, Some(FIRST_REST)]);
    health
}

#[test]
fn three_failures_in_a_row_rest_a_line_and_no_other() {
    let health = rested();
    assert!(!health.may_try(line(), &call(4), NOW));
    assert!(!health.may_try(line(), &call(4), NOW + 1));
    assert_eq!(health.of(line(), NOW + 1), Condition::Resting(NOW + 2));
    assert!(health.may_try(LineId::of("b"), &call(4), NOW));
    assert_eq!(health.of(LineId::of("b"), NOW), Condition::Well);
}

#[test]
fn busy_no_answer_and_those_who_gave_up_never_trip_it() {
    let health = Health::default();
    for outcome in [DialOutcome::Busy, DialOutcome::NoAnswer, DialOutcome::Canceled, DialOutcome::Completed] {
        for n in 0..100 {
            assert_eq!(health.ended(line(), &call(n), outcome, NOW), None);
            assert!(health.may_try(line(), &call(n + 1), NOW), "{outcome:?}");
        }
    }
}

#[test]
fn a_sign_of_life_ends_a_row_of_failures_and_giving_up_does_not() {
    let health = Health::default();
    fail(&health, 1, NOW);
    fail(&health, 2, NOW);
    health.ended(line(), &call(3), DialOutcome::Busy, NOW);
    assert_eq!([4, 5].map(|n| fail(&health, n, NOW)), [None, None]);
    health.ended(line(), &call(6), DialOutcome::Canceled, NOW);
    assert_eq!(fail(&health, 7, NOW), Some(FIRST_REST));
}

#[test]
fn after_the_rest_one_call_tries_and_the_others_pass_it_over() {
    let health = rested();
    assert_eq!(health.of(line(), NOW + 2), Condition::Tried);
    assert!(health.may_try(line(), &call(4), NOW + 2));
    assert!(health.may_try(line(), &call(4), NOW + 2), "asked twice");
    assert!(!health.may_try(line(), &call(5), NOW + 2));
    health.ended(line(), &call(4), DialOutcome::Completed, NOW + 3);
    assert!(health.may_try(line(), &call(5), NOW + 3) && health.may_try(line(), &call(6), NOW + 3));
    assert_eq!(health.of(line(), NOW + 3), Condition::Well);
}

#[test]
fn rests_double_up_to_half_an_hour_and_begin_anew_after_a_success() {
    let health = rested();
    let mut now = NOW + FIRST_REST;
    for (n, rest) in [4, 8, 16, 30, 30, 30].into_iter().enumerate() {
        assert_eq!(fail(&health, n + 10, now), Some(rest));
        assert!(!health.may_try(line(), &call(99), now + rest - 1));
        now += rest;
    }
    assert!(health.may_try(line(), &call(50), now));
    health.ended(line(), &call(50), DialOutcome::NoAnswer, now);
    assert_eq!([51, 52, 53].map(|n| fail(&health, n, now)), [None, None, Some(FIRST_REST)]);
}

#[test]
fn a_trial_whose_end_is_never_told_keeps_nobody_away_for_long() {
    let health = rested();
    assert!(health.may_try(line(), &call(4), NOW + 2));
    assert!(!health.may_try(line(), &call(5), NOW + 2 + TRIAL - 1));
    assert!(health.may_try(line(), &call(5), NOW + 2 + TRIAL));
    // The first one tells late: what it says counts, whoever tries now.
    health.ended(line(), &call(4), DialOutcome::Completed, NOW + 5);
    assert_eq!(health.of(line(), NOW + 5), Condition::Well);
}

#[test]
fn a_trial_that_is_given_up_is_the_next_calls() {
    let health = rested();
    assert!(health.may_try(line(), &call(4), NOW + 2));
    health.given_up(line(), &call(5), NOW + 2);
    assert!(!health.may_try(line(), &call(5), NOW + 2), "only who tries can give up");
    health.given_up(line(), &call(4), NOW + 2);
    assert!(health.may_try(line(), &call(5), NOW + 2));
}

#[test]
fn failures_of_calls_that_rang_before_the_rest_do_not_lengthen_it() {
    let health = rested();
    assert_eq!(health.ended(line(), &call(8), DialOutcome::Failed, NOW + 1), None);
    assert_eq!(health.of(line(), NOW + 1), Condition::Resting(NOW + 2));
}

#[test]
fn its_memory_is_bounded_and_only_of_lines_that_fail() {
    let health = Health::default();
    for n in 0..MAX_LINES + 100 {
        let minute = NOW + u32::try_from(n).unwrap();
        health.ended(LineId(n as u64), &call(1), DialOutcome::Failed, minute);
    }
    assert_eq!(health.book().len(), MAX_LINES);
    assert!(!health.book().contains_key(&LineId(0)) && health.book().contains_key(&LineId(100)));
    for n in 0..MAX_LINES + 100 {
        health.ended(LineId(n as u64), &call(1), DialOutcome::Busy, NOW);
    }
    assert!(health.book().is_empty());
}
