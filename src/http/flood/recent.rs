//! Which calls have just begun, and how they were answered: so that a first webhook that is delivered again counts once.
//!
//! A table of a fixed size without a lock. A call that comes later takes the place of one that fell on the same cell; that
//! one is then counted again where it is delivered again.

use std::sync::atomic::{AtomicU64, Ordering};

use super::Admitted;
use crate::call::CallKey;

const CELLS: usize = 4096;
/// For so many minutes a delivery is a repetition.
const MINUTES: u32 = 10;
const ADMITTED: [Admitted; 3] = [Admitted::Whole, Admitted::ByCaller, Admitted::ByAll];

/// In each cell: 38 bits of the call, 24 of the minute, 2 of the answer (0: nothing).
pub(super) struct Recent(Box<[AtomicU64; CELLS]>);

impl Default for Recent {
    fn default() -> Recent {
        Recent(Box::new(std::array::from_fn(|_| AtomicU64::new(0))))
    }
}

const TAG: u64 = u64::MAX << 26;
const MINUTE: u32 = (1 << 24) - 1;

impl Recent {
    /// How this call was answered, if it began just before.
    pub(super) fn of(&self, call: &CallKey, minute: u32) -> Option<Admitted> {
        let (cell, tag) = self.cell(call);
        let packed = cell.load(Ordering::Relaxed);
        #[expect(clippy::cast_possible_truncation, reason = "24 bits")]
        let at = (packed >> 2) as u32 & MINUTE;
        if packed & TAG != tag || minute.wrapping_sub(at) & MINUTE >= MINUTES {
            return None;
        }
        let answer = (packed & 0b11) as usize;
        ADMITTED.get(answer.checked_sub(1)?).copied()
    }

    pub(super) fn remember(&self, call: &CallKey, minute: u32, admitted: Admitted) {
        let (cell, tag) = self.cell(call);
        let answer = match admitted {
            Admitted::Whole => 1,
            Admitted::ByCaller => 2,
            Admitted::ByAll => 3,
        };
        cell.store(tag | u64::from(minute & MINUTE) << 2 | answer, Ordering::Relaxed);
    }

    /// The key of a call is a hash: any of its bits do.
    fn cell(&self, call: &CallKey) -> (&AtomicU64, u64) {
        let hash = |from: usize| {
            call.as_bytes().iter().skip(from).take(8).fold(0, |hash: u64, byte| hash << 8 | u64::from(*byte))
        };
        #[expect(clippy::cast_possible_truncation, reason = "as many bits as the table needs")]
        let at = hash(8) as usize % CELLS;
        (&self.0[at], hash(0) & TAG)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_known_for_ten_minutes_and_no_other_is_taken_for_it() {
        let recent = Recent::default();
        let call = |n: u32| CallKey::of(Some(&format!("CA{n}")));
        for (n, admitted) in (0..).zip(ADMITTED) {
            assert_eq!(recent.of(&call(n), 100), None);
            recent.remember(&call(n), 100, admitted);
            assert_eq!((recent.of(&call(n), 100), recent.of(&call(n), 109)), (Some(admitted), Some(admitted)));
            assert_eq!(recent.of(&call(n), 110), None);
        }
        assert!((3..20_000).all(|n| recent.of(&call(n), 100).is_none()));
    }
}
