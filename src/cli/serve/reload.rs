//! SIGHUP: flows and scripts are read again, whole; a set with an error is refused, and the old one keeps serving.

use std::sync::Arc;

use tokio::signal::unix::Signal;

use super::manager;
use crate::{
    cli::{
        centres,
        line::{self, Judge},
    },
    config::Settings,
    http::{App, Clock, Reload, SystemClock},
    telemetry::Metric,
};

/// Reads the line again at each SIGHUP. Calls in progress go on: a key means what was spoken, else it is read again.
pub(super) async fn on_hangup(mut hangup: Signal, app: Arc<App>, settings: Settings) {
    while hangup.recv().await.is_some() {
        manager::reloading().await;
        let settings = settings.clone();
        // Reading files and walking every state takes its time: not on a thread that answers calls.
        let on_air = app.directory();
        let read = tokio::task::spawn_blocking(move || {
            let directory = centres::for_calls(&settings, on_air);
            line::world_and_reviews(&settings, Judge::Wholly, SystemClock.now(), directory)
        });
        let read = read.await;
        // A panic over one set must not end the wait for the next.
        let minute = SystemClock.now().minute;
        let status = match read.unwrap_or_else(|panicked| Err(panicked.into())) {
            Ok((world, reviews)) => {
                app.put_on_air(Arc::new(world));
                tracing::info!("flows and scripts were read again: the new ones are on the air");
                app.metrics().count(Metric::Reloads);
                app.told().reviews(reviews);
                app.told().reloaded(Reload { minute, refused: None });
                "the line is open, with the flows and scripts that were just read"
            }
            Err(error) => {
                tracing::error!(%error, "flows and scripts were read again and refused: the old ones keep serving");
                app.metrics().count(Metric::ReloadsRefused);
                app.told().reloaded(Reload { minute, refused: Some(format!("{error:#}")) });
                "the line is open as it was: the new flows and scripts were refused; the log says why"
            }
        };
        manager::open(status.to_owned()).await;
    }
}
