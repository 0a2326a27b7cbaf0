//! Limits on new calls: who calls again and again, and all callers together. Nobody is refused: over a limit a call begins with
//! the short words (`engine/crowded`), from which any key leads to the whole line.
//!
//! Only a call's first webhook is counted, in memory of a fixed size and without a lock. Of a caller nothing is kept but counts
//! in cells that are found with a keyed hash of their number; the key is drawn when the process begins and never leaves it.
//! Who withholds their number is counted among all. Minutes are given; nothing here reads a clock.

mod recent;
mod sketch;

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};

use hmac::{Hmac, Mac};
use sha2::Sha256;

use self::{recent::Recent, sketch::Sketch};
use crate::call::{CallKey, Caller, keyed};

/// How many new calls are answered with the whole line. 0: no limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct FloodLimits {
    /// From one number in ten minutes, at most [`FloodLimits::MOST_PER_CALLER`].
    pub per_caller: u32,
    /// From all together in a minute.
    pub per_minute: u32,
}

impl FloodLimits {
    /// The largest limit for one caller: more can't be counted.
    pub const MOST_PER_CALLER: u32 = 100;
}

/// What becomes of a new call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Admitted {
    /// The whole line.
    Whole,
    /// The short words first: too many calls from this caller.
    ByCaller,
    /// The short words first: too many calls from all together.
    ByAll,
}

/// Counts new calls.
pub struct Flood {
    limits: FloodLimits,
    key: Hmac<Sha256>,
    callers: Sketch,
    /// The present minute, and the calls in it.
    minute: AtomicU64,
    recent: Recent,
}

impl Flood {
    /// Nothing is counted yet. `key` is secret and drawn at random where callers are real.
    pub fn new(limits: FloodLimits, key: [u8; 32]) -> Flood {
        let limits = FloodLimits { per_caller: limits.per_caller.min(FloodLimits::MOST_PER_CALLER), ..limits };
        Flood {
            limits,
            key: keyed(&key),
            callers: Sketch::default(),
            minute: AtomicU64::new(0),
            recent: Recent::default(),
        }
    }

    /// No limits: for one caller who calls their own server.
    pub fn unlimited() -> Flood {
        Flood::new(FloodLimits::default(), [0; 32])
    }

    /// A call begins in `minute`. Its first webhook may be delivered again: then it is answered in the same way, and
    /// not counted twice, as long as not too many others have come between (about a thousand).
    pub fn admit(&self, caller: &Caller, call: &CallKey, minute: u32) -> Admitted {
        if self.limits == FloodLimits::default() {
            return Admitted::Whole;
        }
        // Calls of which the provider tells no id are told apart by nothing.
        let known = *call != CallKey::of(None);
        if known && let Some(admitted) = self.recent.of(call, minute) {
            return admitted;
        }
        let admitted = self.count(caller, minute);
        if known {
            self.recent.remember(call, minute, admitted);
        }
        admitted
    }

    /// Counts a call. One that is too many from its caller does not count among all: whoever floods the line alone takes
    /// nothing from the others.
    fn count(&self, caller: &Caller, minute: u32) -> Admitted {
        let over = |count: u32, limit: u32| limit > 0 && count > limit;
        if let Caller::Number(number) = caller
            && self.limits.per_caller > 0
            && over(self.callers.add(&self.cells(number.as_str()), minute), self.limits.per_caller)
        {
            return Admitted::ByCaller;
        }
        if over(self.in_minute(minute), self.limits.per_minute) { Admitted::ByAll } else { Admitted::Whole }
    }

    /// The cells of a caller.
    fn cells(&self, number: &str) -> [u64; sketch::ROWS] {
        let hash = self.key.clone().chain_update(number.as_bytes()).finalize().into_bytes();
        let part = |row: usize| hash.iter().skip(row * 8).take(8).fold(0, |cell, byte| cell << 8 | u64::from(*byte));
        std::array::from_fn(part)
    }

    /// Counts one more in `minute`; how many that makes.
    fn in_minute(&self, minute: u32) -> u32 {
        let mut counted = 0;
        let update = |packed: u64| {
            let (known, count) = split(packed);
            // A webhook may be a little late; a clock that was set back begins anew.
            let late = known > minute && known - minute <= 2;
            let (at, count) = if known == minute || late { (known, count.saturating_add(1)) } else { (minute, 1) };
            counted = count;
            Some(u64::from(at) << 32 | u64::from(count))
        };
        // It always says what to store.
        let _ = self.minute.fetch_update(Ordering::Relaxed, Ordering::Relaxed, update);
        counted
    }
}

#[expect(clippy::cast_possible_truncation, reason = "two halves")]
fn split(packed: u64) -> (u32, u32) {
    ((packed >> 32) as u32, packed as u32)
}

/// Prints its limits alone.
impl fmt::Debug for Flood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Flood({:?})", self.limits)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const LIMITS: FloodLimits = FloodLimits { per_caller: 3, per_minute: 10 };

    fn number(n: u32) -> Caller {
        Caller::parse(&format!("+3363998{n:04}"))
    }

    fn call(n: u32) -> CallKey {
        CallKey::of(Some(&format!("CA{n}")))
    }

    fn flood() -> Flood {
        Flood::new(LIMITS, [7; 32])
    }

    #[test]
    fn the_call_after_the_limit_is_too_many_until_its_caller_has_rested() {
        let flood = flood();
        let mut calls = (0..).map(call);
        let mut admit = |minute| flood.admit(&number(1), &calls.next().unwrap(), minute);
        assert_eq!([100, 101, 102].map(&mut admit), [Admitted::Whole; 3]);
        assert_eq!(admit(109), Admitted::ByCaller);
        assert_eq!(flood.admit(&number(2), &call(900), 109), Admitted::Whole, "another caller");
        assert_eq!(admit(122), Admitted::Whole);
    }

    #[test]
    fn a_first_webhook_that_comes_again_counts_once_and_hears_the_same() {
        let flood = flood();
        let again = |minute| (0..5).map(|_| flood.admit(&number(1), &call(1), minute)).collect::<Vec<_>>();
        assert_eq!(again(100), [Admitted::Whole; 5]);
        for n in 2..4 {
            assert_eq!(flood.admit(&number(1), &call(n), 100), Admitted::Whole);
        }
        for _ in 0..3 {
            assert_eq!(flood.admit(&number(1), &call(4), 100), Admitted::ByCaller);
        }
        assert_eq!(again(101), [Admitted::Whole; 5]);
    }

    #[test]
    fn withheld_callers_and_addresses_are_counted_among_all_alone() {
        let flood = flood();
        let callers = [Caller::Withheld, Caller::parse("sip:somebody@example.org")];
        for n in 0..10 {
            assert_eq!(flood.admit(&callers[n as usize % 2], &call(n), 100), Admitted::Whole);
        }
        assert_eq!(flood.admit(&number(1), &call(10), 100), Admitted::ByAll);
        assert_eq!(flood.admit(&Caller::Withheld, &call(11), 101), Admitted::Whole, "the next minute");
    }

    #[test]
    fn one_caller_alone_takes_nothing_from_the_others() {
        let flood = flood();
        for n in 0..50 {
            flood.admit(&number(1), &call(n), 100);
        }
        for n in 0..7 {
            assert_eq!(flood.admit(&Caller::Withheld, &call(100 + n), 100), Admitted::Whole);
        }
        assert_eq!(flood.admit(&Caller::Withheld, &call(200), 100), Admitted::ByAll);
    }

    #[test]
    fn calls_without_an_id_are_not_taken_for_one() {
        let flood = flood();
        let answers: Vec<Admitted> = (0..4).map(|_| flood.admit(&number(1), &CallKey::of(None), 100)).collect();
        assert_eq!(answers[3], Admitted::ByCaller);
    }

    #[test]
    fn zero_is_no_limit_and_a_limit_that_cannot_be_counted_is_the_largest() {
        let none = Flood::unlimited();
        assert!((0..1000).all(|n| none.admit(&number(1), &call(n), 100) == Admitted::Whole));
        let most = Flood::new(FloodLimits { per_caller: u32::MAX, per_minute: 0 }, [7; 32]);
        let whole = (0..1000).filter(|n| most.admit(&number(1), &call(*n), 100) == Admitted::Whole).count();
        assert_eq!(whole, 100);
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_keep_the_line_short() {
        let flood = flood();
        for n in 0..20 {
            flood.admit(&Caller::Withheld, &call(n), 1000);
        }
        assert_eq!(flood.admit(&Caller::Withheld, &call(50), 999), Admitted::ByAll, "a late one");
        assert_eq!(flood.admit(&Caller::Withheld, &call(51), 900), Admitted::Whole);
        for n in 0..4 {
            flood.admit(&number(1), &call(60 + n), 1000);
        }
        assert_eq!(flood.admit(&number(1), &call(70), 900), Admitted::Whole);
    }

    #[test]
    fn other_keys_find_other_cells_and_nothing_that_was_counted_is_printed() {
        let (one, other) = (flood(), Flood::new(LIMITS, [8; 32]));
        assert_ne!(one.cells("+33639980001"), other.cells("+33639980001"));
        assert_ne!(one.cells("+33639980001"), one.cells("+33639980002"));
        one.admit(&number(1), &call(1), 100);
        assert_eq!(format!("{one:?}"), "Flood(FloodLimits { per_caller: 3, per_minute: 10 })");
    }

    /// Threads may see each other's last step half done: so many more than the limit may pass, and not one more.
    #[test]
    fn no_call_is_lost_when_many_come_at_once() {
        const THREADS: u32 = 8;
        let flood = Arc::new(Flood::new(FloodLimits { per_caller: 100, per_minute: 1000 }, [7; 32]));
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let flood = flood.clone();
                std::thread::spawn(move || {
                    let admitted = |n| flood.admit(&number(1), &call(thread * 1000 + n), 100);
                    (0..50).filter(|n| admitted(*n) == Admitted::Whole).count()
                })
            })
            .collect();
        let whole: usize = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
        assert!((100..=100 + THREADS as usize).contains(&whole), "{whole}");
        assert_eq!(flood.admit(&number(1), &call(99_999), 109), Admitted::ByCaller);
        let (minute, count) = split(flood.minute.load(Ordering::Relaxed));
        assert_eq!((minute, count as usize), (100, whole));
    }
}
