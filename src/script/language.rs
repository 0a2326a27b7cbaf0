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
//! operator: une association
//! contact: demandez à la personne qui vous a donné ce numéro
//! ```

use serde::Deserialize;

/// How a language names keys.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// What it calls itself.
    pub name: String,
    /// "appuyez sur la touche {key}".
    press: String,
    /// The short form, "touche {key}".
    key: String,
    /// A choice of a menu: "{action}, {press}."
    choice: String,
    /// A choice of a language: "{name} : {key}."
    language_choice: String,
    /// The star key.
    star: String,
    /// The hash key.
    hash: String,
    /// Who runs the line, where the settings don't say.
    pub operator: String,
    /// How to reach them, where the settings don't say.
    pub contact: String,
}

impl Language {
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
            '*' => self.star.clone(),
            '#' => self.hash.clone(),
            digit => digit.to_string(),
        }
    }
}
