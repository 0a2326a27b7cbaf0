//! Whether a day is among the days that a rule names: years, dates, weeks, weekdays, holidays.

use std::ops::RangeInclusive;

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};
use opening_hours_syntax::rules::day::{self as osm, DaySelector, MonthdayRange, WeekDayOffset, WeekDayRange};

use crate::lines::holidays::{Territory, easter};

/// Whether `days` names `day`. Selectors of different sorts must all hold; of one sort, any; none written: all days.
pub(super) fn names(days: &DaySelector, day: Date, territory: Territory) -> bool {
    any(&days.year, |range| year(range, day))
        && any(&days.monthday, |range| month_or_date(range, day))
        && any(&days.week, |range| week(range, day))
        && any(&days.weekday, |range| weekday(range, day, territory))
}

fn any<T>(ranges: &[T], holds: impl Fn(&T) -> bool) -> bool {
    ranges.is_empty() || ranges.iter().any(holds)
}

fn year(range: &osm::YearRange, day: Date) -> bool {
    let (years, step) = range.into_parts();
    let year = osm::Year(day.year().into());
    years.contains(&year) && (*year - **years.start()) % i32::from(step.max(1)) == 0
}

fn week(range: &osm::WeekRange, day: Date) -> bool {
    let (weeks, step) = range.into_parts();
    let week = osm::WeekNum(day.iso_week_date().week().unsigned_abs());
    weeks.contains(&week) && (*week - **weeks.start()).is_multiple_of(step.max(1))
}

fn weekday(range: &WeekDayRange, day: Date, territory: Territory) -> bool {
    match range {
        WeekDayRange::Holiday { offset, .. } => {
            days_later(day, -i32::from(*offset)).is_some_and(|day| territory.holiday(day).is_some())
        }
        WeekDayRange::Fixed { range, offset, nth_from_start, nth_from_end } => {
            let Some(day) = days_later(day, -i32::from(*offset)) else { return false };
            let from_start = (day.day() - 1) / 7;
            let from_end = (day.days_in_month() - day.day()) / 7;
            let nth = |list: &[bool; 5], at: i8| list.get(usize::from(at.unsigned_abs())).copied().unwrap_or(false);
            let number = |weekday: &osm::Weekday| weekday.num_days_from_monday();
            let today = u32::from(day.weekday().to_monday_zero_offset().unsigned_abs());
            wraps(number(range.start())..=number(range.end()), today)
                && (nth(nth_from_start, from_start) || nth(nth_from_end, from_end))
        }
    }
}

/// Whether `at` is in a range that may run over the end, as from November to February.
fn wraps(range: RangeInclusive<u32>, at: u32) -> bool {
    let (start, end) = range.into_inner();
    if start <= end { (start..=end).contains(&at) } else { at >= start || at <= end }
}

fn month_or_date(range: &MonthdayRange, day: Date) -> bool {
    match range {
        MonthdayRange::Month { range, year } => {
            let (start, end) = (u32::from(*range.start()), u32::from(*range.end()));
            let month = u32::from(day.month().unsigned_abs());
            let year_holds = year.is_none_or(|year| {
                // The months after the turn of the year belong to the winter that began in `year`.
                let next = i32::from(start > end && month <= end);
                i32::from(day.year()) == *year + next
            });
            wraps(start..=end, month) && year_holds
        }
        MonthdayRange::Date { start, end } => {
            let around = day.year() - 1..=day.year() + 1;
            around
                .into_iter()
                .any(|year| date_range(start, end, year).is_some_and(|(first, last)| (first..=last).contains(&day)))
        }
    }
}

type OffsetDate = (osm::Date, osm::DateOffset);

/// The first and the last day of the range that begins in `year`, if one does.
pub(super) fn date_range(start: &OffsetDate, end: &OffsetDate, year: i16) -> Option<(Date, Date)> {
    if start == end {
        let day = shifted(exact(&start.0, fixed_year(&start.0, year)?)?, &start.1)?;
        return Some((day, day));
    }
    let start_year = fixed_year(&start.0, year)?;
    // 30 February as a bound is the turn of the month.
    let first = match exact(&start.0, start_year) {
        Some(day) => day,
        None => month_end(&start.0, start_year)?.tomorrow().ok()?,
    };
    let first = shifted(first, &start.1)?;
    let last_of = |year: i16| {
        let last = exact(&end.0, year).or_else(|| month_end(&end.0, year))?;
        shifted(last, &end.1)
    };
    let last = match end.0.year() {
        Some(year) => last_of(i16::try_from(*year).ok()?),
        None => [start_year, start_year.checked_add(1)?].into_iter().filter_map(last_of).find(|last| *last >= first),
    };
    Some((first, last?))
}

/// The year of `date`, if it has one: then no other will do. Otherwise `year`.
fn fixed_year(date: &osm::Date, year: i16) -> Option<i16> {
    match date.year() {
        None => Some(year),
        // Whatever year is looked at, the range is the one that is written: its end may lie years later.
        Some(own) => i16::try_from(*own).ok(),
    }
}

/// The day itself in `year`; `None` when there is no such day.
pub(super) fn exact(date: &osm::Date, year: i16) -> Option<Date> {
    match *date {
        osm::Date::Fixed { month, day, .. } => Date::new(year, i8::from(month), i8::try_from(day).ok()?).ok(),
        osm::Date::Weekday { month, wday, nth, .. } => {
            let weekday = Weekday::from_monday_zero_offset(i8::try_from(wday.num_days_from_monday()).ok()?).ok()?;
            Date::new(year, i8::from(month), 1).ok()?.nth_weekday_of_month(nth, weekday).ok()
        }
        osm::Date::Easter { .. } => easter(year),
    }
}

fn month_end(date: &osm::Date, year: i16) -> Option<Date> {
    match *date {
        osm::Date::Fixed { month, .. } => Some(Date::new(year, i8::from(month), 1).ok()?.last_of_month()),
        _ => None,
    }
}

fn shifted(day: Date, offset: &osm::DateOffset) -> Option<Date> {
    let day = days_later(day, offset.day_offset.into())?;
    let from = |weekday: osm::Weekday| weekday.num_days_from_monday().cast_signed();
    let today = i32::from(day.weekday().to_monday_zero_offset());
    match offset.wday_offset {
        WeekDayOffset::None => Some(day),
        WeekDayOffset::Next(weekday) => days_later(day, (from(weekday) - today).rem_euclid(7)),
        WeekDayOffset::Prev(weekday) => days_later(day, -(today - from(weekday)).rem_euclid(7)),
    }
}

fn days_later(day: Date, days: i32) -> Option<Date> {
    if days == 0 { Some(day) } else { day.checked_add(days.days()).ok() }
}
