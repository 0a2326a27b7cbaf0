//! `end`: a goodbye. It stands behind a choice of the caller, or at the very end of the ladder of failures.
//!
//! ```yaml
//! goodbye:
//!   end: { say: end/goodbye }
//! ```

use schemars::JsonSchema;
use serde::Deserialize;

use crate::files::Name;

/// A goodbye, after which we hang up.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// The last words.
    pub say: Name,
}
