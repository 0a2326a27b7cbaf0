//! What the tests of this room share: an application with the fake provider, and one request to it.

use std::sync::Arc;

use axum::{body::Body, extract::Request, response::Response};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::{App, FixedClock, Flood, Limits, Options, Provider, routes::routes};
use crate::{
    call::Tokens,
    engine::{Loaded, Settings, World},
    journal::Recorder,
    lines::board::Board,
    provider::fake::Fake,
    telemetry::Metrics,
};

/// The world of the program.
fn world() -> World {
    Loaded::shipped(&Settings::default()).world.unwrap()
}

/// An application that serves the fake provider.
pub(super) fn app() -> Arc<App> {
    recorded("https://line.example.org/", Recorder::default())
}

/// The same under another URL, and with a journal.
pub(super) fn recorded(public_url: &str, recorder: Recorder) -> Arc<App> {
    made(public_url, recorder, Flood::unlimited())
}

/// The same, with limits on new calls.
pub(super) fn app_counting(flood: Flood) -> Arc<App> {
    made("https://line.example.org/", Recorder::default(), flood)
}

fn made(public_url: &str, recorder: Recorder, flood: Flood) -> Arc<App> {
    Arc::new(App::new(Options {
        world: Arc::new(world()),
        providers: vec![Provider { dialect: Box::new(Fake), caller_id: None }],
        public_url: public_url.to_owned(),
        tokens: Tokens::new("a secret of at least thirty-two characters", &[]),
        clock: Arc::new(FixedClock::at(1_764_633_600)),
        metrics: Arc::new(Metrics::default()),
        board: Arc::new(Board::default()),
        recorder,
        flood,
        other_machines: false,
    }))
}

/// Sends one request through the routes.
pub(super) async fn send(app: &Arc<App>, request: Request<Body>) -> Response {
    routes(app.clone(), Limits::default()).oneshot(request).await.unwrap()
}

/// A signed POST.
pub(super) fn post(path: &str, body: &str) -> Request<Body> {
    Request::post(path).header("x-fake", "signed").body(Body::from(body.to_owned())).unwrap()
}

/// The body of a response, as text.
pub(super) async fn text(response: Response) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}
