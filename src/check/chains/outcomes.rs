//! What the attempts of a chain can come to, all of it.
//!
//! Busy, no answer, failed, refused, full, closed: after each of them the next attempt is made, and after the last one, or
//! once the chain has rung its seconds, the place that follows is come to. Only a conversation ends it before.

use std::collections::BTreeSet;

use crate::lines::Attempt;

/// The longest that a chain rings, whatever becomes of its attempts: every combination is walked. Never more than
/// `most_seconds` and the ring that has begun before.
pub fn longest<'a>(attempts: impl Iterator<Item = &'a Attempt>, most_seconds: u16) -> u32 {
    let most = u32::from(most_seconds);
    // Seconds that may have been rung before the next attempt.
    let mut rung = BTreeSet::from([0]);
    for attempt in attempts {
        let begun: Vec<u32> = rung.iter().copied().filter(|seconds| *seconds < most).collect();
        // What does not ring takes no second: it stays as it is.
        rung.extend(
            begun.into_iter().flat_map(|seconds| (1..=u32::from(attempt.ring)).map(move |ring| seconds + ring)),
        );
    }
    rung.last().copied().unwrap_or(0)
}
