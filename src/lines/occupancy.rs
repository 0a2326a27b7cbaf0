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
            force: false,
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
    fn who_is_known_to_talk_is_held_for_the_longest_conversation_and_no_longer() {
        let lines = Occupancy::default();
        for (line, call, effect) in [("a", "CA1", 1), ("b", "CA2", 2), ("c", "CA2", 3)] {
            lines.reserve(&claim(line, call, effect), NOW);
        }
        // Of several that rang together we don't know who talks.
        ["CA1", "CA2", "CA9"].iter().for_each(|call| lines.talks(&CallKey::of(Some(call)), NOW));
        for (later, held) in [(30, [1, 1, 1]), (31, [1, 0, 0]), (LONGEST_TALK - 1, [1, 0, 0]), (LONGEST_TALK, [0; 3])] {
            lines.book().expire(NOW + later);
            assert_eq!(["a", "b", "c"].map(|line| lines.held(LineId::of(line))), held, "{later}");
        }
        let book = lines.book();
        assert!(book.entries.is_empty() && book.calls.is_empty() && book.ends.is_empty());
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
    fn what_gives_a_place_back_says_which_once() {
        let lines = Occupancy::default();
        lines.reserve(&claim("a", "CA1", 1), NOW);
        let call = CallKey::of(Some("CA1"));
        assert_eq!(lines.release_before(&call, 3), [], "its own turn");
        assert_eq!(lines.release_before(&call, 4), [LineId::of("a")]);
        assert_eq!(lines.release_before(&call, 4), []);
        assert_eq!(lines.release(&call), []);
    }

    #[test]
    fn another_reason_not_to_be_called_is_remembered_with_the_claim_and_takes_no_place() {
        let lines = Occupancy::default();
        let judged = |outcome| lines.reserve_if(&claim("a", "CA1", 1), NOW, |_| outcome);
        assert_eq!(judged(Outcome::Paused), Outcome::Paused);
        assert_eq!(judged(Outcome::Reserved), Outcome::Paused, "a copy hears the first outcome");
        assert_eq!(lines.held(LineId::of("a")), 0);
    }

    #[test]
    fn where_leases_close_a_line_the_oldest_place_can_be_claimed_and_there_are_never_more() {
        let lines = Occupancy::default();
        let two = |line, call, effect, age| Claim {
            capacity: Some(2),
            lease_until: lease_until(NOW - age, 25),
            ..claim(line, call, effect)
        };
        lines.reserve(&two("a", "CA1", 1, 0), NOW);
        lines.reserve(&two("a", "CA2", 2, 5), NOW);
        lines.reserve(&two("b", "CA3", 3, 3), NOW);
        let (a, b) = (LineId::of("a"), LineId::of("b"));
        assert_eq!(lines.held_longest(&[b, a]), Some(a));
        assert_eq!(lines.held_longest(&[b]), Some(b));
        assert_eq!(lines.held_longest(&[LineId::of("c")]), None);
        assert_eq!(lines.reserve(&two("a", "CA4", 4, 0), NOW), Outcome::Full);
        assert_eq!(lines.reserve(&Claim { force: true, ..two("a", "CA4", 5, 0) }, NOW), Outcome::Reserved);
        assert_eq!(lines.held(a), 2);
        // The one whose place it was is over at last: nothing more is given back.
        assert_eq!(lines.release(&CallKey::of(Some("CA2"))), []);
        assert_eq!(lines.held(a), 2);
        let nobody = Claim { force: true, capacity: Some(0), ..claim("closed", "CA5", 6) };
        assert_eq!(lines.reserve(&nobody, NOW), Outcome::Full);
    }

    #[test]
    fn force_takes_a_free_place_first_and_keeps_the_others() {
        let lines = Occupancy::default();
        let forced = |call, effect| Claim { force: true, capacity: Some(2), ..claim("a", call, effect) };
        for (call, effect) in [("CA1", 1), ("CA2", 2)] {
            assert_eq!(lines.reserve(&forced(call, effect), NOW), Outcome::Reserved);
        }
        assert_eq!(lines.held(LineId::of("a")), 2);
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
