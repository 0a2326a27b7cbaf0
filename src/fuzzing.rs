//! Doors to what is private elsewhere and read from outside, for `fuzz/` and its tests alone. No part of the program uses them.

use std::path::Path;

use crate::{
    call::Lang,
    config::{Settings, SettingsError},
    http,
    phone::{Semantics, Wrong},
};

/// Our own parameters in a query: the language, the token, the round of failure.
pub fn query(text: &str) -> (Option<Lang>, Option<&str>, u8) {
    http::read_query(text)
}

/// The settings that a file with this text and these variables make.
pub fn settings(text: &str, variables: &[(String, String)]) -> Result<Settings, SettingsError> {
    Settings::read(Path::new("allo-cmp.toml"), Some(text), variables.iter().cloned())
}

/// How many verbs the simulated telephone of a provider finds in a document that it would perform.
pub fn document(provider: &Semantics, bytes: &[u8], short_numbers: bool) -> Result<usize, Wrong> {
    provider.verbs(bytes, short_numbers)
}
