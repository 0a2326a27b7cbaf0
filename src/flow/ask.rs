//! `ask`: the caller types digits, and hears them again with the name of the place before they count.
//!
//! ```yaml
//! find_code:
//!   ask:
//!     for: postal_code            # five digits; or department: the first two, three overseas
//!     say: find/code              # the question
//!     then: find_age              # the place is known, and the caller has not corrected it
//!     unknown: find_department    # a second place in a row that nobody knows
//! ```
//!
//! The program says the rest by itself: which digits are missing, the read-back, the choice between départements.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::files::Name;

/// A question that is answered with digits.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// What is asked for.
    #[serde(rename = "for")]
    pub wanted: Wanted,
    /// The script of the question.
    pub say: Name,
    /// The node that follows once the place is known.
    pub then: Name,
    /// The node that follows when a second place is unknown.
    pub unknown: Name,
    /// Where `#` leads when there is nothing behind; else the main menu.
    pub back: Option<Name>,
    /// The node that every way here must have passed: `check` proves it.
    pub only_behind: Option<Name>,
}

/// What digits can be asked for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// The five digits of a postal code. Two and `#` name a département, three overseas.
    PostalCode,
    /// The number of a département.
    Department,
}
