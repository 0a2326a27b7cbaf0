//! The mark that a run leaves beside the spool while it lasts, and takes away at its end: found at the start, it says that the
//! last run was killed. It is locked, so that two programs never share a spool.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
};

use super::spool::folder;

/// The mark of this run.
#[derive(Debug)]
pub(super) struct Running {
    path: PathBuf,
    /// Locked for as long as it is open.
    _file: File,
}

/// What stood there when this run began.
#[derive(Debug)]
pub(super) enum Before {
    /// Nothing: the last run ended as it should, or there was none.
    Clean(Running),
    /// The last run was killed.
    Killed(Running),
    /// A run that goes on has this spool.
    Taken,
    /// No mark can be made here.
    Nowhere(std::io::Error),
}

impl Running {
    /// Leaves the mark beside the spool at `spool`.
    pub(super) fn mark(spool: &Path) -> Before {
        let mut path = spool.to_owned().into_os_string();
        path.push(".running");
        let path = PathBuf::from(path);
        if let Err(error) = fs::create_dir_all(folder(&path)) {
            return Before::Nowhere(error);
        }
        let killed = path.exists();
        let file = match OpenOptions::new().create(true).truncate(false).write(true).open(&path) {
            Ok(file) => file,
            Err(error) => return Before::Nowhere(error),
        };
        // Where a disk knows no locks, there is none.
        if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
            return Before::Taken;
        }
        let running = Running { path, _file: file };
        if killed { Before::Killed(running) } else { Before::Clean(running) }
    }

    /// Takes the mark away: this run ended as it should.
    pub(super) fn end(self) -> std::io::Result<()> {
        fs::remove_file(&self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_was_killed_is_told_from_one_that_ended_and_from_one_that_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let spool = folder.path().join("data/spool");
        let Before::Clean(running) = Running::mark(&spool) else { panic!("there was none") };
        assert!(matches!(Running::mark(&spool), Before::Taken));
        drop(running);
        let Before::Killed(running) = Running::mark(&spool) else { panic!("it was not taken away") };
        running.end().unwrap();
        assert!(matches!(Running::mark(&spool), Before::Clean(_)));
        fs::write(folder.path().join("file"), "").unwrap();
        assert!(matches!(Running::mark(&folder.path().join("file/spool")), Before::Nowhere(_)));
    }
}
