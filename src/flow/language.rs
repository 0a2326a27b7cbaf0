//! `language`: the caller chooses a language. Each language names itself, in its own voice.
//!
//! ```yaml
//! welcome:
//!   language:
//!     intro:                       # said once, each line in its own language
//!       - { fr: arrival/hello }
//!       - { en: arrival/emergency }
//!     keys: { 1: fr, 2: en }       # heard as "Français : touche 1." and "English: press 2."
//!     then: notice
//! ```
//!
//! Without `then` the caller comes back to the place that key 8 was pressed in.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::schema::Digit;
use crate::{
    call::Lang,
    files::{At, Name},
};

/// The choice of a language.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// What is said before, once a call.
    #[serde(default)]
    pub intro: Vec<Intro>,
    /// The languages by their digit: 1, 2, 3, 4.
    #[schemars(with = "BTreeMap<Digit, Lang>", extend("minProperties" = 1))]
    pub keys: BTreeMap<At<u8>, At<Lang>>,
    /// The node that follows; without it, the place before.
    pub then: Option<Name>,
}

/// Scripts by the language in which each is said.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Intro(pub BTreeMap<At<Lang>, Name>);
