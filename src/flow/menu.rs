//! `menu`: choices by key. The words "appuyez sur la touche 1" are made from the key itself, never written by hand.
//!
//! ```yaml
//! main_menu:
//!   menu:
//!     intro: main/intro
//!     keys:
//!       1: { say: main/key-talk, go: listener }    # heard as "Pour parler à quelqu'un, appuyez sur la touche 1."
//!       2: { say: help/key-numbers, go: numbers }
//!     once: main/help-key                          # said after the choices, at the first hearing only
//! ```
//!
//! `silence: { after: 4, go: listener }` makes silence a choice: after 4 seconds it leads there and is no failure.
//! A fifth choice needs `five_because:` and a reason.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::schema::Digit;
use crate::files::{At, Name};

/// A menu.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Menu {
    /// The script that is said before the choices.
    pub intro: Option<Name>,
    /// The choices by their digit: 1, 2, 3, 4, the most wanted first.
    #[schemars(with = "BTreeMap<Digit, Choice>", extend("minProperties" = 1, "maxProperties" = 5))]
    pub keys: BTreeMap<At<u8>, Choice>,
    /// A script that is said after the choices, the first time in a call.
    pub once: Option<Name>,
    /// Where silence leads, if it is a choice of its own.
    pub silence: Option<OnSilence>,
    /// Where `#` leads when there is nothing behind; else the main menu.
    pub back: Option<Name>,
    /// Why this menu has five choices.
    pub five_because: Option<String>,
    /// The node that every way here must have passed: `check` proves it.
    pub only_behind: Option<Name>,
}

/// One choice of a menu.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The script that names the action: "Pour parler à quelqu'un", without the key.
    pub say: Name,
    /// The node that it leads to.
    pub go: Name,
}

/// Silence as a choice.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OnSilence {
    /// Seconds to wait, 2 to 15.
    #[schemars(range(min = 2, max = 15))]
    pub after: At<u8>,
    /// The node that it leads to.
    pub go: Name,
}
