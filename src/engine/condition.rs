//! The expressions of `choose` nodes: small, strict, bounded. An expression sees a few facts of the call and nothing else.

use std::{collections::BTreeMap, fmt, sync::LazyLock};

use jiff::{Timestamp, tz::TimeZone};
use minijinja::{Environment, Expression, UndefinedBehavior, Value};

use super::Now;
use crate::call::{CallState, Lang, Pace};

/// Instructions that an expression may take: far more than one that a person can read needs.
const FUEL: u64 = 500;

/// What an expression may use.
const NAMES: [&str; 6] = ["lang", "hour", "weekday", "call_is_free", "answered", "slow"];

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

/// What an expression is asked about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    lang: Option<Lang>,
    hour: i8,
    weekday: i8,
    call_is_free: bool,
    answered: bool,
    slow: bool,
}

impl Condition {
    /// Reads an expression; the error is a sentence for the operator.
    pub(super) fn new(source: &str) -> Result<Condition, String> {
        let expression = LANGUAGE.compile_expression_owned(source.to_owned()).map_err(|error| {
            format!("this condition can't be understood: {}", error.detail().unwrap_or("it is not complete"))
        })?;
        if let Some(unknown) =
            expression.undeclared_variables(false).into_iter().find(|name| !NAMES.contains(&name.as_str()))
        {
            return Err(format!("a condition knows nothing called `{unknown}`"));
        }
        let condition = Condition { source: source.to_owned(), expression };
        // Tried in both halves of the day and with and without a language, so that a wrong comparison shows before a call.
        for (lang, hour, flag) in [(None, 3, false), (Some(Lang::FR), 15, true)] {
            let asked = Asked { lang, hour, weekday: 1, call_is_free: flag, answered: flag, slow: flag };
            condition.eval(&asked).map_err(|error| {
                format!(
                    "this condition fails: {}",
                    error.detail().map_or_else(|| error.kind().to_string(), str::to_owned)
                )
            })?;
        }
        Ok(condition)
    }

    /// Whether it is true. One that fails was refused when it was read; should it fail all the same, it is not true.
    pub(super) fn holds(&self, asked: &Asked) -> bool {
        self.eval(asked).is_ok_and(|value| value.is_true())
    }

    /// The names that it may use.
    pub(super) fn names() -> String {
        NAMES.join(", ")
    }

    fn eval(&self, asked: &Asked) -> Result<Value, minijinja::Error> {
        let facts: BTreeMap<&'static str, Value> = [
            ("lang", asked.lang.map_or(Value::from(()), |lang| Value::from(lang.as_str()))),
            ("hour", Value::from(asked.hour)),
            ("weekday", Value::from(asked.weekday)),
            ("call_is_free", Value::from(asked.call_is_free)),
            ("answered", Value::from(asked.answered)),
            ("slow", Value::from(asked.slow)),
        ]
        .into();
        self.expression.eval(Value::from(facts))
    }
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
        Condition::new(source).unwrap().holds(&Asked::new(&state, Now { minute }, &paris, false))
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
        for wrong in ["", "lang ==", "langue == 'fr'", "range(9)", "lang|upper", "1 +", "{{ lang }}", "hour.x.y"] {
            assert!(Condition::new(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_condition_that_never_ends_is_cut_off() {
        let long = vec!["hour == 1"; 400].join(" or ");
        assert!(Condition::new(&long).is_err());
    }
}
