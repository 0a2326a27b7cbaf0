//! Which elements a voice answer may hold, with which attributes, inside which others, and which carry text.
//!
//! The data of Twilio is `twiml_vocabulary.json`, extracted from its own library; that of its kin is written by hand from
//! their documents, and holds what the telephone performs. This file only reads them.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

/// What is allowed of one element.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Allowed {
    attributes: Vec<String>,
    children: Vec<String>,
    /// Whether it carries text.
    pub(super) text: bool,
}

impl Allowed {
    pub(super) fn attribute(&self, name: &str) -> bool {
        self.attributes.iter().any(|known| known == name)
    }

    pub(super) fn child(&self, name: &str) -> bool {
        self.children.iter().any(|known| known == name)
    }
}

#[derive(Deserialize)]
pub(super) struct Vocabulary {
    elements: HashMap<String, Allowed>,
    /// Blanks between elements are passed over.
    #[serde(default = "yes")]
    pub(super) blanks: bool,
}

fn yes() -> bool {
    true
}

impl Vocabulary {
    #[expect(clippy::expect_used, reason = "the files are part of the program, and every test reads them")]
    fn read(text: &str) -> Vocabulary {
        serde_json::from_str(text).expect("a vocabulary")
    }

    /// What is allowed of the element `name`; `None` for one that the dialect does not have.
    pub(super) fn allowed(&self, name: &str) -> Option<&Allowed> {
        self.elements.get(name)
    }
}

/// Twilio's.
pub(super) static TWIML: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::read(include_str!("twiml_vocabulary.json")));
/// SignalWire's.
pub(super) static CXML: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::read(include_str!("cxml_vocabulary.json")));
/// Telnyx'.
pub(super) static TEXML: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::read(include_str!("texml_vocabulary.json")));
/// Somleng's.
pub(super) static SOMLENG_TWIML: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::read(include_str!("somleng_vocabulary.json")));
/// Plivo's.
pub(super) static PLIVO_XML: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::read(include_str!("plivo_vocabulary.json")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_child_that_is_allowed_is_itself_known() {
        for vocabulary in [&TWIML, &CXML, &TEXML, &SOMLENG_TWIML, &PLIVO_XML] {
            for (name, element) in &vocabulary.elements {
                for child in &element.children {
                    assert!(vocabulary.allowed(child).is_some(), "{name} > {child}");
                }
            }
            let gather = vocabulary.allowed("Gather").or(vocabulary.allowed("GetInput")).unwrap();
            assert!(gather.child("Say") || gather.child("Speak"));
            assert!(
                !vocabulary.allowed("Dial").unwrap().child("Say")
                    && !vocabulary.allowed("Dial").unwrap().child("Speak")
            );
            assert!(vocabulary.allowed("Plays").is_none());
        }
    }
}
