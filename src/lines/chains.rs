//! `chains.yaml`: in which order lines and groups of people are called, until somebody answers.
//!
//! ```yaml
//! listener:
//!   try: [our_team, sos_amitie, suicide_ecoute]
//!   most_seconds: 90
//! ```

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    diagnostic::Diagnostic,
    files::{At, CHAINS_FILE, Files, Located, Name, yaml_entries},
};

/// Seconds that a chain rings in all, if nothing else is written.
pub const MOST_CHAIN_SECONDS: u16 = 90;

/// Seconds that a chain may ring in all.
pub const CHAIN_SECONDS: std::ops::RangeInclusive<u16> = 10..=300;

/// One chain.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Chain {
    /// Lines of `lines.yaml` and groups of `responders.yaml`, in the order in which they are called.
    #[serde(rename = "try")]
    #[schemars(length(min = 1))]
    pub attempts: Vec<Name>,
    /// Seconds that it rings in all.
    #[schemars(range(min = 10, max = 300))]
    pub most_seconds: Option<At<u16>>,
    /// Why it is all right that at times nobody can be called, and a number is announced instead.
    pub announced_only: Option<Name>,
}

/// Every chain by its name.
#[derive(Debug)]
pub struct Chains {
    /// The chains.
    pub chains: Located<BTreeMap<Name, Chain>>,
    /// Chains that are written, and could not be understood.
    pub broken: BTreeSet<String>,
}

impl Chains {
    /// Reads `chains.yaml` among the flow files.
    pub fn parse(files: &Files) -> (Option<Chains>, Vec<Diagnostic>) {
        let Some(file) = files.files.iter().find(|file| file.name == CHAINS_FILE) else {
            return (None, Vec::new());
        };
        let read = yaml_entries::<Chain>(&file.source);
        let chains = Located { value: read.entries, file: file.source.clone() };
        (Some(Chains { chains, broken: read.broken }), read.diagnostics)
    }

    /// The chain called `name`.
    pub fn get(&self, name: &str) -> Option<&Chain> {
        self.chains.value.iter().find(|(key, _)| key.as_str() == name).map(|(_, chain)| chain)
    }
}
