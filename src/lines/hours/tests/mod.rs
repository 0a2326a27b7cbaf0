//! Hours by example. Times are those of the line's own clock.

mod faults;
mod properties;
mod rota;

use std::sync::Arc;

use jiff::{
    civil::{DateTime, Weekday, date},
    tz::TimeZone,
};

use super::*;
use crate::lines::holidays::Holiday;

/// Hours without any fault.
fn hours(written: &Written) -> Arc<Hours> {
    let (hours, faults) = Hours::read(written);
    assert_eq!(faults, [], "{written:?}");
    Arc::new(hours.unwrap())
}

fn plain(text: &str) -> Arc<Hours> {
    hours(&Written { hours: text, ..Written::default() })
}

/// The minute in which the clock of `zone` first shows `wall`, as in `2026-12-24 10:00`.
fn minute(wall: &str, zone: &TimeZone) -> u32 {
    let wall: DateTime = wall.parse().unwrap();
    u32::try_from(zone.to_timestamp(wall).unwrap().as_second() / 60).unwrap()
}

/// The changes between two days of the line's clock, as `10:00+` (opens) and `12:00-` (closes), each day's after its date.
fn told(hours: &Arc<Hours>, from: &str, days: u32) -> String {
    let from = minute(&format!("{from} 00:00"), hours.zone());
    let prepared = hours.prepare(from);
    let mut text = String::from(if prepared.is_open(from) { "open" } else { "closed" });
    let mut last = None;
    for (at, open) in prepared.changes().take_while(|(at, _)| *at <= from + days * 24 * 60) {
        let wall = hours.zone().to_datetime(clock::timestamp(at).unwrap());
        if last.replace(wall.date()) != Some(wall.date()) {
            text += &format!(" | {}", wall.strftime("%a %d"));
        }
        text += &format!(" {}{}", wall.strftime("%H:%M"), if open { '+' } else { '-' });
    }
    text
}

#[test]
fn hours_are_kept_as_written() {
    for (text, from, days, expected) in [
        ("24/7", "2026-11-22", 400, "open"),
        ("Mo-Fr 09:00-18:00; PH off", "2026-11-10", 2, "closed | Tue 10 09:00+ 18:00-"),
        ("Mo-Fr 09:00-12:00,14:00-18:00", "2026-11-20", 3, "closed | Fri 20 09:00+ 12:00- 14:00+ 18:00-"),
        (
            "Sa-Su,PH 14:00-23:00",
            "2026-11-11",
            5,
            "closed | Wed 11 14:00+ 23:00- | Sat 14 14:00+ 23:00- | Sun 15 14:00+ 23:00-",
        ),
        ("Mo-Su 20:00-02:00", "2026-11-22", 1, "open | Sun 22 02:00- 20:00+"),
        ("Mo-Su 20:00-26:00", "2026-11-22", 1, "open | Sun 22 02:00- 20:00+"),
        ("Mo-Fr 09:00-18:00; We 10:00-12:00", "2026-11-24", 2, "closed | Tue 24 09:00+ 18:00- | Wed 25 10:00+ 12:00-"),
        ("Mo 09:00-10:00, Mo 20:00-21:00", "2026-11-23", 2, "closed | Mon 23 09:00+ 10:00- 20:00+ 21:00-"),
        ("24/7; Mo 12:00-13:00 off", "2026-11-23", 2, "open | Mon 23 12:00- 13:00+"),
        ("Mo-Fr 09:00-18:00; 2026 Dec 24-Jan 2 off", "2026-12-23", 12, "closed | Wed 23 09:00+ 18:00-"),
        ("Nov-Feb Mo 09:00-10:00", "2026-10-25", 9, "closed | Mon 02 09:00+ 10:00-"),
        ("Mo[1] 18:00-20:00", "2026-12-01", 30, "closed | Mon 07 18:00+ 20:00-"),
        ("Mo[-1] 18:00-20:00", "2026-12-01", 30, "closed | Mon 28 18:00+ 20:00-"),
        ("easter -2 days 10:00-11:00", "2027-03-20", 20, "closed | Fri 26 10:00+ 11:00-"),
        ("24/7 off", "2026-11-22", 400, "closed"),
    ] {
        assert_eq!(told(&plain(text), from, days), expected, "{text}");
    }
}

#[test]
fn a_night_belongs_to_the_evening_on_which_it_began() {
    // Saturday has hours of its own: Friday's night still ends at 02:00.
    let own = plain("Mo-Fr 20:00-02:00; Sa-Su 14:00-23:00");
    let expected = "open | Fri 20 02:00- 20:00+ | Sat 21 02:00- 14:00+ 23:00- | Sun 22 14:00+ 23:00-";
    assert_eq!(told(&own, "2026-11-20", 3), expected);
    // 25 December off: the night of the 24th goes on to its end, nothing begins on the 25th, nor goes on after it.
    let off = plain("Mo-Su 20:00-02:00; PH off");
    let expected = "open | Thu 24 02:00- 20:00+ | Fri 25 02:00- | Sat 26 20:00+";
    assert_eq!(told(&off, "2026-12-24", 3), expected);
    let longer = plain("Mo-Su 20:00-02:00; Fr-Sa 20:00-04:00");
    assert_eq!(told(&longer, "2026-11-22", 1), "open | Sun 22 04:00- 20:00+");
}

#[test]
fn changes_for_one_day_close_and_open() {
    let written = Written {
        hours: "Mo-Fr 09:00-18:00; PH off",
        closed: &["2026-12-24"],
        open: &["2026-12-24 10:00-12:00", "2026-12-25 22:00-01:00, 08:00-09:00"],
        ..Written::default()
    };
    let expected = "closed | Wed 23 09:00+ 18:00- | Thu 24 10:00+ 12:00- | Fri 25 08:00+ 09:00- 22:00+ | Sat 26 01:00-";
    assert_eq!(told(&hours(&written), "2026-12-23", 4), expected);
    let always = Written { hours: "24/7", closed: &["2026-12-24"], ..Written::default() };
    assert_eq!(told(&hours(&always), "2026-12-23", 9), "open | Thu 24 00:00- | Fri 25 00:00+");
    let nights = Written { hours: "20:00-02:00", closed: &["2026-12-24"], ..Written::default() };
    assert_eq!(told(&hours(&nights), "2026-12-24", 2), "open | Thu 24 02:00- | Fri 25 20:00+");
}

#[test]
fn holidays_and_clock_are_those_of_the_lines_own_territory() {
    let of = |territory| {
        hours(&Written { hours: "Mo-Su 09:00-17:00; PH off", territory: Some(territory), ..Written::default() })
    };
    // Good Friday 2027, 26 December 2027, 27 May 2027, 20 December 2027.
    for (day, closed_in) in [
        ("2027-03-26", vec!["alsace-moselle"]),
        ("2027-12-26", vec!["alsace-moselle"]),
        ("2027-05-27", vec!["guadeloupe"]),
        ("2027-12-20", vec!["la-reunion"]),
        ("2027-12-25", Territory::all().map(Territory::name).collect()),
    ] {
        for territory in Territory::all() {
            let line = of(territory.name());
            let noon = minute(&format!("{day} 12:00"), line.zone());
            assert_eq!(line.is_open(noon), !closed_in.contains(&territory.name()), "{day} {territory}");
            assert_eq!(line.closed_all_day(noon), closed_in.contains(&territory.name()));
        }
    }
    // When it is nine in the morning in Paris, it is four in Martinique and noon in La Réunion.
    let nine = minute("2027-01-05 09:00", of("metropole").zone());
    let open = ["metropole", "martinique", "la-reunion"].map(|territory| of(territory).is_open(nine));
    assert_eq!(open, [true, false, true]);
    let marquesas = Written {
        time_zone: Some("Pacific/Marquesas"),
        territory: Some("polynesie-francaise"),
        hours: "24/7",
        ..Written::default()
    };
    assert_eq!(hours(&marquesas).zone().iana_name(), Some("Pacific/Marquesas"));
    let christmas = minute("2026-12-25 03:00", of("metropole").zone());
    assert_eq!(of("metropole").holiday(christmas), Some(Holiday::Christmas));
    assert_eq!(of("martinique").holiday(christmas), None);
}

#[test]
fn nights_in_which_the_clock_jumps_are_right() {
    // Hours, and what they last in the short night of March, the long night of October, and in Réunion, which has none.
    for (text, march, october, never) in [
        ("02:00-03:00", 0, 120, 60),
        ("01:00-04:00", 120, 240, 180),
        ("02:30-05:00", 120, 210, 150),
        ("00:00-02:30", 120, 150, 150),
        ("20:00-02:30", 360, 390, 390),
        ("00:00-02:00", 120, 120, 120),
        ("03:00-04:00", 60, 60, 60),
        ("24/7", 24 * 60, 24 * 60, 24 * 60),
    ] {
        let lasts = |territory, from: &str| {
            let hours = hours(&Written { hours: text, territory: Some(territory), ..Written::default() });
            // From noon to noon by the clock's first day: nothing else is open then.
            let noon = minute(from, hours.zone());
            let prepared = hours.prepare(noon);
            (0..24 * 60).filter(|later| prepared.is_open(noon + later)).count()
        };
        assert_eq!(lasts("metropole", "2027-03-27 12:00"), march, "{text}");
        assert_eq!(lasts("metropole", "2027-10-30 12:00"), october, "{text}");
        assert_eq!(lasts("la-reunion", "2027-03-27 12:00"), never, "{text}");
    }
    // No line closes and opens again because an hour comes twice.
    let night = plain("20:00-02:30");
    assert_eq!(told(&night, "2027-10-30", 2), "open | Sat 30 02:30- 20:00+ | Sun 31 02:30- 20:00+");
    assert_eq!(told(&plain("02:30-05:00"), "2027-03-28", 1), "closed | Sun 28 03:00+ 05:00-");
}

#[test]
fn past_what_is_prepared_a_line_is_never_closed_for_ever() {
    let hours = plain("Mo-Fr 09:00-18:00; PH off");
    let loaded = minute("2026-11-22 00:00", hours.zone());
    let prepared = hours.prepare(loaded);
    assert!(prepared.prepared_until() >= loaded + 400 * 24 * 60);
    for later in ["2028-02-01 10:00", "2033-02-01 10:00", "2093-02-02 10:00", "2020-02-03 10:00"] {
        let later = minute(later, hours.zone());
        assert!(!prepared.is_prepared(later) && prepared.is_open(later));
        assert_eq!(prepared.next_change(later), Some((later + 8 * 60, false)));
    }
    // A Christmas years ahead is still one.
    assert!(!prepared.is_open(minute("2042-12-25 10:00", hours.zone())));
    // On the last evening that is laid out, the next morning is known.
    let last = prepared.prepared_until() - 1;
    assert!(prepared.next_change(last).is_some());
    // And what never changes is said so at once.
    let always = plain("24/7").prepare(loaded);
    assert_eq!((always.next_change(loaded), always.never_opens()), (None, false));
    assert!(plain("24/7 off").prepare(loaded).never_opens());
}

#[test]
fn reopening_is_told_as_one_would_say_it() {
    let hours = plain("Mo-Fr 09:00-18:00; PH off");
    let zone = hours.zone();
    for (now, expected) in [
        ("2026-11-23 10:00", Reopens::Open),
        ("2026-11-23 08:59", Reopens::Today { hour: 9, minute: 0 }),
        ("2026-11-23 18:00", Reopens::Tomorrow { hour: 9, minute: 0 }),
        ("2026-11-20 20:00", Reopens::Weekday { weekday: Weekday::Monday, hour: 9, minute: 0 }),
        // The 25th is a Friday and a holiday.
        ("2026-12-24 18:00", Reopens::Weekday { weekday: Weekday::Monday, hour: 9, minute: 0 }),
    ] {
        let now = minute(now, zone);
        assert_eq!(hours.prepare(now).reopens(now, zone), expected);
        // Asked in the middle of what is laid out, the answer is the same.
        assert_eq!(hours.prepare(now - 300 * 24 * 60).reopens(now, zone), expected);
    }
    let now = minute("2026-12-24 18:00", zone);
    let reopens = |text: &str| plain(text).prepare(now).reopens(now, zone);
    assert_eq!(reopens("Jan 04 10:30-12:00"), Reopens::Date { date: date(2027, 1, 4), hour: 10, minute: 30 });
    assert_eq!(reopens("24/7 off"), Reopens::Unknown);
    // By another clock it may be another day.
    let noumea = TimeZone::get("Pacific/Noumea").unwrap();
    let evening = minute("2026-11-23 20:00", zone);
    assert_eq!(hours.prepare(evening).reopens(evening, &noumea), Reopens::Today { hour: 19, minute: 0 });
}
