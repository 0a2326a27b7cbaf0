//! `say`: words, then another node. The keys of that node already work while the words are said.
//!
//! ```yaml
//! notice:
//!   say:
//!     scripts: [arrival/notice]
//!     then: main_menu
//!     once: true            # once a call
//! ```
//!
//! While no language is chosen, the first script is said in every language, the others in the first one;
//! `every_language: true` says all of them in every language.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::files::Name;

/// Words that lead on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Say {
    /// The scripts, in order.
    #[schemars(length(min = 1))]
    pub scripts: Vec<Name>,
    /// The node that follows.
    pub then: Name,
    /// Said once a call; afterwards the node is passed through.
    #[serde(default)]
    pub once: bool,
    /// Said whole in every language as long as none is chosen.
    #[serde(default)]
    pub every_language: bool,
    /// Where `#` leads when there is nothing behind; else the main menu.
    pub back: Option<Name>,
    /// The node that every way here must have passed: `check` proves it.
    pub only_behind: Option<Name>,
}
