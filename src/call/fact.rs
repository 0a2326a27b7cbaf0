//! What is worth counting about a call. A fact never says who called or what was typed.

use std::sync::Arc;

use super::{Department, DialOutcome, Finess, Lang, LineId, NodeId};

/// Something that happened in a call, for counters and the journal. Names are those of the world, made when it was loaded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fact {
    /// A call began.
    Began,
    /// It began with the short words, for there were too many new calls.
    Limited {
        /// From this caller; else from all together.
        by_caller: bool,
    },
    /// The caller chose a language.
    LanguageChosen(Lang),
    /// A place of the flow was reached, or come back to.
    Reached(NodeId),
    /// This script, a part of a document, was heard to its end: silence after it led on. Not where a key cut it: whether a key
    /// came during the last word or after it can't be told apart. Dictated words that come again count once, with the last.
    Heard(Arc<str>),
    /// What the caller called for was reached: see `engine/goal.rs` for what that means.
    Goal(Arc<str>),
    /// Key 9 was pressed.
    UrgentHelp,
    /// A wait ended in silence or with a key that has no role there.
    Failure,
    /// A line was dialled.
    TransferTried(LineId),
    /// A transfer ended.
    TransferEnded {
        /// Which line.
        line: LineId,
        /// How. A voicemail that answered and could not accept is no answer.
        outcome: DialOutcome,
        /// Seconds of conversation, if known.
        talked: Option<u32>,
    },
    /// Centres near this département were told: once an arrival, with the first of them. The postal code is never in a fact.
    LookedUp(Department),
    /// A caller says that the number of this centre did not work.
    NumberReported(Finess),
    /// The caller's token could not be read, or named a place that no longer exists.
    Lost,
    /// We ended the call, at this node.
    SaidGoodbye(NodeId),
}
