//! `allo-cmp journal`: the condition of the journal, backups while calls run, and what can be saved of a damaged one.

use std::{io::Write, path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::{Args, Subcommand};

use super::{print, runtime};
use crate::{
    config::Settings,
    journal::{Condition, Store, backup, rescue, restore},
};

#[derive(Args, Debug)]
pub(super) struct Journal {
    #[command(subcommand)]
    job: Job,
}

#[derive(Subcommand, Debug)]
enum Job {
    /// Whether the journal is whole, and what is in it; exit code 1 where it is damaged
    Check,
    /// Copy the journal into a new file while calls run (SQLite)
    Backup {
        /// The new file; one that is there is never overwritten
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Put a backup where the journal is to be; the server must not run
    Restore {
        /// The backup
        #[arg(long, value_name = "FILE")]
        from: PathBuf,
        /// Where the journal is kept that is there now; without it, nothing is touched where there is one
        #[arg(long, value_name = "FILE")]
        aside: Option<PathBuf>,
    },
    /// Write what can be read of a damaged journal into a new file
    Rescue {
        /// The new file
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
}

impl Journal {
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        runtime()?.block_on(self.job.run(kept_at(settings)?))
    }
}

/// Where the journal is, with its password.
pub(super) fn kept_at(settings: &Settings) -> anyhow::Result<&str> {
    let none = "journal.url is `none`, so no journal is kept and nothing is known: name it (ALLO_CMP__JOURNAL__URL)";
    settings.journal.url.expose().context(none)
}

impl Job {
    async fn run(&self, url: &str) -> anyhow::Result<ExitCode> {
        let said = match self {
            Job::Check => {
                let found = Store::read(url).await?.condition().await?;
                if !found.damage.is_empty() {
                    print(|out| damaged(out, &found))?;
                    return Ok(ExitCode::FAILURE);
                }
                format!("the journal is whole\n{}", told(&found))
            }
            Job::Backup { to } => format!("{} is written and checked\n{}", to.display(), told(&backup(url, to).await?)),
            Job::Restore { from, aside } => {
                let found = restore(url, from, aside.as_deref()).await?;
                format!("the journal is that of {}\n{}", from.display(), told(&found))
            }
            Job::Rescue { to } => {
                let saved = rescue(url, to).await?;
                let next = format!(
                    "put it in place: `allo-cmp journal restore --from {} --aside FILE`, where FILE takes the damaged one",
                    to.display()
                );
                format!(
                    "{}: {} rows of counts and {} single facts are saved, at most {} more could not be read\n{next}",
                    to.display(),
                    saved.tallies,
                    saved.facts,
                    saved.lost
                )
            }
        };
        print(|out| writeln!(out, "{said}"))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// What is in a journal.
fn told(found: &Condition) -> String {
    let days = match found.days {
        Some((first, last)) => format!("from {first} to {last}"),
        None => "nothing yet".to_owned(),
    };
    format!(
        "days: {days}\ncalls begun: {}\ncalls in progress: {}\nsingle facts: {}\nversion of its tables: {}",
        found.begun, found.open, found.facts, found.version
    )
}

fn damaged(out: &mut impl Write, found: &Condition) -> std::io::Result<()> {
    writeln!(out, "the journal is damaged:")?;
    for line in &found.damage {
        writeln!(out, "  {line}")?;
    }
    writeln!(out, "stop the server; `allo-cmp journal rescue --to FILE` saves what can be read, or")?;
    writeln!(out, "`allo-cmp journal restore --from BACKUP --aside FILE` takes a backup")
}
