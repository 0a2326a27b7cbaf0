//! The expressions of `choose` nodes: small, strict, bounded. An expression sees a few facts of the call and nothing else.

use std::{collections::BTreeMap, fmt, sync::LazyLock};

use jiff::{Timestamp, tz::TimeZone};
use minijinja::{Environment, ErrorKind, Expression, UndefinedBehavior, Value};

use super::Now;
use crate::{
    call::{CallState, Lang, Pace},
    files::nearest,
};

/// Characters that an expression may have: a longer one is not understood by those who come after.
const MOST_CHARS: usize = 300;

/// Instructions that an expression may take: far more than one that a person can read needs.
const FUEL: u64 = 500;

/// What an expression may use.
const NAMES: [&str; 7] = ["lang", "hour", "weekday", "call_is_free", "answered", "slow", "directory"];

/// The words that an expression is made of, beside those names.
const WORDS: [&str; 7] = ["and", "or", "not", "in", "true", "false", "none"];

static LANGUAGE: LazyLock<Environment<'static>> = LazyLock::new(|| {
    // Empty: no function, filter or test beyond the operators.
    let mut language = Environment::empty();
    language.set_undefined_behavior(UndefinedBehavior::Strict);
    language.set_fuel(Some(FUEL));
    language
});

/// An expression, ready to be asked.
pub struct Condition {
    source: String,
    expression: Expression<'static, 'static>,
}

/// What is wrong with an expression, and how to mend it: sentences for someone who has never seen a program.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) message: String,
    pub(super) help: String,
}

/// How the directory of centres stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub enum Standing {
    /// There is none.
    #[default]
    None,
    /// It can be asked.
    Ready,
    /// It is too old to be believed.
    Stale,
}

impl Standing {
    /// Every way in which it can stand.
    pub const ALL: [Standing; 3] = [Standing::None, Standing::Ready, Standing::Stale];

    /// As conditions compare it.
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::None => "none",
            Standing::Ready => "ready",
            Standing::Stale => "stale",
        }
    }
}

/// What an expression is asked about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    lang: Option<Lang>,
    hour: i8,
    weekday: i8,
    call_is_free: bool,
    answered: bool,
    slow: bool,
    directory: Standing,
}

impl Condition {
    /// Reads an expression.
    pub(super) fn new(source: &str) -> Result<Condition, Wrong> {
        spell(source)?;
        let expression = LANGUAGE
            .compile_expression_owned(source.to_owned())
            .map_err(|_| wrong("this condition can't be understood", ""))?;
        let condition = Condition { source: source.to_owned(), expression };
        // Tried in both halves of the day and with and without a language, so that a wrong comparison shows before a call.
        for (lang, hour, flag) in [(None, 3, false), (Some(Lang::FR), 15, true)] {
            let directory = Standing::None;
            let asked = Asked { lang, hour, weekday: 1, call_is_free: flag, answered: flag, slow: flag, directory };
            condition.eval(&asked).map_err(|error| match error.kind() {
                ErrorKind::OutOfFuel => too_long(),
                _ => wrong("this condition compares what can't be compared", ""),
            })?;
        }
        Ok(condition)
    }

    /// Whether it is true. One that fails was refused when it was read; should it fail all the same, it is not true.
    pub(super) fn holds(&self, asked: &Asked) -> bool {
        self.eval(asked).is_ok_and(|value| value.is_true())
    }

    /// Whether it asks about `name`.
    pub(super) fn names(&self, name: &str) -> bool {
        self.source.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == name)
    }

    fn eval(&self, asked: &Asked) -> Result<Value, minijinja::Error> {
        let facts: BTreeMap<&'static str, Value> = [
            ("lang", asked.lang.map_or(Value::from(()), |lang| Value::from(lang.as_str()))),
            ("hour", Value::from(asked.hour)),
            ("weekday", Value::from(asked.weekday)),
            ("call_is_free", Value::from(asked.call_is_free)),
            ("answered", Value::from(asked.answered)),
            ("slow", Value::from(asked.slow)),
            ("directory", Value::from(asked.directory.as_str())),
        ]
        .into();
        self.expression.eval(Value::from(facts))
    }
}

/// Refuses every word and sign that a condition does not need, so that it can only compare.
fn spell(source: &str) -> Result<(), Wrong> {
    if source.trim().is_empty() {
        return Err(wrong("this condition is empty", ""));
    }
    if source.chars().count() > MOST_CHARS {
        return Err(too_long());
    }
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' => match rest[1..].find(first) {
                Some(end) => end + 2,
                None => {
                    return Err(wrong("a quotation mark in this condition has no partner", "put one behind the text"));
                }
            },
            c if c.is_alphanumeric() || c == '_' => {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
                word(&rest[..end])?;
                end
            }
            '=' | '!' | '<' | '>' => {
                let end = rest.find(|c| !"=!<>".contains(c)).unwrap_or(rest.len());
                if !["==", "!=", "<", "<=", ">", ">="].contains(&&rest[..end]) {
                    let hint = if &rest[..end] == "=" { "write == to ask whether two things are the same" } else { "" };
                    return Err(wrong(&format!("`{}` compares nothing", &rest[..end]), hint));
                }
                end
            }
            c if c.is_whitespace() || "()[],".contains(c) => c.len_utf8(),
            '&' => return Err(wrong("a condition can't hold `&`", "write `and`")),
            '|' => return Err(wrong("a condition can't hold `|`", "write `or`")),
            c => return Err(wrong(&format!("a condition can't hold `{c}`"), "")),
        };
        rest = &rest[length..];
    }
    Ok(())
}

/// A name, a word between names, or a number.
fn word(word: &str) -> Result<(), Wrong> {
    if NAMES.contains(&word) || WORDS.contains(&word) || word.chars().all(|c| c.is_ascii_digit()) {
        return Ok(());
    }
    let hint = match nearest(word, NAMES.iter().chain(&WORDS).copied()) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None if word.parse::<Lang>().is_ok() => format!("the code of a language stands in quotation marks: \"{word}\""),
        None => String::new(),
    };
    Err(wrong(&format!("a condition knows nothing called `{word}`"), &hint))
}

fn too_long() -> Wrong {
    wrong("this condition is too long", "make two of it, each with its own `if`")
}

fn wrong(message: &str, hint: &str) -> Wrong {
    let names = NAMES.join(", ");
    let hint = match hint {
        "" => "write".to_owned(),
        question if question.ends_with('?') => format!("{question} Else write"),
        hint => format!("{hint}; write"),
    };
    let help = format!("{hint} it as in lang != \"fr\" and hour < 17, with these names: {names}");
    Wrong { message: message.to_owned(), help }
}

impl Asked {
    pub(super) fn new(state: &CallState, now: Now, zone: &TimeZone, call_is_free: bool) -> Asked {
        let time = Timestamp::from_second(i64::from(now.minute) * 60).unwrap_or(Timestamp::UNIX_EPOCH);
        let local = time.to_zoned(zone.clone());
        Asked {
            lang: state.lang,
            hour: local.hour(),
            weekday: local.weekday().to_monday_one_offset(),
            call_is_free,
            answered: state.answered,
            slow: state.pace == Pace::Slow,
            directory: now.directory,
        }
    }
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Condition({})", self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::NodeId;

    fn holds(source: &str, lang: Option<Lang>, minute: u32) -> bool {
        let state = CallState { lang, ..CallState::new(0, NodeId::of("x")) };
        let paris = TimeZone::get("Europe/Paris").unwrap();
        Condition::new(source).unwrap().holds(&Asked::new(&state, Now::at(minute), &paris, false))
    }

    /// Wednesday 15 July 2026, 12:30 in Paris.
    const NOON: u32 = 29_735_190;

    #[test]
    fn conditions_see_the_language_and_paris_time() {
        assert!(holds("lang == 'fr'", Some(Lang::FR), 0));
        assert!(holds("lang != \"fr\" and lang", Some(Lang::EN), 0));
        assert!(!holds("lang == 'fr'", None, 0));
        assert!(holds("hour == 12 and weekday == 3", None, NOON));
        assert!(holds("weekday in [1, 2, 3] and not slow and not answered", None, NOON));
        assert!(holds("hour >= 9 and hour < 17", None, NOON));
    }

    #[test]
    fn what_is_no_condition_is_refused_with_a_reason() {
        for wrong in [
            "",
            "lang ==",
            "langue == 'fr'",
            "range(9)",
            "lang|upper",
            "1 +",
            "{{ lang }}",
            "hour.x.y",
            "lang = 'fr'",
            "lang == fr",
            "'x' * 999999999 == lang",
            "9 ** 9 ** 9",
            "lang == 'fr",
            "3 in hour",
            "hour => 3",
            "lang is none",
            "hour if slow else 3",
            "é",
            "lang(3)",
            "hour(",
            "((((",
        ] {
            let wrong_one = Condition::new(wrong).err().unwrap_or_else(|| unreachable!("{wrong} is taken"));
            assert!(wrong_one.help.contains("call_is_free"), "{wrong}: {wrong_one:?}");
        }
    }

    #[test]
    fn a_condition_that_never_ends_is_cut_off() {
        let or = |n| vec!["hour == 1"; n].join(" or ");
        assert!(Condition::new(&or(20)).is_ok());
        assert!(Condition::new(&or(400)).is_err());
        let nested = |n: usize| format!("{}slow{}", "(".repeat(n), ")".repeat(n));
        assert!(Condition::new(&nested(20)).is_ok());
        assert!(Condition::new(&nested(140)).is_err());
        assert!(Condition::new(&"not ".repeat(70)).is_err());
        let flood = format!("slow in [{}]", "1,".repeat(140));
        assert!(Condition::new(&flood).is_ok());
    }
}
