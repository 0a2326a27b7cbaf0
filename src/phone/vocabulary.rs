//! Which elements a TwiML voice answer may hold, with which attributes, inside which others, and which carry text.
//!
//! The data is `twiml_vocabulary.json`, extracted from Twilio's own library; this file only reads it.

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
struct Vocabulary {
    elements: HashMap<String, Allowed>,
}

#[expect(clippy::expect_used, reason = "the file is part of the program, and every test reads it")]
static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| serde_json::from_str(include_str!("twiml_vocabulary.json")).expect("twiml_vocabulary.json"));

/// What is allowed of the element `name`; `None` for an element that TwiML does not have.
pub(super) fn allowed(name: &str) -> Option<&'static Allowed> {
    VOCABULARY.elements.get(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_child_that_is_allowed_is_itself_known() {
        for (name, element) in &VOCABULARY.elements {
            for child in &element.children {
                assert!(allowed(child).is_some(), "{name} > {child}");
            }
        }
        assert!(allowed("Gather").unwrap().child("Say"));
        assert!(!allowed("Dial").unwrap().child("Say"));
        assert!(allowed("Plays").is_none());
    }
}
