//! The clock: the one place where the time of day is read. The engine is given it, so that a call can be replayed.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use crate::engine::Now;

/// Tells the time of an event.
pub trait Clock: Send + Sync {
    /// The second, since 1970, UTC: for what a minute is too coarse for.
    fn second(&self) -> u64;

    /// The same with a sign, as the journal and certificates count.
    fn signed_second(&self) -> i64 {
        i64::try_from(self.second()).unwrap_or(i64::MAX)
    }

    /// The time now.
    fn now(&self) -> Now;
}

/// The machine's clock.
#[derive(Clone, Copy, Default, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that all others are given")]
    fn second(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
    }

    fn now(&self) -> Now {
        Now::at(u32::try_from(self.second() / 60).unwrap_or(u32::MAX))
    }
}

/// A clock that shows what it was set to: for tests, and for a call at a chosen time. Its clones show the same time.
#[derive(Clone, Debug)]
pub struct FixedClock(Arc<AtomicI64>);

impl FixedClock {
    /// A clock that shows `seconds` since 1970, UTC.
    pub fn at(seconds: i64) -> FixedClock {
        FixedClock(Arc::new(AtomicI64::new(seconds)))
    }

    /// Sets it to `seconds` since 1970, UTC.
    pub fn set(&self, seconds: i64) {
        self.0.store(seconds, Ordering::Relaxed);
    }

    /// Sets it `seconds` further on, or back.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }
}

impl Clock for FixedClock {
    fn second(&self) -> u64 {
        self.0.load(Ordering::Relaxed).max(0).unsigned_abs()
    }

    fn now(&self) -> Now {
        let minutes = self.0.load(Ordering::Relaxed).div_euclid(60).max(0);
        Now::at(u32::try_from(minutes).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_shows_whole_minutes_and_its_clones_go_with_it() {
        let clock = FixedClock::at(1_764_633_659);
        let copy = clock.clone();
        assert_eq!(clock.now(), Now::at(29_410_560));
        copy.advance(1);
        assert_eq!(clock.now(), Now::at(29_410_561));
        copy.set(-5);
        assert_eq!(clock.now(), Now::at(0));
        assert!(SystemClock.now().minute > 29_000_000);
    }
}
