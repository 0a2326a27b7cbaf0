//! How things are called in words. What has no words is called by its name.

use std::collections::HashMap;

use crate::call::Lang;

/// What the report can't know by itself: who runs the line, and how things are called.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Names {
    /// Who runs the line.
    pub operator: Option<String>,
    /// The number of the line as people dial it.
    pub number: Option<String>,
    /// Places of the flow.
    pub places: HashMap<String, String>,
    /// What people call for.
    pub goals: HashMap<String, String>,
    /// Parts of documents, by their script.
    pub parts: HashMap<String, String>,
    /// Lines that are called, and centres as lines.
    pub lines: HashMap<String, String>,
    /// Départements, by their number.
    pub departments: HashMap<String, String>,
    /// Centres, by their FINESS number.
    pub centres: HashMap<String, String>,
    /// Languages, by their code.
    pub languages: HashMap<String, String>,
}

impl Names {
    /// The words for a name.
    pub(super) fn words<'a>(of: &'a HashMap<String, String>, name: &'a str) -> &'a str {
        of.get(name).map_or(name, String::as_str)
    }

    /// The words for a language.
    pub(super) fn language(&self, lang: Lang) -> String {
        self.languages.get(lang.as_str()).cloned().unwrap_or_else(|| lang.as_str().to_owned())
    }
}
