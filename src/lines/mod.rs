//! The lines that callers can be put through to, or told to dial.
//!
//! Knows `call` and the operator's files; not the flows, not the engine.

mod registry;

pub use registry::{Line, Lines, MAX_RING_SECONDS, only_digits};
