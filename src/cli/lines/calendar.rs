//! A week as a table: a column for each day, a row for each stretch of hours, in it the letters of who can be called.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use jiff::{ToSpan, civil::Date, tz::TimeZone};

use super::clock;
use crate::{
    check::Called,
    lines::{Telephone, holidays::Territory},
};

const DAYS: usize = 7;
/// Columns of a day: eight of them, and the hours, stay below 100.
const WIDTH: usize = 11;
const DAY: u16 = 24 * 60;

/// The minute at which the clock shows so many minutes after midnight.
pub(super) fn minute(day: Date, minutes: u16, zone: &TimeZone) -> u32 {
    let time = day.to_datetime(jiff::civil::Time::midnight()).checked_add(i64::from(minutes).minutes());
    let time = time.ok().and_then(|time| time.to_zoned(zone.clone()).ok());
    time.and_then(|time| u32::try_from(time.timestamp().as_second() / 60).ok()).unwrap_or(0)
}

pub(super) fn draw(out: &mut impl Write, one: &Called, week: Date, zone: &TimeZone) -> io::Result<()> {
    let telephones: Vec<&Telephone> = one.attempts().flat_map(|attempt| &attempt.telephones).collect();
    let letters = || ('a'..='z').chain('A'..='Z').chain(std::iter::repeat('+'));
    for (letter, telephone) in letters().zip(&telephones) {
        writeln!(out, "  {letter}  {}", telephone.name)?;
    }
    let days: Vec<Date> = (0..DAYS).filter_map(|n| week.checked_add(i64::try_from(n).ok()?.days()).ok()).collect();
    let is_holiday = |day: &Date| Territory::default().holiday(*day).is_some();
    let heads = days.iter().map(|day| {
        let head = format!("{}{}", day.strftime("%a %-d"), if is_holiday(day) { " *" } else { "" });
        format!("{head:WIDTH$}")
    });
    writeln!(out, "  {:13}{}", "", heads.collect::<String>().trim_end())?;
    let cell = |day: &Date, minutes: u16| {
        let minute = minute(*day, minutes, zone);
        let open = letters().zip(&telephones).filter(|(_, telephone)| telephone.is_open(minute));
        let open: String = open.map(|(letter, _)| letter).collect();
        match open.chars().count() {
            0 => "-".to_owned(),
            n if n < WIDTH => open,
            n => format!("{n} open"),
        }
    };
    let starts = rows(one, &days, zone);
    let mut drawn: Vec<(u16, Vec<String>)> = Vec::new();
    for start in starts {
        let cells: Vec<String> = days.iter().map(|day| cell(day, start)).collect();
        // An hour like the one before is the same row.
        if drawn.last().is_none_or(|(_, last)| *last != cells) {
            drawn.push((start, cells));
        }
    }
    let ends: Vec<u16> = drawn.iter().skip(1).map(|(start, _)| *start).chain([DAY]).collect();
    for ((start, cells), end) in drawn.iter().zip(ends) {
        let time = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let row: String = cells.iter().map(|cell| format!("{cell:WIDTH$}")).collect();
        writeln!(out, "  {}-{}  {}", time(*start), time(end), row.trim_end())?;
    }
    if days.iter().any(is_holiday) {
        writeln!(out, "  * public holiday")?;
    }
    Ok(())
}

/// The times of day at which anything changes in that week.
fn rows(one: &Called, days: &[Date], zone: &TimeZone) -> BTreeSet<u16> {
    let changes = one.changes().map(|change| clock(change, zone)).filter(|time| days.contains(&time.date()));
    let minutes =
        changes.map(|time| u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs()));
    minutes.chain([0]).collect()
}
