//! The journal of a program that serves: a thread of its own, so that neither the store nor a slow disk ever holds up a call.

use std::{path::PathBuf, sync::Arc, thread};

use tokio::{sync::oneshot, time::Instant};

use super::{Keep, Recorder, StoreError, StoreState, gather::Gatherer, spooling::Spooling, writer::Writer};

/// Batches that wait for the writer at most.
const CAPACITY: usize = 4096;

/// What a journal is started with.
pub struct Options {
    /// What the ids of facts are made with: the same on all machines.
    pub secret: String,
    /// The file in which entries wait while the store takes none.
    pub spool: PathBuf,
    /// Its bytes at most.
    pub spool_bytes: u64,
    /// Tells the second, since 1970.
    pub second: Arc<dyn Fn() -> i64 + Send + Sync>,
}

/// A journal that runs. Dropped, it ends by itself; who stops it waits until it has.
#[derive(Debug)]
pub struct Journal {
    stop: oneshot::Sender<()>,
    thread: thread::JoinHandle<()>,
}

impl Journal {
    /// Starts it. `open` opens the store: at once, and again after each failure. Where the machine gives no thread, that is told,
    /// and there is no journal.
    pub fn start<K, O, F>(options: Options, open: O) -> (Recorder, Option<Journal>)
    where
        K: Keep + 'static,
        O: Fn() -> F + Send + 'static,
        F: Future<Output = Result<K, StoreError>> + Send + 'static,
    {
        let (recorder, queue) = Recorder::new(CAPACITY);
        let (stop, stopped) = oneshot::channel();
        let ours = recorder.clone();
        // Not once the thread has begun: until then it would look as if there were no journal.
        ours.board().turn(StoreState::Opening, (options.second)());
        let work = move || {
            let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime,
                Err(error) => return tracing::error!(%error, "the journal can't work: nothing is kept"),
            };
            runtime.block_on(async move {
                let Options { secret, spool, spool_bytes, second } = options;
                let spooling = Spooling::open(spool, spool_bytes, Instant::now());
                let gatherer = Gatherer::new(&secret);
                Writer::new(open, Box::new(move || second()), gatherer, (ours, queue), spooling).run(stopped).await;
            });
            // A look-up of a name that hangs, for a store that is away, is not waited for.
            runtime.shutdown_background();
        };
        match thread::Builder::new().name("journal".to_owned()).spawn(work) {
            Ok(thread) => (recorder, Some(Journal { stop, thread })),
            Err(error) => {
                tracing::error!(%error, "the journal can't work: nothing is kept");
                (Recorder::default(), None)
            }
        }
    }

    /// Stores what was recorded, or spools it, within a fraction of a second.
    pub fn stop(self) {
        // Where nobody hears, it has ended already.
        let _ = self.stop.send(());
        if self.thread.join().is_err() {
            tracing::error!("a fault of the program ended the journal: what it held is lost");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::{super::Store, *};

    #[test]
    fn a_journal_is_being_opened_from_its_start_on_and_never_looks_absent() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options {
            secret: "a secret of at least thirty-two characters".to_owned(),
            spool: folder.path().join("spool"),
            spool_bytes: 1 << 20,
            second: Arc::new(|| 7),
        };
        let (recorder, journal) = Journal::start(options, pending::<Result<Store, StoreError>>);
        let health = recorder.health();
        assert_eq!((health.store, health.since), (StoreState::Opening, 7));
        journal.unwrap().stop();
    }
}
