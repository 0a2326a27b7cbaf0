//! A language of the line, by its ISO 639 code. Which ones exist is data: one folder of scripts each.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An ISO 639 code of two or three lower-case letters, as in `fr`, `en`, `prs`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lang([u8; 3]);

impl Lang {
    /// French, the original of every script.
    pub const FR: Lang = Lang(*b"fr ");
    /// English.
    pub const EN: Lang = Lang(*b"en ");

    /// The code as text.
    pub fn as_str(&self) -> &str {
        // The bytes were checked to be ASCII letters, padded with blanks.
        std::str::from_utf8(&self.0).unwrap_or("fr").trim_end()
    }
}

/// The text is no language code.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a language code: write two or three small letters, as in fr or en")]
pub struct NotALang(String);

impl FromStr for Lang {
    type Err = NotALang;

    fn from_str(text: &str) -> Result<Lang, NotALang> {
        match text.as_bytes() {
            [a, b] if text.bytes().all(|c| c.is_ascii_lowercase()) => Ok(Lang([*a, *b, b' '])),
            [a, b, c] if text.bytes().all(|c| c.is_ascii_lowercase()) => Ok(Lang([*a, *b, *c])),
            _ => Err(NotALang(text.chars().take(40).collect())),
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Lang {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl JsonSchema for Lang {
    fn schema_name() -> Cow<'static, str> {
        "Lang".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "The code of a language: two or three small letters, as in fr.",
            "pattern": r"^[a-z]{2,3}$"
        })
    }
}

impl<'de> Deserialize<'de> for Lang {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Lang, D::Error> {
        Cow::<str>::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_two_or_three_small_letters() {
        assert_eq!("fr".parse::<Lang>().unwrap(), Lang::FR);
        assert_eq!("prs".parse::<Lang>().unwrap().to_string(), "prs");
        for wrong in ["", "f", "FR", "fr-FR", "fran", "é", "f1"] {
            assert!(wrong.parse::<Lang>().is_err(), "{wrong}");
        }
    }
}
