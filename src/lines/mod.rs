//! The lines that callers can be put through to or told to dial, and what is known of them at this moment.
//!
//! Knows `call` and the operator's files: no flow, no dialect, no server. Nothing here reads a clock: the minute is given.

pub mod acceptance;
mod attempts;
mod chains;
pub mod holidays;
pub mod hours;
pub mod occupancy;
mod registry;
mod responders;
mod times;

pub use attempts::{Attempt, Known, Telephone};
pub use chains::{Chain, Chains, MOST_CHAIN_SECONDS};
pub use hours::HoursWords;
pub use registry::{Line, Lines, MAX_RING_SECONDS, Price, only_digits};
pub use responders::{Group, Person, Responders, Ring};
pub use times::Every;
