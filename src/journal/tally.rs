//! What reports are made of: how often something happened in one hour. Kept for as long as the journal, for nothing in it tells of one caller.

use jiff::civil::Date;

use super::Kind;
use crate::call::{DialOutcome, Lang};

/// How often one thing happened in one hour of one day, Paris time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tally {
    /// The day, in Paris.
    pub day: Date,
    /// The hour, 0 to 23, in Paris.
    pub hour: u8,
    /// What.
    pub kind: TallyKind,
    /// The language of the calls, if one was chosen.
    pub lang: Option<Lang>,
    /// As in an [`Entry`](super::Entry).
    pub subject: String,
    /// How transfers ended.
    pub outcome: Option<DialOutcome>,
    /// How often. Never 0.
    pub count: u64,
    /// Seconds of conversation, all together.
    pub talked: u64,
    /// Seconds of ringing until the end of the transfer, less those of conversation, all together.
    pub waited: u64,
}

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum TallyKind {
    /// Facts of this kind.
    Of(Kind),
    /// Calls that ended, by the place that was reached last (subject), at the hour in which they ended.
    Left,
    /// Calls in which a line was tried and nobody answered, at the hour in which they began.
    Missed,
    /// Different callers of a day; at hour 0. Only where they are counted.
    Callers,
}
