//! Clients that take their time, on purpose or not: each is closed, none costs another caller anything.

use std::time::{Duration, Instant};

use allo_cmp::{http::Limits, telemetry::Metric};
use tokio::time::sleep;

use crate::server::{Server, limits};

/// Far above every time-out of the tests, far below "for ever".
const PATIENCE: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_silent_client_is_closed() {
    let server = Server::start(limits()).await;
    assert_eq!(server.connect().await.read_to_end(PATIENCE).await, "");
    assert_eq!(server.count(Metric::SlowClientsClosed), 1);
}

#[tokio::test]
async fn half_a_header_is_closed() {
    let server = Server::start(limits()).await;
    let mut client = server.connect().await;
    client.send("POST /refusing/voice HTTP/1.1\r\nHost: a").await;
    client.read_to_end(PATIENCE).await;
    assert_eq!(server.count(Metric::SlowClientsClosed), 1);
}

#[tokio::test]
async fn a_dribbling_header_is_closed() {
    let server = Server::start(limits()).await;
    let (mut reading, mut writing) = server.connect().await.0.into_split();
    let dribble = tokio::spawn(async move {
        use tokio::io::AsyncWriteExt;
        let head = b"GET /healthz HTTP/1.1\r\nx: ".iter().copied();
        for byte in head.chain(std::iter::repeat(b'a')) {
            if writing.write_u8(byte).await.is_err() {
                break;
            }
            sleep(Duration::from_millis(20)).await;
        }
    });
    let began = Instant::now();
    let mut all = Vec::new();
    let end = tokio::time::timeout(PATIENCE, tokio::io::AsyncReadExt::read_to_end(&mut reading, &mut all)).await;
    assert!(end.is_ok(), "still open after {:?}", began.elapsed());
    assert_eq!(server.count(Metric::SlowClientsClosed), 1);
    dribble.abort();
}

#[tokio::test]
async fn an_idle_connection_is_closed_and_not_blamed() {
    let server = Server::start(limits()).await;
    let mut client = server.connect().await;
    for _ in 0..2 {
        client.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").await;
        assert!(client.read_head().await.starts_with("HTTP/1.1 200"));
    }
    assert_eq!(client.read_to_end(PATIENCE).await, "");
    assert_eq!(server.count(Metric::SlowClientsClosed), 0);
}

#[tokio::test]
async fn half_a_body_is_answered_408_and_closed() {
    let server = Server::start(limits()).await;
    let mut client = server.connect().await;
    client.send("POST /refusing/voice HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nCallSid=").await;
    let answer = client.read_to_end(PATIENCE).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert_eq!(server.count(Metric::SlowClientsClosed), 1);
    assert_eq!(server.count(Metric::SignatureRefused), 0);
}

#[tokio::test]
async fn a_dribbling_body_is_closed() {
    let server = Server::start(limits()).await;
    let mut client = server.connect().await;
    client.send("POST /refusing/voice HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n").await;
    for _ in 0..30 {
        client.send("1\r\na\r\n").await;
        sleep(Duration::from_millis(20)).await;
    }
    let answer = client.read_to_end(PATIENCE).await;
    // The answer may be lost where the client wrote on after the end.
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert_eq!(server.count(Metric::SlowClientsClosed), 1);
}

#[tokio::test]
async fn a_client_that_never_reads_is_cut() {
    let lifetime = Duration::from_millis(500);
    let server = Server::start(Limits { lifetime, ..limits() }).await;
    let mut client = server.connect().await;
    let many = "GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1000);
    // Until its answers fill every buffer on the way, or it is cut.
    let flood = async {
        use tokio::io::AsyncWriteExt;
        while client.0.write_all(many.as_bytes()).await.is_ok() {}
    };
    assert!(tokio::time::timeout(PATIENCE * 2, flood).await.is_ok(), "still open");
}

#[tokio::test]
async fn half_bodies_take_no_place_among_the_webhooks_in_work() {
    let server = Server::start(Limits { requests: 1, body: PATIENCE, request: PATIENCE, ..limits() }).await;
    let mut slow = Vec::new();
    for _ in 0..10 {
        let mut client = server.connect().await;
        client.send("POST /refusing/voice HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nCallSid=").await;
        slow.push(client);
    }
    sleep(Duration::from_millis(100)).await;
    let mut client = server.connect().await;
    client.send("POST /refusing/voice HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").await;
    let answer = client.read_to_end(PATIENCE).await;
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
}

#[tokio::test]
async fn others_are_answered_meanwhile() {
    let server = Server::start(limits()).await;
    let mut silent = Vec::new();
    for _ in 0..50 {
        silent.push(server.connect().await);
    }
    let mut client = server.connect().await;
    client.send("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert!(client.read_to_end(PATIENCE).await.starts_with("HTTP/1.1 200"));
}
