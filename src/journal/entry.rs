//! One fact as it is kept.

use std::{fmt, sync::Arc};

use crate::call::{DialOutcome, Lang};

/// Longest subject, in characters; longer ones are cut.
pub const MOST_SUBJECT: usize = 120;

/// Tells one fact from all others, on all machines: made of the call, the answer and the position of the fact in it, with a
/// key. So the same fact delivered twice is kept once, and who has the fact can't tell the call.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct EntryId(pub [u8; 16]);

/// Which facts belong to one call: a hash with a key. Kept only while the call may go on, and for a day at most.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallMark(pub [u8; 8]);

impl fmt::Debug for CallMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallMark(·)")
    }
}

/// One fact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Which fact.
    pub id: EntryId,
    /// Of which call.
    pub call: CallMark,
    /// Answers given before it in that call: later facts have a higher one.
    pub turn: u16,
    /// When, in seconds since 1970.
    pub second: i64,
    /// The language of the call at that moment, once one is chosen.
    pub lang: Option<Lang>,
    /// What.
    pub kind: Kind,
    /// Of what: a place of the flow, a part, a goal, a line, a département, a centre, by its name; empty where there is nothing
    /// to say. Never what a caller typed.
    pub subject: Arc<str>,
    /// How a transfer ended.
    pub outcome: Option<DialOutcome>,
    /// Seconds of conversation, where a transfer ended and the provider tells.
    pub talked: Option<u32>,
}

/// What a fact is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// A call began. Told twice by a provider, it is one fact.
    Began,
    /// The caller chose a language, which the fact has as its `lang`. Not where the number that was called has its own.
    Language,
    /// A place of the flow was reached, or come back to. Subject: the node; those that it leads on to by itself have no fact.
    Reached,
    /// A part of a document was heard to its end: silence led on behind it. Where a key led on it is not known, and not told.
    /// Subject: the script.
    Heard,
    /// What the caller called for was reached: a document or its part heard to its end, a conversation held, or a place said
    /// on arrival. Each time that it is. Subject: the goal.
    Goal,
    /// Key 9.
    Urgent,
    /// A wait ended in silence or with a key that has no role there.
    Failure,
    /// A line was dialled. Subject: the line; of people their group, of a centre `finess/` and its number.
    Tried,
    /// A transfer ended. Subject: the line; with outcome, and seconds if known. `Completed` where somebody talked, or may have:
    /// a voicemail that answered for somebody who must accept is `NoAnswer`. Nothing is told where the provider tells nothing.
    Transferred,
    /// Centres were told, the nearest first: once for each time that a caller comes there. Subject: the number of the
    /// département, never more of the place.
    LookedUp,
    /// A caller says that the number of a centre did not work. Subject: its FINESS number.
    Reported,
    /// The place of a call could not be read, or is no longer there: the main menu follows.
    Lost,
    /// A new call was answered with the short announcement, for there were too many. Subject: `caller` or `all`.
    Limited,
    /// Our last words were said: unless a key is pressed, we end the call. Subject: the node.
    Goodbye,
    /// The call is over. Its turn is `u16::MAX`, so that an end that is told twice is one fact; it has no language.
    Ended,
    /// We failed: the caller heard an apology and the numbers of urgent help in place of an answer.
    Apologised,
}

impl Kind {
    /// Every kind, by its number in the store: add at the end, never move.
    pub const ALL: [Kind; 16] = [
        Kind::Began,
        Kind::Language,
        Kind::Reached,
        Kind::Heard,
        Kind::Goal,
        Kind::Urgent,
        Kind::Failure,
        Kind::Tried,
        Kind::Transferred,
        Kind::LookedUp,
        Kind::Reported,
        Kind::Lost,
        Kind::Limited,
        Kind::Goodbye,
        Kind::Ended,
        Kind::Apologised,
    ];

    /// Its number in the store.
    pub(super) fn number(self) -> i64 {
        self as i64
    }

    /// The kind of a number.
    pub(super) fn numbered(number: i64) -> Option<Kind> {
        Kind::ALL.get(usize::try_from(number).ok()?).copied()
    }
}

/// The number of an outcome, in the store and in the spool.
pub(super) fn outcome_number(outcome: DialOutcome) -> i64 {
    outcome as i64
}

/// The outcome of a number.
pub(super) fn outcome_numbered(number: i64) -> Option<DialOutcome> {
    DialOutcome::ALL.get(usize::try_from(number).ok()?).copied()
}

/// A subject as it can be kept: not too long, and without what a store may refuse, for then it would refuse the whole group.
pub(super) fn kept(subject: &Arc<str>) -> Arc<str> {
    if subject.len() <= MOST_SUBJECT && !subject.contains(char::is_control) {
        return subject.clone();
    }
    subject.chars().filter(|letter| !letter.is_control()).take(MOST_SUBJECT).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_and_every_outcome_has_its_number() {
        assert_eq!(Kind::ALL.map(Kind::number), std::array::from_fn(|at| i64::try_from(at).unwrap()));
        assert_eq!(DialOutcome::ALL.map(outcome_number), [0, 1, 2, 3, 4]);
        for outcome in DialOutcome::ALL {
            assert_eq!(outcome_numbered(outcome_number(outcome)), Some(outcome));
        }
        assert_eq!((outcome_numbered(-1), outcome_numbered(5)), (None, None));
    }
}
