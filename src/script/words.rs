//! The words that a language watches, in `audio_scripts/<language>/words.yaml`: what is not said, what must be explained,
//! what calls for urgent help first, what tells the language from another one.
//!
//! ```yaml
//! not_said:
//!   tapez: "dites : appuyez sur la touche"
//! explained:
//!   programme de soins: ["soins obligatoires"]
//! urgent_first: [suicide, mourir, violence*]
//! web:
//!   words: [internet, en ligne]
//!   ways: [téléphone*, quelqu'un]
//! common: [le, la, les, des, est, vous]
//! ```
//!
//! An expression is words in a row; `*` is any end of a word; `+` means: in the same sentence. A word in capital letters
//! is found in capital letters only: PASS is no `pass`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// The words that a language watches. Every section may be left out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// What the line does not say, each with what to say instead.
    #[serde(default)]
    pub not_said: BTreeMap<String, String>,
    /// Hard words, each with the words that explain it: one of them is heard with it, or before.
    #[serde(default)]
    pub explained: BTreeMap<String, Vec<String>>,
    /// Words on danger: urgent help is offered before them.
    #[serde(default)]
    pub urgent_first: Vec<String>,
    /// What is said of websites, and of the ways beside them.
    #[serde(default)]
    pub web: Web,
    /// The commonest words of the language.
    #[serde(default)]
    pub common: BTreeSet<String>,
}

/// A website is never the only way.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Web {
    /// Words that name a website.
    #[serde(default)]
    pub words: Vec<String>,
    /// Words that name another way.
    #[serde(default)]
    pub ways: Vec<String>,
}
