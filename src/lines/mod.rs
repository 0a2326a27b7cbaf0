//! The lines that we forward to, and what is known of them at this moment.
//!
//! Knows `call` alone: no flow, no dialect, no server. Nothing here reads a clock: the minute is given.

pub mod occupancy;
