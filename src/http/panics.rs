//! Panics: caught where a caller waits for an answer, counted, and reported without their message.
//!
//! The message of a panic may quote what a caller typed or the number of a caller; its place in our code may not.

use std::{
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};

use crate::telemetry::{Metric, Metrics};

/// Code of ours panicked.
#[derive(Debug)]
pub(super) struct Panicked;

/// Runs `f`; a panic in it is counted.
///
/// What `f` touches may be left half done, so it must be values that are then dropped, or counters.
pub(super) fn caught<T>(metrics: &Metrics, f: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(f)).map_err(|_| {
        metrics.count(Metric::PanicsCaught);
        Panicked
    })
}

/// The same for a future: a panic in any of its steps ends it.
pub(super) async fn caught_async<F: Future>(metrics: &Metrics, future: F) -> Result<F::Output, Panicked> {
    let mut future = pin!(future);
    poll_fn(|context| match caught(metrics, || future.as_mut().poll(context)) {
        Ok(poll) => poll.map(Ok),
        Err(panicked) => Poll::Ready(Err(panicked)),
    })
    .await
}

/// From now on a panic is logged as an error with its place in the code, never with its message.
pub fn hush_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        tracing::error!(%place, "panic");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_counted_and_ends_only_what_panicked() {
        let metrics = Metrics::default();
        assert!(caught(&metrics, || -> u8 { panic!("asked to") }).is_err());
        let late = async {
            tokio::task::yield_now().await;
            panic!("asked to")
        };
        assert!(caught_async(&metrics, late).await.is_err());
        assert_eq!(caught_async(&metrics, async { 3 }).await.ok(), Some(3));
        assert_eq!(metrics.get(Metric::PanicsCaught), 2);
    }
}
