//! How often each of many numbers was seen in the last ten minutes, in memory of a fixed size: a count-min sketch.
//!
//! Two rows of cells; each number has one cell a row, and is counted as its smaller one says. Numbers that share a cell are counted
//! together there: so a count may be too high, where both cells of a number are shared, and is never too low. A cell is one atomic
//! word: six buckets of two minutes each, and the time of the newest. So what is counted is between ten and twelve minutes old at most.

use std::sync::atomic::{AtomicU64, Ordering};

/// Rows of the sketch.
pub(super) const ROWS: usize = 2;
/// Cells in a row: with 600 callers a minute, each cell holds fewer than two calls on average.
const CELLS: usize = 4096;

const MINUTES: u32 = 2;
const BUCKETS: u32 = 6;
const BITS: u32 = 7;
/// The largest count of one bucket.
const FULL: u64 = (1 << BITS) - 1;
const COUNTS: u64 = (1 << (BUCKETS * BITS)) - 1;
/// The time of a cell is counted round, and comes again after some 16 years.
const TIME: u64 = u64::MAX >> (BUCKETS * BITS);

pub(super) struct Sketch(Box<[[AtomicU64; CELLS]; ROWS]>);

impl Default for Sketch {
    fn default() -> Sketch {
        Sketch(Box::new(std::array::from_fn(|_| std::array::from_fn(|_| AtomicU64::new(0)))))
    }
}

impl Sketch {
    /// Counts one more of the number that is hashed to `hashes`; how often it was seen, or more.
    pub(super) fn add(&self, hashes: &[u64; ROWS], minute: u32) -> u32 {
        let counts = self.0.iter().zip(hashes).map(|(row, hash)| {
            #[expect(clippy::cast_possible_truncation, reason = "as many bits as a row needs")]
            let cell = &row[*hash as usize % CELLS];
            let mut count = 0;
            // It always says what to store.
            let _ = cell.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |packed| {
                let packed = added(packed, u64::from(minute / MINUTES) & TIME);
                count = sum(packed);
                Some(packed)
            });
            count
        });
        counts.min().unwrap_or(0)
    }
}

/// A cell with one more at `time`.
fn added(packed: u64, time: u64) -> u64 {
    let (counts, newest) = (packed & COUNTS, packed >> (BUCKETS * BITS));
    let ahead = time.wrapping_sub(newest) & TIME;
    let behind = newest.wrapping_sub(time) & TIME;
    if behind > 0 && behind < u64::from(BUCKETS) {
        // A little late: into its own bucket.
        return (newest << (BUCKETS * BITS)) | one_more(counts, behind);
    }
    // What is too old falls out; so does all where the clock was set back.
    let kept = if ahead < u64::from(BUCKETS) { counts << (ahead * u64::from(BITS)) & COUNTS } else { 0 };
    (time << (BUCKETS * BITS)) | one_more(kept, 0)
}

fn one_more(counts: u64, bucket: u64) -> u64 {
    let shift = bucket * u64::from(BITS);
    if (counts >> shift) & FULL == FULL { counts } else { counts + (1 << shift) }
}

fn sum(packed: u64) -> u32 {
    let bucket = |n| ((packed >> (n * BITS)) & FULL) as u32;
    (0..BUCKETS).map(bucket).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Hashes of a number: some share a cell in one row, and a few in both.
    fn hashes(number: u8) -> [u64; ROWS] {
        [u64::from(number % 11), u64::from(number % 7)]
    }

    proptest! {
        #[test]
        fn a_number_is_never_counted_too_low(
            calls in prop::collection::vec((0u8..20, 0u32..4), 1..200),
            from in prop::sample::select(vec![0u32, 29_000_000, (1 << 23) - 5, u32::MAX - 900]),
        ) {
            let sketch = Sketch::default();
            let (mut minute, mut seen) = (from, Vec::new());
            for (number, later) in calls {
                minute += later;
                let count = sketch.add(&hashes(number), minute);
                seen.push((number, minute));
                let within = |minutes| seen.iter().filter(|(n, at)| *n == number && minute - at < minutes).count() as u32;
                prop_assert!(count >= within(10).min(u32::try_from(FULL).unwrap()));
                // Nor of what is older than its window, and of numbers that share no cell.
                let in_window = seen.iter().filter(|(_, at)| minute - at < MINUTES * BUCKETS);
                let rows = [11, 7].map(|cells| in_window.clone().filter(|(n, _)| n % cells == number % cells).count());
                prop_assert!(count as usize <= rows[0].min(rows[1]));
            }
        }

        #[test]
        fn a_late_call_counts_where_it_belongs(late in 0u32..10, then in 0u32..3) {
            let sketch = Sketch::default();
            sketch.add(&hashes(1), 1000);
            prop_assert_eq!(sketch.add(&hashes(1), 1000 - late), 2);
            let gone = (1000 + then) / MINUTES - (1000 - late) / MINUTES >= BUCKETS;
            prop_assert_eq!(sketch.add(&hashes(1), 1000 + then), 3 - u32::from(gone));
        }
    }

    #[test]
    fn a_full_bucket_stays_full_and_others_stay_as_they_are() {
        let sketch = Sketch::default();
        sketch.add(&hashes(1), 100);
        let counts: Vec<u32> = (0..300).map(|_| sketch.add(&hashes(1), 102)).collect();
        assert_eq!((counts[0], counts[299]), (2, 128));
        assert_eq!(sketch.add(&hashes(1), 114), 1);
    }

    #[test]
    fn numbers_that_share_no_cell_know_nothing_of_each_other() {
        let sketch = Sketch::default();
        assert_eq!(sketch.add(&[1, 2], 100), 1);
        assert_eq!(sketch.add(&[1, 3], 100), 1, "one cell shared");
        assert_eq!(sketch.add(&[1, 2], 100), 2);
    }
}
