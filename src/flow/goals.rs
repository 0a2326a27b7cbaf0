//! `goals.yaml`: what people call for, and how far from them it may be.
//!
//! ```yaml
//! uncounted: [status_check]        # questions whose key counts neither for a goal nor for the depth
//! goals:
//!   urgent_help: { at: urgent_help, keys: 1, seconds: 12, from: answer }
//!   documents: { at: documents, keys: 2 }
//!   no_papers: { at: documents/no-papers }
//! ```
//!
//! The nodes of the main roles and every document are goals even without being named here.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::schema::NodeName;
use crate::files::Name;

/// What people call for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Goals {
    /// Nodes with a question whose key is not counted: everyone must pass it.
    #[serde(default)]
    pub uncounted: Vec<Name>,
    /// The goals by a name of their own.
    #[schemars(with = "BTreeMap<NodeName, Goal>")]
    pub goals: BTreeMap<Name, Goal>,
}

/// One goal.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// A node, a part of a document, or a script of a `say` node.
    pub at: Name,
    /// How many keys at most lead there; without it, 5.
    #[serde(default = "most_keys")]
    pub keys: usize,
    /// After how many seconds at most its first words are heard: before a language is chosen, in whichever comes first.
    #[serde(default)]
    pub seconds: Option<f32>,
    /// From where keys and seconds are counted; without it, from the key of the language.
    #[serde(default)]
    pub from: From,
}

/// From where keys and seconds are counted.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum From {
    /// From the answer of the call, in no language yet.
    Answer,
    /// From the key of the language.
    #[default]
    Language,
}

/// As many keys as lead to any goal.
pub const MOST_KEYS: usize = 5;

fn most_keys() -> usize {
    MOST_KEYS
}
