//! The bound: a call ends by itself in one way only, after the numbers, twice, and a last wait in which any key goes on.
//!
//! It strikes at the end of the ladder, after [`MAX_ANSWERS`] answers or [`MAX_MINUTES`] minutes; never on key 9, never in
//! a transfer or right after one (L7, L10).

use super::{Now, Phrase, turn::Turn, world::Kind};
use crate::call::{Digits, Keys, Phase, Step, UniversalKey};

/// Answers after which the call is brought to its end.
pub const MAX_ANSWERS: u16 = 200;
/// Minutes after which the call is brought to its end.
pub const MAX_MINUTES: u32 = 60;
/// Minutes that a key gives, once the bound has struck.
pub const GRACE_MINUTES: u16 = 10;

const LAST_WAIT: u8 = 10;

/// A call that has lost its place counts its answers from a multiple of this on: never from those that it had before.
const LIFE: u16 = 1024;
/// More lives don't fit into the count.
const MOST_LIVES: u32 = 62;

/// The answers that a call counts that has lost its place, as if they had been given before `now`: what they are is not known.
/// Later losses count from higher ones, but for the rare call in which an hour lies between two.
pub fn answers_lost(now: &Now) -> u16 {
    u16::try_from(now.minute % MOST_LIVES + 1).unwrap_or(1) * LIFE
}

impl Turn<'_> {
    fn minutes(&self) -> u32 {
        self.now.minute.saturating_sub(self.state.started)
    }

    fn bound_reached(&self) -> bool {
        let over = self.state.turn % LIFE >= MAX_ANSWERS || self.minutes() >= MAX_MINUTES;
        over && self.minutes() >= u32::from(self.state.grace)
    }

    /// The place that is being spoken is not heard: the bound strikes before it.
    pub(super) fn cut_short(&self) -> bool {
        !self.unbound && self.bound_reached()
    }

    /// Listens at the place that was just spoken, unless the call has lasted too long.
    pub(super) fn bounded(mut self, wait: u8) -> Step {
        if !self.cut_short() {
            return self.listen(wait);
        }
        // The numbers come instead of what was gathered, and a key brings the place back.
        self.prompts.clear();
        self.ending()
    }

    /// L7: the numbers, twice, and a last wait.
    pub(super) fn ending(mut self) -> Step {
        self.slowly = false;
        self.digits = Digits::One;
        self.state.by_ladder = false;
        self.reset_chain();
        self.state.phase = Phase::Ending;
        self.phrase(Phrase::NumbersTwice);
        self.numbers();
        self.phrase(Phrase::AnyKeyGoesOn);
        self.listen(LAST_WAIT)
    }

    /// A key in the last wait, or during a goodbye: the call goes on.
    pub(super) fn go_on(mut self, keys: &Keys) -> Step {
        self.state.pressed = true;
        self.state.failures = 0;
        self.lift_bound();
        if self.at_crowded() {
            return self.leave_crowded(keys);
        }
        let main_menu = self.world.roles.main_menu;
        match keys.first().and_then(UniversalKey::of) {
            Some(UniversalKey::Urgent) => self.urgent(),
            Some(UniversalKey::Main) => self.go(main_menu),
            // Its choices were not said just before: they are read before any of them is obeyed.
            _ => self.again(),
        }
    }

    /// Where the bound has been reached, ten minutes more: somebody is there.
    pub(super) fn lift_bound(&mut self) {
        if self.bound_reached() {
            let until = self.minutes().saturating_add(u32::from(GRACE_MINUTES));
            self.state.grace = u16::try_from(until).unwrap_or(u16::MAX);
        }
    }

    /// The last words of all.
    pub(super) fn gentle_end(mut self) -> Step {
        let world = self.world;
        self.leave_mark();
        match world.node(world.roles.gentle_end).map(|node| &node.kind) {
            Some(Kind::End { say }) => self.goodbye(world.roles.gentle_end, say),
            _ => self.again(),
        }
    }
}
