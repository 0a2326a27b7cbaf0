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
    /// Facts that the journal had to drop, as far as it knows; at the hour in which it said so.
    Dropped,
}

impl TallyKind {
    /// Its number in the store. Kinds of facts have small ones; never change one.
    pub(super) fn number(self) -> i64 {
        match self {
            TallyKind::Of(kind) => kind.number(),
            TallyKind::Left => 100,
            TallyKind::Missed => 101,
            TallyKind::Callers => 102,
            TallyKind::Dropped => 103,
        }
    }

    /// The kind of a number.
    pub(super) fn numbered(number: i64) -> Option<TallyKind> {
        match number {
            100 => Some(TallyKind::Left),
            101 => Some(TallyKind::Missed),
            102 => Some(TallyKind::Callers),
            103 => Some(TallyKind::Dropped),
            number => Kind::numbered(number).map(TallyKind::Of),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_names_its_kind() {
        let own = [TallyKind::Left, TallyKind::Missed, TallyKind::Callers, TallyKind::Dropped];
        for kind in Kind::ALL.map(TallyKind::Of).into_iter().chain(own) {
            assert_eq!(TallyKind::numbered(kind.number()), Some(kind));
        }
        assert_eq!((Kind::Began.number(), Kind::Ended.number()), (0, 14), "what is stored keeps its meaning");
        assert_eq!(TallyKind::numbered(99), None);
    }
}
