//! When people answer on a line, as OpenStreetMap writes opening hours: `24/7`, `Mo-Fr 09:00-18:00`.
//!
//! Reads them and puts them into words; reads no clock. The words of each language are data: `words` says which.

mod words;

use std::{borrow::Cow, str::FromStr};

use opening_hours_syntax::rules::OpeningHoursExpression;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
pub use words::HoursWords;

/// Opening hours that could be understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hours {
    /// What was written, as rules.
    pub rules: OpeningHoursExpression,
}

/// What is written is no opening hours.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not opening hours: write them as in \"24/7\", \"Mo-Su 09:00-23:00\" or \"Mo-Fr 09:00-12:00,14:00-18:00\"")]
pub struct NotHours;

impl Hours {
    /// "du lundi au vendredi de 9 h à 18 h"; nothing where the words can't say exactly what the rules do.
    pub fn in_words(&self, words: &HoursWords) -> Option<String> {
        words.say(&self.rules)
    }
}

impl FromStr for Hours {
    type Err = NotHours;

    fn from_str(text: &str) -> Result<Hours, NotHours> {
        let rules = opening_hours_syntax::parse(text.trim()).map_err(|_| NotHours)?;
        if rules.rules.is_empty() { Err(NotHours) } else { Ok(Hours { rules }) }
    }
}

impl<'de> Deserialize<'de> for Hours {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Hours, D::Error> {
        Cow::<str>::deserialize(d)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Hours {
    fn schema_name() -> Cow<'static, str> {
        "Hours".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "minLength": 1, "examples": ["24/7", "Mo-Su 09:00-23:00", "Mo-Fr 09:00-18:00"] })
    }
}
