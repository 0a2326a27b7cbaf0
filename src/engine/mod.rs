//! The engine: from where a call stands and what happened, to what is said next.
//!
//! Pure and synchronous: no clock, no input or output, no randomness, no logging. Knows no dialect and no server. The
//! rules that it keeps (A1, K3, L4, T1...) are those of the call tree, listed in ARCHITECTURE.md; one file per concern:
//! `arrival` the language nodes, `notices` what is announced for a time, `place` how a place is spoken, `read` documents,
//! `ask` digits, `places` what they mean, `blanks` words that are filled in, `find` the nearest centres, `tell` what is said of one, `centre_words` with which
//! words, `centre_call` how callers are put through to it, `keys` what keys do, `ladder` silence
//! and wrong keys, `transfer` rings, `chain` the places between them, `closed` what is said of closed lines, `leg` whoever
//! answers for us, `bound` the end of a call that would last for ever,
//! `crowded` the short words while there are too many new calls, `goal` when callers have what they called for, `fallback` what a
//! provider says without us; `load`, `compile` and `condition` make
//! the `world` that all of them read, and `mark` tells one world from another.

mod arrival;
mod ask;
mod blanks;
mod bound;
mod centre_call;
mod centre_words;
mod chain;
mod closed;
mod compile;
mod condition;
mod crowded;
mod fallback;
mod find;
mod goal;
mod keys;
mod ladder;
mod leg;
mod load;
mod mark;
mod moments;
mod notices;
mod phrase;
mod place;
mod places;
mod read;
mod tell;
mod transfer;
mod turn;
mod world;

pub use bound::{GRACE_MINUTES, MAX_ANSWERS, MAX_MINUTES, answers_lost};
pub use centre_words::{CentreWord, CentreWords};
pub use compile::Settings;
pub use condition::{Condition, Standing};
pub use fallback::fallback;
pub use ladder::{END, END_UNPRESSED};
pub use leg::{LegStep, WHISPER, leg, leg_verdict, leg_words};
pub use load::Loaded;
pub use notices::Notice;
pub use phrase::Phrase;
pub(crate) use places::examples;
pub use read::MOST_REPEATS;
pub use tell::{Offer, Teller};
use turn::Turn;
pub use world::{
    Ask, AskWords, Attempt, Called, Chain, Choice, Document, Find, Kind, Node, PartName, Roles, Said, World,
};

use crate::call::{Abilities, CallState, E164, Event, Fact, Key, Lang, Phase, Step, Verb};

/// The time and the means of a call, given by the server: the engine has no clock, and knows no provider.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Now {
    /// Minutes since 1970, UTC.
    pub minute: u32,
    /// Whose turn it is among people who take turns: a number that is the same all through a call.
    pub turn_of: u32,
    /// What the provider of this call can do.
    pub can: Abilities,
    /// How the directory of centres stands.
    pub directory: Standing,
}

impl Now {
    /// The time of a call in which the first one of those who take turns is called first, through a provider that can do
    /// no more than any, without a directory.
    pub const fn at(minute: u32) -> Now {
        let can = Abilities { short_numbers: false, star: false };
        Now { minute, turn_of: 0, can, directory: Standing::None }
    }
}

/// A call begins, to the number `called` if that is known. Whatever follows is in its state.
pub fn begin(world: &World, called: Option<&E164>, now: &Now) -> Step {
    Turn::beginning(world, called, now).arrive()
}

/// A call begins while there are too many: with the short words, from which any key leads to the whole line. `by_caller`:
/// too many from this caller; else from all together.
pub fn begin_crowded(world: &World, called: Option<&E164>, by_caller: bool, now: &Now) -> Step {
    let mut turn = Turn::beginning(world, called, now);
    turn.facts.push(Fact::Limited { by_caller });
    turn.enter(world.roles.crowded)
}

/// A call goes on from `state`. A `Step::Do` in reply is performed and comes back as `Event::Done`.
pub fn step(world: &World, state: CallState, event: &Event, now: &Now) -> Step {
    let turn = Turn::new(world, state, *now);
    // A place that was no goodbye when it was spoken, and is one since a reload: nobody has chosen it.
    let was_none = turn.state.phase.is_in_chain() || turn.state.phase == Phase::BeforeCentre;
    let lost = |node: &Node| node.is_end() && (was_none || node.keymap != turn.state.keymap);
    if turn.world.node(turn.state.node).is_none_or(lost) {
        return turn.lost(event);
    }
    match (turn.state.phase, event) {
        (_, Event::Ended | Event::Connected) => turn.nothing(),
        (phase, Event::Keys(keys)) if awaits_a_key(phase) => turn.keys(keys),
        (phase, Event::Silence) if awaits_a_key(phase) => turn.silence(),
        (Phase::Ending, Event::Keys(keys)) => turn.go_on(keys),
        (Phase::Ending, _) => turn.gentle_end(),
        (Phase::Reserving, Event::Done(outcome)) => turn.reserved(*outcome),
        (Phase::LastHope, Event::Done(outcome)) => turn.hoped(*outcome),
        (Phase::Ringing, Event::TransferEnded(transfer)) => turn.transfer_ended(*transfer),
        // Nothing of this is awaited here: a provider's quirk or a late repetition. Urgent help is obeyed all the same.
        (_, Event::Keys(keys)) if keys.first().is_some_and(is_urgent) => turn.urgent(),
        (Phase::Reserving | Phase::LastHope | Phase::Ringing, _) => turn.transfer_lost(),
        _ => turn.again(),
    }
}

/// A call goes on though its token can't be read: key 9 is obeyed, else an apology in `lang` and the main menu.
pub fn recover(world: &World, lang: Option<Lang>, event: &Event, now: &Now) -> Step {
    let mut state = CallState::new(now.minute, world.roles.main_menu);
    state.turn = answers_lost(now);
    state.lang = lang.filter(|lang| world.langs.contains(lang));
    Turn::new(world, state, *now).lost(event)
}

/// What is said when we failed: an apology and the numbers of urgent help. `round` counts from 0; from the third on the
/// numbers come twice and the call ends gently, so that a lasting fault never makes a loop.
pub fn apology(world: &World, lang: Option<Lang>, round: u8) -> Vec<Verb> {
    let mut state = CallState::new(0, world.roles.main_menu);
    state.lang = lang.filter(|lang| world.langs.contains(lang));
    Turn::new(world, state, Now::at(0)).apology(round)
}

fn awaits_a_key(phase: Phase) -> bool {
    matches!(phase, Phase::Place | Phase::BeforeCentre) || phase.is_in_chain()
}

/// Whether this key asks for urgent help, wherever the caller is.
pub fn is_urgent(key: Key) -> bool {
    crate::call::UniversalKey::of(key) == Some(crate::call::UniversalKey::Urgent)
}
