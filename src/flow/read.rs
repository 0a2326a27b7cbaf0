//! `read`: a document, read part by part. Silence is listening: the next part follows by itself.
//!
//! ```yaml
//! documents:
//!   read:
//!     title: documents/title
//!     parts: [documents/overview, documents/carte-vitale]
//!     end: { say: access/key-find, go: find_cmp }    # key 1 at the end
//!     then: access_menu                              # where silence at the end leads
//! ```
//!
//! `pace: dictation` makes it a document to write down: silence behind a dictated phrase says it again first.
//!
//! The keys are always the same: 1 next part, 2 the part before, 4 a person, and those that work everywhere; the program
//! says them. A part is one idea, 20 seconds at most.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Choice;
use crate::files::{At, Name};

/// A document.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// Its title, said before the first part.
    pub title: Name,
    /// The scripts of its parts, in order, each once.
    #[schemars(length(min = 1), extend("uniqueItems" = true))]
    pub parts: Vec<Name>,
    /// `dictation`: the caller writes down what is dictated in its parts.
    pub pace: Option<At<Pace>>,
    /// What comes next, offered under key 1 at the end.
    pub end: Choice,
    /// Where silence at the end leads.
    pub then: Name,
    /// Where `#` leads when there is nothing behind; else the main menu.
    pub back: Option<Name>,
    /// The node that every way here must have passed: `check` proves it.
    pub only_behind: Option<Name>,
}

/// How a document is read, where it is not read as any other.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Pace {
    /// Silence behind `{dictate: ...}` says the phrase again, three times at most.
    Dictation,
}
