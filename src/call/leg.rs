//! A leg: the call that we place to somebody who may answer for us. It arrives under an id of its own, so all that must be
//! known of the caller's call travels in its token: which ring it belongs to, until when, and what may be said of it.
//!
//! Nothing here says who calls.

use serde::{Deserialize, Serialize};

use super::{CallKey, Lang};

/// Seconds after the ring in which a leg may still be accepted: the words that it hears, and the time to decide.
const DECIDING: u64 = 60;

/// One ring of one call: every telephone that rings at that moment belongs to it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct RingId {
    /// The caller's call.
    pub call: CallKey,
    /// The minute in which its state began: a call that lost its token counts its answers anew.
    pub started: u32,
    /// How many answers it had been given: the same chain may be tried again later in the call.
    pub turn: u16,
    /// The position in the chain.
    pub attempt: u8,
}

/// The state of a leg.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Leg {
    /// The ring that it belongs to.
    pub ring: RingId,
    /// The caller's language, once it was chosen.
    pub lang: Option<Lang>,
    /// The second (since 1970) in which the ring began.
    pub issued: u64,
    /// Seconds that it rings at most.
    pub ring_seconds: u8,
    /// The caller has pressed no key in this call.
    pub silent: bool,
    /// How often whoever answers was asked.
    pub asked: u8,
}

impl Leg {
    /// Whether it is too late to accept, at `second`.
    pub fn is_over(&self, second: u64) -> bool {
        second > self.issued + u64::from(self.ring_seconds) + DECIDING
    }
}

/// What becomes of a wish to accept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The two are connected.
    Accepted,
    /// Somebody else was quicker.
    Taken,
    /// The caller is no longer waiting.
    Over,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leg_can_be_accepted_until_a_minute_after_the_ring() {
        let ring = RingId { call: CallKey::of(Some("CA1")), started: 0, turn: 1, attempt: 0 };
        let leg = Leg { ring, lang: None, issued: 1000, ring_seconds: 20, silent: true, asked: 0 };
        assert!(!leg.is_over(0) && !leg.is_over(1000) && !leg.is_over(1080));
        assert!(leg.is_over(1081) && leg.is_over(u64::MAX));
    }
}
