//! `allo-cmp directory import`: from the national list to the table. A broken list replaces no good table.

use std::{
    fs::File,
    io::{self, BufReader, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use clap::Args;
use jiff::civil::Date;

use super::{super::print, table};
use crate::{
    config::Settings,
    directory::{self, Damage, PostalCodes, Summary, Table},
};

#[derive(Args, Debug)]
pub(super) struct Import {
    /// The list: etalab-cs1100507-stock-....csv, or the JSON of FINESS+; several are put together
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The table to write; without it, the one of the setting directory.path
    #[arg(long, value_name = "TABLE")]
    out: Option<PathBuf>,
    /// Replace the table even where the list looks broken, or what stands there is no table
    #[arg(long)]
    force: bool,
    /// The day of the list, where the list does not tell: 2026-11-02
    #[arg(long, value_name = "DAY")]
    day: Option<Date>,
}

impl Import {
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        let out = table(self.out.as_ref(), settings, "--out")?;
        let shown = out.display();
        if !self.force && !Table::may_stand_at(&out).with_context(|| format!("{shown} can't be read"))? {
            bail!(
                "{shown} is there, and is no table of centres: name another file; to replace it all the same, add --force"
            );
        }
        let mut import = directory::Import::new(PostalCodes::shipped());
        for path in &self.files {
            read(&mut import, path).with_context(|| format!("{} can't be read", path.display()))?;
        }
        let (centres, mut summary) = import.finish();
        let before = centres_in_place(&out);
        if let Some(before) = before.filter(|before| centres.len() * 2 < *before) {
            summary.damage.push(Damage::Fewer { before, now: centres.len() });
        }
        print(|out| write!(out, "{summary}"))?;
        self.allowed(&summary, &out)?;
        let Some(state) = self.day.or(summary.state) else {
            bail!("the list does not tell its day: add it, as in --day 2026-11-02");
        };
        Table::new(state, centres).write(&out).with_context(|| format!("{} can't be written", out.display()))?;
        print(|stdout| writeln!(stdout, "written: {}", out.display()))?;
        Ok(ExitCode::SUCCESS)
    }

    fn allowed(&self, summary: &Summary, out: &Path) -> anyhow::Result<()> {
        let shown = out.display();
        if summary.damage.iter().any(Damage::is_fatal) {
            bail!("nothing was written: this file is of no use");
        }
        // Where there is no table yet, half a list helps callers more than none.
        if !summary.damage.is_empty() && out.exists() && !self.force {
            bail!(
                "{shown} was left as it is: the list looks broken. Download it again; to use it all the same, add --force"
            );
        }
        Ok(())
    }
}

/// How many centres the table in place has, if there is a good one.
fn centres_in_place(path: &Path) -> Option<usize> {
    Table::read(path).ok().map(|(table, _)| table.centres.len())
}

/// Reads one list; on a terminal, says how far it is.
fn read(import: &mut directory::Import<'_>, path: &Path) -> io::Result<()> {
    let file = File::open(path)?;
    let size = file.metadata()?.len().max(1);
    let mut stderr = io::stderr();
    let shows = stderr.is_terminal();
    let mut last = None;
    let mut progress = |bytes: u64| {
        let percent = (bytes.saturating_mul(100) / size).min(100);
        if shows && last != Some(percent) {
            last = Some(percent);
            // Nobody may be there to read it, which must stop nothing.
            let _ = write!(stderr, "\r{percent:3} % of {} ", path.display());
        }
    };
    let read = import.read(BufReader::with_capacity(256 * 1024, file), &mut progress);
    if shows {
        let _ = writeln!(io::stderr());
    }
    read
}
