//! What happened on the telephone, whatever the provider calls it.

use super::{CallKey, Caller, E164, Keys};

/// A webhook, verified and read.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// What happened.
    pub event: Event,
    /// Which call it is.
    pub call: CallKey,
    /// The call for which it was placed, where it is a leg of ours and the provider says so.
    pub parent: Option<CallKey>,
    /// Who calls, as far as it is known.
    pub caller: Caller,
    /// The number that was called: one of ours, if the provider wrote it in a form that can be presented.
    pub called: Option<E164>,
}

/// What the caller, the network, or our own effects did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// The first request of a call.
    Started,
    /// Keys were pressed during a wait.
    Keys(Keys),
    /// A wait ended without a key.
    Silence,
    /// A transfer is over; the caller is still there.
    TransferEnded(Transfer),
    /// The provider has connected somebody who answered for us with the caller: they pressed the key that it asked for.
    Connected,
    /// The call is over: nothing can be said any more.
    Ended,
    /// An effect that the engine asked for was performed.
    Done(Outcome),
}

/// How a transfer ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Transfer {
    /// What the network said of the other side.
    pub outcome: DialOutcome,
    /// Seconds that the two talked, where the provider tells.
    pub talked: Option<u32>,
    /// Whether somebody accepted with a key, where that was asked and is known.
    pub accepted: Option<bool>,
    /// Whether the two were connected, where the provider tells.
    pub bridged: Option<bool>,
}

impl Transfer {
    /// A transfer of which nothing more is known.
    pub fn of(outcome: DialOutcome) -> Transfer {
        Transfer { outcome, talked: None, accepted: None, bridged: None }
    }
}

/// What became of a number that we dialled.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum DialOutcome {
    /// The other side answered, and the conversation is over.
    Completed,
    /// The other side was busy.
    Busy,
    /// Nobody answered in time.
    NoAnswer,
    /// The number could not be reached.
    Failed,
    /// The caller or the network gave up before an answer.
    Canceled,
}

impl DialOutcome {
    /// Every outcome, for walks and tables.
    pub const ALL: [DialOutcome; 5] =
        [DialOutcome::Completed, DialOutcome::Busy, DialOutcome::NoAnswer, DialOutcome::Failed, DialOutcome::Canceled];
}

/// The outcome of an effect.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Outcome {
    /// The line is reserved for this call.
    Reserved,
    /// Of several telephones only some could be reserved: a bit each, in the order in which they were asked for.
    Partly(u16),
    /// The line has no free place.
    Full,
    /// The line failed again and again: it is rested.
    Unhealthy,
    /// The operator has paused the line.
    Paused,
    /// We have no number of our own to present, so nothing can be dialled.
    Unreachable,
    /// The effect failed or came too late: not known.
    Unknown,
}

impl Outcome {
    /// Every outcome, for walks and tables.
    pub const ALL: [Outcome; 6] =
        [Outcome::Reserved, Outcome::Full, Outcome::Unhealthy, Outcome::Paused, Outcome::Unreachable, Outcome::Unknown];
}
