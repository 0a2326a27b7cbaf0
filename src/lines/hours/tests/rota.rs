//! Rotas: each week, every other week, once a month, one day. OpenStreetMap's texts cover each week (`Mo-Fr 18:00-22:00`)
//! and the first Monday of the month (`Mo[1] 18:00-22:00`). Every other week they count by the number of the week, which
//! goes wrong where the year turns: that is `Every`. Changes for one day are `closed` and `open`.

use super::*;

/// Who is on duty in `minute`: places in `rota`, in order.
fn on_duty(rota: &[Prepared], minute: u32) -> impl Iterator<Item = usize> {
    rota.iter().enumerate().filter(move |(_, turn)| turn.is_open(minute)).map(|(at, _)| at)
}

/// When nobody is on duty, among the minutes given: a chain of calls must not depend on a rota then.
fn unstaffed(rota: &[Prepared], minutes: Range<u32>) -> Vec<Range<u32>> {
    let mut gaps = Vec::new();
    let mut covered = minutes.start;
    let mut staffed: Vec<Range<u32>> =
        rota.iter().flat_map(|turn| turn.hours().stretches(minutes.start, minutes.end)).collect();
    staffed.sort_by_key(|stretch| stretch.start);
    for stretch in staffed {
        if stretch.start > covered {
            gaps.push(covered..stretch.start);
        }
        covered = covered.max(stretch.end);
    }
    if covered < minutes.end {
        gaps.push(covered..minutes.end);
    }
    gaps
}

/// The days of the month on which `hours` open, over `days` days.
fn days(hours: &Arc<Hours>, from: &str, days: u32) -> Vec<String> {
    let from = minute(&format!("{from} 00:00"), hours.zone());
    let opens = hours.prepare(from);
    let opens = opens.changes().filter(|(at, open)| *open && *at < from + days * 24 * 60);
    opens.map(|(at, _)| hours.zone().to_datetime(clock::timestamp(at).unwrap()).date().to_string()).collect()
}

#[test]
fn every_other_week_goes_on_over_the_turn_of_the_year() {
    let every = Some(Every { weeks: 2, from: "2026-12-09" });
    let right = hours(&Written { hours: "Mo 18:00-22:00", every, ..Written::default() });
    let expected = ["2026-12-07", "2026-12-21", "2027-01-04", "2027-01-18"];
    assert_eq!(days(&right, "2026-12-01", 60)[..4], expected);
    // Before the day that it is counted from, too.
    assert_eq!(days(&right, "2026-11-20", 10), ["2026-11-23"]);
    // By the number of the week: 2026 has 53 weeks, and two weeks that count follow one another.
    let (by_number, faults) = Hours::read(&Written { hours: "week 01-53/2 Mo 18:00-22:00", ..Written::default() });
    assert_eq!(faults.len(), 1);
    let expected = ["2026-12-28", "2027-01-04"];
    assert_eq!(days(&Arc::new(by_number.unwrap()), "2026-12-25", 14), expected);
}

#[test]
fn a_night_of_a_week_that_counts_ends_in_one_that_does_not() {
    let every = Some(Every { weeks: 2, from: "2026-11-16" });
    let sundays = hours(&Written { hours: "Su 20:00-02:00", every, ..Written::default() });
    assert_eq!(told(&sundays, "2026-11-22", 13), "closed | Sun 22 20:00+ | Mon 23 02:00-");
}

#[test]
fn the_first_monday_of_the_month_is_kept() {
    let first = plain("Mo[1] 18:00-22:00");
    assert_eq!(days(&first, "2026-12-01", 90), ["2026-12-07", "2027-01-04", "2027-02-01"]);
}

#[test]
fn a_rota_tells_who_is_on_duty_and_when_nobody_is() {
    let week = |from| Some(Every { weeks: 2, from });
    let odd = hours(&Written { hours: "Mo-Fr 18:00-22:00", every: week("2026-11-23"), ..Written::default() });
    let even = Written {
        hours: "Mo-Fr 18:00-22:00",
        every: week("2026-11-30"),
        closed: &["2026-12-01"],
        open: &["2026-11-24 21:00-23:00"],
        ..Written::default()
    };
    let zone = odd.zone();
    let now = minute("2026-11-23 00:00", zone);
    let rota = [odd.prepare(now), hours(&even).prepare(now)];
    for (at, expected) in [
        ("2026-11-23 20:00", vec![0]),
        ("2026-11-24 21:30", vec![0, 1]),
        ("2026-11-24 22:30", vec![1]),
        ("2026-11-30 20:00", vec![1]),
        ("2026-12-01 20:00", vec![]),
        ("2026-11-28 20:00", vec![]),
    ] {
        assert_eq!(on_duty(&rota, minute(at, zone)).collect::<Vec<_>>(), expected, "{at}");
    }
    let evening = minute("2026-12-01 17:00", zone)..minute("2026-12-02 19:00", zone);
    let gap = minute("2026-12-01 17:00", zone)..minute("2026-12-02 18:00", zone);
    assert_eq!(unstaffed(&rota, evening), vec![gap]);
    let all = 29_700_000..29_700_010;
    assert_eq!(unstaffed(&[], all.clone()), vec![all]);
}
