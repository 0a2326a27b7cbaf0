//! The integration tests: one binary, one module a subject.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails, in its helpers too")]

mod check;
mod documentation;
mod limits;
mod server;
mod slow_clients;
