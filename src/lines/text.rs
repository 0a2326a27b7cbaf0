//! The way for those who can't hear or speak: a number for text messages, or a few words in each language.

use std::{collections::BTreeMap, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};

use crate::{call::Lang, files::Name};

/// Another way than a call.
#[derive(Debug)]
pub enum Text {
    /// A number for text messages, as one dials it.
    Number(String),
    /// What it is, by language.
    Words(BTreeMap<Lang, Name>),
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text, D::Error> {
        deserializer.deserialize_any(Either)
    }
}

struct Either;

const HOW: &str =
    "`text` is neither a number nor words: write \"114\" in quotation marks, or { fr: un tchat, en: a chat }";

impl<'de> Visitor<'de> for Either {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number in quotation marks, or words by language")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Text, E> {
        let digits = text.chars().any(|c| c.is_ascii_digit());
        let right = digits && text.chars().all(|c| c.is_ascii_digit() || c == ' ');
        if right { Ok(Text::Number(text.trim().to_owned())) } else { Err(E::custom(HOW)) }
    }

    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<Text, E> {
        Err(E::custom(HOW))
    }

    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<Text, E> {
        Err(E::custom(HOW))
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Text, E> {
        Err(E::custom(HOW))
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<Text, E> {
        Err(E::custom(HOW))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Text, E> {
        Err(E::custom(HOW))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
        let mut words = BTreeMap::new();
        while let Some((lang, said)) = map.next_entry()? {
            words.insert(lang, said);
        }
        Ok(Text::Words(words))
    }
}

impl JsonSchema for Text {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let words = generator.subschema_for::<BTreeMap<Lang, Name>>();
        json_schema!({
            "description": "A number for text messages in quotation marks, or words by language.",
            "anyOf": [{ "type": "string", "pattern": "^ *[0-9][0-9 ]*$" }, words]
        })
    }
}
