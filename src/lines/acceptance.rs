//! Who has accepted a call with a key: what the end of a ring is judged by, and whether a second one comes too late.
//!
//! A ring is opened when it is dialled, so that "nobody accepted" can be told from "not known": after a restart there is
//! no page for it. The memory is one machine's, bounded, and nothing of it is kept after its lease. Several machines can
//! share another book behind the same four questions. Knows `call` alone.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::call::{CallKey, RingId, Verdict};

/// Seconds for which a ring is remembered after it stopped, if nothing is heard of its end.
const LEASE: u64 = 30 * 60;

/// The longest conversation: the provider ends it then. Until its end is told, it must be known that there is one.
const LONGEST_TALK: u64 = 4 * 60 * 60;

/// Rings that are remembered at once. Far above what one machine carries; beyond it the oldest is forgotten.
const MAX_RINGS: usize = 8_192;

/// The rings that ask for acceptance. Shared by every webhook; only such rings, their legs and their ends take its lock.
#[derive(Default)]
pub struct Acceptance {
    book: Mutex<Book>,
}

impl Acceptance {
    /// `ring` begins at `second`. Told again, it gives the second at which it began: the same webhook, delivered twice,
    /// gets the same answer.
    pub fn begin(&self, ring: RingId, ring_seconds: u8, second: u64) -> u64 {
        let mut book = self.book();
        book.expire(second);
        if let Some(page) = book.pages.get(&ring) {
            return page.began;
        }
        book.open(ring, Page { began: second, by: None, over: false, until: 0 }, lease(ring_seconds, second));
        second
    }

    /// The leg with the key `leg` wants to accept. Told again, it gives the same verdict.
    pub fn accept(&self, ring: RingId, leg: CallKey, ring_seconds: u8, second: u64) -> Verdict {
        let mut book = self.book();
        book.expire(second);
        // Dialled before a restart: it is accepted all the same, and known from now on.
        let page = book.pages.get(&ring).copied();
        let page = page.unwrap_or(Page { began: second, by: None, over: false, until: 0 });
        match page {
            Page { by: Some(first), .. } if first == leg => Verdict::Accepted,
            Page { by: Some(_), .. } => Verdict::Taken,
            Page { over: true, .. } => Verdict::Over,
            _ => {
                let until = lease(ring_seconds, second).saturating_add(LONGEST_TALK);
                book.open(ring, Page { by: Some(leg), ..page }, until);
                Verdict::Accepted
            }
        }
    }

    /// `ring` is over. Whether somebody accepted, if that is known; nobody can any more.
    pub fn end(&self, ring: RingId, second: u64) -> Option<bool> {
        let mut book = self.book();
        book.expire(second);
        let page = book.pages.get(&ring).copied()?;
        // Remembered a while: the end may be told twice.
        book.open(ring, Page { over: true, ..page }, second.saturating_add(LEASE));
        Some(page.by.is_some())
    }

    /// How many rings are remembered.
    pub fn remembered(&self) -> usize {
        self.book().pages.len()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // A panic under the lock leaves at worst one ring unknown: better than failing every call.
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn lease(ring_seconds: u8, second: u64) -> u64 {
    second.saturating_add(u64::from(ring_seconds)).saturating_add(LEASE)
}

/// One ring.
#[derive(Clone, Copy)]
struct Page {
    began: u64,
    /// The leg that accepted.
    by: Option<CallKey>,
    over: bool,
    until: u64,
}

#[derive(Default)]
struct Book {
    pages: HashMap<RingId, Page>,
    ends: BTreeSet<(u64, RingId)>,
}

impl Book {
    /// Writes a page, in the place of the one before.
    fn open(&mut self, ring: RingId, page: Page, until: u64) {
        self.forget(ring);
        if self.pages.len() >= MAX_RINGS
            && let Some((_, oldest)) = self.ends.first().copied()
        {
            self.forget(oldest);
        }
        self.ends.insert((until, ring));
        self.pages.insert(ring, Page { until, ..page });
    }

    fn forget(&mut self, ring: RingId) {
        if let Some(page) = self.pages.remove(&ring) {
            self.ends.remove(&(page.until, ring));
        }
    }

    fn expire(&mut self, second: u64) {
        while let Some((until, ring)) = self.ends.first().copied()
            && until <= second
        {
            self.forget(ring);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_764_633_600;

    fn ring(call: &str, attempt: u8) -> RingId {
        RingId { call: CallKey::of(Some(call)), started: 29_000_000, turn: 3, attempt }
    }

    fn leg(id: &str) -> CallKey {
        CallKey::of(Some(id))
    }

    #[test]
    fn the_first_to_accept_has_the_call_and_the_second_hears_that_it_is_taken() {
        let book = Acceptance::default();
        book.begin(ring("CA1", 0), 20, NOW);
        assert_eq!(book.accept(ring("CA1", 0), leg("L1"), 20, NOW + 5), Verdict::Accepted);
        assert_eq!(book.accept(ring("CA1", 0), leg("L2"), 20, NOW + 5), Verdict::Taken);
        assert_eq!(book.accept(ring("CA1", 0), leg("L1"), 20, NOW + 6), Verdict::Accepted, "delivered twice");
        assert_eq!(book.end(ring("CA1", 0), NOW + 600), Some(true));
        assert_eq!(book.end(ring("CA1", 0), NOW + 601), Some(true), "told twice");
    }

    #[test]
    fn nobody_accepted_is_known_and_a_ring_of_another_time_is_not() {
        let book = Acceptance::default();
        book.begin(ring("CA1", 0), 20, NOW);
        assert_eq!(book.end(ring("CA1", 0), NOW + 20), Some(false));
        assert_eq!(book.accept(ring("CA1", 0), leg("L1"), 20, NOW + 21), Verdict::Over);
        for other in [ring("CA1", 1), ring("CA2", 0), RingId { turn: 4, ..ring("CA1", 0) }] {
            assert_eq!(book.end(other, NOW + 20), None);
        }
    }

    #[test]
    fn what_was_dialled_before_a_restart_is_known_once_it_is_accepted() {
        let book = Acceptance::default();
        assert_eq!(book.accept(ring("CA1", 0), leg("L1"), 20, NOW), Verdict::Accepted);
        assert_eq!(book.accept(ring("CA1", 0), leg("L2"), 20, NOW), Verdict::Taken);
        assert_eq!(book.end(ring("CA1", 0), NOW + 300), Some(true));
    }

    #[test]
    fn a_ring_begins_once() {
        let book = Acceptance::default();
        assert_eq!(book.begin(ring("CA1", 0), 20, NOW), NOW);
        assert_eq!(book.begin(ring("CA1", 0), 20, NOW + 3), NOW);
    }

    #[test]
    fn a_long_conversation_is_remembered_and_a_lost_ring_forgotten() {
        let book = Acceptance::default();
        book.begin(ring("CA1", 0), 20, NOW);
        book.begin(ring("CA2", 0), 20, NOW);
        book.accept(ring("CA1", 0), leg("L1"), 20, NOW + 10);
        assert_eq!(book.end(ring("CA2", 0), NOW + 20 + LEASE), None);
        assert_eq!(book.end(ring("CA1", 0), NOW + LONGEST_TALK), Some(true));
        assert_eq!(book.end(ring("CA1", 0), NOW + LONGEST_TALK + LEASE), None);
        assert_eq!(book.remembered(), 0);
    }

    #[test]
    fn memory_is_bounded() {
        let book = Acceptance::default();
        for i in 0..MAX_RINGS + 100 {
            book.begin(ring(&format!("CA{i}"), 0), 20, NOW);
        }
        assert_eq!(book.remembered(), MAX_RINGS);
        assert_eq!(book.book().ends.len(), MAX_RINGS);
    }
}
