//! The spool as the writer uses it: marked as its own for as long as the program runs, given a rest when it fails, and what is
//! wrong with it told once.

use std::{path::PathBuf, time::Duration};

use tokio::time::Instant;

use super::{
    Entry,
    running::{Before, Running},
    spool::{Group, Mark, Spool, SpoolError},
};

/// How long a spool that failed is left alone.
const REST: Duration = Duration::from_secs(1);

/// The spool, or that there is none.
#[derive(Debug)]
pub(super) struct Spooling {
    spool: Option<Spool>,
    running: Option<Running>,
    retry_at: Instant,
    failing: bool,
    /// The run before this one was killed.
    pub(super) ended_unclean: bool,
    /// Entries of a file that can't be read.
    pub(super) unreadable: u64,
}

impl Spooling {
    /// The spool at `path`, of `most` bytes at most, with what the last run left in it.
    pub(super) fn open(path: PathBuf, most: u64, now: Instant) -> Spooling {
        let mut spooling =
            Spooling { spool: None, running: None, retry_at: now, failing: false, ended_unclean: false, unreadable: 0 };
        let shown = path.display();
        match Running::mark(&path) {
            Before::Clean(running) => spooling.running = Some(running),
            Before::Killed(running) => {
                spooling.running = Some(running);
                spooling.ended_unclean = true;
                tracing::warn!("the last run was killed: the journal lacks what happened in its last moment");
            }
            Before::Taken => {
                tracing::error!(
                    "journal.spool_path: another program uses {shown}. This one has no spool: what can't be stored waits in memory \
                     only. Give each program a spool of its own."
                );
                return spooling;
            }
            Before::Nowhere(error) => {
                tracing::error!(%error, "journal.spool_path: nothing can be written beside {shown}: make its folder writable");
            }
        }
        let (mut spool, wrong) = Spool::open(path, most);
        if let Some(error) = wrong {
            spooling.unreadable += set_aside(&mut spool, &error);
        } else if spool.waits() {
            tracing::info!(entries = spool.lines(), "what waited in the spool is stored first");
        }
        spooling.spool = Some(spool);
        spooling
    }

    /// Entries and bytes that wait.
    pub(super) fn depth(&self) -> (u64, u64) {
        self.spool.as_ref().map_or((0, 0), |spool| (spool.lines(), spool.size()))
    }

    /// When it may be tried: the past, unless it failed.
    pub(super) fn ready_at(&self) -> Instant {
        self.retry_at
    }

    pub(super) fn fails(&self) -> bool {
        self.failing || self.spool.is_none()
    }

    /// Adds entries. `false`: they are not in it.
    pub(super) fn append(&mut self, entries: &[Entry], now: Instant) -> bool {
        if now < self.retry_at {
            return false;
        }
        let Some(spool) = &mut self.spool else {
            self.retry_at = now + REST;
            return false;
        };
        let wrong = match spool.append(entries) {
            Ok(()) => {
                self.failing = false;
                return true;
            }
            Err(wrong) => wrong,
        };
        self.retry_at = now + REST;
        let shown = spool.path().display();
        if !std::mem::replace(&mut self.failing, true) {
            match wrong {
                SpoolError::Full => tracing::error!(
                    "the spool {shown} {wrong} (journal.spool_mb): what happens is kept in memory, then lost. Mend the store."
                ),
                SpoolError::File(error) => tracing::error!(
                    %error,
                    "the spool {shown} can't be written: what happens is kept in memory, then lost. Make room on its disk, or \
                     name another place as journal.spool_path."
                ),
            }
        }
        false
    }

    /// What is to be stored next.
    pub(super) fn next(&mut self) -> Option<Group> {
        let spool = self.spool.as_mut().filter(|spool| spool.waits())?;
        match spool.next() {
            Ok(group) => Some(group),
            Err(error) => {
                self.unreadable += set_aside(spool, &error);
                None
            }
        }
    }

    /// All before this mark is stored.
    pub(super) fn advance(&mut self, mark: Mark) {
        let Some(spool) = &mut self.spool else { return };
        if let Err(error) = spool.advance(mark) {
            let shown = spool.path().display();
            tracing::warn!(%error, "the spool {shown} is stored and can't be removed: it will be read again, to no harm");
        }
    }

    /// The program ends as it should.
    pub(super) fn end(self) {
        if let Some(Err(error)) = self.running.map(Running::end) {
            tracing::warn!(%error, "the mark beside the spool can't be removed: the next start will take this end for a kill");
        }
    }
}

fn set_aside(spool: &mut Spool, error: &std::io::Error) -> u64 {
    let (entries, aside) = spool.set_aside();
    let shown = spool.path().display();
    match aside {
        Ok(aside) => {
            tracing::error!(%error, "the spool {shown} can't be read: it is now {}", aside.display());
        }
        Err(_) => tracing::error!(%error, "the spool {shown} can't be read, nor put out of the way"),
    }
    entries
}
