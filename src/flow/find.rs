//! `find`: the nearest centres are told one after the other, and the caller is put through to one.
//!
//! ```yaml
//! find_adults:
//!   find:
//!     for: adults            # adults, teenagers (16 and 17) or children; next or again: behind a call to a centre
//!     most: 3                # so many centres at most
//!     call: find/calling     # said before a centre is called
//!     then: cmp_after        # after a conversation, or when nobody answered
//!     none: find_advice      # nothing to offer, or nothing more
//! ```
//!
//! The program says the rest by itself, from the scripts of `find/`: the name, the distance, the number, the keys.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};

use crate::files::Name;

/// Centres, nearest first. The place must be known: an `ask` node stands before it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Find {
    /// For whom.
    #[serde(rename = "for")]
    pub whom: Whom,
    /// So many centres at most, 1 to 9.
    #[serde(deserialize_with = "few")]
    #[schemars(range(min = 1, max = 9))]
    pub most: u8,
    /// The script that is said before a centre is called.
    pub call: Name,
    /// The node after a call, whether somebody answered or not.
    pub then: Name,
    /// The node where there is nothing to offer, or nothing more.
    pub none: Name,
    /// Where `#` leads when there is nothing behind; else the main menu.
    pub back: Option<Name>,
    /// The node that every way here must have passed: `check` proves it.
    pub only_behind: Option<Name>,
}

/// For whom centres are told.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// 18 or over.
    Adults,
    /// 16 or 17.
    Teenagers,
    /// Under 16.
    Children,
    /// For the same as before: the centre behind the last one.
    Next,
    /// For the same as before: the last one is called again.
    Again,
}

/// Nobody listens to more.
fn few<'de, D: Deserializer<'de>>(d: D) -> Result<u8, D::Error> {
    match u8::deserialize(d)? {
        most @ 1..=9 => Ok(most),
        _ => Err(de::Error::custom("write how many centres are told at most: 1 to 9")),
    }
}
