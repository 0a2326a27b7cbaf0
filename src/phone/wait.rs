//! What a call waits for, and how it ended: all that whoever drives the call needs in order to decide.
//!
//! Data only. The call makes these values; scripts, scenarios and the terminal read them.

use super::instructions::{Dial, Gather};

/// What the call waits for now.
#[derive(Clone, PartialEq, Debug)]
pub enum Wait {
    /// To be placed.
    Start,
    /// For keys; prompts are being heard meanwhile.
    Keys(Listening),
    /// For the end of a transfer.
    Dial(Dialled),
    /// For nothing: the call is over.
    Ended(Ending),
}

/// A `Gather` in progress.
#[derive(Clone, PartialEq, Debug)]
pub struct Listening {
    pub(super) gather: Gather,
}

impl Listening {
    /// Seconds of silence after the prompts, and between two keys.
    pub fn timeout(&self) -> u32 {
        self.gather.timeout
    }

    /// How many keys end the wait; `None`: any number.
    pub fn num_digits(&self) -> Option<u32> {
        self.gather.num_digits
    }

    /// The key that ends the wait without being part of what is typed.
    pub fn finish_on_key(&self) -> Option<char> {
        self.gather.finish_on_key
    }
}

/// A number that the line dials.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dialled {
    pub(super) dial: Dial,
}

impl Dialled {
    /// The numbers (or SIP addresses) that ring, in one text; it is one number in most cases.
    pub fn number(&self) -> String {
        self.dial.targets.iter().map(|target| target.address.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// The number that is shown to them, if the document names one.
    pub fn caller_id(&self) -> Option<&str> {
        self.dial.caller_id.as_deref()
    }

    /// Seconds that they ring at most.
    pub fn timeout(&self) -> u32 {
        self.dial.timeout
    }
}

/// How a call ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// The line hung up, by its verb `Hangup`.
    Line,
    /// The document ran out of verbs: the provider hung up on the caller.
    RanOut,
    /// The caller hung up.
    Caller,
    /// The line refused the call.
    Rejected,
}

impl Ending {
    /// One word for it, as in the `by` of a transcript's `hangup`.
    pub fn as_str(self) -> &'static str {
        match self {
            Ending::Line => "line",
            Ending::RanOut => "ran-out",
            Ending::Caller => "caller",
            Ending::Rejected => "rejected",
        }
    }
}

/// When a caller presses a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum When {
    /// After the last word.
    #[default]
    AfterWords,
    /// At the first sound: the rest of the prompts is not heard.
    AtOnce,
}
