//! `allo-cmp directory`: imports the national list of centres, says what in it someone should look at, and which centres a
//! caller would be told.

mod check;
mod find;
mod import;
mod postal_codes;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::{Args, Subcommand};

use crate::config::Settings;

#[derive(Args, Debug)]
pub(super) struct Directory {
    #[command(subcommand)]
    job: Job,
}

#[derive(Subcommand, Debug)]
enum Job {
    /// Make the table of centres from the national list (etalab-cs1100507, or the JSON of FINESS+)
    Import(import::Import),
    /// The centres that a caller would be told, nearest first
    Find(find::Find),
    /// Doubtful entries: no telephone, far from its commune, a number twice; and what is wrong in the corrections
    Check(check::Check),
    /// Make the table of postal codes inside the program anew from open data
    #[command(hide = true)]
    PostalCodes(postal_codes::PostalCodes),
}

impl Directory {
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        match &self.job {
            Job::Import(job) => job.run(settings),
            Job::Find(job) => job.run(settings),
            Job::Check(job) => job.run(settings),
            Job::PostalCodes(job) => job.run(),
        }
    }
}

/// Where the table stands: as named, or as the settings say.
fn table(named: Option<&PathBuf>, settings: &Settings, option: &str) -> anyhow::Result<PathBuf> {
    named.or(settings.directory.path.as_ref()).cloned().with_context(|| {
        format!("where is the table? Name it with {option}, or set directory.path (ALLO_CMP__DIRECTORY__PATH)")
    })
}
