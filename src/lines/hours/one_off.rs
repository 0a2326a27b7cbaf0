//! Changes for one day, and the weeks that count: dates as operators write them, `2026-12-24`.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use jiff::civil::Date;

use super::{
    Every,
    clock::DAY,
    fault::{Fault, FaultKind::*, Field},
    rules::{Stretch, over_midnight, overlap},
};

/// The days on which nothing begins.
pub(super) fn closed(texts: &[&str], faults: &mut Vec<Fault>) -> BTreeSet<Date> {
    let mut days = BTreeSet::new();
    for (at, text) in texts.iter().enumerate() {
        match date(text, 0..text.len()) {
            Ok(day) => drop(days.insert(day)),
            Err(fault) => faults.push(fault.on(Field::Closed(at))),
        }
    }
    days
}

/// What comes to the hours, by day.
pub(super) fn open(texts: &[&str], faults: &mut Vec<Fault>) -> BTreeMap<Date, Vec<Stretch>> {
    let mut days: BTreeMap<Date, Vec<Stretch>> = BTreeMap::new();
    for (at, text) in texts.iter().enumerate() {
        match opening(text) {
            Ok((day, stretches)) => {
                let known = days.entry(day).or_default();
                known.extend(stretches);
                if overlap(known) {
                    let help = "write each hour once: one of the times may be mistyped";
                    let fault = Fault::warning(Overlap, 0..text.len(), "two of that day's times overlap", help);
                    faults.push(fault.on(Field::Open(at)));
                }
            }
            Err(fault) => faults.push(fault.on(Field::Open(at))),
        }
    }
    days
}

/// The weeks that count: every so many, and a day in one of them.
pub(super) fn every(every: &Every, faults: &mut Vec<Fault>) -> Option<(i32, Date)> {
    if !(2..=52).contains(&every.weeks) {
        let message = format!("every {} weeks can't be counted", every.weeks);
        let fault =
            Fault::error(Impossible, 0..every.from.len(), message, "between 2 and 52; leave it out for each week");
        faults.push(fault.on(Field::Every));
    }
    let day = date(every.from, 0..every.from.len());
    day.map_err(|fault| faults.push(fault.on(Field::Every))).ok().map(|day| (every.weeks.into(), day))
}

fn opening(text: &str) -> Result<(Date, Vec<Stretch>), Fault> {
    let help = "write a day and its hours, as in \"2026-12-24 10:00-12:00\"";
    let begin = text.len() - text.trim_start().len();
    let Some(blank) = text[begin..].find(' ').map(|at| at + begin) else {
        let message = if text.trim().is_empty() { "no day is written" } else { "hours are missing after the day" };
        let kind = if text.trim().is_empty() { Empty } else { Unreadable };
        return Err(Fault::error(kind, 0..text.len(), message, help));
    };
    let day = date(&text[..blank], 0..blank)?;
    let mut stretches = Vec::new();
    let mut start = blank;
    for part in text[blank..].split(',') {
        let span = start + part.len() - part.trim_start().len()..start + part.trim_end().len();
        start += part.len() + 1;
        let span = if span.start < span.end { span } else { blank..text.len() };
        let Some((from, to)) = part.trim().split_once('-') else {
            return Err(Fault::error(Unreadable, span, format!("`{}` is no stretch of time", part.trim()), help));
        };
        match (time(from), time(to)) {
            (Some(from), Some(to)) if from < DAY && from != to => stretches.push(over_midnight(from, to)),
            _ => return Err(Fault::error(Impossible, span, format!("`{}` is no stretch of time", part.trim()), help)),
        }
    }
    Ok((day, stretches))
}

/// Minutes after midnight, from 00:00 to 24:00.
fn time(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let number = |digits: &str| {
        let two = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        two.then(|| digits.parse::<u16>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let time = 60 * hours + minutes;
    (minutes < 60 && time <= DAY).then_some(time)
}

fn date(text: &str, span: Range<usize>) -> Result<Date, Fault> {
    let help = "write year, month and day with figures, as in 2026-12-24";
    let written = text.trim();
    if written.is_empty() {
        return Err(Fault::error(Empty, span, "no day is written", help));
    }
    let shaped = written.len() == 10
        && written
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    if !shaped {
        return Err(Fault::error(Unreadable, span, format!("`{written}` is no date"), help));
    }
    let parse = |part: &str| part.parse::<i8>().ok();
    let day = written[..4].parse().ok().and_then(|year| {
        let (month, day) = (parse(&written[5..7])?, parse(&written[8..])?);
        Date::new(year, month, day).ok()
    });
    day.ok_or_else(|| Fault::error(Impossible, span, format!("there is no such day as {written}"), help))
}
