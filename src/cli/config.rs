//! `allo-cmp config`: which settings are in force, where each comes from, and what `serve` lacks. Nothing of a secret.

use std::{io::Write, process::ExitCode};

use clap::Args;
use serde_json::{Value, json};

use super::print;
use crate::config::{DEFAULT_FILE, InForce, Loaded, Origin, SYSTEM_FILE, SettingsError, example, table, variable};

#[derive(Args, Debug)]
pub(super) struct Config {
    /// For programs
    #[arg(long)]
    json: bool,
    /// The example file, as in deploy/
    #[arg(long, hide = true, conflicts_with = "json")]
    example: bool,
    /// The table of the README
    #[arg(long, hide = true, conflicts_with_all = ["json", "example"])]
    table: bool,
}

impl Config {
    pub(super) fn run(self, loaded: &Loaded) -> anyhow::Result<ExitCode> {
        let text = match self {
            Config { example: true, .. } => example(),
            Config { table: true, .. } => table(),
            Config { json: true, .. } => format!("{:#}\n", as_json(loaded)),
            Config { .. } => as_text(loaded),
        };
        print(|out| out.write_all(text.as_bytes()))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// What `serve` lacks, a sentence each.
fn missing(loaded: &Loaded) -> Vec<String> {
    match loaded.settings.for_serving() {
        Ok(_) => Vec::new(),
        Err(SettingsError::Missing(missing)) => missing,
        Err(other) => vec![other.to_string()],
    }
}

fn as_text(loaded: &Loaded) -> String {
    let line = |setting: InForce| match (setting.value, setting.without) {
        (Some(value), _) => format!("{} = {value}   ({})\n", setting.name, setting.from),
        (None, without) => format!("{} is not given: {}\n", setting.name, without.unwrap_or_default()),
    };
    let mut text = match &loaded.file {
        Some(path) => format!("settings file: {}\n\n", path.display()),
        None => format!("settings file: none, neither {DEFAULT_FILE} in this folder nor {SYSTEM_FILE}\n\n"),
    };
    text.extend(loaded.in_force().into_iter().map(line));
    text += "\n";
    match missing(loaded) {
        none if none.is_empty() => text += "Nothing is missing for `allo-cmp serve`.\n",
        some => text += &format!("`allo-cmp serve` can't start yet:\n- {}\n", some.join("\n- ")),
    }
    text
}

fn as_json(loaded: &Loaded) -> Value {
    let one = |setting: InForce| {
        json!({
            "name": setting.name,
            "variable": variable(&setting.name),
            "value": setting.value,
            "secret": setting.secret,
            "from": origin(&setting.from),
        })
    };
    let settings: Vec<Value> = loaded.in_force().into_iter().map(one).collect();
    json!({ "file": loaded.file, "settings": settings, "missing_for_serve": missing(loaded), "warnings": loaded.warnings })
}

fn origin(from: &Origin) -> Value {
    match from {
        Origin::Default => json!({ "kind": "default" }),
        Origin::File { path, line } => json!({ "kind": "file", "path": path, "line": line }),
        Origin::Variable(variable) => json!({ "kind": "variable", "variable": variable }),
        Origin::SecretFile { variable, path } => {
            json!({ "kind": "own_file", "variable": variable, "path": path })
        }
        Origin::Credential(path) => json!({ "kind": "credential", "path": path }),
        Origin::Option(option) => json!({ "kind": "option", "option": option }),
    }
}
