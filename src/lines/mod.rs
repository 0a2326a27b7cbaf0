//! The lines that callers can be put through to or told to dial, and what is known of them at this moment.
//!
//! Knows `call` and the operator's files: no flow, no dialect, no server. Nothing here reads a clock: the minute is given.

pub mod holidays;
pub mod hours;
pub mod occupancy;
mod registry;

pub use registry::{Line, Lines, MAX_RING_SECONDS, only_digits};
