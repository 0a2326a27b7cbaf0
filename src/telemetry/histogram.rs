//! How long something took: how many times within each of some bounds, and all together. No lock, no memory asked for.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// The bounds of the buckets: from what one webhook costs to more than providers wait for.
pub const BOUNDS: [Duration; 16] = [
    Duration::from_micros(50),
    Duration::from_micros(100),
    Duration::from_micros(200),
    Duration::from_micros(500),
    Duration::from_millis(1),
    Duration::from_millis(2),
    Duration::from_millis(5),
    Duration::from_millis(10),
    Duration::from_millis(20),
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
];

/// Counts by duration.
#[derive(Debug, Default)]
pub struct Histogram {
    /// Within each bound and above the one before; at the end, above all of them.
    counts: [AtomicU64; BOUNDS.len() + 1],
    nanoseconds: AtomicU64,
}

impl Histogram {
    /// Counts one more.
    pub fn observe(&self, took: Duration) {
        let bucket = BOUNDS.partition_point(|bound| *bound < took);
        self.counts[bucket].fetch_add(1, Ordering::Relaxed);
        self.nanoseconds.fetch_add(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// How many there were in each bucket, and the seconds of all of them.
    pub(super) fn get(&self) -> ([u64; BOUNDS.len() + 1], f64) {
        let counts = std::array::from_fn(|at| self.counts[at].load(Ordering::Relaxed));
        (counts, Duration::from_nanos(self.nanoseconds.load(Ordering::Relaxed)).as_secs_f64())
    }

    /// How many there were.
    pub fn count(&self) -> u64 {
        self.get().0.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_belongs_to_its_bucket() {
        let histogram = Histogram::default();
        for took in [0, 50_000, 50_001, 5_000_000_000, 5_000_000_001] {
            histogram.observe(Duration::from_nanos(took));
        }
        let (counts, seconds) = histogram.get();
        assert_eq!((counts[0], counts[1], counts[15], counts[16]), (2, 1, 1, 1));
        assert_eq!(histogram.count(), 5);
        assert!((seconds - 10.000_100_002).abs() < 1e-9, "{seconds}");
    }
}
