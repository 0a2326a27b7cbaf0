//! `allo-cmp directory`: the centres that callers are told, and the postal codes by which these are found.

// Joined to `Job` as soon as a table of centres can be read.
#[cfg(test)]
mod find;
mod postal_codes;

use std::process::ExitCode;

use clap::{Args, Subcommand};

#[derive(Args, Debug)]
pub(super) struct Directory {
    #[command(subcommand)]
    job: Job,
}

#[derive(Subcommand, Debug)]
enum Job {
    /// Make the table of postal codes inside the program anew from open data
    #[command(hide = true)]
    PostalCodes(postal_codes::PostalCodes),
}

impl Directory {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        match &self.job {
            Job::PostalCodes(job) => job.run(),
        }
    }
}
