//! Quantities as a language writes and says them: `units` in `language.yaml`.
//!
//! ```yaml
//! euros: { one: "{n} euro", many: "{n} euros", written: "{n} €" }
//! hours: { one: "une heure", many: "{n} heures", feminine: true }
//! hour: { written: "{n} h", feminine: true, from: { 0: minuit, 1: "{n} heures" } }
//! article_dash: tiret
//! ```

use std::{collections::BTreeMap, sync::Arc};

use serde::Deserialize;

use super::{
    ear,
    facts::Value,
    numbers::{cardinal, in_groups, is_singular, minutes},
};
use crate::{
    call::{Lang, written_day},
    diagnostic::{Diagnostic, SourceFile},
    files::{At, Name},
};

/// The words of one language for quantities. What it lacks, no script of it can say.
#[derive(Clone, Default, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Units {
    euros: Option<Unit>,
    percent: Option<Unit>,
    days: Option<Unit>,
    weeks: Option<Unit>,
    months: Option<Unit>,
    years: Option<Unit>,
    hours: Option<Unit>,
    minutes: Option<Unit>,
    /// The hours of the day.
    hour: Option<Hours>,
    /// The word for the dash in the name of an article.
    article_dash: Option<Name>,
}

/// "{n} jours".
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unit {
    one: Name,
    many: Name,
    /// As it is written, where that is not as it is said.
    written: Option<Name>,
    #[serde(default)]
    feminine: bool,
}

/// "{n} heures", "{h} in the morning": each from an hour of the day on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hours {
    from: BTreeMap<At<u8>, Name>,
    written: Option<Name>,
    #[serde(default)]
    feminine: bool,
}

/// A quantity in one language.
#[derive(PartialEq, Debug)]
pub struct InWords {
    /// As people write it: "8 jours".
    pub written: String,
    /// As it is said: "huit jours".
    pub spoken: String,
}

impl Units {
    /// `value` in `lang`, or `None` where the language has no words for it.
    pub(crate) fn say(&self, value: &Value, lang: Lang) -> Option<InWords> {
        let (written, spoken) = match value {
            Value::Amount { unit, whole, cents } => self.unit(unit)?.say(lang, *whole, cents.as_deref()),
            Value::Number(n) => (n.to_string(), cardinal(lang, *n, false)),
            Value::Hour(hour, minute) => self.hour.as_ref()?.time(lang, *hour, *minute)?,
            Value::Date(date) => {
                let written = written_day(lang, *date)?;
                let spoken = ear::spoken(lang, &written);
                (written, spoken)
            }
            Value::Rank(n) => ear::rank(lang, *n)?,
            Value::Article(article) => (article.clone(), said_article(lang, article, self.article_dash.as_ref()?)),
            Value::Groups(groups) => (groups.clone(), in_groups(lang, groups)),
        };
        Some(InWords { written, spoken })
    }

    /// "neuf heures trente"; `None` where the language has no words for the hours of the day.
    pub(crate) fn time(&self, lang: Lang, hour: u8, minute: u8) -> Option<InWords> {
        let (written, spoken) = self.hour.as_ref()?.time(lang, hour, minute)?;
        Some(InWords { written, spoken })
    }

    /// "trois semaines"; `None` where the language has no word for weeks.
    pub(crate) fn in_weeks(&self, lang: Lang, weeks: u16) -> Option<InWords> {
        self.say(&Value::Amount { unit: "weeks", whole: u32::from(weeks), cents: None }, lang)
    }

    fn unit(&self, name: &str) -> Option<&Unit> {
        self.units().find(|(known, _)| *known == name).map(|(_, unit)| unit)
    }

    fn units(&self) -> impl Iterator<Item = (&'static str, &Unit)> {
        let units = [
            ("euros", &self.euros),
            ("percent", &self.percent),
            ("days", &self.days),
            ("weeks", &self.weeks),
            ("months", &self.months),
            ("years", &self.years),
            ("hours", &self.hours),
            ("minutes", &self.minutes),
        ];
        units.into_iter().filter_map(|(name, unit)| Some((name, unit.as_ref()?)))
    }

    /// What stands behind a number: `["jours"]`, `["per", "cent"]`, `["in", "the", "morning"]`, in small letters.
    pub(crate) fn words_behind_numbers(&self) -> Vec<Vec<String>> {
        let units = self.units().flat_map(|(_, unit)| [&unit.one, &unit.many]);
        let hours = self.hour.iter().flat_map(|hours| hours.from.values());
        let behind = units.chain(hours).filter_map(|pattern| pattern.split_once('}')).map(|(_, behind)| {
            let words = behind.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            words.map(str::to_lowercase).collect::<Vec<_>>()
        });
        behind.filter(|words| !words.is_empty()).collect()
    }

    /// A pattern may say the number, and nothing else in curly brackets.
    pub(super) fn judge(&self, file: &Arc<SourceFile>) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut judge = |pattern: &Name, blanks: &[&str], must: bool| {
            let without = blanks.iter().fold(pattern.to_string(), |text, blank| text.replace(blank, ""));
            let message = if pattern.trim().is_empty() {
                "a unit has no words here"
            } else if without.contains(['{', '}']) {
                "this unit holds a marker that it does not know"
            } else if must && without.len() == pattern.len() {
                "this unit does not say its number"
            } else {
                return;
            };
            let help = match blanks {
                [] => "write plain words".to_owned(),
                blanks => format!("write {} where the number is to be heard", blanks.join(" or ")),
            };
            found.push(Diagnostic::error("key-words", message).at(pattern.place(file)).help(help));
        };
        for (_, unit) in self.units() {
            judge(&unit.one, &["{n}"], false);
            judge(&unit.many, &["{n}"], true);
            unit.written.iter().for_each(|written| judge(written, &["{n}"], true));
        }
        if let Some(hours) = &self.hour {
            hours.from.values().for_each(|pattern| judge(pattern, &["{n}", "{h}"], false));
            hours.written.iter().for_each(|written| judge(written, &["{n}", "{h}"], true));
        }
        self.article_dash.iter().for_each(|dash| judge(dash, &[], false));
        if let Some(hours) = &self.hour
            && hours.from.keys().next().is_none_or(|first| **first != 0)
        {
            let message = "the hours of the day do not begin at 0";
            let place = hours.from.iter().next().map(|(first, _)| first.place(file));
            let error = Diagnostic::error("key-words", message).help("begin `from` with 0: the words for midnight");
            found.push(match place {
                Some(place) => error.at(place),
                None => error.at(crate::diagnostic::Place::top(file)),
            });
        }
        found
    }
}

impl Unit {
    fn say(&self, lang: Lang, whole: u32, cents: Option<&str>) -> (String, String) {
        let pattern = if is_singular(lang, whole) { &self.one } else { &self.many };
        let digits = cents.map_or_else(|| whole.to_string(), |cents| format!("{whole}.{cents}"));
        let written = self.written.as_ref().unwrap_or(pattern).replace("{n}", &digits);
        if whole == 0 && cents.is_some_and(|cents| cents.bytes().any(|digit| digit != b'0')) {
            let amount = format!("0.{} €", cents.unwrap_or_default());
            return (written, ear::spoken(lang, &amount));
        }
        let mut spoken = pattern.replace("{n}", &cardinal(lang, whole, self.feminine));
        if let Some(cents) = cents.and_then(|cents| cents.parse().ok()).filter(|cents| *cents > 0) {
            spoken = format!("{spoken} {}", cardinal(lang, cents, false));
        }
        (written, spoken)
    }
}

impl Hours {
    /// The words from this hour on. "noon thirty" is said nowhere: with minutes, a word that has no number gives way to the
    /// next one that has the hour of twelve, "twelve thirty in the afternoon".
    fn pattern(&self, hour: u8, minute: u8) -> Option<&Name> {
        let pattern = self.from.iter().rev().find(|(from, _)| ***from <= hour).map(|(_, pattern)| pattern)?;
        let next = || self.from.iter().find(|(from, _)| ***from > hour).map(|(_, next)| next);
        let numbered = if minute > 0 && !pattern.contains('{') { next() } else { None };
        Some(numbered.filter(|next| next.contains("{h}")).unwrap_or(pattern))
    }

    /// The minutes stand behind the number of the hour, or behind all of "{n} heures" and of a word as "midi".
    fn time(&self, lang: Lang, hour: u8, minute: u8) -> Option<(String, String)> {
        let pattern = self.pattern(hour, minute)?;
        let of_twelve = (hour + 11) % 12 + 1;
        let fill = |pattern: &str, say: &dyn Fn(u8) -> String, minutes: &str| {
            let behind = if minutes.is_empty() || pattern.contains("{h}") { "" } else { minutes };
            let of_twelve =
                if pattern.contains("{h}") { format!("{}{minutes}", say(of_twelve)) } else { String::new() };
            format!("{}{behind}", pattern.replace("{n}", &say(hour)).replace("{h}", &of_twelve))
        };
        let pattern_written = self.written.as_ref().unwrap_or(pattern);
        let (written, spoken) = match minute {
            0 => (String::new(), String::new()),
            minute => {
                let sign = if pattern_written.contains("{h}") { ':' } else { ' ' };
                (format!("{sign}{minute:02}"), format!(" {}", minutes(lang, minute.into(), self.feminine)))
            }
        };
        let written = fill(pattern_written, &|n| n.to_string(), &written);
        Some((written, fill(pattern, &|n| cardinal(lang, n.into(), self.feminine), &spoken)))
    }
}

/// "L. 1111-7" is "L, onze, onze, tiret sept".
fn said_article(lang: Lang, article: &str, dash: &str) -> String {
    let (letter, numbers) = article.split_once(". ").unwrap_or(("", article));
    let mut numbers = numbers.split('-');
    let mut said = vec![letter.to_owned()];
    said.extend(numbers.next().map(|first| in_groups(lang, first)));
    said.extend(numbers.map(|n| format!("{dash} {}", n.parse().map_or(n.into(), |n| cardinal(lang, n, false)))));
    said.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        files::Files,
        script::{Facts, Scripts},
    };

    #[test]
    fn the_time_of_day_is_written_and_said_with_its_minutes() {
        let (scripts, _) = Scripts::parse(&Files::embedded_scripts());
        for (lang, hour, minute, written, spoken) in [
            (Lang::FR, 9, 0, "9 h", "neuf heures"),
            (Lang::FR, 21, 30, "21 h 30", "vingt et une heures trente"),
            (Lang::FR, 12, 5, "12 h 05", "midi cinq"),
            (Lang::EN, 9, 30, "9:30 in the morning", "nine thirty in the morning"),
            (Lang::FR, 0, 30, "0 h 30", "minuit trente"),
            (Lang::EN, 12, 0, "noon", "noon"),
            (Lang::EN, 12, 30, "12:30 in the afternoon", "twelve thirty in the afternoon"),
            (Lang::EN, 0, 30, "12:30 in the morning", "twelve thirty in the morning"),
            (Lang::EN, 18, 5, "6:05 in the evening", "six oh five in the evening"),
        ] {
            let said = scripts.languages[&lang].units.time(lang, hour, minute).unwrap();
            assert_eq!((said.written.as_str(), said.spoken.as_str()), (written, spoken));
        }
    }

    #[test]
    fn quantities_are_written_and_said_as_people_do() {
        let (scripts, _) = Scripts::parse(&Files::embedded_scripts());
        let cases = [
            ("days: 8", "8 jours", "huit jours", "8 days", "eight days"),
            ("days: 1", "1 jour", "un jour", "1 day", "one day"),
            ("days: 0", "0 jour", "zéro jour", "0 days", "zero days"),
            ("euros: 57", "57 €", "cinquante-sept euros", "€57", "fifty-seven euros"),
            ("euros: \"46.70\"", "46.70 €", "quarante-six euros soixante-dix", "€46.70", "forty-six euros seventy"),
            ("euros: \"1.50\"", "1.50 €", "un euro cinquante", "€1.50", "one euro fifty"),
            ("euros: \"0.80\"", "0.80 €", "quatre-vingts centimes", "€0.80", "eighty cents"),
            (
                "hour: \"21:05\"",
                "21 h 05",
                "vingt et une heures cinq",
                "9:05 in the evening",
                "nine oh five in the evening",
            ),
            ("hour: 0", "0 h", "minuit", "midnight", "midnight"),
            (
                "date: 2026-11-24",
                "24 novembre 2026",
                "vingt-quatre novembre deux mille vingt-six",
                "24 November 2026",
                "the twenty-fourth of November twenty twenty-six",
            ),
            (
                "date: 2026-01-01",
                "1er janvier 2026",
                "premier janvier deux mille vingt-six",
                "1 January 2026",
                "the first of January twenty twenty-six",
            ),
            ("rank: 1", "1er", "premier", "1st", "first"),
            ("rank: 22", "22e", "vingt-deuxième", "22nd", "twenty-second"),
            ("percent: 70", "70 %", "soixante-dix pour cent", "70%", "seventy per cent"),
            ("hours: 1", "une heure", "une heure", "one hour", "one hour"),
            ("hours: 21", "21 heures", "vingt et une heures", "21 hours", "twenty-one hours"),
            ("hour: 9", "9 h", "neuf heures", "9 in the morning", "nine in the morning"),
            ("hour: 1", "1 h", "une heure", "1 in the morning", "one in the morning"),
            ("hour: 12", "12 h", "midi", "noon", "noon"),
            ("hour: 17", "17 h", "dix-sept heures", "5 in the afternoon", "five in the afternoon"),
            ("hour: 21", "21 h", "vingt et une heures", "9 in the evening", "nine in the evening"),
            ("number: 18", "18", "dix-huit", "18", "eighteen"),
            (
                "article: L. 1111-7",
                "L. 1111-7",
                "L, onze, onze, tiret sept",
                "L. 1111-7",
                "L, one one, one one, dash seven",
            ),
            (
                "article: L. 3211-12",
                "L. 3211-12",
                "L, trente-deux, onze, tiret douze",
                "L. 3211-12",
                "L, three two, one one, dash twelve",
            ),
            ("groups: 71 120", "71 120", "soixante et onze, cent vingt", "71 120", "seven one, one two zero"),
        ];
        for (value, written_fr, spoken_fr, written_en, spoken_en) in cases {
            let text =
                format!("a: {{ what: x, value: {{ {value} }}, source: y, checked: 2026-11-21, verified: true }}\n");
            let mut found = Vec::new();
            let facts = Facts::parse(&Files::from_texts([("facts.yaml", text.as_str())]), &mut found);
            assert!(found.is_empty(), "{value}: {found:?}");
            for (lang, written, spoken) in [(Lang::FR, written_fr, spoken_fr), (Lang::EN, written_en, spoken_en)] {
                let said = facts.say("a", lang, &scripts.languages[&lang]).unwrap();
                assert_eq!((said.written.as_str(), said.spoken.as_str()), (written, spoken), "{value}");
            }
        }
    }

    #[test]
    fn every_fact_that_comes_with_the_program_can_be_said_in_every_language() {
        let (scripts, found) = Scripts::parse(&Files::embedded_scripts());
        assert!(found.is_empty(), "{found:?}");
        let verified: Vec<_> = scripts.facts.facts.values().filter(|fact| fact.verified).collect();
        assert!(verified.len() > 25);
        for (lang, words) in &scripts.languages {
            for fact in &verified {
                assert!(scripts.facts.say(&fact.name, *lang, words).is_some(), "{} in `{lang}`", *fact.name);
            }
        }
        let unused: Vec<&str> = Facts::unused(&scripts).map(|fact| fact.name.as_str()).collect();
        assert!(!unused.contains(&"adult_age"), "a script says it: {unused:?}");
        assert!(!unused.contains(&"free_care_share"), "nobody has verified it: {unused:?}");
    }
}
