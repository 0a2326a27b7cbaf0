//! What should have been read or checked again by today: scripts (`review_by`), facts (`check_by`).

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{
    diagnostic::{Diagnostic, Place},
    engine::Now,
    lines::moment,
    script::Scripts,
};

/// The day in Paris at `now`.
pub fn day(now: Now) -> Date {
    let time = Timestamp::from_second(i64::from(now.minute) * 60).unwrap_or_default();
    time.to_zoned(TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC)).date()
}

/// The minute in which `day` begins in Paris.
pub(super) fn midnight(day: Date) -> u32 {
    moment::midnight(day).unwrap_or_default()
}

/// From which minutes on something should have been looked at again: from the day after the last one on which it may be.
pub fn deadlines(scripts: &Scripts) -> Vec<u32> {
    let scripts_by = scripts.scripts.values().flat_map(|scripts| scripts.values());
    let facts = scripts.facts.facts.values().filter(|fact| fact.verified);
    let by = scripts_by.filter_map(|script| script.front.review_by.as_ref().map(|by| by.0));
    let by = by.chain(facts.filter_map(|fact| fact.check_by.as_ref().map(|by| by.0)));
    by.map(|by| midnight(by.tomorrow().unwrap_or(by))).collect()
}

pub(super) fn check(scripts: &Scripts, today: Date) -> Vec<Diagnostic> {
    let passed = |what: &str, by: Date, place: Place, help: &str| {
        Diagnostic::warning("review-passed", format!("this {what} by {by}")).at(place).help(help)
    };
    let mut found = Vec::new();
    for script in scripts.scripts.values().flat_map(|scripts| scripts.values()) {
        if let Some(by) = script.front.review_by.as_ref().filter(|by| by.0 < today) {
            let help = "read it with someone who knows, then set `reviewed` and a later `review_by`";
            found.push(passed("script was to be read again", by.0, by.place(&script.file), help));
        }
    }
    if let Some(file) = &scripts.facts.file {
        // What nobody has verified is not said.
        for fact in scripts.facts.facts.values().filter(|fact| fact.verified) {
            if let Some(by) = fact.check_by.as_ref().filter(|by| by.0 < today) {
                let help = "look up whether it is still so, then set `checked` and a later `check_by`";
                found.push(passed("fact was to be checked again", by.0, by.place(file), help));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_day_changes_at_midnight_in_paris() {
        let at = |time: &str| {
            let seconds = time.parse::<Timestamp>().unwrap().as_second();
            day(Now::at(u32::try_from(seconds / 60).unwrap()))
        };
        assert_eq!(at("2026-11-21T22:59:00Z"), date(2026, 11, 21));
        assert_eq!(at("2026-11-21T23:00:00Z"), date(2026, 11, 22));
        assert_eq!(at("2026-07-01T22:00:00Z"), date(2026, 7, 2));
    }
}
