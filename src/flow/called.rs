//! `numbers.yaml`: what differs for the callers of one of several numbers, as where two associations share a line.
//!
//! ```yaml
//! "+33199000001":
//!   lang: en                     # the language is not asked: the emergency words are said, then what follows
//!   first: talk_menu             # comes in place of the main menu; key 0 leads to the main menu all the same
//!   caller_id: "+33199000009"    # shown to the lines that we dial for these callers
//! ```

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use crate::{
    call::{E164, Lang},
    files::{At, Located, Name},
};

/// What differs for those who call one number.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Called {
    /// Their language: it is not asked. Key 8 still leads to the others.
    pub lang: Option<At<Lang>>,
    /// The first node behind the words of the arrival, in place of the main menu.
    pub first: Option<Name>,
    /// The number that is shown to the lines that we dial for them.
    pub caller_id: Option<At<E164>>,
}

/// Every number that is called, by itself, and its file.
pub type CalledNumbers = Located<BTreeMap<Name, Called>>;

/// A number, as a key of `numbers.yaml`.
#[derive(PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct OwnNumber;

impl JsonSchema for OwnNumber {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "OwnNumber".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": r"^\+[1-9][0-9]{7,14}$" })
    }
}
