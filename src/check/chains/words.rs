//! Stretches of time in words: what comes back every week once, the rest one by one.

use std::{collections::BTreeMap, ops::Range};

use jiff::{Timestamp, Zoned, tz::TimeZone};

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MINUTES_OF_WEEK: u32 = 7 * 24 * 60;

/// So many of what does not come back every week are named.
const NAMED: usize = 3;

/// From one time of day to another, so many days later.
type Sort = (String, String, i32);

/// "every day from 23:00 to 09:00", "always". `span` is what was looked at.
pub(super) fn of(stretches: &[Range<u32>], span: &Range<u32>, zone: &TimeZone) -> String {
    if let [all] = stretches
        && all == span
    {
        return "always".to_owned();
    }
    let weeks = (span.end - span.start) / MINUTES_OF_WEEK;
    let sorts: Vec<(Sort, usize)> = stretches.iter().map(|stretch| sort(stretch, zone)).collect();
    let mut often: BTreeMap<Sort, [u32; 7]> = BTreeMap::new();
    for (sort, day) in &sorts {
        often.entry(sort.clone()).or_default()[*day] += 1;
    }
    // A holiday, or the weeks before a line began, take some away.
    often.values_mut().for_each(|days| days.iter_mut().for_each(|n| *n = if *n * 5 >= weeks * 4 { *n } else { 0 }));
    let weekly: Vec<(&Sort, &[u32; 7])> = often.iter().filter(|(_, days)| days.iter().any(|n| *n > 0)).collect();
    let mut said: Vec<(usize, String)> = Vec::new();
    for (sort, days) in &weekly {
        let first = days.iter().position(|n| *n > 0).unwrap_or(0);
        said.push((first, weekly_words(sort, days)));
    }
    said.sort();
    let mut said: Vec<String> = said.into_iter().map(|(_, words)| words).collect();
    let rest: Vec<&Range<u32>> = stretches
        .iter()
        .zip(&sorts)
        .filter(|(_, (sort, day))| often.get(sort).is_none_or(|days| days[*day] == 0))
        .map(|(stretch, _)| stretch)
        // What begins before, or ends after what was looked at, is one of the others.
        .filter(|stretch| weekly.is_empty() || (stretch.start != span.start && stretch.end != span.end))
        .collect();
    said.extend(rest.iter().take(NAMED).map(|stretch| once(stretch, span, zone)));
    if rest.len() > NAMED {
        said.push(format!("{} times more in 400 days", rest.len() - NAMED));
    }
    said.join("; ")
}

fn at(minute: u32, zone: &TimeZone) -> Zoned {
    Timestamp::from_second(i64::from(minute) * 60).unwrap_or_default().to_zoned(zone.clone())
}

fn sort(stretch: &Range<u32>, zone: &TimeZone) -> (Sort, usize) {
    let (start, end) = (at(stretch.start, zone), at(stretch.end, zone));
    let days = i32::try_from(end.date().duration_since(start.date()).as_hours() / 24).unwrap_or(i32::MAX);
    let clock = |time: &Zoned| time.strftime("%H:%M").to_string();
    ((clock(&start), clock(&end), days), usize::from(start.weekday().to_monday_zero_offset().unsigned_abs()))
}

fn weekly_words((start, end, later): &Sort, days: &[u32; 7]) -> String {
    // A night, or less than a day, is told by its beginning alone.
    if *later == 0 || (*later == 1 && end <= start) {
        return format!("{} from {start} to {end}", days_words(days));
    }
    let later = usize::try_from(*later).unwrap_or(0);
    let each = (0..7).filter(|day| days[*day] > 0);
    let each = each.map(|day| format!("every week from {} {start} to {} {end}", DAYS[day], DAYS[(day + later) % 7]));
    each.collect::<Vec<_>>().join("; ")
}

/// "every day", "Monday to Friday", "every Sunday", "every Monday and Thursday".
fn days_words(days: &[u32; 7]) -> String {
    let named: Vec<usize> = (0..7).filter(|day| days[*day] > 0).collect();
    match named.as_slice() {
        all if all.len() == 7 => "every day".to_owned(),
        [first, .., last] if named.len() > 2 && last - first + 1 == named.len() => {
            format!("{} to {}", DAYS[*first], DAYS[*last])
        }
        some => format!("every {}", some.iter().map(|day| DAYS[*day]).collect::<Vec<_>>().join(" and ")),
    }
}

fn once(stretch: &Range<u32>, span: &Range<u32>, zone: &TimeZone) -> String {
    let day = |minute| at(minute, zone).strftime("%A %-d %B %Y %H:%M").to_string();
    match (stretch.start == span.start, stretch.end == span.end) {
        (true, _) => format!("until {}", day(stretch.end)),
        (_, true) => format!("from {} on", day(stretch.start)),
        _ => format!("from {} to {}", day(stretch.start), day(stretch.end)),
    }
}
