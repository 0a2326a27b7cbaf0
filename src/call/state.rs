//! Where a call stands. It travels in the URLs of our own answers: any machine can take the next request.

use serde::{Deserialize, Serialize};

use super::{AtHand, Lang, NodeId, Origin, PartId};

/// Steps that `#` can undo.
pub const MAX_BACK: usize = 8;

/// How many "once a call" places are remembered. Beyond it the oldest is forgotten, and only said again.
pub const MAX_HEARD: usize = 12;

/// The whole memory of a call.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct CallState {
    /// Minute of the first answer, counted from 1970 (UTC).
    pub started: u32,
    /// Answers given so far.
    pub turn: u16,
    /// The language, once it is chosen.
    pub lang: Option<Lang>,
    /// The place that was last spoken.
    pub node: NodeId,
    /// Where in it, if it is a document, asks for digits, or tells of centres.
    pub part: PartId,
    /// The node that awaits keys there: behind the words and the choices of the program that lead to it.
    pub awaits: NodeId,
    /// What the call waits for there.
    pub phase: Phase,
    /// In a transfer: which attempt of its chain is at hand.
    pub attempt: u8,
    /// Seconds that this chain has rung so far, as far as is known.
    pub chain_seconds: u16,
    /// What became of the attempts before this one.
    pub so_far: SoFar,
    /// How fast the caller wants us to speak.
    pub pace: Pace,
    /// How often the dictated phrase that stands there was said again in silence.
    pub repeats: u8,
    /// Failures in a row: waits without a key, keys without a role.
    pub failures: u8,
    /// Some key was pressed in this call.
    pub pressed: bool,
    /// Somebody answered in this call.
    pub answered: bool,
    /// Somebody answered a call that the ladder of failures had placed.
    pub ladder_answered: bool,
    /// The transfer in progress was begun by the ladder, not chosen.
    pub by_ladder: bool,
    /// The way here, oldest first, at most [`MAX_BACK`].
    pub back: Vec<Spot>,
    /// Places whose "once" words were said, oldest first, at most [`MAX_HEARD`].
    pub heard: Vec<NodeId>,
    /// Where the caller asks for a centre, once they have said so.
    pub origin: Option<Origin>,
    /// The centre that they have heard of last.
    pub centre: Option<AtHand>,
    /// Hash of the keys and their targets as last spoken.
    pub keymap: u32,
    /// Minutes after `started` until which the bound of the call is lifted.
    pub grace: u16,
    /// Where the number that was called leads in place of the main menu, until the arrival is left.
    pub first: Option<NodeId>,
}

/// A place that can be come back to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Spot {
    /// The node.
    pub node: NodeId,
    /// Where in it, if it is a document or asks for digits.
    pub part: PartId,
}

/// What a call waits for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Phase {
    /// A key, at a place.
    Place,
    /// The outcome of an effect, before a transfer.
    Reserving,
    /// The end of a transfer.
    Ringing,
    /// The last key before a gentle end: any key goes on.
    Ending,
    /// A key, between two attempts of a chain: why, and which one is next.
    Between(Passed),
    /// A key, in the middle of a chain: wait on, or hear the numbers.
    WaitChoice,
    /// A key, after a transfer of which is not known whether the two have talked.
    DidYouTalk,
    /// The same, asked for the second time.
    DidYouTalkAgain,
    /// The outcome of an effect: every line of a chain is full, and one of them is to be tried all the same.
    LastHope,
    /// A key, before a centre is called: silence calls it.
    BeforeCentre,
}

impl Phase {
    /// Whether it waits for a key within a chain, behind its first announcement.
    pub fn is_in_chain(self) -> bool {
        matches!(self, Phase::Between(_) | Phase::WaitChoice | Phase::DidYouTalk | Phase::DidYouTalkAgain)
    }
}

/// Why a chain goes on to its next attempt.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Passed {
    /// It rang, and was busy.
    Busy,
    /// It rang, and nobody answered or accepted.
    NoAnswer,
    /// It could not be reached.
    NotReached,
    /// All its places are taken by our own calls.
    Full,
    /// It is paused by the operator, or rests after failures.
    Resting,
    /// The caller asked for it.
    Wished,
}

/// What became of the attempts of a chain.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug, Serialize, Deserialize)]
pub enum SoFar {
    /// There was none.
    #[default]
    None,
    /// Every one was busy.
    Busy,
    /// Something else, too.
    Mixed,
    /// None rang: all their places were taken by our own calls, by our count.
    Full,
}

/// How fast we speak.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug, Serialize, Deserialize)]
pub enum Pace {
    /// As recorded or as the voice speaks.
    #[default]
    Normal,
    /// Slower, with longer pauses.
    Slow,
}

impl CallState {
    /// A call that begins at `node` in minute `now`.
    pub fn new(now: u32, node: NodeId) -> CallState {
        CallState {
            started: now,
            turn: 0,
            lang: None,
            node,
            part: PartId::BEGINNING,
            awaits: node,
            phase: Phase::Place,
            attempt: 0,
            chain_seconds: 0,
            so_far: SoFar::None,
            pace: Pace::Normal,
            repeats: 0,
            failures: 0,
            pressed: false,
            answered: false,
            ladder_answered: false,
            by_ladder: false,
            back: Vec::new(),
            heard: Vec::new(),
            origin: None,
            centre: None,
            keymap: 0,
            grace: 0,
            first: None,
        }
    }
}
