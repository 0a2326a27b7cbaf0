//! Allô CMP: a phone line to reach public mental-health care in France. ARCHITECTURE.md is the map of this crate.

pub mod call;
pub mod check;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod directory;
pub mod engine;
pub mod files;
pub mod flow;
#[doc(hidden)]
pub mod fuzzing;
pub mod http;
pub mod journal;
pub mod leaflet;
pub mod lines;
pub mod phone;
pub mod provider;
pub mod script;
pub mod telemetry;
pub mod tls;
