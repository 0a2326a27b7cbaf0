//! How the journal stands now, for operators: written by the writer, read by whoever wants to know.

use std::sync::atomic::{AtomicI64, AtomicU8, AtomicU64, Ordering::Relaxed};

/// How the store stands.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum StoreState {
    /// There is no journal.
    #[default]
    Off,
    /// It is being opened for the first time.
    Opening,
    /// It takes what it is given.
    Well,
    /// It can't be reached, and is tried again.
    Away,
    /// It can't be used until somebody mends it; tried again every minute.
    Broken,
}

impl StoreState {
    /// Every state, by its number.
    pub const ALL: [StoreState; 5] =
        [StoreState::Off, StoreState::Opening, StoreState::Well, StoreState::Away, StoreState::Broken];

    /// The name, as operators see it.
    pub fn name(self) -> &'static str {
        match self {
            StoreState::Off => "off",
            StoreState::Opening => "opening",
            StoreState::Well => "well",
            StoreState::Away => "away",
            StoreState::Broken => "broken",
        }
    }
}

/// How the journal stands. Each figure by itself, not all of one moment.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Health {
    /// How the store stands.
    pub store: StoreState,
    /// Since which second, counted from 1970.
    pub since: i64,
    /// Batches that wait in the queue.
    pub waiting: u64,
    /// Entries in memory, not yet with the store.
    pub held: u64,
    /// Entries that wait in the spool.
    pub spooled: u64,
    /// Bytes of the spool.
    pub spooled_bytes: u64,
    /// Whether the spool could be written when it was last needed.
    pub spool_fails: bool,
    /// Entries that were stored since the start.
    pub stored: u64,
    /// Facts that were lost since the start, or found torn in the spool.
    pub lost: u64,
    /// Milliseconds between the oldest entry of the last group and the moment at which the group was stored.
    pub lag_ms: u64,
    /// Whether the run before this one was killed.
    pub ended_unclean: bool,
}

/// Where the writer writes it down.
#[derive(Debug, Default)]
pub(super) struct Board {
    store: AtomicU8,
    since: AtomicI64,
    pub(super) held: AtomicU64,
    pub(super) spooled: AtomicU64,
    pub(super) spooled_bytes: AtomicU64,
    pub(super) spool_fails: AtomicU64,
    pub(super) stored: AtomicU64,
    pub(super) lost: AtomicU64,
    pub(super) lag_ms: AtomicU64,
    pub(super) ended_unclean: AtomicU64,
}

impl Board {
    /// The store stands otherwise since `second`; where it stood so before, nothing changes.
    pub(super) fn turn(&self, store: StoreState, second: i64) {
        let number =
            StoreState::ALL.iter().zip(0..).find(|(known, _)| **known == store).map_or(0, |(_, number)| number);
        if self.store.swap(number, Relaxed) != number {
            self.since.store(second, Relaxed);
        }
    }

    /// How the journal stands; who has the queue adds its depth.
    pub(super) fn read(&self, waiting: u64) -> Health {
        let at = |figure: &AtomicU64| figure.load(Relaxed);
        Health {
            store: StoreState::ALL.get(usize::from(self.store.load(Relaxed))).copied().unwrap_or_default(),
            since: self.since.load(Relaxed),
            waiting,
            held: at(&self.held),
            spooled: at(&self.spooled),
            spooled_bytes: at(&self.spooled_bytes),
            spool_fails: at(&self.spool_fails) > 0,
            stored: at(&self.stored),
            lost: at(&self.lost),
            lag_ms: at(&self.lag_ms),
            ended_unclean: at(&self.ended_unclean) > 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_knows_since_when() {
        let board = Board::default();
        for (state, second) in StoreState::ALL.into_iter().zip(10..) {
            board.turn(state, second);
            board.turn(state, second + 100);
            let health = board.read(3);
            let since = if state == StoreState::Off { 0 } else { second };
            assert_eq!((health.store, health.since, health.waiting), (state, since, 3), "{}", state.name());
        }
    }
}
