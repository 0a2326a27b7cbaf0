//! What may change: amounts, delays, ages, hours, articles of law, in `audio_scripts/facts.yaml`. Scripts say them by name.
//!
//! ```yaml
//! file_delay:
//!   what: the hospital must give the file within this time
//!   value: { days: 8 }
//!   source: code de la santé publique L. 1111-7
//!   checked: 2026-11-21
//!   check_by: 2027-11-21
//!   verified: true
//! ```

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::civil::Date;
use serde::Deserialize;

use super::{Day, Language, Part, Script, Scripts, units::InWords};
use crate::{
    call::Lang,
    diagnostic::{Diagnostic, Place, SourceFile},
    files::{At, Files, Name, nearest, yaml_entries},
};

/// The file of the facts, beside the folders of the languages.
pub(super) const FACTS_FILE: &str = "facts.yaml";

/// As it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    what: String,
    value: At<BTreeMap<Name, Name>>,
    source: At<String>,
    checked: Day,
    check_by: Option<At<Day>>,
    verified: bool,
    instead: Option<String>,
}

/// Something that is so today.
#[derive(Debug)]
pub struct Fact {
    /// Its name.
    pub name: Name,
    /// What it is about.
    pub what: String,
    /// The value.
    pub value: Value,
    /// Where it was read.
    pub source: String,
    /// When it was last checked.
    pub checked: Day,
    /// When it must be checked again.
    pub check_by: Option<At<Day>>,
    /// Whether somebody has verified it. Else it is not said.
    pub verified: bool,
    /// What is said in its place, if it is not verified.
    pub instead: Option<String>,
}

/// A quantity, or something with its own way of being said.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// So many of a unit.
    Amount {
        /// The unit, as in `units` of `language.yaml`.
        unit: &'static str,
        /// How many.
        whole: u32,
        /// Hundredths, of euros only: two digits.
        cents: Option<String>,
    },
    /// A number alone.
    Number(u32),
    /// A time of day: the hour and the minute.
    Hour(u8, u8),
    /// A day.
    Date(Date),
    /// A rank: the third.
    Rank(u32),
    /// "L. 1111-7".
    Article(String),
    /// Digits in groups, as of a telephone number.
    Groups(String),
}

/// Every fact by its name.
#[derive(Debug, Default)]
pub struct Facts {
    /// Those that could be understood.
    pub facts: BTreeMap<String, Fact>,
    /// Their file.
    pub file: Option<Arc<SourceFile>>,
    /// Those that are written, and could not be understood.
    broken: BTreeSet<String>,
    /// Nothing of the file could be understood.
    unread: bool,
}

impl Facts {
    /// Reads `facts.yaml` among the script files. Without it there are no facts.
    pub(super) fn parse(files: &Files, found: &mut Vec<Diagnostic>) -> Facts {
        let mut facts = Facts { unread: files.unread.contains(FACTS_FILE), ..Facts::default() };
        let Some(file) = files.files.iter().find(|file| file.name == FACTS_FILE).map(|file| &file.source) else {
            return facts;
        };
        let read = yaml_entries::<Written>(file);
        facts.unread = read.entries.is_empty() && !read.diagnostics.is_empty();
        facts.broken = read.broken;
        found.extend(read.diagnostics);
        for (name, written) in read.entries {
            let wrong = judge(&name, &written, file);
            match value(&written.value, file) {
                Ok(value) if wrong.is_empty() => {
                    let Written { what, source, checked, check_by, verified, instead, .. } = written;
                    let source = source.to_string();
                    let fact = Fact { what, value, source, checked, check_by, verified, instead, name: name.clone() };
                    facts.facts.insert(name.to_string(), fact);
                }
                value => {
                    facts.broken.insert(name.to_string());
                    found.extend(wrong);
                    found.extend(value.err().map(|error| *error));
                }
            }
        }
        facts.file = Some(file.clone());
        facts
    }

    /// The fact called `name`, as `words` of `lang` have it. `None` where it must not or can't be said.
    pub fn say(&self, name: &str, lang: Lang, words: &Language) -> Option<InWords> {
        let fact = self.facts.get(name).filter(|fact| fact.verified)?;
        words.units.say(&fact.value, lang)
    }

    /// What is wrong with the facts that scripts say.
    pub(super) fn judge_scripts(scripts: &Scripts) -> Vec<Diagnostic> {
        scripts.spoken().flat_map(|(lang, _, script)| Facts::judge_script(scripts, lang, script)).collect()
    }

    /// What is wrong with the facts that one script of `lang` says.
    pub(super) fn judge_script(scripts: &Scripts, lang: Lang, script: &Script) -> Vec<Diagnostic> {
        let language = scripts.languages.get(&lang);
        let said = script.parts.iter().filter_map(|part| match part {
            Part::Fact { name, span } => Some((name, Place { file: script.file.clone(), span: span.clone() })),
            _ => None,
        });
        let facts = said.filter_map(|(name, place)| Some(scripts.facts.judge_marker(name, lang, language)?.at(place)));
        let values = script.parts.iter().filter_map(|part| match part {
            Part::Value { value, span } => {
                let place = Place { file: script.file.clone(), span: span.clone() };
                Some(without_words(value, lang, language?)?.at(place))
            }
            _ => None,
        });
        facts.chain(values).collect()
    }

    fn judge_marker(&self, name: &str, lang: Lang, words: Option<&Language>) -> Option<Diagnostic> {
        let Some(fact) = self.facts.get(name) else {
            if self.unread || self.broken.contains(name) {
                return None;
            }
            let help = match nearest(name, self.facts.keys().chain(&self.broken).map(String::as_str)) {
                Some(nearest) => format!("did you mean `{nearest}`? Else write it in audio_scripts/{FACTS_FILE}"),
                None => format!("write it in audio_scripts/{FACTS_FILE}, with its source"),
            };
            return Some(Diagnostic::error("unknown-fact", format!("no fact is called `{name}`")).help(help));
        };
        if !fact.verified {
            let instead = fact.instead.as_deref().unwrap_or_default();
            return Some(
                Diagnostic::error("unverified-fact", format!("nobody has verified `{name}`; instead: {instead}"))
                    .help(format!("say that, or verify it and set `verified: true` in audio_scripts/{FACTS_FILE}")),
            );
        }
        without_words(&fact.value, lang, words?)
    }

    /// Verified facts that no script says.
    pub fn unused(scripts: &Scripts) -> impl Iterator<Item = &Fact> {
        let parts = scripts.spoken().flat_map(|(_, _, script)| &script.parts);
        let said: BTreeSet<&str> = parts
            .filter_map(|part| match part {
                Part::Fact { name, .. } => Some(name.as_str()),
                _ => None,
            })
            .collect();
        scripts.facts.facts.values().filter(move |fact| fact.verified && !said.contains(fact.name.as_str()))
    }
}

impl Value {
    /// Under which name language.yaml has its words.
    fn unit(&self) -> &'static str {
        match self {
            Value::Amount { unit, .. } => unit,
            Value::Hour(..) => "hour",
            Value::Date(_) => "date",
            Value::Rank(_) => "rank",
            Value::Article(_) => "article_dash",
            Value::Number(_) | Value::Groups(_) => "",
        }
    }
}

/// That a language can't say a value.
fn without_words(value: &Value, lang: Lang, words: &Language) -> Option<Diagnostic> {
    words.units.say(value, lang).is_none().then(|| {
        let unit = value.unit();
        Diagnostic::error("fact-words", format!("`{lang}` has no words for `{unit}`"))
            .help(format!("write them under `units` in audio_scripts/{lang}/language.yaml, as in that of fr"))
    })
}

fn judge(name: &Name, fact: &Written, file: &Arc<SourceFile>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut wrong = |message: String, place: Place, help: &str| {
        found.push(Diagnostic::error("facts", message).at(place).help(help));
    };
    if fact.verified && fact.source.trim().is_empty() {
        let help = "write where it was read, or `verified: false`, and `instead`";
        wrong(format!("`{}` is verified, and has no source", **name), fact.source.place(file), help);
    }
    if !fact.verified && fact.instead.as_ref().is_none_or(|instead| instead.trim().is_empty()) {
        let help = "add `instead`: what the scripts say in its place";
        wrong(format!("`{}` is not verified, and nothing is said instead", **name), name.place(file), help);
    }
    if let Some(by) = fact.check_by.as_ref().filter(|by| ***by < fact.checked) {
        let message = "`check_by` is earlier than `checked`".to_owned();
        wrong(message, by.place(file), "set the later of the two in `check_by`");
    }
    found
}

const UNITS: [&str; 8] = ["euros", "percent", "days", "weeks", "months", "years", "hours", "minutes"];
const OTHERS: [&str; 6] = ["number", "hour", "date", "rank", "article", "groups"];
/// What a script may say by a marker of its own, without a fact.
const MARKERS: [&str; 4] = ["euros", "hour", "date", "rank"];

fn value(written: &At<BTreeMap<Name, Name>>, file: &Arc<SourceFile>) -> Result<Value, Box<Diagnostic>> {
    let kinds = UNITS.iter().chain(&OTHERS).copied();
    let list = kinds.clone().collect::<Vec<_>>().join(", ");
    let wrong = |message: String, place: Place, help: &str| {
        Err(Box::new(Diagnostic::error("facts", message).at(place).help(help)))
    };
    let mut entries = written.iter();
    let (Some((kind, text)), None) = (entries.next(), entries.next()) else {
        let message = "one value is wanted here".to_owned();
        return wrong(message, written.place(file), &format!("write one of these with its value: {list}"));
    };
    if !kinds.clone().any(|known| known == kind.as_str()) {
        let help = match nearest(kind, kinds) {
            Some(nearest) => format!("did you mean `{nearest}`? A value is one of: {list}"),
            None => format!("a value is one of: {list}"),
        };
        let error = Diagnostic::error("unknown-field", format!("there is no value called `{}`", kind.as_str()));
        return Err(Box::new(error.at(kind.place(file)).help(help)));
    }
    match Value::read(kind, text) {
        Some(value) => Ok(value),
        None => {
            let message = format!("`{}` can't be said as `{}`", text.as_str(), kind.as_str());
            wrong(message, text.place(file), Value::help(kind))
        }
    }
}

impl Value {
    /// Whether a marker with this name says a value by itself: `{euros: 57}`.
    pub(super) fn is_marker(name: &str) -> bool {
        MARKERS.contains(&name)
    }

    /// A value as it is written behind the name of its kind.
    pub fn read(kind: &str, text: &str) -> Option<Value> {
        let number = || text.parse::<u32>().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
        match kind {
            "number" => number().map(Value::Number),
            "hour" => time_of_day(text),
            "date" => text.parse().ok().filter(|_| text.len() == 10).map(Value::Date),
            "rank" => number().filter(|n| (1..=1000).contains(n)).map(Value::Rank),
            "article" => is_article(text).then(|| Value::Article(text.to_owned())),
            "groups" => {
                let right = text.chars().all(|c| c.is_ascii_digit() || c == ' ') && !text.trim().is_empty();
                right.then(|| Value::Groups(text.to_owned()))
            }
            unit => UNITS.iter().find(|known| **known == unit).and_then(|unit| amount(unit, text)),
        }
    }

    /// How a value of this kind is written.
    pub(super) fn help(kind: &str) -> &'static str {
        match kind {
            "hour" => "write an hour of the day, 0 to 23, or with its minutes as in \"21:30\"",
            "date" => "write year-month-day, as in 2026-11-24",
            "rank" => "write digits only, as in 3 for the third",
            "article" => "write it as in \"L. 1111-7\"",
            "groups" => "write digits in groups, in quotation marks, as in \"71 120\"",
            "euros" => "write digits only, as in 57, or \"46.70\"",
            "percent" => "write digits only, 100 at most",
            _ => "write digits only, as in 8",
        }
    }
}

/// `21`, `21:30`.
fn time_of_day(text: &str) -> Option<Value> {
    let (hour, minute) = text.split_once(':').unwrap_or((text, "00"));
    let digits = hour.bytes().chain(minute.bytes()).all(|b| b.is_ascii_digit());
    let (hour, minute): (u8, u8) = (hour.parse().ok()?, minute.parse().ok().filter(|_| minute.len() == 2)?);
    (digits && hour < 24 && minute < 60).then_some(Value::Hour(hour, minute))
}

fn amount(unit: &'static str, text: &str) -> Option<Value> {
    let (whole, cents) = match text.split_once('.') {
        Some((whole, cents)) if unit == "euros" && cents.len() == 2 => (whole, Some(cents)),
        _ => (text, None),
    };
    let digits = whole.bytes().chain(cents.unwrap_or_default().bytes()).all(|b| b.is_ascii_digit());
    let whole: u32 = whole.parse().ok().filter(|n| digits && (unit != "percent" || *n <= 100))?;
    Some(Value::Amount { unit, whole, cents: cents.map(str::to_owned) })
}

/// `L. 1111-7`: a letter, a full stop, numbers with dashes between.
fn is_article(text: &str) -> bool {
    text.split_once(". ").is_some_and(|(letter, numbers)| {
        let is_number = |n: &str| !n.is_empty() && n.len() < 6 && n.bytes().all(|b| b.is_ascii_digit());
        letter.len() == 1 && letter.bytes().all(|b| b.is_ascii_uppercase()) && numbers.split('-').all(is_number)
    })
}
