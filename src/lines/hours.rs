//! When a line is open: hours as OpenStreetMap writes them, public holidays computed, changes for one day, rotas.
//!
//! [`Hours`] are read once from what is [`Written`], with every fault at its place. [`Hours::prepare`] lays out the
//! changes of the next 400 days and more, so that a call costs one binary search; past them the answer is worked out
//! anew, never "closed for ever". Minutes are UTC, counted from 1970, and given: nothing here reads a clock. This folder
//! alone knows how OpenStreetMap's texts are read.

mod clock;
mod days;
mod fault;
mod one_off;
mod prepared;
mod reopens;
mod rules;
mod words;

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use jiff::{ToSpan, civil::Date, tz::TimeZone};

pub use fault::{Fault, FaultKind, Field};
pub use prepared::{PREPARED_DAYS, Prepared};
pub use reopens::Reopens;
pub use words::HoursWords;

use self::{
    fault::FaultKind::*,
    rules::{Rules, Stretch},
};
use super::holidays::{Holiday, Territory};
use crate::files::even;

/// Hours as an operator writes them.
#[derive(Clone, Copy, Default, Debug)]
pub struct Written<'a> {
    /// As in `24/7` or `Mo-Fr 09:00-18:00; PH off`.
    pub hours: &'a str,
    /// Days on which nothing begins, as in `2026-12-24`. A night that began the evening before goes on to its end.
    pub closed: &'a [&'a str],
    /// What comes to the hours on one day, closed or not, as in `2026-12-24 10:00-12:00`.
    pub open: &'a [&'a str],
    /// Whose holidays count and whose clock, as in `martinique`; `metropole` if absent.
    pub territory: Option<&'a str>,
    /// Another clock than the territory's, as in `Pacific/Marquesas`.
    pub time_zone: Option<&'a str>,
    /// Only every so many weeks.
    pub every: Option<Every<'a>>,
}

/// Every so many weeks, Monday to Sunday, whatever the number of the week.
#[derive(Clone, Copy, Debug)]
pub struct Every<'a> {
    /// 2: every other week.
    pub weeks: u8,
    /// A day in a week that counts, as in `2026-09-07`.
    pub from: &'a str,
}

/// Hours that can be evaluated at any minute.
#[derive(Debug)]
pub struct Hours {
    rules: Rules,
    closed: BTreeSet<Date>,
    open: BTreeMap<Date, Vec<Stretch>>,
    every: Option<(i32, Date)>,
    territory: Territory,
    zone: TimeZone,
}

impl Hours {
    /// Reads what is written. Without hours there is an error among the faults; with them there may be warnings.
    pub fn read(written: &Written) -> (Option<Hours>, Vec<Fault>) {
        let (rules, mut faults) = Rules::read(written.hours);
        let closed = one_off::closed(written.closed, &mut faults);
        let open = one_off::open(written.open, &mut faults);
        let every = written.every.and_then(|every| one_off::every(&every, &mut faults));
        let territory = written.territory.map_or(Some(Territory::default()), |name| territory(name, &mut faults));
        let name = written.time_zone.or(territory.map(Territory::time_zone));
        let zone = name.and_then(|name| time_zone(name, &mut faults));
        match (rules, territory, zone) {
            (Some(rules), Some(territory), Some(zone)) if !faults.iter().any(Fault::is_error) => {
                (Some(Hours { rules, closed, open, every, territory, zone }), faults)
            }
            _ => (None, faults),
        }
    }

    /// The line's own clock.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Whose holidays count.
    pub fn territory(&self) -> Territory {
        self.territory
    }

    /// Whether the line is open in `minute`, worked out from the rules. Right for any minute, and slower than
    /// [`Prepared::is_open`].
    pub fn is_open(&self, minute: u32) -> bool {
        let Some(wall) = clock::shows(&self.zone, minute) else { return false };
        let now = (60 * u16::from(wall.hour().unsigned_abs())) + u16::from(wall.minute().unsigned_abs());
        let within = |day: Date, now: u16| self.beginning_on(day).iter().any(|stretch| stretch.contains(&now));
        within(wall.date(), now) || wall.date().yesterday().is_ok_and(|day| within(day, now + clock::DAY))
    }

    /// The holiday that `minute` falls on by the line's clock.
    pub fn holiday(&self, minute: u32) -> Option<Holiday> {
        self.territory.holiday(self.today(minute)?)
    }

    /// Whether nothing begins on the day of `minute`, by the line's clock: "closed today".
    pub fn closed_all_day(&self, minute: u32) -> bool {
        self.today(minute).is_some_and(|today| self.beginning_on(today).is_empty())
    }

    fn today(&self, minute: u32) -> Option<Date> {
        clock::timestamp(minute).map(|timestamp| self.zone.to_datetime(timestamp).date())
    }

    /// What begins on `day`: the one place where rules, weeks that count and changes for one day come together.
    fn beginning_on(&self, day: Date) -> Vec<Stretch> {
        let counts = self.every.is_none_or(|(weeks, from)| counts(weeks, from, day));
        let mut open = if counts && !self.closed.contains(&day) {
            self.rules.beginning_on(day, self.territory)
        } else {
            Vec::new()
        };
        if let Some(added) = self.open.get(&day) {
            open.extend(added.iter().cloned());
            open = rules::joined(open);
        }
        open
    }

    /// The stretches, in minutes, in which the line is open between two minutes: in order, apart from one another.
    fn stretches(&self, from: u32, until: u32) -> Vec<Range<u32>> {
        // A stretch may have begun two days before.
        let first = self.today(from).and_then(|day| day.checked_sub(2.days()).ok());
        let (Some(first), Some(last)) = (first, self.today(until)) else { return Vec::new() };
        let mut open: Vec<Range<u32>> = Vec::new();
        let mut day = first;
        while day <= last {
            for stretch in self.beginning_on(day) {
                let reaches = |minutes| clock::reaches(&self.zone, day, minutes);
                let (Some(start), Some(end)) = (reaches(stretch.start), reaches(stretch.end)) else { continue };
                let (start, end) = (start.max(from), end.min(until));
                if start < end {
                    open.push(start..end);
                }
            }
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        open.sort_by_key(|stretch| (stretch.start, stretch.end));
        let mut joined: Vec<Range<u32>> = Vec::with_capacity(open.len());
        for stretch in open {
            match joined.last_mut() {
                Some(last) if stretch.start <= last.end => last.end = last.end.max(stretch.end),
                _ => joined.push(stretch),
            }
        }
        joined
    }

    /// The first change after `minute` and before `until`, and whether the line is open from then on.
    fn next_change(&self, minute: u32, until: u32) -> Option<(u32, bool)> {
        let stretches = self.stretches(minute, until);
        let first = stretches.first()?;
        let change = if first.start == minute { (first.end, false) } else { (first.start, true) };
        (change.0 < until).then_some(change)
    }
}

/// Whether the week of `day` is so many weeks, or a multiple, from that of `from`.
fn counts(weeks: i32, from: Date, day: Date) -> bool {
    // Both Mondays: their distance is whole weeks.
    let monday = |day: Date| day.checked_sub(i32::from(day.weekday().to_monday_zero_offset()).days()).ok();
    let (Some(from), Some(day)) = (monday(from), monday(day)) else { return false };
    let days = day.duration_since(from).as_hours() / 24;
    (days / 7).rem_euclid(i64::from(weeks.max(1))) == 0
}

fn territory(name: &str, faults: &mut Vec<Fault>) -> Option<Territory> {
    let found = Territory::from_name(name);
    if found.is_none() {
        let whole = even(name);
        let begins = Territory::all().find(|known| !whole.is_empty() && even(known.name()).starts_with(&whole));
        let near = || Territory::all().min_by_key(|known| strsim::damerau_levenshtein(known.name(), name));
        let nearest = begins.or_else(near);
        let all: Vec<&str> = Territory::all().map(Territory::name).collect();
        let help = format!("do you mean `{}`? There are {}", nearest.unwrap_or_default(), all.join(", "));
        let message = format!("there is no territory called `{name}`");
        faults.push(Fault::error(UnknownTerritory, 0..name.len(), message, &help).on(Field::Territory));
    }
    found
}

fn time_zone(name: &str, faults: &mut Vec<Fault>) -> Option<TimeZone> {
    let found = TimeZone::get(name).ok();
    if found.is_none() {
        let help = "write a name such as Europe/Paris; without one the territory's own clock is used";
        let message = format!("there is no time zone called `{name}`");
        faults.push(Fault::error(UnknownTimeZone, 0..name.len(), message, help).on(Field::TimeZone));
    }
    found
}
