//! How long a store keeps what.

/// How long a store keeps what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rules {
    /// Days for which single facts are kept. Tallies stay.
    pub keep_days: u32,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules { keep_days: 30 }
    }
}
