//! The server: from a provider's connection to its answer, within bounds of time and size.
//!
//! Only this room knows hyper and axum. It knows no dialect (it asks [`crate::provider::Dialect`]) and nothing of what
//! the line says (it asks [`crate::engine`]); it gives the engine the time and performs its effects. Nothing that
//! identifies a caller leaves this room for a log: no number, no key, no URL.

mod admin;
mod apology;
mod app;
mod audio;
mod clock;
mod door;
mod drive;
mod facts;
mod flood;
mod journal;
mod leg;
mod limits;
mod listener;
mod measure;
mod operators;
mod panics;
mod place;
mod query;
mod receive;
mod reply;
mod routes;
mod seldom;
#[cfg(test)]
mod testing;
#[cfg(feature = "tls")]
mod tls;
mod told;
mod webhook;

use std::{future::Future, sync::Arc};

use tokio::net::TcpListener;
use tower::ServiceExt as _;

use crate::telemetry::Listener;

pub use admin::serve_admin;
pub use app::{App, Options, Provider};
pub use clock::{Clock, FixedClock, SystemClock};
pub use door::Door;
pub use flood::{Admitted, Flood, FloodLimits};
pub use limits::Limits;
pub use listener::Drained;
pub use panics::hush_panics;
#[cfg(feature = "tls")]
pub use tls::{Tls, TlsError};
pub use told::{Reload, Served, Told};

/// Our own parameters in the query of a webhook, for those who try what it reads: language, token, round of failure.
pub(crate) fn read_query(text: &str) -> (Option<crate::call::Lang>, Option<&str>, u8) {
    let query::Query { lang, token, round } = query::Query::read(text);
    (lang, token, round)
}

/// The service of the public listener without a socket: for benches, and for [`answers`].
pub fn service(app: Arc<App>, limits: Limits) -> axum::Router {
    routes::routes(app, limits)
}

/// Whether the service of the public listener answers, asked as a request would ask it: for whoever restarts a program that is stuck.
pub async fn answers(service: &axum::Router) -> bool {
    let request = axum::extract::Request::get("/healthz").body(axum::body::Body::empty());
    match request {
        Ok(request) => service.clone().oneshot(request).await.is_ok_and(|response| response.status().is_success()),
        Err(_) => false,
    }
}

/// Serves the providers' webhooks on `listener` until `shutdown` is ready, then ends gracefully.
///
/// On `shutdown`, `/readyz` answers 503 at once and each answer ends its connection; after [`Limits::linger`] no connection is
/// accepted any more and idle ones are closed; new ones have [`Limits::first`] for their request, and requests in flight
/// [`Limits::grace`] to finish.
pub async fn serve(
    listener: TcpListener,
    app: Arc<App>,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) -> Drained {
    serve_through(listener, Door::Plain, app, limits, shutdown).await
}

/// The same; each connection begins as `door` says.
pub async fn serve_through(
    listener: TcpListener,
    door: Door,
    app: Arc<App>,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) -> Drained {
    let stop = async {
        shutdown.await;
        app.drain();
    };
    let router = routes::routes(app.clone(), limits.clone());
    listener::run(listener, router, &limits, (app.metrics(), Listener::Providers, door), stop).await
}
