//! `transfer`: another line is called. Before it rings, its announcement is a place of its own: `#` stays, silence dials.
//!
//! ```yaml
//! listener:
//!   transfer:
//!     say: talk/listener            # says who is called and how to stay
//!     line: sos_amitie              # a line of lines.yaml, or `chain: listener`, a chain of chains.yaml
//!     then: after_transfer          # after a conversation
//!     failed: numbers               # nobody could be reached
//! ```
//!
//! `any_key_stays: true`: any key but 9 leads back, for a transfer that the caller did not choose.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::files::Name;

/// A call to another line.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// The announcement.
    pub say: Name,
    /// The line, by its name in `lines.yaml`. Either a line or a chain.
    pub line: Option<Name>,
    /// The chain, by its name in `chains.yaml`: lines and people that are called one after the other.
    pub chain: Option<Name>,
    /// The node after a conversation.
    pub then: Name,
    /// The node when nobody could be reached.
    pub failed: Name,
    /// Any key during the announcement leads back to the place before.
    #[serde(default)]
    pub any_key_stays: bool,
    /// Where `#` leads when there is nothing behind; else the main menu.
    pub back: Option<Name>,
}

impl Transfer {
    /// The name of the line or the chain.
    pub fn calls(&self) -> Option<&Name> {
        self.line.as_ref().or(self.chain.as_ref())
    }
}
