//! `allo-cmp check`: judges the line before it is on the air.

use std::{io::Write, process::ExitCode};

use clap::Args;

use super::{coloured, line, print};
use crate::{
    check::check,
    config::Settings,
    diagnostic::{Diagnostic, Severity},
};

#[derive(Args, Debug)]
pub(super) struct Check {
    /// One JSON object per finding
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        let loaded = line::load(settings);
        let mut found = check(&loaded);
        found.extend(unnamed_operator(settings));
        let errors = found.iter().filter(|found| found.severity == Severity::Error).count();
        print(|out| {
            for diagnostic in &found {
                if self.json {
                    writeln!(out, "{}", diagnostic.to_json())?;
                } else {
                    writeln!(out, "{}\n", diagnostic.render(coloured()))?;
                }
            }
            if self.json {
                return Ok(());
            }
            let nodes = loaded.flow.as_ref().map_or(0, |flow| flow.nodes.len());
            let scripts: usize = loaded.scripts.scripts.values().map(|scripts| scripts.len()).sum();
            let warnings = found.len() - errors;
            writeln!(out, "{nodes} nodes, {scripts} scripts: {errors} error(s), {warnings} warning(s)")
        })?;
        Ok(if errors > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

/// Callers have a right to know who runs the line; the scripts can only say "an association".
fn unnamed_operator(settings: &Settings) -> Option<Diagnostic> {
    let line = &settings.line;
    (line.operator.is_empty() || line.contact.is_empty()).then(|| {
        Diagnostic::warning("no-operator", "the settings don't say who runs the line, or how to reach them").help(
            "set line.operator and line.contact, by language, as they are to be spoken: callers have a right to know",
        )
    })
}
