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

/// Claims that are remembered at once. Far above what one machine carries; beyond it the oldest is forgotten.
const MAX_CLAIMS: usize = 8_192;

/// One call's wish for one place on a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Claim {
    /// The line.
    pub line: LineId,
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
        self.book().reserve(claim, now)
    }

    /// Gives back what `call` holds: it is over. Once more does nothing.
    pub fn release(&self, call: &CallKey) {
        self.book().release(call, |_| true);
    }

    /// Gives back what `call` held before its answer number `turn`: the transfer is over, the call goes on.
    ///
    /// A place that was claimed by the very webhook that tells of the end stays, also when that webhook comes twice.
    pub fn release_before(&self, call: &CallKey, turn: u16) {
        self.book().release(call, |claimed| claimed < turn);
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
    fn reserve(&mut self, claim: &Claim, now: u32) -> Outcome {
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
        let held = self.held.entry(claim.line).or_default();
        let free = claim.capacity.is_none_or(|capacity| *held < capacity);
        let outcome = if free { Outcome::Reserved } else { Outcome::Full };
        *held += u32::from(free);
        if *held == 0 {
            self.held.remove(&claim.line);
        }
        self.ends.insert((claim.lease_until, claim.effect));
        self.calls.entry(claim.call).or_default().push(claim.effect);
        self.entries.insert(claim.effect, Entry { claim: *claim, outcome, holds: free });
        outcome
    }

    /// The outcomes stay remembered until the lease ends, for a webhook that comes late and twice.
    fn release(&mut self, call: &CallKey, which: impl Fn(u16) -> bool) {
        for effect in self.calls.get(call).into_iter().flatten() {
            if let Some(entry) = self.entries.get_mut(effect)
                && entry.holds
                && which(entry.claim.turn)
            {
                entry.holds = false;
                free(&mut self.held, entry.claim.line);
            }
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
mod tests {
    use super::*;

    const NOW: u32 = 29_000_000;

    fn claim(line: &str, call: &str, effect: u16) -> Claim {
        let mut id = [0; 16];
        id[..2].copy_from_slice(&effect.to_be_bytes());
        Claim {
            line: LineId::of(line),
            capacity: Some(1),
            effect: EffectId(id),
            call: CallKey::of(Some(call)),
            turn: 3,
            lease_until: lease_until(NOW, 25),
        }
    }

    #[test]
    fn a_line_takes_as_many_calls_as_it_has_places() {
        let lines = Occupancy::default();
        assert_eq!(lines.reserve(&claim("a", "CA1", 1), NOW), Outcome::Reserved);
        assert_eq!(lines.reserve(&claim("a", "CA2", 2), NOW), Outcome::Full);
        assert_eq!(lines.reserve(&claim("b", "CA2", 3), NOW), Outcome::Reserved);
        lines.release(&CallKey::of(Some("CA1")));
        lines.release(&CallKey::of(Some("CA1")));
        assert_eq!(lines.held(LineId::of("a")), 0);
        assert_eq!(lines.reserve(&claim("a", "CA3", 4), NOW), Outcome::Reserved);
    }

    #[test]
    fn peer_defect_18_a_claim_delivered_twice_takes_one_place_and_hears_the_first_outcome() {
        let lines = Occupancy::default();
        let two = |call, effect| Claim { capacity: Some(2), ..claim("a", call, effect) };
        assert_eq!(lines.reserve(&two("CA1", 1), NOW), Outcome::Reserved);
        assert_eq!(lines.reserve(&two("CA1", 1), NOW), Outcome::Reserved);
        assert_eq!(lines.held(LineId::of("a")), 1);
        assert_eq!(lines.reserve(&two("CA2", 2), NOW), Outcome::Reserved);
        assert_eq!(lines.reserve(&two("CA3", 3), NOW), Outcome::Full);
        lines.release(&CallKey::of(Some("CA1")));
        assert_eq!(lines.reserve(&two("CA3", 3), NOW), Outcome::Full, "the first outcome, though a place is free now");
        assert_eq!(lines.reserve(&two("CA1", 1), NOW), Outcome::Reserved, "a late copy takes no place");
        assert_eq!(lines.held(LineId::of("a")), 1);
    }

    #[test]
    fn the_end_of_a_transfer_told_twice_keeps_the_next_lines_place() {
        let lines = Occupancy::default();
        let call = CallKey::of(Some("CA1"));
        lines.reserve(&claim("a", "CA1", 1), NOW);
        for _ in 0..2 {
            lines.release_before(&call, 4);
            assert_eq!(lines.reserve(&Claim { turn: 4, ..claim("b", "CA1", 2) }, NOW), Outcome::Reserved);
            assert_eq!((lines.held(LineId::of("a")), lines.held(LineId::of("b"))), (0, 1));
        }
    }

    #[test]
    fn a_forgotten_place_is_free_when_its_lease_ends() {
        let lines = Occupancy::default();
        lines.reserve(&claim("a", "CA1", 1), NOW);
        assert_eq!(lines.reserve(&claim("a", "CA2", 2), NOW + 30), Outcome::Full);
        assert_eq!(lines.reserve(&claim("a", "CA3", 3), NOW + 31), Outcome::Reserved);
    }

    #[test]
    fn a_line_without_a_limit_is_never_full_but_counted() {
        let lines = Occupancy::default();
        for i in 0..100 {
            let unlimited = Claim { capacity: None, ..claim("a", "CA1", i) };
            assert_eq!(lines.reserve(&unlimited, NOW), Outcome::Reserved);
        }
        assert_eq!(lines.held(LineId::of("a")), 100);
        assert_eq!(lines.reserve(&Claim { capacity: Some(0), ..claim("closed", "CA1", 200) }, NOW), Outcome::Full);
    }

    #[test]
    fn one_id_for_another_line_is_another_claim() {
        let lines = Occupancy::default();
        lines.reserve(&claim("a", "CA1", 1), NOW);
        assert_eq!(lines.reserve(&claim("b", "CA1", 1), NOW), Outcome::Reserved);
        assert_eq!((lines.held(LineId::of("a")), lines.held(LineId::of("b"))), (0, 1));
    }

    #[test]
    fn memory_is_bounded_and_every_view_empties() {
        let lines = Occupancy::default();
        for i in 0..u16::try_from(MAX_CLAIMS + 1000).unwrap() {
            lines.reserve(&Claim { capacity: None, ..claim("a", &format!("CA{i}"), i) }, NOW);
        }
        assert_eq!(lines.held(LineId::of("a")) as usize, MAX_CLAIMS);
        let mut book = lines.book();
        book.expire(NOW + 31);
        assert!(book.entries.is_empty() && book.calls.is_empty() && book.held.is_empty() && book.ends.is_empty());
    }
}
