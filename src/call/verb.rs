//! What the engine answers: verbs that every dialect can say in its own way, or an effect to perform first.

use std::sync::Arc;

use super::{CallState, E164, Fact, Lang, LineId, Pace, Speech};

/// The engine's reply to one event.
#[derive(Clone, PartialEq, Debug)]
pub enum Step {
    /// Say this to the provider; the state travels in the answer's URLs.
    Answer {
        /// Where the call stands after this answer.
        state: CallState,
        /// What the provider is to do, in order.
        verbs: Vec<Verb>,
        /// What happened.
        facts: Vec<Fact>,
    },
    /// Perform this, then come back with `Event::Done`.
    Do {
        /// Where the call stands meanwhile.
        state: CallState,
        /// What to perform.
        effect: Effect,
    },
}

/// Something that the engine, being pure, asks others to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Hold one place for this call on each of these telephones, which will ring together.
    Reserve {
        /// The telephones: one at least.
        seats: Vec<Seat>,
        /// Seconds that they will ring at most.
        ring: u8,
        /// Even if it is full by our count alone: the last hope where every line of a chain is. Not for people.
        force: bool,
    },
}

/// One telephone on which a place is held.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seat {
    /// The line, or the person.
    pub line: LineId,
    /// Under which its calls are counted.
    pub counted: LineId,
    /// How many calls it takes at once; `None`: we don't count.
    pub capacity: Option<u32>,
}

/// One thing that the provider is to do.
#[derive(Clone, PartialEq, Debug)]
pub enum Verb {
    /// Speak, and listen for keys from the first sound on. Without a key the provider comes back all the same.
    Listen(Listen),
    /// Speak without listening: only right before `Hangup`, or as the last words to somebody who is then connected.
    Say(Vec<Prompt>),
    /// Put the caller through.
    Dial(Dial),
    /// End the call.
    Hangup,
}

/// Prompts, and the keys that are awaited during and after them.
#[derive(Clone, PartialEq, Debug)]
pub struct Listen {
    /// What is said, in order. Every key works during it.
    pub prompts: Vec<Prompt>,
    /// Seconds to wait after the last word, and between two digits.
    pub wait: u8,
    /// How many keys make an answer.
    pub digits: Digits,
}

/// How many keys a wait takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Digits {
    /// One key, any of the twelve.
    One,
    /// So many digits, or fewer ended by `#`.
    UpTo(u8),
}

/// A speech at a pace.
#[derive(Clone, PartialEq, Debug)]
pub struct Prompt {
    /// What is said.
    pub speech: Arc<Speech>,
    /// How fast.
    pub pace: Pace,
}

/// A call to another line, presented with our own number. Several targets ring at once.
#[derive(Clone, PartialEq, Debug)]
pub struct Dial {
    /// Whom to call: one at least, ten at most.
    pub targets: Vec<Target>,
    /// Seconds that it may ring.
    pub ring: u8,
    /// Whoever answers hears first who calls, and must press a key to be put through.
    pub accept: bool,
    /// During the conversation the caller's `*` ends it, and the call comes back to us.
    pub star_leaves: bool,
}

/// One telephone that rings.
#[derive(Clone, PartialEq, Debug)]
pub struct Target {
    /// Its address.
    pub to: Address,
    /// The language in which whoever answers is spoken to.
    pub lang: Lang,
}

/// How a telephone is reached.
#[derive(Clone, PartialEq, Debug)]
pub enum Address {
    /// By its number.
    Number(E164),
    /// By SIP, as in `sip:ecoute@example.org`.
    Sip(String),
    /// By a short national number, which not every provider can dial.
    Short(String),
}
