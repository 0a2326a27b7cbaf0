//! What a service manager is told (systemd's notifications): that the line is open, is read again, closes, and still answers.
//! Without a manager that listens (`NOTIFY_SOCKET`) all of it is nothing. No word is about a caller.

use std::{future::Future, time::Duration};

use sd_notify::NotifyState;
use tokio::{
    task::spawn_blocking,
    time::{MissedTickBehavior, interval, timeout},
};

/// For a manager to read what it is told.
const PATIENCE: Duration = Duration::from_secs(1);

/// The line is open, and this is how it is.
pub(super) async fn open(status: String) {
    tell(vec![NotifyState::Ready], Some(status)).await;
}

/// Flows and scripts are being read again; [`open`] ends it, whatever comes of it.
pub(super) async fn reloading() {
    let states = [Some(NotifyState::Reloading), NotifyState::monotonic_usec_now().ok()];
    tell(states.into_iter().flatten().collect(), Some("flows and scripts are being read again".to_owned())).await;
}

/// The line closes.
pub(super) async fn closing(status: String) {
    tell(vec![NotifyState::Stopping], Some(status)).await;
}

/// Shows for ever that the line answers, if somebody wants to see it (`WatchdogSec=`).
pub(super) async fn watched<F: Future<Output = bool>>(answers: impl Fn() -> F) {
    if let Some(patience) = sd_notify::watchdog_enabled() {
        beat(patience / 2, answers, || tell(vec![NotifyState::Watchdog], None)).await;
    }
}

/// Says so at each of these times at which the line answers in time. To be spawned: so it needs the threads that answer calls, and
/// where they are stuck nothing is said.
async fn beat<F, T>(every: Duration, answers: impl Fn() -> F, say: impl Fn() -> T)
where
    F: Future<Output = bool>,
    T: Future<Output = ()>,
{
    // No time is no interval.
    let mut ticks = interval(every.max(Duration::from_millis(1)));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if timeout(every, answers()).await == Ok(true) {
            say().await;
        } else {
            tracing::error!("the line does not answer itself: the service manager will start it anew");
        }
    }
}

/// On a thread of its own, and not for ever: a manager that does not read must hold up neither the threads that answer calls nor
/// the end.
async fn tell(states: Vec<NotifyState<'static>>, status: Option<String>) {
    let told = spawn_blocking(move || {
        let status = status.as_deref().map(NotifyState::Status);
        sd_notify::notify(&states.into_iter().chain(status).collect::<Vec<_>>())
    });
    if let Ok(Ok(Err(error))) = timeout(PATIENCE, told).await {
        tracing::warn!(%error, "the service manager could not be told");
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
        thread,
        time::Instant,
    };

    use super::*;

    const EVERY: Duration = Duration::from_millis(20);

    /// A beat that runs as in the server, and how often it was heard.
    fn beating<F: Future<Output = bool> + Send>(
        answers: impl Fn() -> F + Send + Sync + 'static,
    ) -> (Arc<AtomicUsize>, tokio::task::JoinHandle<()>) {
        let heard = Arc::new(AtomicUsize::new(0));
        let count = heard.clone();
        let say = move || {
            count.fetch_add(1, Ordering::Relaxed);
            async {}
        };
        (heard, tokio::spawn(async move { beat(EVERY, answers, say).await }))
    }

    async fn heard(beats: &AtomicUsize, at_least: usize) {
        let began = Instant::now();
        while beats.load(Ordering::Relaxed) < at_least {
            assert!(began.elapsed() < Duration::from_secs(10), "no beat");
            tokio::time::sleep(EVERY).await;
        }
    }

    #[tokio::test]
    async fn a_line_that_answers_beats_and_one_that_does_not_is_silent() {
        let (beats, _) = beating(|| async { true });
        heard(&beats, 3).await;
        for silent in [beating(|| async { false }).0, beating(std::future::pending).0] {
            tokio::time::sleep(EVERY * 10).await;
            assert_eq!(silent.load(Ordering::Relaxed), 0);
        }
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "threads that are blocked are what is tested")]
    fn threads_that_are_stuck_do_not_beat() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let beats = runtime.block_on(async {
            let (beats, _) = beating(|| async { true });
            heard(&beats, 3).await;
            for _ in 0..2 {
                tokio::spawn(async { thread::sleep(Duration::from_millis(600)) });
            }
            beats
        });
        thread::sleep(Duration::from_millis(100));
        let stuck = beats.load(Ordering::Relaxed);
        thread::sleep(Duration::from_millis(300));
        assert_eq!(beats.load(Ordering::Relaxed), stuck);
        runtime.block_on(heard(&beats, stuck + 1));
    }
}
