//! Lines of log that a flood can't multiply: the 1st, the 10th, the 100th... of their kind, each with the total.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts one kind of event and says which are worth a line.
#[derive(Default, Debug)]
pub(super) struct Seldom(AtomicU64);

impl Seldom {
    /// Counts one more; the total, if it is a power of ten.
    pub(super) fn due(&self) -> Option<u64> {
        let total = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        is_power_of_ten(total).then_some(total)
    }
}

fn is_power_of_ten(mut n: u64) -> bool {
    while n > 1 && n.is_multiple_of(10) {
        n /= 10;
    }
    n == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_events_make_four_lines() {
        let seldom = Seldom::default();
        let lines: Vec<u64> = (0..1000).filter_map(|_| seldom.due()).collect();
        assert_eq!(lines, [1, 10, 100, 1000]);
    }
}
