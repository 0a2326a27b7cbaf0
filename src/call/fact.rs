//! What is worth counting about a call. A fact never says who called or what was typed.

use super::{DialOutcome, Finess, Lang, LineId, NodeId};

/// Something that happened in a call, for counters and, later, the journal.
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
    /// A place of the flow was reached.
    Reached(NodeId),
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
        /// How.
        outcome: DialOutcome,
        /// Seconds of conversation, if known.
        talked: Option<u32>,
    },
    /// A caller says that the number of this centre did not work.
    NumberReported(Finess),
    /// The caller's token could not be read, or named a place that no longer exists.
    Lost,
    /// We ended the call, at this node.
    SaidGoodbye(NodeId),
}
