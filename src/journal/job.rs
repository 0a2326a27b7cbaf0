//! One thing that the store is asked to do, as a task of its own: it ends with an answer whatever the store does, even where the
//! store hangs or has a fault.

use std::{sync::Arc, time::Duration};

use tokio::{
    task::JoinHandle,
    time::{Instant, timeout},
};

use super::{Calling, Entry, Keep, StoreError, Swept, Written, spool::Mark};

/// How long the store may take for it.
const LIMIT: Duration = Duration::from_secs(30);

/// What a job is about.
#[derive(Debug)]
pub(super) enum Task {
    /// Opening the store.
    Open,
    /// Storing entries that were held in memory since then. `copied`: they are in the spool, too.
    Write { entries: Arc<Vec<Entry>>, since: Instant, copied: bool },
    /// Storing entries of the spool.
    Replay { damaged: u64, mark: Mark },
    /// Telling of losses: so many, in all since the start.
    Lost(u64),
    /// The sweep.
    Sweep,
}

/// What the store answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Answer {
    Opened,
    Wrote(Written),
    Noted,
    Swept(Swept),
}

/// A store that did what it was asked to, or the reason why there is none any more.
pub(super) type Done<K> = Result<(K, Answer), StoreError>;

/// A job under way.
#[derive(Debug)]
pub(super) struct Job<K> {
    pub(super) task: Task,
    pub(super) started: Instant,
    handle: JoinHandle<Done<K>>,
}

impl<K: Keep + 'static> Job<K> {
    /// Begins to do `work`.
    pub(super) fn begin(task: Task, work: impl Future<Output = Done<K>> + Send + 'static) -> Job<K> {
        let bounded = async {
            let late = || StoreError::Away(format!("no answer within {} s", LIMIT.as_secs()));
            timeout(LIMIT, work).await.unwrap_or_else(|_| Err(late()))
        };
        Job { task, started: Instant::now(), handle: tokio::spawn(bounded) }
    }

    /// The job of storing `entries`, and of counting `callers` behind them.
    pub(super) fn write(mut store: K, task: Task, entries: Arc<Vec<Entry>>, callers: Vec<Calling>) -> Job<K> {
        Job::begin(task, async move {
            let written = store.write(&entries).await?;
            if !callers.is_empty() {
                store.callers(&callers).await?;
            }
            Ok((store, Answer::Wrote(written)))
        })
    }

    /// The job of sweeping at `second`.
    pub(super) fn sweep(mut store: K, second: i64) -> Job<K> {
        Job::begin(Task::Sweep, async move { store.sweep(second).await.map(|swept| (store, Answer::Swept(swept))) })
    }

    /// The job of telling of `count` losses, `all` with those that were told before.
    pub(super) fn tell_lost(mut store: K, second: i64, count: u64, all: u64) -> Job<K> {
        let told = async move { store.lost(second, count).await.map(|()| (store, Answer::Noted)) };
        Job::begin(Task::Lost(all), told)
    }

    /// Waits for its end. Nothing is lost where the waiting is given up.
    pub(super) async fn ended(&mut self) -> Done<K> {
        let fault = |_| Err(StoreError::Broken("a fault of the program".to_owned()));
        (&mut self.handle).await.unwrap_or_else(fault)
    }

    /// Gives it up.
    pub(super) fn give_up(self) -> Task {
        self.handle.abort();
        self.task
    }
}
