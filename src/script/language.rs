//! A language's own words for keys, in `audio_scripts/<language>/language.yaml`.
//!
//! ```yaml
//! name: Français
//! press: "appuyez sur la touche {key}"
//! key: "touche {key}"
//! choice: "{action}, {press}."
//! language_choice: "{name} : {key}."
//! star: étoile
//! hash: dièse
//! languages: { fr: français, en: anglais }
//! units: { days: { one: "{n} jour", many: "{n} jours" } }
//! operator: une association
//! punctuation: { ",": virgule, ".": point }
//! contact: demandez à la personne qui vous a donné ce numéro
//! ```

use std::{collections::BTreeMap, sync::Arc};

use serde::Deserialize;

use super::{Punctuation, units::Units};
use crate::{
    call::Lang,
    diagnostic::{Diagnostic, SourceFile},
    files::Name,
};

/// How a language names keys.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// What it calls itself.
    pub name: Name,
    /// "appuyez sur la touche {key}".
    press: Name,
    /// The short form, "touche {key}".
    key: Name,
    /// A choice of a menu: "{action}, {press}."
    choice: Name,
    /// A choice of a language: "{name} : {key}."
    language_choice: Name,
    /// The star key.
    star: Name,
    /// The hash key.
    hash: Name,
    /// Who runs the line, where the settings don't say.
    pub operator: Name,
    /// How to reach them, where the settings don't say.
    pub contact: Name,
    /// What it calls the languages; one that is not there, by its own name.
    #[serde(default)]
    pub languages: BTreeMap<Lang, Name>,
    /// Its words for quantities.
    #[serde(default)]
    pub units: Units,
    /// What signs are called where a phrase is dictated: needed in the language of letters alone.
    #[serde(default)]
    pub punctuation: Punctuation,
}

impl Language {
    /// A caller who is not told a key can't press it: each sentence must have its blanks, and no other.
    pub(super) fn judge(&self, file: &Arc<SourceFile>) -> Vec<Diagnostic> {
        let own: [(&Name, &str, &[&str]); 9] = [
            (&self.name, "name", &[]),
            (&self.press, "press", &["key"]),
            (&self.key, "key", &["key"]),
            (&self.choice, "choice", &["action", "press"]),
            (&self.language_choice, "language_choice", &["name", "key"]),
            (&self.star, "star", &[]),
            (&self.hash, "hash", &[]),
            (&self.operator, "operator", &[]),
            (&self.contact, "contact", &[]),
        ];
        let mut found = self.units.judge(file);
        let signs = self.punctuation.values().map(|name| (name, "punctuation", &[] as &[&str]));
        let languages = self.languages.values().map(|name| (name, "languages", &[] as &[&str]));
        for (text, field, blanks) in own.into_iter().chain(signs).chain(languages) {
            let mut wrong = |message: String, help: String| {
                found.push(Diagnostic::error("key-words", message).at(text.place(file)).help(help));
            };
            if text.trim().is_empty() {
                wrong(format!("`{field}` is empty"), "write the words, as in the file of fr".into());
                continue;
            }
            for blank in blanks {
                match text.matches(&format!("{{{blank}}}")).count() {
                    1 => {}
                    0 => wrong(
                        format!("`{field}` does not say {{{blank}}}"),
                        format!("write {{{blank}}} where it is to be heard"),
                    ),
                    _ => wrong(format!("`{field}` says {{{blank}}} twice"), "once is enough".into()),
                }
            }
            let without = blanks.iter().fold(text.to_string(), |text, blank| text.replace(&format!("{{{blank}}}"), ""));
            if without.contains(['{', '}']) {
                let known = blanks.iter().map(|blank| format!("{{{blank}}}")).collect::<Vec<_>>().join(" and ");
                let help = if known.is_empty() {
                    "it takes no marker: write plain words".to_owned()
                } else {
                    format!("it takes {known} only")
                };
                wrong(format!("`{field}` holds a marker that it does not know"), help);
            }
        }
        found
    }

    /// "appuyez sur la touche 9".
    pub fn press(&self, key: char) -> String {
        self.press.replace("{key}", &self.key_name(key))
    }

    /// "touche 9".
    pub fn key(&self, key: char) -> String {
        self.key.replace("{key}", &self.key_name(key))
    }

    /// What stands before and after the action in a choice: "", ", appuyez sur la touche 1."
    pub fn choice(&self, key: char) -> (String, String) {
        let with_key = self.choice.replace("{press}", &self.press(key));
        match with_key.split_once("{action}") {
            Some((before, after)) => (before.to_owned(), after.to_owned()),
            None => (String::new(), with_key),
        }
    }

    /// "Français : touche 1."
    pub fn language_choice(&self, key: char) -> String {
        self.language_choice.replace("{name}", &self.name).replace("{key}", &self.key(key))
    }

    fn key_name(&self, key: char) -> String {
        match key {
            '*' => self.star.to_string(),
            '#' => self.hash.to_string(),
            digit => digit.to_string(),
        }
    }
}
