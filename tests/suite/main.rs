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
mod ear;
mod exposition;
mod facts;
mod goals;
mod journal_away;
mod journal_care;
mod journal_closing;
mod journal_ends;
mod journal_home;
mod journal_store;
mod leaflet;
mod legs;
mod limits;
mod line;
mod line_state;
mod logs;
mod notices;
mod observability;
#[cfg(feature = "otel")]
mod otel;
mod overlay;
mod peer_defects;
mod postgres;
mod program;
mod promql;
mod properties;
mod provider_tools;
mod recorded;
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
mod walked_documents;
