//! Lines that their operator has paused, each until a minute: they are passed over as if they were closed.
//!
//! In memory, and in a small file if one is named, so that a pause outlives a restart. A file that can't be read is set
//! aside and reported, and the line goes on without it: no call is lost over it.

use std::{
    collections::{BTreeMap, HashMap},
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::call::LineId;

/// One pause.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pause {
    /// The minute (UTC, since 1970) at which it is over.
    pub until: u32,
    /// Why, for the operators.
    pub reason: Option<String>,
}

/// The pauses of all lines.
#[derive(Default)]
pub struct Pauses {
    book: Mutex<HashMap<LineId, (String, Pause)>>,
    /// Held while the file is written: the last change must be the one that is kept, and no call waits for a disk.
    path: Mutex<Option<PathBuf>>,
}

/// What is wrong with the file in which pauses are kept. Nothing stops over it.
#[derive(Debug, thiserror::Error)]
pub enum PausesError {
    /// It holds something else.
    #[error("{} holds no pauses of lines ({reason}): it was set aside as {}, and no line is paused", path.display(), aside.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// Where it is now.
        aside: PathBuf,
        /// What is wrong in it.
        reason: String,
    },
    /// It can't be read.
    #[error("{} can't be read: {reason}: no line is paused", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
    /// It can't be written.
    #[error("{} can't be written: {reason}: the pauses act, but a restart ends them", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
}

/// The file, as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    paused: BTreeMap<String, KeptPause>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptPause {
    until: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl Pauses {
    /// The pauses that are kept at `path`, and what is wrong there. Without a file none is.
    pub fn open(path: PathBuf) -> (Pauses, Option<PausesError>) {
        let (book, wrong) = match fs::read_to_string(&path) {
            Ok(text) => match read(&text) {
                Ok(book) => (book, None),
                Err(reason) => (HashMap::new(), Some(set_aside(&path, reason))),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => (HashMap::new(), None),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                (HashMap::new(), Some(set_aside(&path, "it is no text".to_owned())))
            }
            Err(reason) => (HashMap::new(), Some(PausesError::Unreadable { path: path.clone(), reason })),
        };
        (Pauses { book: Mutex::new(book), path: Mutex::new(Some(path)) }, wrong)
    }

    /// Whether `line` is paused at minute `now`.
    pub fn is_paused(&self, line: LineId, now: u32) -> bool {
        self.book().get(&line).is_some_and(|(_, pause)| now < pause.until)
    }

    /// The pause of `line` at minute `now`.
    pub fn of(&self, line: LineId, now: u32) -> Option<Pause> {
        self.book().get(&line).map(|(_, pause)| pause).filter(|pause| now < pause.until).cloned()
    }

    /// The names of those that are paused at minute `now`.
    pub fn names(&self, now: u32) -> Vec<String> {
        let book = self.book();
        let paused = book.values().filter(|(_, pause)| now < pause.until);
        let mut names: Vec<String> = paused.map(|(name, _)| name.clone()).collect();
        names.sort();
        names
    }

    /// Pauses these lines from now on. An error means that a restart will end the pauses.
    pub fn pause(&self, names: &[String], pause: &Pause, now: u32) -> Result<(), PausesError> {
        self.change(now, |book| {
            book.extend(names.iter().map(|name| (LineId::of(name), (name.clone(), pause.clone()))));
        })
    }

    /// Ends the pauses of these lines.
    pub fn resume(&self, names: &[String], now: u32) -> Result<(), PausesError> {
        self.change(now, |book| names.iter().for_each(|name| drop(book.remove(&LineId::of(name)))))
    }

    fn change(&self, now: u32, change: impl FnOnce(&mut HashMap<LineId, (String, Pause)>)) -> Result<(), PausesError> {
        let path = self.path.lock().unwrap_or_else(PoisonError::into_inner);
        let text = {
            let mut book = self.book();
            book.retain(|_, (_, pause)| now < pause.until);
            change(&mut book);
            write(&book)
        };
        let Some(path) = path.as_ref() else { return Ok(()) };
        replace(path, &text).map_err(|reason| PausesError::Unwritable { path: path.clone(), reason })
    }

    fn book(&self) -> MutexGuard<'_, HashMap<LineId, (String, Pause)>> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read(text: &str) -> Result<HashMap<LineId, (String, Pause)>, String> {
    let kept: Kept = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let pause = |(name, KeptPause { until, reason }): (String, KeptPause)| {
        let minute = minute(until.as_second());
        (LineId::of(&name), (name, Pause { until: minute, reason }))
    };
    Ok(kept.paused.into_iter().map(pause).collect())
}

fn write(book: &HashMap<LineId, (String, Pause)>) -> String {
    let kept = book.values().filter_map(|(name, pause)| {
        let until = Timestamp::from_second(i64::from(pause.until) * 60).ok()?;
        Some((name.clone(), KeptPause { until, reason: pause.reason.clone() }))
    });
    let kept = Kept { paused: kept.collect() };
    // Names and times can always be written.
    serde_json::to_string_pretty(&kept).unwrap_or_default() + "\n"
}

/// The minute that begins at or after a second: a pause is never shorter than was asked.
pub fn minute(second: i64) -> u32 {
    u32::try_from(second.saturating_add(59).div_euclid(60).max(0)).unwrap_or(u32::MAX)
}

/// Whole or not at all: written beside, then put in its place.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let beside = with_suffix(path, ".new");
    let mut file = fs::File::create(&beside)?;
    io::Write::write_all(&mut file, text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

/// Out of the way, for whoever wants to look at it: the next pause writes a file of its own.
fn set_aside(path: &Path, reason: String) -> PausesError {
    let aside = with_suffix(path, ".broken");
    match fs::rename(path, &aside) {
        Ok(()) => PausesError::Broken { path: path.to_owned(), aside, reason },
        Err(reason) => PausesError::Unreadable { path: path.to_owned(), reason },
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u32 = 29_000_000;

    fn until(minute: u32) -> Pause {
        Pause { until: minute, reason: Some("formation ’<&".to_owned()) }
    }

    fn a() -> Vec<String> {
        vec!["a".to_owned()]
    }

    #[test]
    fn a_line_is_paused_until_its_minute_or_until_it_is_resumed() {
        let pauses = Pauses::default();
        pauses.pause(&a(), &until(NOW + 10), NOW).unwrap();
        let line = LineId::of("a");
        assert!(pauses.is_paused(line, NOW) && pauses.is_paused(line, NOW + 9));
        assert!(!pauses.is_paused(line, NOW + 10) && !pauses.is_paused(LineId::of("b"), NOW));
        assert_eq!((pauses.of(line, NOW), pauses.of(line, NOW + 10)), (Some(until(NOW + 10)), None));
        assert_eq!(pauses.names(NOW), ["a"]);
        pauses.resume(&a(), NOW).unwrap();
        pauses.resume(&a(), NOW).unwrap();
        assert!(!pauses.is_paused(line, NOW));
    }

    #[test]
    fn a_pause_outlives_the_program_and_what_is_over_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines.json");
        let (pauses, wrong) = Pauses::open(path.clone());
        assert!(wrong.is_none() && pauses.names(NOW).is_empty());
        pauses.pause(&["b".to_owned()], &Pause { until: NOW + 1, reason: None }, NOW).unwrap();
        pauses.pause(&a(), &until(NOW + 10), NOW + 1).unwrap();
        let (again, wrong) = Pauses::open(path.clone());
        assert!(wrong.is_none());
        assert_eq!((again.names(NOW), again.of(LineId::of("a"), NOW)), (a(), Some(until(NOW + 10))));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_broken_file_is_reported_and_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines.json");
        for broken in
            [&b"{"[..], b"", b"[]", b"{\"paused\":{\"a\":{\"until\":\"soon\"}}}", b"\xff\xfe", b"{\"other\":{}}"]
        {
            fs::write(&path, broken).unwrap();
            let (pauses, wrong) = Pauses::open(path.clone());
            assert!(matches!(wrong, Some(PausesError::Broken { .. })), "{broken:?}: {wrong:?}");
            assert!(pauses.names(0).is_empty() && !path.exists());
            assert_eq!(fs::read(with_suffix(&path, ".broken")).unwrap(), broken);
            pauses.pause(&a(), &until(NOW + 10), NOW).unwrap();
            assert!(Pauses::open(path.clone()).0.is_paused(LineId::of("a"), NOW));
        }
    }

    #[test]
    fn a_file_that_cannot_be_written_is_told_and_the_pause_acts() {
        let folder = tempfile::tempdir().unwrap();
        let (pauses, _) = Pauses::open(folder.path().join("gone/lines.json"));
        assert!(matches!(pauses.pause(&a(), &until(NOW + 10), NOW), Err(PausesError::Unwritable { .. })));
        assert!(pauses.is_paused(LineId::of("a"), NOW));
    }

    #[test]
    fn a_pause_ends_at_a_whole_minute_and_never_early() {
        assert_eq!([minute(-5), minute(0), minute(60), minute(61)], [0, 0, 1, 2]);
        assert_eq!(minute(i64::MAX), u32::MAX);
    }
}
