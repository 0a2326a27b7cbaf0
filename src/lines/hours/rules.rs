//! The rules of an OpenStreetMap text, read once, and what of them begins on a day.
//!
//! A stretch of time belongs to the day on which it begins: a night from Friday 20:00 to 02:00 is Friday's, whatever
//! Saturday's rules say, and "PH off" keeps it from beginning on a holiday, not from ending on one.

use std::ops::Range;

use jiff::civil::Date;
use opening_hours_syntax::{
    Error, RuleKind,
    rules::{
        RuleOperator, RuleSequence,
        day::{DaySelector, HolidayKind, MonthdayRange, WeekDayRange},
        time::{Time, TimeSpan},
    },
};
use pest::error::InputLocation;

use super::{
    clock::DAY,
    days,
    fault::{Fault, FaultKind::*},
};
use crate::lines::holidays::Territory;

/// Minutes after midnight of the day on which it begins, at most two days.
pub(super) type Stretch = Range<u16>;

/// One rule.
#[derive(Debug)]
struct Rule {
    days: DaySelector,
    stretches: Vec<Stretch>,
    effect: Effect,
}

/// What a rule does to the days that it names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Effect {
    /// These are the hours, and no others (`;`).
    Opens,
    /// These hours come to the others (`, `).
    Adds,
    /// No hours then (`off`).
    Closes,
}

/// The rules of one text.
#[derive(Debug)]
pub(super) struct Rules(Vec<Rule>);

impl Rules {
    /// What begins on `day`: in order, apart from one another.
    pub(super) fn beginning_on(&self, day: Date, territory: Territory) -> Vec<Stretch> {
        let mut open: Vec<Stretch> = Vec::new();
        for rule in self.0.iter().filter(|rule| days::names(&rule.days, day, territory)) {
            match rule.effect {
                Effect::Opens => open.clone_from(&rule.stretches),
                Effect::Adds => open.extend(rule.stretches.iter().cloned()),
                Effect::Closes if all_day(&rule.stretches) => open.clear(),
                Effect::Closes => open = open.iter().flat_map(|stretch| without(stretch, &rule.stretches)).collect(),
            }
        }
        joined(open)
    }

    /// Reads `text`. Without rules there is an error among the faults.
    pub(super) fn read(text: &str) -> (Option<Rules>, Vec<Fault>) {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            let help = "write \"24/7\" for a line that never closes, or hours such as \"Mo-Fr 09:00-18:00; PH off\"";
            return (None, vec![Fault::error(Empty, 0..text.len(), "no hours are written", help)]);
        }
        let begin = text.len() - text.trim_start().len();
        let (rules, mut faults) = match opening_hours_syntax::parse(trimmed) {
            Ok(expression) => judged(&expression.rules, trimmed),
            Err(error) => (None, vec![unreadable(&error, trimmed)]),
        };
        for fault in &mut faults {
            fault.span = fault.span.start + begin..fault.span.end + begin;
        }
        (rules, faults)
    }
}

fn all_day(stretches: &[Stretch]) -> bool {
    matches!(stretches, [only] if *only == (0..DAY))
}

/// What is left of `open` when all of `closed` is taken away.
fn without(open: &Stretch, closed: &[Stretch]) -> Vec<Stretch> {
    let mut left = vec![open.clone()];
    for off in closed {
        left = left.iter().flat_map(|s| [s.start..s.end.min(off.start), s.start.max(off.end)..s.end]).collect();
        left.retain(|stretch| !stretch.is_empty());
    }
    left
}

/// The same minutes in order, with nothing told twice.
pub(super) fn joined(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    stretches.sort_by_key(|stretch| (stretch.start, stretch.end));
    let mut joined: Vec<Stretch> = Vec::with_capacity(stretches.len());
    for stretch in stretches {
        match joined.last_mut() {
            Some(last) if stretch.start <= last.end => last.end = last.end.max(stretch.end),
            _ => joined.push(stretch),
        }
    }
    joined
}

/// Whether two of them share a minute.
pub(super) fn overlap(stretches: &[Stretch]) -> bool {
    let mut sorted = stretches.to_vec();
    sorted.sort_by_key(|stretch| stretch.start);
    sorted.windows(2).any(|pair| matches!(pair, [one, next] if next.start < one.end))
}

/// From `start` to `end`, over midnight if it ends no later than it begins.
pub(super) fn over_midnight(start: u16, end: u16) -> Stretch {
    if end <= start { start..end + DAY } else { start..end }
}

fn judged(sequences: &[RuleSequence], text: &str) -> (Option<Rules>, Vec<Fault>) {
    let masked = mask(text);
    let mut segments = segments(&masked).into_iter();
    let mut segment = 0..text.len();
    let mut faults = Vec::new();
    let mut rules: Vec<Rule> = Vec::new();
    for sequence in sequences {
        if sequence.operator == RuleOperator::Normal {
            segment = segments.next().unwrap_or(0..text.len());
        }
        let within = Place { masked: &masked, segment: segment.clone() };
        judge_days(&sequence.day_selector, &within, &mut faults);
        let stretches = judge_times(&sequence.time_selector.spans, &within, &mut faults);
        let effect = match (sequence.kind, sequence.operator) {
            (RuleKind::Closed, _) => Effect::Closes,
            (_, RuleOperator::Additional) => Effect::Adds,
            _ => Effect::Opens,
        };
        if sequence.kind == RuleKind::Unknown {
            let help = "write hours that can be relied on; what callers should know beside them belongs in a script";
            let message = "\"unknown\", or a remark alone, doesn't tell whether the line is open";
            faults.push(Fault::error(Unsupported, within.of("unknown"), message, help));
        }
        if sequence.operator == RuleOperator::Fallback {
            let help = "write all hours as rules with ; between them";
            faults.push(Fault::error(
                Unsupported,
                within.of("||"),
                "a second choice of hours (||) can't be kept",
                help,
            ));
        }
        if effect == Effect::Closes
            && !all_day(&stretches)
            && rules.iter().any(|rule| rule.stretches.iter().any(|stretch| stretch.end > DAY))
        {
            let help = "check the nights that run past midnight: to shorten one, write that day's hours anew";
            let message = "this takes hours only from what begins on the day, not from the night before it";
            faults.push(Fault::warning(Trap, within.whole(), message, help));
        }
        rules.push(Rule { days: sequence.day_selector.clone(), stretches, effect });
    }
    let usable = !faults.iter().any(Fault::is_error);
    (usable.then_some(Rules(rules)), faults)
}

fn judge_days(selector: &DaySelector, within: &Place, faults: &mut Vec<Fault>) {
    for range in &selector.monthday {
        let MonthdayRange::Date { start, end } = range else { continue };
        for (date, _) in std::iter::once(start).chain((start != end).then_some(end)) {
            // A day that some year has: 29 February without a year is one.
            let year = date.year().and_then(|year| i16::try_from(*year).ok()).unwrap_or(2024);
            if days::exact(date, year).is_none()
                && !matches!(date, opening_hours_syntax::rules::day::Date::Weekday { .. })
            {
                let help = "write a day that the calendar has";
                let message = format!("there is no such day as {date}");
                faults.push(Fault::error(Impossible, within.date(date), message, help));
            }
        }
        let ends_first = match (start.0.year(), end.0.year()) {
            (None, Some(_)) => true,
            (Some(_), Some(_)) => days::date_range(start, end, 0).is_some_and(|(first, last)| last < first),
            _ => false,
        };
        if ends_first {
            let help = "write the earlier day first, with its year";
            faults.push(Fault::error(Impossible, within.whole(), "these days end before they begin", help));
        }
    }
    if selector.week.iter().any(|week| week.into_parts().1 > 1) {
        let help = "write `every: 2 weeks` with a day in a week that counts, instead of `week`";
        let message = "counted by the number of the week, two such weeks follow one another, or are too far apart, \
                       where the year turns";
        faults.push(Fault::warning(Trap, within.of("week"), message, help));
    }
    let holidays = selector.weekday.iter().any(|range| matches!(range, WeekDayRange::Holiday { .. }));
    let school = |range: &WeekDayRange| matches!(range, WeekDayRange::Holiday { kind: HolidayKind::School, .. });
    if selector.weekday.iter().any(school) {
        let help = "write their dates, as in \"2026 Jul 04-Sep 01 off\"";
        faults.push(Fault::error(Unsupported, within.of("sh"), "school holidays (SH) are not known here", help));
    } else if holidays && let Some(span) = within.holiday_beside_weekday() {
        let help = "write \"PH,Sa-Su\" for holidays and weekends";
        let message = "holidays and weekdays with a blank between them can be read in two ways";
        faults.push(Fault::error(Unsupported, span, message, help));
    }
}

fn judge_times(spans: &[TimeSpan], within: &Place, faults: &mut Vec<Fault>) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    for span in spans {
        let (Time::Fixed(start), Time::Fixed(end)) = (span.range.start, span.range.end) else {
            let event = ["dawn", "dusk", "sun"].into_iter().find(|event| within.find(event).is_some());
            let help = "write hours of the clock";
            let message = "a line's hours can't follow the sun";
            faults.push(Fault::error(Unsupported, within.of(event.unwrap_or_default()), message, help));
            continue;
        };
        if span.open_end {
            let message = "an open end (+) doesn't tell when the line closes";
            faults.push(Fault::error(Unsupported, within.of("+"), message, "write when it closes"));
        }
        if span.repeats.is_some() {
            let message = "an interval (/) is for departures, not for hours";
            faults.push(Fault::error(Unsupported, within.whole(), message, "write from when to when the line is open"));
        }
        if start == end {
            let message = format!("{start}-{end} lasts a whole day and night");
            let help = "write 00:00-24:00 if that is meant; or else when it closes";
            faults.push(Fault::warning(Trap, within.of(&format!("{start}-{end}")), message, help));
        }
        stretches.push(over_midnight(start.mins_from_midnight(), end.mins_from_midnight()));
    }
    if overlap(&stretches) {
        let help = "write each hour once: one of the times may be mistyped";
        faults.push(Fault::warning(Overlap, within.whole(), "two of these times overlap", help));
    }
    stretches
}

fn unreadable(error: &Error, text: &str) -> Fault {
    let masked = mask(text);
    let all = Place { masked: &masked, segment: 0..text.len() };
    match error {
        Error::Syntax(syntax) => {
            let at = match syntax.location {
                InputLocation::Pos(at) | InputLocation::Span((at, _)) => at.min(text.len()),
            };
            let span = word_at(text, at);
            let message = format!("this can't be read from `{}` on", &text[span.clone()]);
            let help = "hours are written as in \"Mo-Fr 09:00-18:00; Sa,PH 14:00-23:00; 2026 Dec 24 off\", with the days \
                        Mo Tu We Th Fr Sa Su and PH for public holidays";
            Fault::error(Unreadable, span, message, help)
        }
        Error::InvalidExtendedTime { hour, minutes } => {
            let time = format!("{hour:02}:{minutes:02}");
            Fault::error(Impossible, all.of(&time), format!("there is no such time as {time}"), "write 00:00 to 24:00")
        }
        Error::InvertedYearRange { start, end, .. } => {
            let span = all.of(&start.to_string());
            let message = format!("the years {}-{} end before they begin", **start, **end);
            Fault::error(Impossible, span, message, "write the earlier year first")
        }
        Error::InvertedWeekRange { start, end, .. } => {
            let message = format!("the weeks {}-{} end before they begin", **start, **end);
            Fault::error(Impossible, all.of("week"), message, "write them in two: \"week 50-53,01-10\"")
        }
        other => {
            let help = "write it more plainly, as in \"Mo-Fr 09:00-18:00; PH off\"";
            Fault::error(Unsupported, all.whole(), other.to_string(), help)
        }
    }
}

/// The word around byte `at`; the last one at the end of the text.
fn word_at(text: &str, at: usize) -> Range<usize> {
    let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let ends_word = |c: char| c.is_whitespace() || c == ';' || c == ',';
    let mut end = text[at..].find(ends_word).map_or(text.len(), |length| at + length);
    let before = text[..at].char_indices().rev().find(|(_, c)| ends_word(*c));
    let start = before.map_or(0, |(at, c)| at + c.len_utf8());
    if start == end {
        // Between two words: what follows can't be read.
        let rest = &text[end..];
        end += rest.char_indices().nth(1).map_or(rest.len(), |(length, _)| length);
    }
    if start == end { text.char_indices().next_back().map_or(0, |(last, _)| last)..text.len() } else { start..end }
}

/// The text in small letters, remarks blotted out, each byte where it was.
fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut quoted = false;
    for c in text.chars() {
        let remark = quoted || c == '"';
        quoted ^= c == '"';
        if remark || !c.is_ascii() {
            masked.extend(std::iter::repeat_n('_', c.len_utf8()));
        } else {
            masked.push(c.to_ascii_lowercase());
        }
    }
    masked
}

/// The stretches of the text between `;`, without the blanks around them.
fn segments(masked: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut found = Vec::new();
    for part in masked.split(';') {
        let begin = start + part.len() - part.trim_start().len();
        found.push(begin..begin + part.trim().len());
        start += part.len() + 1;
    }
    found
}

/// Where in the text a rule stands.
struct Place<'a> {
    masked: &'a str,
    segment: Range<usize>,
}

impl Place<'_> {
    fn whole(&self) -> Range<usize> {
        self.segment.clone()
    }

    fn text(&self) -> &str {
        self.masked.get(self.segment.clone()).unwrap_or_default()
    }

    fn find(&self, needle: &str) -> Option<Range<usize>> {
        let at = self.text().find(needle)? + self.segment.start;
        (!needle.is_empty()).then_some(at..at + needle.len())
    }

    /// Where `needle` (small letters) stands in the rule; else the whole rule.
    fn of(&self, needle: &str) -> Range<usize> {
        self.find(needle).unwrap_or_else(|| self.whole())
    }

    /// Where this day and month stand.
    fn date(&self, date: &opening_hours_syntax::rules::day::Date) -> Range<usize> {
        let opening_hours_syntax::rules::day::Date::Fixed { month, day, .. } = date else { return self.whole() };
        let month = month.to_string().to_ascii_lowercase();
        [format!("{month} {day:02}"), format!("{month}{day:02}"), format!("{month} {day}")]
            .iter()
            .find_map(|written| self.find(written))
            .unwrap_or_else(|| self.whole())
    }

    /// Where "PH" and a weekday stand with nothing but a blank between them.
    fn holiday_beside_weekday(&self) -> Option<Range<usize>> {
        const WEEKDAYS: [&str; 7] = ["mo", "tu", "we", "th", "fr", "sa", "su"];
        let at = self.find("ph")?;
        let before = self.masked.get(..at.start)?.strip_suffix(' ');
        let after = self.masked.get(at.end..)?.strip_prefix(' ');
        let beside = before.is_some_and(|before| WEEKDAYS.iter().any(|day| before.ends_with(day)))
            || after.is_some_and(|after| WEEKDAYS.iter().any(|day| after.starts_with(day)));
        beside.then_some(at)
    }
}
