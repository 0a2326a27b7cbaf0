//! How many calls each line holds now: who may be put through, and who hears "full" instead of a busy tone.
//!
//! A claim is asked for under the id of its effect: asked again, as when a webhook is delivered twice, it gives the first
//! outcome and takes no second place. A place is given back when the transfer or the call ends; a lease gives it back
//! when we never hear of that end. Knows `call` alone. The memory is one machine's, and bounded: nothing of it is kept
//! after the lease.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::call::{CallKey, EffectId, LineId, Outcome};

/// Minutes that a place is held after its line stopped ringing, if nothing is heard of the transfer's end.
const LEASE: u32 = 30;

/// The same once it is known that the two talk: as long as a provider lets them.
const LONGEST_TALK: u32 = 4 * 60;

/// Claims that are remembered at once. Far above what one machine carries; beyond it the oldest is forgotten.
const MAX_CLAIMS: usize = 8_192;

/// One call's wish for one place on a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Claim {
    /// The line.
    pub line: LineId,
    /// Under which the operator may have paused it: the same, but for a person in two groups, who is counted once.
    pub name: LineId,
    /// Calls that the line takes at once; `None`: as many as come.
    pub capacity: Option<u32>,
    /// The id under which the claim is made, once.
    pub effect: EffectId,
    /// The call.
    pub call: CallKey,
    /// Answers that the call had been given before the webhook that makes this claim.
    pub turn: u16,
    /// Minute (UTC, since 1970) from which the place is free whatever happened.
    pub lease_until: u32,
    /// Where the line is full by our count alone, the call that has held its place longest gives it up: its end may
    /// have been lost. For the last hope of a chain; never for people, whom it could ring while they talk.
    pub force: bool,
}

/// The minute until which a place is leased for a line that rings `ring` seconds from minute `now` on.
pub fn lease_until(now: u32, ring: u8) -> u32 {
    now.saturating_add(LEASE).saturating_add(u32::from(ring).div_ceil(60))
}

/// The places that calls hold on lines. Shared by every webhook; only effects and ends of transfers take its lock.
#[derive(Default)]
pub struct Occupancy {
    book: Mutex<Book>,
}

impl Occupancy {
    /// Takes a place, or tells that there is none. `now` is the minute.
    pub fn reserve(&self, claim: &Claim, now: u32) -> Outcome {
        self.reserve_if(claim, now, |free| if free { Outcome::Reserved } else { Outcome::Full })
    }

    /// The same where more than places counts: `judge` is told whether there is a free one and gives the outcome. It is not
    /// asked where the claim was answered before. A place is taken if it says `Reserved`.
    pub fn reserve_if(&self, claim: &Claim, now: u32, judge: impl FnOnce(bool) -> Outcome) -> Outcome {
        self.book().reserve(claim, now, judge)
    }

    /// What `claim` was answered before, if it is remembered.
    pub fn answer(&self, claim: &Claim) -> Option<Outcome> {
        let book = self.book();
        book.entries.get(&claim.effect).filter(|entry| entry.claim.line == claim.line).map(|entry| entry.outcome)
    }

    /// Gives back what `call` holds: it is over. The lines of the places that it held; once more does nothing.
    pub fn release(&self, call: &CallKey) -> Vec<LineId> {
        self.book().release(call, |_| true)
    }

    /// Gives back what `call` held before its answer number `turn`: the transfer is over, the call goes on.
    ///
    /// A place that was claimed by the very webhook that tells of the end stays, also when that webhook comes twice.
    pub fn release_before(&self, call: &CallKey, turn: u16) -> Vec<LineId> {
        self.book().release(call, |claim| claim.turn < turn)
    }

    /// Somebody at `line` talks to `call`: what it holds on others that rang together with that one is given back.
    pub fn keep(&self, call: &CallKey, line: LineId) -> Vec<LineId> {
        let mut book = self.book();
        let holds = |effect: &EffectId| {
            let entry = book.entries.get(effect).filter(|entry| entry.holds && entry.claim.line == line)?;
            Some(entry.claim.turn)
        };
        let Some(turn) = book.calls.get(call).into_iter().flatten().find_map(holds) else { return Vec::new() };
        book.release(call, |claim| claim.turn == turn && claim.line != line)
    }

    /// Somebody talks to `call` since minute `now`. Where that is known of one place alone, it is held for the longest
    /// conversation, so that nobody is rung while they talk; of several we don't know which one it is.
    pub fn talks(&self, call: &CallKey, now: u32) {
        let mut book = self.book();
        let holds = |effect: &&EffectId| book.entries.get(effect).is_some_and(|entry| entry.holds);
        let held: Vec<EffectId> = book.calls.get(call).into_iter().flatten().filter(holds).copied().collect();
        if let [one] = held[..] {
            book.lease(one, now.saturating_add(LONGEST_TALK));
        }
    }

    /// Of these lines, the one whose oldest place is held longest: where leases alone close a whole chain, it is the
    /// one to claim with `force`.
    pub fn held_longest(&self, lines: &[LineId]) -> Option<LineId> {
        let book = self.book();
        let oldest = book.ends.iter().filter_map(|(_, effect)| book.entries.get(effect).filter(|entry| entry.holds));
        oldest.map(|entry| entry.claim.line).find(|line| lines.contains(line))
    }

    /// How many places of `line` are held.
    pub fn held(&self, line: LineId) -> u32 {
        self.book().held.get(&line).copied().unwrap_or(0)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // A panic under the lock leaves at worst one place held until its lease ends: better than refusing every call.
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A claim that was answered.
struct Entry {
    claim: Claim,
    outcome: Outcome,
    /// The place is held now: the outcome was good and the transfer isn't over.
    holds: bool,
}

/// Four views of the same claims, so that no question costs more with more calls.
#[derive(Default)]
struct Book {
    entries: HashMap<EffectId, Entry>,
    calls: HashMap<CallKey, Vec<EffectId>>,
    held: HashMap<LineId, u32>,
    ends: BTreeSet<(u32, EffectId)>,
}

impl Book {
    fn reserve(&mut self, claim: &Claim, now: u32, judge: impl FnOnce(bool) -> Outcome) -> Outcome {
        self.expire(now);
        if let Some(entry) = self.entries.get(&claim.effect) {
            // Another line under the same id: a call that lost its token counts its answers from 0 again.
            if entry.claim.line == claim.line {
                return entry.outcome;
            }
            self.forget(claim.effect);
        }
        if self.entries.len() >= MAX_CLAIMS
            && let Some((_, oldest)) = self.ends.first().copied()
        {
            self.forget(oldest);
        }
        let held = self.held.get(&claim.line).copied().unwrap_or(0);
        let room = claim.capacity.is_none_or(|capacity| held < capacity);
        let oldest = if claim.force && !room && claim.capacity != Some(0) { self.oldest(claim) } else { None };
        let outcome = judge(room || oldest.is_some());
        let holds = outcome == Outcome::Reserved;
        if holds {
            if let Some(entry) = oldest.and_then(|effect| self.entries.get_mut(&effect)) {
                entry.holds = false;
                free(&mut self.held, claim.line);
            }
            *self.held.entry(claim.line).or_default() += 1;
        }
        self.ends.insert((claim.lease_until, claim.effect));
        self.calls.entry(claim.call).or_default().push(claim.effect);
        self.entries.insert(claim.effect, Entry { claim: *claim, outcome, holds });
        outcome
    }

    /// The oldest place on the line of `claim`. Looks through all: only a chain's last hope asks for it.
    fn oldest(&self, claim: &Claim) -> Option<EffectId> {
        let holds = |entry: &Entry| entry.holds && entry.claim.line == claim.line && entry.claim.call != claim.call;
        let mut effects = self.ends.iter().map(|(_, effect)| *effect);
        effects.find(|effect| self.entries.get(effect).is_some_and(holds))
    }

    /// The outcomes stay remembered until the lease ends, for a webhook that comes late and twice.
    fn release(&mut self, call: &CallKey, which: impl Fn(&Claim) -> bool) -> Vec<LineId> {
        let mut lines = Vec::new();
        for effect in self.calls.get(call).into_iter().flatten() {
            if let Some(entry) = self.entries.get_mut(effect)
                && entry.holds
                && which(&entry.claim)
            {
                entry.holds = false;
                free(&mut self.held, entry.claim.line);
                lines.push(entry.claim.line);
            }
        }
        lines
    }

    /// Holds a place until minute `until`, if it is not held for longer.
    fn lease(&mut self, effect: EffectId, until: u32) {
        if let Some(Entry { claim, .. }) = self.entries.get_mut(&effect)
            && claim.lease_until < until
        {
            self.ends.remove(&(claim.lease_until, effect));
            claim.lease_until = until;
            self.ends.insert((until, effect));
        }
    }

    fn expire(&mut self, now: u32) {
        while let Some((end, effect)) = self.ends.first().copied()
            && end <= now
        {
            self.forget(effect);
        }
    }

    fn forget(&mut self, effect: EffectId) {
        let Some(Entry { claim, holds, .. }) = self.entries.remove(&effect) else { return };
        self.ends.remove(&(claim.lease_until, effect));
        if holds {
            free(&mut self.held, claim.line);
        }
        if let Some(effects) = self.calls.get_mut(&claim.call) {
            effects.retain(|other| *other != effect);
            if effects.is_empty() {
                self.calls.remove(&claim.call);
            }
        }
    }
}

fn free(held: &mut HashMap<LineId, u32>, line: LineId) {
    if let Some(count) = held.get_mut(&line) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            held.remove(&line);
        }
    }
}

#[cfg(test)]
#[path = "occupancy_tests.rs"]
mod tests;
