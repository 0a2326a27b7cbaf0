//! The directory of centres that the settings name: loaded at a start, at a reload and by `check`. Without one the line goes
//! on: callers hear how to find a centre.

use std::sync::Arc;

use jiff::civil::Date;

use crate::{
    config::Settings,
    diagnostic::{Diagnostic, Severity},
    directory::{Directory, Loaded, age},
};

/// The directory, and everything that is wrong with it and its corrections. Nothing where the settings name none.
pub(super) fn centres(settings: &Settings) -> (Option<Arc<Directory>>, Vec<Diagnostic>) {
    let named = &settings.directory;
    let Some(path) = &named.path else { return (None, Vec::new()) };
    match Loaded::read(path, named.corrections.as_deref()) {
        Ok(mut loaded) => {
            let found = std::mem::take(&mut loaded.diagnostics);
            (Some(Arc::new(Directory::new(loaded).good_for(named.stale_days))), found)
        }
        Err(broken) => (None, vec![*broken]),
    }
}

/// The same for a server: what is wrong is told in the log and stops nothing. A table that can't be read never takes the place
/// of the one that is on the air.
pub(super) fn for_calls(settings: &Settings, on_air: Option<Arc<Directory>>) -> Option<Arc<Directory>> {
    let (loaded, found) = centres(settings);
    for diagnostic in &found {
        let is_error = diagnostic.severity == Severity::Error;
        let problem = diagnostic.render(false);
        if is_error {
            tracing::error!(problem, "the directory of centres");
        } else {
            tracing::warn!(problem, "the directory of centres");
        }
    }
    match (&loaded, &settings.directory.path, &on_air) {
        (Some(directory), ..) => {
            tracing::info!(centres = directory.centres().len(), list = %directory.state, "the directory of centres is loaded");
        }
        (None, None, _) => {
            tracing::info!(
                "there is no directory of centres: callers hear how to find one. `allo-cmp directory import` makes it"
            );
            return None;
        }
        (None, Some(_), Some(_)) => {
            tracing::error!("the directory of centres that was loaded before goes on being used")
        }
        (None, Some(_), None) => {
            tracing::error!("the line goes on without its directory: callers hear how to find a centre")
        }
    }
    loaded.or(on_air)
}

/// What `check` says of a directory, its age among it.
pub(super) fn told(
    directory: Option<&Directory>,
    settings: &Settings,
    (minute, today): (u32, Date),
) -> (String, Option<Diagnostic>) {
    let Some(directory) = directory else {
        let why = if settings.directory.path.is_some() { "can't be loaded" } else { "none" };
        return (format!("directory: {why}; callers hear how to find a centre"), None);
    };
    let days = age(directory.state, today);
    let list = format!("directory: {} centres, list of {}", directory.centres().len(), directory.state);
    if days < 0 {
        let message = format!(
            "the list of centres says that it is of {}, which is to come: nobody sees it grow old",
            directory.state
        );
        let found = Diagnostic::warning("directory-stale", message)
            .help("import it again; if it does not tell its day itself, give the right one with --day");
        return (list, Some(found));
    }
    let stale = directory.is_stale(minute).then(|| {
        let message = format!("the directory is {days} days old: callers are told of no centre any more");
        Diagnostic::warning("directory-stale", message)
            .help("import a new list with `allo-cmp directory import`, or allow more days in directory.stale_days")
    });
    (format!("{list}, {days} day(s) ago"), stale)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::lines::moment;

    /// The settings of a directory in this file.
    fn settings(path: PathBuf) -> Settings {
        let mut settings = Settings::default();
        settings.directory.path = Some(path);
        settings
    }

    fn table() -> PathBuf {
        PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/directory/table.tsv"))
    }

    #[test]
    fn without_a_table_or_with_a_broken_one_the_line_goes_on_and_the_one_on_the_air_stays() {
        let folder = tempfile::tempdir().unwrap();
        let broken = folder.path().join("broken.tsv");
        let whole = std::fs::read_to_string(table()).unwrap();
        std::fs::write(&broken, &whole[..whole.len() - 30]).unwrap();
        let on_air = for_calls(&settings(table()), None).unwrap();
        for path in [broken, folder.path().join("nowhere.tsv")] {
            let (loaded, found) = centres(&settings(path.clone()));
            assert!(loaded.is_none() && found[0].severity == Severity::Error, "{found:?}");
            assert!(for_calls(&settings(path.clone()), None).is_none());
            let kept = for_calls(&settings(path), Some(on_air.clone())).unwrap();
            assert!(Arc::ptr_eq(&kept, &on_air));
        }
        assert!(for_calls(&Settings::default(), Some(on_air)).is_none(), "the operator wants none any more");
    }

    #[test]
    fn check_tells_how_old_a_directory_is_and_when_it_is_too_old() {
        let (directory, _) = centres(&settings(table()));
        let says = |at: &str| {
            let minute = u32::try_from(moment::seconds(at).unwrap() / 60).unwrap();
            told(directory.as_deref(), &settings(table()), (minute, at[..10].parse().unwrap()))
        };
        let (fresh, stale) = says("2025-11-12T10:00");
        assert_eq!(fresh, "directory: 12 centres, list of 2025-11-02, 10 day(s) ago");
        assert!(stale.is_none());
        let (early, to_come) = says("2025-11-01T10:00");
        assert_eq!(early, "directory: 12 centres, list of 2025-11-02");
        assert!(to_come.unwrap().message.contains("is to come"));
        let (_, stale) = says("2026-06-02T10:00");
        assert_eq!(stale.unwrap().code, "directory-stale");
        assert!(told(None, &settings(table()), (0, "2026-06-02".parse().unwrap())).0.contains("can't be loaded"));
    }
}
