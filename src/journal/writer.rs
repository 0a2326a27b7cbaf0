//! The one writer: takes what webhooks tell, hands it to the store in groups, and to the spool what the store doesn't take in time.
//!
//! An entry is in memory alone for [`GATHER`] and [`PATIENCE`] at most: that is what a kill may cost. Nothing here waits for the
//! store: it works as a [`Job`] beside the loop, while the queue is still taken from.

use std::{
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep_until},
};

use super::{
    Batch, Calling, Entry, Keep, Recorder, StoreError, StoreState,
    gather::Gatherer,
    job::{Answer, Done, Job, Task},
    outage::Outage,
    spool::{Group, Mark},
    spooling::Spooling,
};
use crate::call::Caller;

/// How long entries are gathered before they are handed on.
pub(super) const GATHER: Duration = Duration::from_millis(25);
/// How long the store may take before what it was given, and what waits behind it, goes to the spool.
pub(super) const PATIENCE: Duration = Duration::from_millis(25);
/// Entries that are handed on at once, without gathering more.
pub(super) const GROUP: usize = 512;
/// Entries held in memory at most, where the spool can't take them.
pub(super) const MOST_HELD: usize = 20_000;
/// Batches that are taken from the queue at a time.
const TAKEN: usize = 256;
const SWEEP: Duration = Duration::from_secs(60);
/// How long the end may take: the next program starts when this one has ended, and callers may be waiting for it. What is not
/// stored by then waits in the spool.
const END: Duration = Duration::from_millis(300);

/// The second, since 1970.
pub(super) type Second = Box<dyn Fn() -> i64 + Send>;

/// The writer, with how its store is opened.
pub(super) struct Writer<K, O> {
    open: O,
    second: Second,
    gatherer: Gatherer,
    queue: mpsc::Receiver<Batch>,
    recorder: Recorder,
    spooling: Spooling,
    held: Vec<Entry>,
    /// Who began the calls among them, where that is counted. Never spooled: what can't be stored at once is not counted.
    callers: Vec<Calling>,
    /// When the oldest of those held came.
    since: Instant,
    store: Option<K>,
    job: Option<Job<K>>,
    outage: Outage,
    /// The spool has its turn before what is held.
    spool_first: bool,
    sweep_at: Instant,
    /// Losses that the store knows.
    told_lost: u64,
    /// The end, and when it must be over.
    ending: Option<Instant>,
}

impl<K, O, F> Writer<K, O>
where
    K: Keep + 'static,
    O: Fn() -> F,
    F: Future<Output = Result<K, StoreError>> + Send + 'static,
{
    pub(super) fn new(
        open: O,
        second: Second,
        gatherer: Gatherer,
        (recorder, queue): (Recorder, mpsc::Receiver<Batch>),
        spooling: Spooling,
    ) -> Writer<K, O> {
        let now = Instant::now();
        recorder.board().turn(StoreState::Opening, second());
        recorder.board().ended_unclean.store(spooling.ended_unclean.into(), Relaxed);
        Writer {
            open,
            second,
            gatherer,
            queue,
            recorder,
            spooling,
            held: Vec::new(),
            callers: Vec::new(),
            since: now,
            store: None,
            job: None,
            outage: Outage::new(now),
            spool_first: true,
            sweep_at: now,
            told_lost: 0,
            ending: None,
        }
    }

    /// Works until `stop` is told or dropped, and then for as long as the end takes.
    pub(super) async fn run(mut self, mut stop: oneshot::Receiver<()>) {
        let mut batches = Vec::with_capacity(TAKEN);
        loop {
            self.act(Instant::now());
            self.show();
            if self.ending.is_some_and(|end| Instant::now() >= end || self.job.is_none()) {
                break;
            }
            let (wake, ending) = (self.wake(), self.ending.is_some());
            tokio::select! {
                biased;
                done = ended(&mut self.job) => self.done(done, Instant::now()),
                _ = &mut stop, if !ending => self.end_begins(),
                taken = self.queue.recv_many(&mut batches, TAKEN), if !ending => match taken {
                    0 => self.end_begins(),
                    _ => self.take(&mut batches),
                },
                () = sleep_until(wake) => {}
            }
        }
        self.end();
    }

    fn take(&mut self, batches: &mut Vec<Batch>) {
        let now = Instant::now();
        if self.held.is_empty() {
            self.since = now;
        }
        for mut batch in batches.drain(..) {
            if let Some(Caller::Number(number)) = batch.caller.take() {
                self.callers.push(Calling { second: batch.second, number });
            }
            self.gatherer.gather(batch, &mut self.held);
        }
        if self.held.len() > MOST_HELD && !self.spill(now) {
            self.recorder.lose(self.held.len() - MOST_HELD);
            self.held.truncate(MOST_HELD);
        }
    }

    /// Puts what is held into the spool.
    fn spill(&mut self, now: Instant) -> bool {
        self.callers.clear();
        let spilt = self.spooling.append(&self.held, now);
        if spilt {
            self.held.clear();
        }
        spilt
    }

    /// When what is held is to be handed on.
    fn due(&self) -> Option<Instant> {
        let at_once = self.held.len() >= GROUP || self.ending.is_some();
        (!self.held.is_empty()).then(|| if at_once { self.since } else { self.since + GATHER })
    }

    /// Does what is due.
    fn act(&mut self, now: Instant) {
        let due = self.due().is_some_and(|due| due <= now);
        if let Some(job) = &mut self.job {
            if now < job.started + PATIENCE {
                return;
            }
            if let Task::Write { entries, copied: copied @ false, .. } = &mut job.task {
                *copied = self.spooling.append(entries, now);
            }
            if due {
                self.spill(now);
            }
            return;
        }
        if let Some(store) = self.store.take() {
            self.employ(store, due, now);
        } else {
            if due {
                self.spill(now);
            }
            if now >= self.outage.retry_at && self.ending.is_none() {
                let opening = (self.open)();
                self.job = Some(Job::begin(Task::Open, async { opening.await.map(|store| (store, Answer::Opened)) }));
            }
        }
    }

    /// Gives the store what is to be done now; nothing, if there is nothing.
    fn employ(&mut self, store: K, due: bool, now: Instant) {
        // After an outage it must show that it works.
        let proving = self.outage.state() != StoreState::Well;
        let from_spool = if self.spool_first || !due { self.next_of_spool() } else { None };
        let lost = self.recorder.lost();
        self.job = if let Some(group) = from_spool {
            self.spool_first = false;
            let entries = Arc::new(group.entries);
            let task = Task::Replay { damaged: group.damaged, mark: group.mark };
            Some(Job::write(store, task, entries, Vec::new()))
        } else if due || (proving && !self.held.is_empty()) {
            self.spool_first = true;
            let entries = Arc::new(self.held.drain(..self.held.len().min(GROUP)).collect::<Vec<_>>());
            let task = Task::Write { entries: entries.clone(), since: self.since, copied: false };
            Some(Job::write(store, task, entries, std::mem::take(&mut self.callers)))
        } else if lost > self.told_lost {
            Some(Job::tell_lost(store, (self.second)(), lost - self.told_lost, lost))
        } else if (proving || now >= self.sweep_at) && self.ending.is_none() {
            self.sweep_at = now + SWEEP;
            Some(Job::sweep(store, (self.second)()))
        } else {
            self.store = Some(store);
            None
        };
    }

    /// What waits in the spool. Lines without any entry are passed over.
    fn next_of_spool(&mut self) -> Option<Group> {
        let group = loop {
            match self.spooling.next() {
                Some(group) if group.entries.is_empty() => self.replayed(group.damaged, group.mark),
                other => break other,
            }
        };
        let unreadable = std::mem::take(&mut self.spooling.unreadable);
        self.lose(unreadable);
        group
    }

    fn replayed(&mut self, damaged: u64, mark: Mark) {
        self.spooling.advance(mark);
        if damaged > 0 {
            tracing::warn!(damaged, "lines of the spool were torn or damaged: they are lost");
            self.lose(damaged);
        }
    }

    fn lose(&self, entries: u64) {
        self.recorder.lose(usize::try_from(entries).unwrap_or(usize::MAX));
    }

    /// A job is over.
    fn done(&mut self, done: Done<K>, now: Instant) {
        let Some(task) = self.job.take().map(|job| job.task) else { return };
        match done {
            Ok((store, answer)) => {
                self.store = Some(store);
                self.succeeded(task, answer, now);
                if answer != Answer::Opened {
                    self.outage.over(now, self.spooling.depth().0);
                }
            }
            Err(error) => {
                self.outage.failed(&error, now);
                if let Task::Write { entries, since, copied: false } = task {
                    // They are the oldest: before the others.
                    self.held.splice(..0, entries.iter().cloned());
                    self.since = since;
                }
            }
        }
        self.recorder.board().turn(self.outage.state(), (self.second)());
    }

    fn succeeded(&mut self, task: Task, answer: Answer, now: Instant) {
        if let Answer::Wrote(written) = answer {
            self.recorder.board().stored.fetch_add(written.new as u64, Relaxed);
        }
        match task {
            Task::Write { since, .. } => {
                let lag = u64::try_from((now - since).as_millis()).unwrap_or(u64::MAX);
                self.recorder.board().lag_ms.store(lag, Relaxed);
            }
            Task::Replay { damaged, mark, .. } => self.replayed(damaged, mark),
            Task::Lost(all) => self.told_lost = all,
            Task::Open | Task::Sweep => {}
        }
    }

    /// When there is something to do, if nothing happens before.
    fn wake(&self) -> Instant {
        let spool = self.spooling.ready_at();
        let (due, far) = (self.due(), Instant::now() + SWEEP);
        let next = match &self.job {
            Some(job) => {
                let patience = job.started + PATIENCE;
                let copy = matches!(job.task, Task::Write { copied: false, .. }).then_some(patience.max(spool));
                [copy, due.map(|due| due.max(patience).max(spool))]
            }
            None if self.store.is_none() => [Some(self.outage.retry_at), due.map(|due| due.max(spool))],
            None => [Some(self.sweep_at), due],
        };
        next.into_iter().chain([self.ending]).flatten().fold(far, Instant::min)
    }

    fn show(&self) {
        let (board, (entries, bytes)) = (self.recorder.board(), self.spooling.depth());
        board.held.store(self.held.len() as u64, Relaxed);
        board.spooled.store(entries, Relaxed);
        board.spooled_bytes.store(bytes, Relaxed);
        board.spool_fails.store(self.spooling.fails().into(), Relaxed);
    }

    /// Nothing more is taken from now on.
    fn end_begins(&mut self) {
        self.ending = Some(Instant::now() + END);
        self.queue.close();
        let mut batches = Vec::new();
        while let Ok(batch) = self.queue.try_recv() {
            batches.push(batch);
        }
        self.take(&mut batches);
    }

    /// What is not stored by now goes to the spool; the last word is how many.
    fn end(mut self) {
        if let Some(Task::Write { entries, copied: false, .. }) = self.job.take().map(Job::give_up) {
            self.held.splice(..0, entries.iter().cloned());
        }
        // A spool that failed a moment ago is given its last chance.
        let now = self.spooling.ready_at().max(Instant::now());
        if !self.held.is_empty() && !self.spill(now) {
            self.recorder.lose(self.held.len());
            self.held.clear();
        }
        self.show();
        let (stored, spooled) = (self.recorder.health().stored, self.spooling.depth().0);
        let lost = self.recorder.lost();
        self.spooling.end();
        tracing::info!(stored, spooled, lost, "the journal is closed");
    }
}

async fn ended<K: Keep + 'static>(job: &mut Option<Job<K>>) -> Done<K> {
    match job {
        Some(job) => job.ended().await,
        None => std::future::pending().await,
    }
}
