//! The lines that callers can be put through to or told to dial, and what is known of them at this moment.
//!
//! Knows `call` and the operator's files: no flow, no dialect, no server. Nothing here reads a clock: the minute is given.

pub mod acceptance;
mod attempts;
pub mod board;
mod chains;
pub mod health;
pub mod holidays;
pub mod hours;
mod judge;
mod listed;
pub mod moment;
pub mod occupancy;
pub mod pauses;
mod registry;
mod responders;
mod text;
mod times;

pub use attempts::{Attempt, Known, Telephone, in_turn, next_open};
pub use chains::{CHAIN_SECONDS, Chain, Chains, MOST_CHAIN_SECONDS};
pub use hours::HoursWords;
pub use judge::{Book, never_ours};
pub use listed::{Listed, means};
pub use registry::{Line, Lines, MAX_RING_SECONDS, Price, only_digits};
pub use responders::{Group, Person, Responders, Ring};
pub use text::Text;
pub use times::{Every, judged_hours};
