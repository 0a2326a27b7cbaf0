//! What is fuzzed: one function for each target, which takes any bytes and panics where a promise is broken.
//!
//! Shared by the targets of `fuzz/targets` and by `tests/suite/fuzz.rs`, which runs the same functions in a plain `cargo test`.

mod bytes;
pub(crate) mod call;
mod directory;
mod engine;
mod hours;
mod line;
mod phone_xml;
mod render;
pub(crate) mod seeds;
mod settings;
mod token;
mod webhook;

/// A function that is fuzzed.
pub(crate) type Entry = fn(&[u8]);

/// Every target by its name: that of its file in `fuzz/targets`.
pub(crate) const ALL: [(&str, Entry); 16] = [
    ("digits", engine::digits),
    ("directory", directory::read),
    ("engine", engine::events),
    ("flows", line::flows),
    ("hours", hours::read),
    ("phone_xml", phone_xml::read),
    ("query", settings::query),
    ("render", render::verbs),
    ("scripts", line::scripts),
    ("settings", settings::file),
    ("token", token::token),
    ("webhook_plivo", webhook::plivo),
    ("webhook_signalwire", webhook::signalwire),
    ("webhook_somleng", webhook::somleng),
    ("webhook_telnyx", webhook::telnyx),
    ("webhook_twilio", webhook::twilio),
];
