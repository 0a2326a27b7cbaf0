//! The line that the settings name: its flows and scripts, or those inside the program, and the operator's own over them.

use std::{path::PathBuf, sync::Arc};

use anyhow::bail;

use super::complain;
use crate::{
    check,
    config::Settings,
    diagnostic::{Diagnostic, Severity},
    directory::Directory,
    engine::{self, Loaded, Now, World},
    files::Files,
};

/// Reads the flows and scripts.
pub(super) fn load(settings: &Settings, now: Now) -> Loaded {
    load_with(settings, now, None)
}

/// Reads the flows and scripts of a line with these centres.
pub(super) fn load_with(settings: &Settings, now: Now, directory: Option<Arc<Directory>>) -> Loaded {
    load_from(settings, now, directory, &files(settings))
}

/// The flows and the scripts, with what of the operator's lies over them.
pub(super) fn files(settings: &Settings) -> [Files; 2] {
    let flows = settings.flows.as_deref().map_or_else(Files::embedded_flows, Files::folder);
    let scripts = settings.scripts.as_deref().map_or_else(Files::embedded_scripts, Files::folder);
    let over = |files: Files, folder: &Option<PathBuf>| match folder {
        Some(folder) => files.with_overlay(folder),
        None => files,
    };
    [over(flows, &settings.flows_overlay), over(scripts, &settings.scripts_overlay)]
}

/// The line of files that were read.
pub(super) fn load_from(
    settings: &Settings,
    now: Now,
    directory: Option<Arc<Directory>>,
    [flows, scripts]: &[Files; 2],
) -> Loaded {
    let spoken = engine::Settings {
        operator: settings.line.operator.clone(),
        contact: settings.line.contact.clone(),
        call_is_free: settings.line.call_is_free,
        minute: now.minute,
        dials_short: settings.providers.dial_short_numbers(),
        directory,
    };
    Loaded::new(flows, scripts, &spoken)
}

/// How far a line is judged.
#[derive(Clone, Copy)]
pub(super) enum Judge {
    /// By what costs next to nothing: a start after a fall must not wait.
    Quickly,
    /// By the exhaustive walk, too.
    Wholly,
}

/// The world, or all its errors drawn and a refusal. What is not fit for a caller is not served.
pub(super) fn world(
    settings: &Settings,
    judge: Judge,
    now: Now,
    directory: Option<Arc<Directory>>,
) -> anyhow::Result<World> {
    world_and_reviews(settings, judge, now, directory).map(|(world, _)| world)
}

/// The same, and the minutes from which on something in it should have been looked at again.
pub(super) fn world_and_reviews(
    settings: &Settings,
    judge: Judge,
    now: Now,
    directory: Option<Arc<Directory>>,
) -> anyhow::Result<(World, Vec<u32>)> {
    let loaded = load_with(settings, now, directory);
    let today = check::day(now);
    let found = match judge {
        Judge::Quickly => check::lints(&loaded, today),
        Judge::Wholly => check::check(&loaded, today),
    };
    let errors: Vec<&Diagnostic> = found.iter().filter(|found| found.severity == Severity::Error).collect();
    match loaded.world {
        Some(world) if errors.is_empty() => {
            // What is to be done by a day is late from the next one on.
            Ok((world, check::deadlines(&loaded.scripts)))
        }
        _ => {
            for error in &errors {
                complain(format_args!("{}\n", error.render(false)));
            }
            bail!(
                "the line has {} error(s) and can't go on the air: mend them, and try `allo-cmp check`",
                errors.len()
            );
        }
    }
}
