//! The engine: from where a call stands and what happened, to what is said next.
//!
//! Pure and synchronous: no clock, no input or output, no randomness, no logging. Knows no dialect and no server.

use crate::call::{CallState, Event, Lang, Step, Verb};

/// One immutable generation of everything that a call needs: flows, scripts, lines.
#[derive(Debug)]
pub struct World {}

/// The time of an event, given by the server: the engine has no clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Now {
    /// Minutes since 1970, UTC.
    pub minute: u32,
}

/// A call begins.
pub fn begin(_world: &World, _now: &Now) -> Step {
    unimplemented!()
}

/// A call goes on from `state`. At most a few of these in a row return `Step::Do`.
pub fn step(_world: &World, _state: CallState, _event: &Event, _now: &Now) -> Step {
    unimplemented!()
}

/// A call goes on though its token can't be read: key 9 is obeyed, else an apology in `lang` and the main menu.
pub fn recover(_world: &World, _lang: Option<Lang>, _event: &Event, _now: &Now) -> Step {
    unimplemented!()
}

/// What is said when we failed: an apology and the numbers of urgent help. `round` counts from 0; from the third on the
/// numbers come twice and the call ends gently, so that a lasting fault never makes a loop.
pub fn apology(_world: &World, _lang: Option<Lang>, _round: u8) -> Vec<Verb> {
    unimplemented!()
}
