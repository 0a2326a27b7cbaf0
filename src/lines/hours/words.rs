//! Opening hours in words, made from the words of one language: `audio_scripts/<language>/hours.yaml`.
//!
//! ```yaml
//! always: jour et nuit
//! every_day: tous les jours
//! days: [lundi, mardi, mercredi, jeudi, vendredi, samedi, dimanche]
//! one_day: "le {day}"
//! day_range: "du {from} au {to}"
//! hours: "de {from} à {to}"
//! hour: "{h} h"
//! hour_minutes: "{h} h {m}"
//! midnight: minuit
//! together: "{days} {hours}"
//! and: " et "
//! then: " ; "
//! months: [janvier, février, mars, avril, mai, juin, juillet, août, septembre, octobre, novembre, décembre]
//! first: 1er
//! date: "{d} {month}"
//! ```

use jiff::civil::{Date, Weekday};
use opening_hours_syntax::{
    ExtendedTime, RuleKind,
    rules::{
        OpeningHoursExpression, RuleOperator, RuleSequence,
        day::{DaySelector, WeekDayRange},
        time::{Time, TimeSpan},
    },
};
use serde::Deserialize;

/// How a language says hours. What stands in curly brackets is filled in.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoursWords {
    always: String,
    every_day: String,
    /// From Monday on.
    days: [String; 7],
    one_day: String,
    day_range: String,
    hours: String,
    hour: String,
    hour_minutes: String,
    midnight: String,
    together: String,
    /// Between two days, or two spans of hours.
    and: String,
    /// Between two rules.
    then: String,
    /// From January on; without them no day of a month is said.
    #[serde(default)]
    months: Vec<String>,
    /// The first of a month; else "1".
    first: Option<String>,
    /// A day of a month.
    #[serde(default = "day_and_month")]
    date: String,
}

fn day_and_month() -> String {
    "{d} {month}".to_owned()
}

impl HoursWords {
    /// "du lundi au vendredi de 9 h à 18 h"; nothing where the words can't say exactly what the rules do: nobody is to
    /// dial in vain because of a rule left out.
    pub fn of(&self, hours: &str) -> Option<String> {
        self.say(&opening_hours_syntax::parse(hours.trim()).ok()?)
    }

    /// "mardi".
    pub fn weekday(&self, weekday: Weekday) -> &str {
        let from_monday = weekday.to_monday_zero_offset().unsigned_abs();
        self.days.get(usize::from(from_monday)).map_or("", String::as_str)
    }

    /// "3 janvier"; nothing where the language has no months here.
    pub fn date(&self, date: Date) -> Option<String> {
        let month = self.months.get(usize::from(date.month().unsigned_abs()).checked_sub(1)?)?;
        let day = match (date.day(), &self.first) {
            (1, Some(first)) => first.clone(),
            (day, _) => day.to_string(),
        };
        Some(self.date.replace("{d}", &day).replace("{month}", month))
    }

    fn say(&self, written: &OpeningHoursExpression) -> Option<String> {
        // Rules that replace one another become rules side by side.
        let rules = written.clone().normalize().rules;
        let mut seen = [false; 7];
        let mut said = Vec::new();
        for rule in &rules {
            let plain = rule.kind == RuleKind::Open
                && rule.comment.is_empty()
                && rule.operator != RuleOperator::Fallback
                && (rules.len() == 1 || !rule.day_selector.is_empty());
            let days = days(&rule.day_selector).filter(|_| plain)?;
            if (0..7).any(|day| seen[day] && days[day]) {
                return None;
            }
            (0..7).for_each(|day| seen[day] |= days[day]);
            said.push(self.rule(rule, days)?);
        }
        (!said.is_empty()).then(|| said.join(&self.then))
    }

    fn rule(&self, rule: &RuleSequence, days: [bool; 7]) -> Option<String> {
        let spans: Option<Vec<_>> = rule.time_selector.spans.iter().map(span).collect();
        let spans = spans?;
        let round_the_clock = spans.iter().any(|(from, to)| *from == 0 && *to == 24 * 60);
        if round_the_clock && days == [true; 7] {
            return Some(self.always.clone());
        }
        let hours = if round_the_clock {
            self.always.clone()
        } else {
            let said = spans
                .iter()
                .map(|(from, to)| self.hours.replace("{from}", &self.time(*from)).replace("{to}", &self.time(*to)));
            said.collect::<Vec<_>>().join(&self.and)
        };
        Some(self.together.replace("{days}", &self.days(days)).replace("{hours}", &hours))
    }

    fn days(&self, days: [bool; 7]) -> String {
        if days == [true; 7] {
            return self.every_day.clone();
        }
        let mut said = Vec::new();
        let mut day = 0;
        while day < 7 {
            let end = (day..7).take_while(|at| days[*at]).last();
            match end {
                None => {}
                Some(end) if end >= day + 2 => {
                    let range = self.day_range.replace("{from}", &self.days[day]).replace("{to}", &self.days[end]);
                    said.push(range);
                }
                Some(end) => said.extend((day..=end).map(|day| self.one_day.replace("{day}", &self.days[day]))),
            }
            day = end.map_or(day, |end| end) + 1;
        }
        said.join(&self.and)
    }

    fn time(&self, minutes: u16) -> String {
        let (hour, minute) = (minutes / 60 % 24, minutes % 60);
        match (hour, minute) {
            (0, 0) => self.midnight.clone(),
            (hour, 0) => self.hour.replace("{h}", &hour.to_string()),
            (hour, minute) => {
                self.hour_minutes.replace("{h}", &hour.to_string()).replace("{m}", &format!("{minute:02}"))
            }
        }
    }
}

/// The days of a rule from Monday on, if it names nothing but days of the week.
fn days(selector: &DaySelector) -> Option<[bool; 7]> {
    let plain = selector.year.is_empty() && selector.monthday.is_empty() && selector.week.is_empty();
    if !plain || selector.weekday.is_empty() {
        return plain.then_some([true; 7]);
    }
    let mut days = [false; 7];
    for range in &selector.weekday {
        let WeekDayRange::Fixed { range, offset: 0, nth_from_start, nth_from_end } = range else { return None };
        if nth_from_start.contains(&false) || nth_from_end.contains(&false) {
            return None;
        }
        let (from, to) = (range.start().num_days_from_monday(), range.end().num_days_from_monday());
        for day in 0..7_u32 {
            let inside = if from <= to { (from..=to).contains(&day) } else { day >= from || day <= to };
            days[day as usize] |= inside;
        }
    }
    Some(days)
}

/// From which minute of the day to which, if it is the clock that says so and not the sun.
fn span(span: &TimeSpan) -> Option<(u16, u16)> {
    let minutes = |time: &Time| match time {
        Time::Fixed(time) => Some(ExtendedTime::mins_from_midnight(*time)),
        Time::Variable(_) => None,
    };
    let plain = !span.open_end && span.repeats.is_none();
    Some((minutes(&span.range.start)?, minutes(&span.range.end)?)).filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use crate::{call::Lang, files::Files, script::Scripts};

    #[test]
    fn hours_are_said_wholly_or_not_at_all() {
        let (scripts, _) = Scripts::parse(&Files::embedded_scripts());
        let say = |hours: &str, lang| scripts.hours[&lang].of(hours);
        for (hours, fr, en) in [
            ("24/7", "jour et nuit", "day and night"),
            ("00:00-24:00", "jour et nuit", "day and night"),
            ("Mo-Su 09:00-23:00", "tous les jours de 9 h à 23 h", "every day from 9:00 to 23:00"),
            ("Mo-Fr 09:00-18:00", "du lundi au vendredi de 9 h à 18 h", "Monday to Friday from 9:00 to 18:00"),
            ("Mo-Su 08:00-02:00", "tous les jours de 8 h à 2 h", "every day from 8:00 to 2:00"),
            ("Sa 13:30-24:00", "le samedi de 13 h 30 à minuit", "Saturday from 13:30 to midnight"),
            (
                "Mo-Fr 09:00-13:00,14:00-18:00",
                "du lundi au vendredi de 9 h à 13 h et de 14 h à 18 h",
                "Monday to Friday from 9:00 to 13:00 and from 14:00 to 18:00",
            ),
            (
                "Mo-Th 09:00-18:00; Fr 09:00-17:00",
                "du lundi au jeudi de 9 h à 18 h ; le vendredi de 9 h à 17 h",
                "Monday to Thursday from 9:00 to 18:00; Friday from 9:00 to 17:00",
            ),
        ] {
            assert_eq!(say(hours, Lang::FR).as_deref(), Some(fr), "{hours}");
            assert_eq!(say(hours, Lang::EN).as_deref(), Some(en), "{hours}");
        }
        for hours in
            ["Mo-Fr 09:00-18:00; PH off", "sunrise-sunset", "Jan-Mar 10:00-12:00", "Mo[1] 09:00-10:00", "09:00+", "off"]
        {
            assert_eq!(say(hours, Lang::FR), None, "{hours}");
        }
    }
}
