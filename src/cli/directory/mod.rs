//! `allo-cmp directory`: imports the national list of centres, and says what in the directory someone should look at.

mod check;
mod import;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::{Args, Subcommand};

use crate::config::Settings;

#[derive(Args, Debug)]
pub(super) struct Directory {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Make the table of centres from the national list (etalab-cs1100507, or the JSON of FINESS+)
    Import(import::Import),
    /// Doubtful entries: no telephone, far from its commune, a number twice; and what is wrong in the corrections
    Check(check::Check),
}

impl Directory {
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        match &self.command {
            Command::Import(import) => import.run(settings),
            Command::Check(check) => check.run(settings),
        }
    }
}

/// Where the table stands: as named, or as the settings say.
fn table(named: Option<&PathBuf>, settings: &Settings, option: &str) -> anyhow::Result<PathBuf> {
    named.or(settings.directory.path.as_ref()).cloned().with_context(|| {
        format!("where is the table? Name it with {option}, or set directory.path (ALLO_CMP__DIRECTORY__PATH)")
    })
}
