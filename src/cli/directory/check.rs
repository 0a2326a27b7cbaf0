//! `allo-cmp directory check`: what in the directory someone should look at.

use std::{collections::BTreeMap, io::Write, path::PathBuf, process::ExitCode};

use anyhow::anyhow;
use clap::Args;
use serde_json::json;

use super::{
    super::{
        call::{now, seconds},
        coloured, print,
    },
    table,
};
use crate::{
    check::day,
    config::Settings,
    diagnostic::Severity,
    directory::{Doubt, Loaded, OLD_DAYS, PostalCodes, age, doubts},
    http::{Clock, FixedClock},
};

#[derive(Args, Debug)]
pub(super) struct Check {
    /// The table; without it, the one of the setting directory.path
    #[arg(value_name = "TABLE")]
    table: Option<PathBuf>,
    /// One JSON object per finding
    #[arg(long)]
    json: bool,
    /// As of when its age is told: 2026-12-25T03:00 (Paris) or RFC 3339; without it, now
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

impl Check {
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        let path = table(self.table.as_ref(), settings, "its path")?;
        let at = self.at.as_deref().map_or_else(|| Ok(now()), seconds)?;
        let today = day(FixedClock::at(at).now());
        let loaded = Loaded::read(&path, settings.directory.corrections.as_deref())
            .map_err(|broken| anyhow!("the directory can't be loaded\n{}", broken.render(false)))?;
        let found = doubts(&loaded.centres, PostalCodes::shipped());
        let days = age(loaded.state, today);
        let errors = loaded.diagnostics.iter().filter(|found| found.severity == Severity::Error).count();
        print(|out| {
            for diagnostic in &loaded.diagnostics {
                if self.json {
                    writeln!(out, "{}", diagnostic.to_json())?;
                } else {
                    writeln!(out, "{}\n", diagnostic.render(coloured()))?;
                }
            }
            for doubt in &found {
                let centre = doubt.centre();
                if self.json {
                    writeln!(out, "{}", as_json(doubt))?;
                } else {
                    writeln!(out, "{} {} ({}): {doubt}", centre.finess, centre.commune, centre.department)?;
                }
            }
            if self.json {
                return Ok(());
            }
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            found.iter().for_each(|doubt| *counts.entry(doubt.word()).or_default() += 1);
            let counts: Vec<String> = counts.iter().map(|(word, count)| format!("{word} {count}")).collect();
            let counts = if counts.is_empty() { "none".to_owned() } else { counts.join(", ") };
            let old = match days {
                ..0 => ", which is to come: import it again with its right day".to_owned(),
                0..=OLD_DAYS => format!(", {days} day(s) ago"),
                _ => format!(", {days} day(s) ago: old, import a new one"),
            };
            writeln!(out, "list of {}{old}", loaded.state)?;
            writeln!(out, "{} centres; doubts: {counts}", loaded.centres.len())?;
            let warnings = loaded.diagnostics.len() - errors;
            writeln!(out, "corrections: {errors} error(s), {warnings} warning(s)")
        })?;
        Ok(if errors > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

fn as_json(doubt: &Doubt<'_>) -> serde_json::Value {
    let centre = doubt.centre();
    json!({
        "doubt": doubt.word(),
        "message": doubt.to_string(),
        "finess": centre.finess.to_string(),
        "commune": centre.commune,
        "department": centre.department,
        "name": centre.name,
    })
}
