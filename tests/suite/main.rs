//! The integration tests: one binary, one module a subject.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails, in its helpers too")]

mod asks;
mod bad_input;
mod called_numbers;
mod chains;
mod check;
mod cli;
mod content;
mod dialects;
mod dictation;
mod directory;
mod doctor;
mod documentation;
mod documents;
mod fuzz;
mod goals;
mod leaflet;
mod legs;
mod limits;
mod line;
mod line_state;
mod logs;
mod notices;
mod overlay;
mod peer_defects;
mod program;
mod properties;
mod provider_tools;
mod recordings;
mod reload;
mod restart;
mod scenarios;
mod schema;
mod server;
mod slow_clients;
mod snapshots;
mod state;
mod transfer;
mod turns;
mod walk;
