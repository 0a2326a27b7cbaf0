//! `choose`: the program chooses the way, without a word, by a small expression.
//!
//! ```yaml
//! booking:
//!   choose:
//!     when:
//!       - { if: lang != "fr", go: booking_interpreter_first }
//!       - { if: weekday <= 5 and hour >= 9 and hour < 17, go: booking_steps }
//!     else: booking_steps
//! ```
//!
//! The first `if` that is true counts; none: `else`. An expression may use
//! `lang` ("fr", "en"..., `none` while none is chosen) · `hour` (0 to 23) and `weekday` (1 Monday to 7 Sunday), Paris time ·
//! `call_is_free` (from the settings) · `answered` (somebody answered in this call) · `slow` (the caller asked for it) ·
//! `directory` (of centres: "none", "ready", "stale"),
//! with `==`, `!=`, `<`, `<=`, `and`, `or`, `not`, `in`. Anything else is refused by `check`.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::files::Name;

/// A way that the program chooses.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choose {
    /// The conditions, in order: the first that is true counts.
    #[schemars(length(min = 1))]
    pub when: Vec<When>,
    /// The node if none of them is true.
    #[serde(rename = "else")]
    pub otherwise: Name,
}

/// One condition.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// Compares what is known of a call: lang, hour, weekday, call_is_free, answered, slow, directory. As in lang != "fr".
    #[serde(rename = "if")]
    #[schemars(length(min = 1, max = 300))]
    pub condition: Name,
    /// The node if it is true.
    pub go: Name,
}
