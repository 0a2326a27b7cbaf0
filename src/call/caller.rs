//! Telephone numbers: the caller's, which may be withheld or odd and is never printed, and those that we dial.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A number in the international form that providers dial: `+`, then 8 to 15 digits that do not begin with 0.
///
/// Short numbers (15, 3114...) have no such form and can't be written as one.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct E164(String);

impl E164 {
    /// The number with its `+`. For the wire and for what the operator wrote; never for a log.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is no number that a provider can dial.
#[derive(Debug, thiserror::Error)]
#[error("not an international telephone number: write + and the country code, as in +33972394050")]
pub struct NotE164;

impl FromStr for E164 {
    type Err = NotE164;

    fn from_str(text: &str) -> Result<E164, NotE164> {
        let digits = text.strip_prefix('+').ok_or(NotE164)?;
        let right =
            (8..=15).contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit()) && !digits.starts_with('0');
        if right { Ok(E164(text.to_owned())) } else { Err(NotE164) }
    }
}

impl fmt::Debug for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("E164(·)")
    }
}

impl Serialize for E164 {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}

impl JsonSchema for E164 {
    fn schema_name() -> Cow<'static, str> {
        "E164".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A number with + and the country code, as in +33972394050.",
            "pattern": r"^\+[1-9][0-9]{7,14}$"
        })
    }
}

impl<'de> Deserialize<'de> for E164 {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<E164, D::Error> {
        Cow::<str>::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Who calls, as far as it may be known. Never used to guess a country or a language.
#[derive(Clone, PartialEq, Eq)]
pub enum Caller {
    /// The number is hidden, absent, or one of the fake numbers that stand for "hidden".
    Withheld,
    /// A real number, French or foreign.
    Number(E164),
    /// Something else: a SIP address, a client's token, a short number. Not a number to call back.
    Other,
}

/// What providers write for a hidden number, letters lower-cased (the digits spell ANONYMOUS, RESTRICTED, BLOCKED,
/// UNKNOWN and UNAVAILABLE on a keypad; some networks put a 1 before them).
const WITHHELD_WORDS: [&str; 7] =
    ["anonymous", "restricted", "private", "unavailable", "unknown", "blocked", "withheld"];
const WITHHELD_NUMBERS: [&str; 5] = ["266696687", "7378742833", "2562533", "8656696", "86282452253"];

impl Caller {
    /// Reads the `From` of a provider. Takes anything: an odd caller is a caller.
    pub fn parse(from: &str) -> Caller {
        let from = from.trim();
        let name = user(from);
        if from.is_empty() || WITHHELD_WORDS.iter().any(|word| word.eq_ignore_ascii_case(name)) {
            return Caller::Withheld;
        }
        let digits = name.strip_prefix('+').unwrap_or(name);
        let without_one = digits.strip_prefix('1').unwrap_or(digits);
        if WITHHELD_NUMBERS.iter().any(|fake| *fake == digits || *fake == without_one) {
            return Caller::Withheld;
        }
        from.parse().map_or(Caller::Other, Caller::Number)
    }
}

/// The user of a SIP address, with `sip:` or without; anything else as it is.
fn user(from: &str) -> &str {
    let (scheme, rest) = from.split_once(':').unwrap_or(("", from));
    let is_sip = ["", "sip", "sips"].iter().any(|sip| sip.eq_ignore_ascii_case(scheme));
    if is_sip { rest.split(['@', ';']).next().unwrap_or(rest) } else { from }
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Caller::Withheld => "Caller(withheld)",
            Caller::Number(_) => "Caller(number)",
            Caller::Other => "Caller(other)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Callers {
        withheld: Vec<String>,
        numbers: Vec<String>,
        others: Vec<String>,
    }

    fn callers() -> Callers {
        serde_saphyr::from_str(include_str!("../../tests/corpus/callers.yaml")).unwrap()
    }

    #[test]
    fn peer_defect_14_withheld_numbers_are_withheld_in_every_spelling() {
        let callers = callers();
        for hidden in &callers.withheld {
            assert_eq!(Caller::parse(hidden), Caller::Withheld, "{hidden:?}");
        }
        for word in WITHHELD_WORDS.iter().chain(&WITHHELD_NUMBERS) {
            assert!(callers.withheld.iter().any(|hidden| hidden == word), "{word} is not in the list");
        }
    }

    #[test]
    fn peer_defect_23_a_token_is_no_number_and_a_foreign_number_is_one() {
        let callers = callers();
        for number in &callers.numbers {
            assert!(matches!(Caller::parse(number), Caller::Number(_)), "{number}");
        }
        for other in &callers.others {
            assert_eq!(Caller::parse(other), Caller::Other, "{other}");
        }
    }

    #[test]
    fn numbers_are_never_printed() {
        let shown = format!("{:?} {:?}", Caller::parse("+33639981234"), "+33639981234".parse::<E164>().unwrap());
        assert_eq!(shown, "Caller(number) E164(·)");
    }
}
