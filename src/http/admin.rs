//! The operators' listener, meant for loopback: the counters, and the lines, which are looked at, paused and resumed here. No
//! webhook is answered here.

use std::{future::Future, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::State,
    http::{HeaderValue, StatusCode},
    response::Response,
    routing::{get, post},
};
use tokio::net::TcpListener;

use super::{app::App, limits::Limits, listener, operators, reply, routes::readiness};

/// Serves operators until `shutdown` is ready.
pub async fn serve_admin(listener: TcpListener, app: Arc<App>, shutdown: impl Future<Output = ()>) {
    let limits = Limits { connections: 16, grace: Duration::from_secs(1), ..Limits::default() };
    let metrics = app.metrics();
    let router = Router::new()
        .route("/metrics", get(counters))
        .route("/readyz", get(readyz))
        .route("/lines", get(operators::lines))
        .route("/lines/{name}/pause", post(operators::pause).delete(operators::resume))
        .fallback(|| async { reply::bare(StatusCode::NOT_FOUND) })
        .method_not_allowed_fallback(|| async { reply::bare(StatusCode::METHOD_NOT_ALLOWED) })
        .with_state(app);
    listener::run(listener, router, &limits, metrics, shutdown).await;
}

/// In the text form of Prometheus.
async fn counters(State(app): State<Arc<App>>) -> Response {
    let mut text = app.metrics.render();
    operators::gauges(&app, &mut text);
    reply::document(HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"), text)
}

/// As on the public listener, which lines are not as they should be, and how the journal stands.
async fn readyz(State(app): State<Arc<App>>) -> Response {
    let (ready, mut body) = readiness(&app);
    body["lines"] = operators::out_of_order(&app);
    body["journal"] = operators::journal(&app);
    operators::json(if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, &body)
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
    };

    use super::*;
    use crate::{http::testing::app, telemetry::Metric};

    #[tokio::test]
    async fn the_counters_are_told() {
        let app = app();
        app.metrics.count(Metric::CallsBegun);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let served = tokio::spawn(serve_admin(listener, app.clone(), std::future::pending()));
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(b"GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains(&app.metrics.render()), "{answer}");
        assert!(answer.contains("\nallo_cmp_line_held{line=\"sos_amitie\"} 0\n"), "{answer}");
        served.abort();
    }
}
