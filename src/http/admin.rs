//! The operators' listener, meant for loopback: the counters. No webhook is answered here.

use std::{future::Future, sync::Arc, time::Duration};

use axum::{
    Router,
    http::{HeaderValue, StatusCode},
    routing::get,
};
use tokio::net::TcpListener;

use super::{app::App, limits::Limits, listener, reply};

/// Serves `/metrics`, in the text form of Prometheus, until `shutdown` is ready.
pub async fn serve_admin(listener: TcpListener, app: Arc<App>, shutdown: impl Future<Output = ()>) {
    let limits = Limits { connections: 16, grace: Duration::from_secs(1), ..Limits::default() };
    let metrics = app.metrics();
    let counters = {
        let metrics = metrics.clone();
        move || async move {
            let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
            reply::document(kind, metrics.render())
        }
    };
    let router =
        Router::new().route("/metrics", get(counters)).fallback(|| async { reply::bare(StatusCode::NOT_FOUND) });
    listener::run(listener, router, &limits, metrics, shutdown).await;
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
        assert!(answer.ends_with(&app.metrics.render()), "{answer}");
        served.abort();
    }
}
