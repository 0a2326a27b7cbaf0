//! `universal.yaml`: where the keys that mean the same everywhere lead, and the places that the program must know.
//!
//! ```yaml
//! start: welcome              # a call begins here: a language node
//! main_menu: main_menu        # key 0, and where a lost caller is taken
//! help: help_menu             # key 0 in the main menu
//! urgent_help: urgent_help    # key 9, everywhere
//! languages: languages        # key 8
//! listener: listener          # key 4 in every document
//! person: person              # the third failure in a row calls a person
//! numbers: numbers            # the numbers that are said when nobody can be reached
//! gentle_end: gentle_end      # the very last words, when nothing else is left
//! crowded: crowded            # a call begins here while there are too many
//! ```

use schemars::JsonSchema;
use serde::Deserialize;

use crate::files::Name;

/// The places that the program itself must know.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Universal {
    /// Where a call begins: a `language` node.
    pub start: Name,
    /// Key 0.
    pub main_menu: Name,
    /// Key 0 in the main menu.
    pub help: Name,
    /// Key 9.
    pub urgent_help: Name,
    /// Key 8: a `language` node without `then`.
    pub languages: Name,
    /// Key 4 in every document.
    pub listener: Name,
    /// Third failure in a row: a `transfer` node.
    pub person: Name,
    /// When nobody can be reached: a `say` node.
    pub numbers: Name,
    /// The end of the ladder of failures: an `end` node.
    pub gentle_end: Name,
    /// Where a call begins while there are too many: a `language` node without `then`, with a number in its `intro`.
    pub crowded: Name,
}

impl Universal {
    /// Every role with the node that plays it.
    pub fn roles(&self) -> [(&'static str, &Name); 10] {
        [
            ("start", &self.start),
            ("main_menu", &self.main_menu),
            ("help", &self.help),
            ("urgent_help", &self.urgent_help),
            ("languages", &self.languages),
            ("listener", &self.listener),
            ("person", &self.person),
            ("numbers", &self.numbers),
            ("gentle_end", &self.gentle_end),
            ("crowded", &self.crowded),
        ]
    }
}
