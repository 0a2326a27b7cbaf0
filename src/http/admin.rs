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

use super::{app::App, door::Door, limits::Limits, listener, operators, reply, routes::readiness};
use crate::telemetry::Listener;

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
    listener::run(listener, router, &limits, (metrics, Listener::Operators, Door::Plain), shutdown).await;
}

/// In the text form of Prometheus.
async fn counters(State(app): State<Arc<App>>) -> Response {
    let mut text = app.metrics.render();
    operators::gauges(&app, &mut text);
    let text = text.into_string();
    reply::document(HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"), text)
}

/// As on the public listener, and everything that is not as it should be.
async fn readyz(State(app): State<Arc<App>>) -> Response {
    let (ready, mut body) = readiness(&app);
    operators::detail(&app, &mut body);
    operators::json(if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, &body)
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
    };

    use super::*;
    use crate::{
        http::{Reload, testing},
        telemetry::Metric,
    };

    /// The answer to operators who ask for `path`.
    async fn get(app: &Arc<App>, path: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let served = tokio::spawn(serve_admin(listener, app.clone(), std::future::pending()));
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(format!("GET {path} HTTP/1.1\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        served.abort();
        answer
    }

    #[tokio::test]
    async fn the_counters_are_told() {
        let app = testing::app();
        app.metrics.count(Metric::CallsBegun);
        let answer = get(&app, "/metrics").await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains("\nallo_cmp_calls_begun_total 1\n"), "{answer}");
        assert!(answer.contains("\nallo_cmp_connections_open{listener=\"operators\"} 1\n"), "{answer}");
        assert!(answer.contains("\nallo_cmp_line_held{line=\"sos_amitie\"} 0\n"), "{answer}");
    }

    #[tokio::test]
    async fn what_is_not_as_it_should_be_is_said_in_words_and_calls_go_on() {
        let app = testing::app();
        let ready = async || -> serde_json::Value {
            let answer = get(&app, "/readyz").await;
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
            serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
        };
        let well = ready().await;
        assert_eq!((&well["degraded"], &well["last_reload"]), (&serde_json::json!([]), &serde_json::Value::Null));
        assert_eq!((&well["journal"]["state"], &well["journal"]["lost"]), (&"off".into(), &0.into()));
        assert_eq!((&well["started"], &well["reviews_passed"]), (&"2025-12-02T01:00:00+01:00".into(), &0.into()));
        let minute = app.clock.now().minute;
        app.told().not_served(vec!["plivo"]);
        app.told().reviews(vec![minute - 1, minute, minute + 1]);
        app.told().reloaded(Reload { minute, refused: Some("the line has 2 error(s)".to_owned()) });
        let other = ready().await;
        let words = other["degraded"].to_string();
        assert!(words.contains("was refused") && words.contains("is not served"), "{words}");
        assert_eq!((&other["ready"], &other["reviews_passed"]), (&true.into(), &2.into()));
        assert_eq!(other["providers_not_served"], serde_json::json!(["plivo"]));
        assert_eq!(other["last_reload"]["refused"], "the line has 2 error(s)");
        let strangers = testing::send(&app, axum::extract::Request::get("/readyz").body("".into()).unwrap()).await;
        let strangers = testing::text(strangers).await;
        for word in ["degraded", "journal", "reload", "plivo", "version", "reviews"] {
            assert!(!strangers.contains(word), "{word}: {strangers}");
        }
    }
}
