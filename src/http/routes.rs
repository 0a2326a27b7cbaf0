//! Every path that the server answers, and everything that stands around a request, in one function.

use std::{any::Any, future::Future, sync::Arc};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, StatusCode},
    response::Response,
    routing::{get, post},
};
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;

use super::{app::App, audio, leg, limits::Limits, receive::Server, reply, webhook};
use crate::telemetry::{Metric, Metrics};

/// The service of the public listener.
pub(super) fn routes(app: Arc<App>, limits: Limits) -> Router {
    let metrics = app.metrics();
    let free = Semaphore::new(limits.requests);
    // The paths of the providers that are served, each by its name: a path with a parameter costs every webhook more.
    let webhooks = app.providers().fold(Router::new(), |router, name| {
        router
            .route(&format!("/{name}/voice"), get(voice).post(voice))
            .route(&format!("/{name}/status"), post(status))
            .route(&format!("/{name}/leg"), post(answered))
    });
    webhooks
        // GET answers HEAD, too.
        .route("/audio/{file}", get(recording))
        // Health is told also when there is no room for webhooks.
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .fallback(|| async { reply::bare(StatusCode::NOT_FOUND) })
        .method_not_allowed_fallback(|| async { reply::bare(StatusCode::METHOD_NOT_ALLOWED) })
        .with_state(Arc::new(Server { app, limits, free }))
        .layer(CatchPanicLayer::custom(move |panic| outer_net(&metrics, panic)))
}

async fn voice(State(server): State<Arc<Server>>, request: Request) -> Response {
    bounded(&server, webhook::voice(&server, request)).await
}

async fn status(State(server): State<Arc<Server>>, request: Request) -> Response {
    bounded(&server, webhook::status(&server, request)).await
}

/// A recording. No signature: what callers hear is no secret, and only who knows its hash can ask for it.
async fn recording(State(server): State<Arc<Server>>, request: Request) -> Response {
    audio::recording(&server, request.uri().path())
}

async fn answered(State(server): State<Arc<Server>>, request: Request) -> Response {
    bounded(&server, leg::leg(&server, request)).await
}

/// Ends what takes too long. No layer, which would cost a tenth of a webhook. What is too much is shed in `receive`.
async fn bounded(server: &Server, webhook: impl Future<Output = Response>) -> Response {
    let response = tokio::time::timeout(server.limits.request, webhook).await;
    response.unwrap_or_else(|_| reply::last(StatusCode::SERVICE_UNAVAILABLE))
}

/// The process lives.
async fn healthz() -> Response {
    reply::bare(StatusCode::OK)
}

/// Whether webhooks should be sent here, for whom, and what an operator looks at first.
async fn readyz(State(server): State<Arc<Server>>) -> Response {
    let (ready, body) = readiness(&server.app);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    reply::with(status, HeaderValue::from_static("application/json"), body.to_string())
}

/// What readiness tells. Of lines only how many: their names may be those of people.
pub(super) fn readiness(app: &App) -> (bool, serde_json::Value) {
    let ready = !app.is_draining();
    let now = app.clock.now().minute;
    let body = serde_json::json!({
        "ready": ready,
        "providers": app.providers().collect::<Vec<_>>(),
        "signature_refused": app.metrics.get(Metric::SignatureRefused),
        "unreadable_tokens": app.metrics.get(Metric::UnreadableTokens),
        "failures_answered": app.metrics.get(Metric::FailuresAnswered),
        "connections_refused": app.metrics.get(Metric::ConnectionsRefused),
        "panics_caught": app.metrics.get(Metric::PanicsCaught),
        "directory": directory(app, now),
        "lines_resting": app.board.health.resting(now),
        "lines_paused": app.board.pauses.names(now).len(),
    });
    (ready, body)
}

/// How the directory of centres stands, and the day of its list.
fn directory(app: &App, minute: u32) -> serde_json::Value {
    let world = &app.generation().world;
    let list = world.directory.as_ref().map(|directory| directory.state.to_string());
    serde_json::json!({ "standing": world.standing(minute).as_str(), "list": list })
}

/// A panic outside the reach of the webhook's own net. Its message is dropped: it may quote a caller.
fn outer_net(metrics: &Metrics, _panic: Box<dyn Any + Send>) -> Response {
    metrics.count(Metric::PanicsCaught);
    reply::last(StatusCode::INTERNAL_SERVER_ERROR)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;
    use crate::http::testing::{app, post, send, text};

    async fn status(app: &Arc<App>, request: Request<Body>) -> u16 {
        let response = send(app, request).await;
        let headers = response.headers();
        assert!(!headers.contains_key("set-cookie") && !headers.contains_key("location"), "{headers:?}");
        let status = response.status().as_u16();
        if status != 200 {
            assert_eq!(text(response).await, "", "{status} says nothing");
        }
        status
    }

    fn request(method: &str, path: &str) -> Request<Body> {
        Request::builder().method(method).uri(path).body(Body::empty()).unwrap()
    }

    #[tokio::test]
    async fn what_is_no_path_of_ours_is_not_found() {
        let app = app();
        for path in ["/", "/fake", "/fake/", "/fake/voice/", "//voice", "/twilio/voice", "/fake/other", "/metrics"] {
            assert_eq!(status(&app, post(path, "event=ended")).await, 404, "{path}");
        }
        for path in ["/%ff%fe/voice", "/f%61ke/voice", "/fake%2fvoice", "/../fake/voice/x"] {
            assert_eq!(status(&app, post(path, "event=ended")).await, 404, "{path}");
        }
    }

    #[tokio::test]
    async fn other_methods_are_not_allowed() {
        let app = app();
        for method in ["PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW"] {
            assert_eq!(status(&app, request(method, "/fake/voice")).await, 405, "{method}");
        }
        assert_eq!(status(&app, request("GET", "/fake/status")).await, 405);
        assert_eq!(status(&app, request("POST", "/healthz")).await, 405);
        assert_eq!(status(&app, request("GET", "/fake/voice")).await, 403);
    }

    #[tokio::test]
    async fn readiness_names_the_providers_and_ends_with_the_signal_to_stop() {
        let app = app();
        assert_eq!(status(&app, request("GET", "/healthz")).await, 200);
        let response = send(&app, request("GET", "/readyz")).await;
        assert_eq!(response.status(), StatusCode::OK);
        let body: serde_json::Value = serde_json::from_str(&text(response).await).unwrap();
        assert_eq!((&body["ready"], &body["providers"]), (&true.into(), &serde_json::json!(["fake"])));
        app.drain();
        let response = send(&app, request("GET", "/readyz")).await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(text(response).await.contains("\"ready\":false"));
        assert_eq!(status(&app, request("GET", "/healthz")).await, 200);
    }

    #[tokio::test]
    async fn without_room_webhooks_are_shed_and_health_is_still_told() {
        use tower::ServiceExt;
        let app = app();
        let full = routes(app.clone(), Limits { requests: 0, ..Limits::default() });
        let response = full.clone().oneshot(post("/fake/voice", "event=ended")).await.unwrap();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(app.metrics.get(Metric::ConnectionsRefused), 1);
        let response = full.oneshot(request("GET", "/healthz")).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
    }
}
