//! Allô CMP: a phone line to reach public mental-health care in France. ARCHITECTURE.md is the map of this crate.

pub mod call;
pub mod diagnostic;
pub mod engine;
pub mod phone;
pub mod provider;
