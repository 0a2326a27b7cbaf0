//! The bounds of the server over real sockets: sizes, numbers, and the way it stops.

use std::time::{Duration, Instant};

use allo_cmp::{
    http::{Drained, Limits},
    telemetry::Metric,
};
use tokio::{net::TcpStream, time::sleep};

use crate::{
    line::raw,
    program::Program,
    server::{Server, limits},
};

const PATIENCE: Duration = Duration::from_secs(5);
const HEALTHZ: &str = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

/// Sends `request` on its own connection; everything that comes back.
async fn ask(server: &Server, request: impl AsRef<[u8]>) -> String {
    let mut client = server.connect().await;
    client.send(request).await;
    client.read_to_end(PATIENCE).await
}

#[tokio::test]
async fn a_body_of_64_kib_is_read_and_a_larger_one_is_413() {
    let server = Server::start(limits()).await;
    let sized = |size: usize| {
        format!(
            "POST /refusing/voice HTTP/1.1\r\nConnection: close\r\nContent-Length: {size}\r\n\r\n{}",
            "a".repeat(size)
        )
    };
    assert!(ask(&server, sized(64 * 1024)).await.starts_with("HTTP/1.1 403"));
    // Told by its length: answered before it is sent.
    let told = "POST /refusing/voice HTTP/1.1\r\nContent-Length: 70000\r\n\r\n";
    assert!(ask(&server, told).await.starts_with("HTTP/1.1 413"));
    let chunks = format!("1000\r\n{}\r\n", "a".repeat(0x1000)).repeat(16) + "1\r\na\r\n";
    let chunked = format!("POST /refusing/voice HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");
    assert!(ask(&server, chunked).await.starts_with("HTTP/1.1 413"));
    assert_eq!(server.count(Metric::SignatureRefused), 1);
}

#[tokio::test]
async fn header_bombs_are_431_and_harm_nobody() {
    let server = Server::start(limits()).await;
    let many: String = (0..5000).map(|i| format!("x-{i}: y\r\n")).collect();
    let one = format!("x: {}\r\n", "a".repeat(100_000));
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(100_000));
    for bomb in [format!("GET /healthz HTTP/1.1\r\n{many}\r\n"), format!("GET /healthz HTTP/1.1\r\n{one}\r\n"), long] {
        let answer = ask(&server, bomb).await;
        // Where more was sent than read, the system may drop the answer.
        let refused = ["HTTP/1.1 431", "HTTP/1.1 414", "HTTP/1.1 400"].iter().any(|status| answer.starts_with(status));
        assert!(refused || answer.is_empty(), "{answer}");
    }
    assert!(ask(&server, "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n").await.starts_with("HTTP/1.1 200"));
    assert_eq!(server.count(Metric::PanicsCaught), 0);
}

#[tokio::test]
async fn junk_is_refused_without_a_panic() {
    let server = Server::start(limits()).await;
    let junk: [(&[u8], &[&str]); 8] = [
        (b"GET /\xff\xfe/voice HTTP/1.1\r\nConnection: close\r\n\r\n", &["404", "400"]),
        (b"POST /%ff/voice HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", &["404"]),
        (b"BREW /refusing/voice HTTP/1.1\r\nConnection: close\r\n\r\n", &["405"]),
        (b"OPTIONS * HTTP/1.1\r\nConnection: close\r\n\r\n", &["404"]),
        (b"CONNECT example.org:443 HTTP/1.1\r\nConnection: close\r\n\r\n", &["404", "405", "400"]),
        (b"POST http://evil.example/refusing/voice HTTP/1.1\r\nConnection: close\r\n\r\n", &["403"]),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", &["400"]),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &["400", "505"]),
    ];
    for (request, statuses) in junk {
        let answer = ask(&server, request).await;
        let shown = String::from_utf8_lossy(request);
        assert!(
            answer.is_empty() || statuses.iter().any(|status| answer[9..].starts_with(status)),
            "{shown}: {answer}"
        );
        assert!(!answer.contains("evil") && !answer.to_lowercase().contains("set-cookie"), "{answer}");
    }
    assert_eq!(server.count(Metric::PanicsCaught), 0);
}

#[tokio::test]
async fn one_connection_too_many_hears_503() {
    let server = Server::start(Limits { connections: 1, ..limits() }).await;
    let mut first = server.connect().await;
    first.send("GET /healthz HTTP/1.1\r\n\r\n").await;
    assert!(first.read_head().await.starts_with("HTTP/1.1 200"));
    let answer = server.connect().await.read_to_end(PATIENCE).await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert_eq!(server.count(Metric::ConnectionsRefused), 1);
    drop(first);
    // The place is free as soon as the server has noticed.
    let mut answer = String::new();
    for _ in 0..50 {
        answer = ask(&server, "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n").await;
        if answer.starts_with("HTTP/1.1 200") {
            break;
        }
        sleep(Duration::from_millis(20)).await;
    }
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn stopping_closes_idle_connections_at_once_and_lets_requests_finish() {
    let slow = Limits { header: PATIENCE * 2, body: PATIENCE * 2, request: PATIENCE * 2, grace: PATIENCE, ..limits() };
    let server = Server::start(slow).await;
    let address = server.address;
    let mut idle = server.connect().await;
    idle.send("GET /healthz HTTP/1.1\r\n\r\n").await;
    idle.read_head().await;
    let mut silent = server.connect().await;
    let mut working = server.connect().await;
    working.send("POST /refusing/voice HTTP/1.1\r\nContent-Length: 4\r\n\r\na=").await;
    sleep(Duration::from_millis(200)).await;

    let began = Instant::now();
    let served = server.stop();
    assert_eq!(idle.read_to_end(PATIENCE).await, "");
    assert_eq!(silent.read_to_end(PATIENCE).await, "");
    assert!(began.elapsed() < PATIENCE / 2, "idle connections waited for {:?}", began.elapsed());
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "nobody listens any more");
    working.send("bc").await;
    assert!(working.read_to_end(PATIENCE).await.starts_with("HTTP/1.1 403"));
    assert_eq!(served.await.unwrap(), Drained { cut: 0 });
}

#[tokio::test]
async fn a_request_that_outlasts_the_grace_period_is_cut() {
    let slow = Limits { body: PATIENCE, request: PATIENCE, grace: Duration::from_millis(150), ..limits() };
    let server = Server::start(slow).await;
    let mut working = server.connect().await;
    working.send("POST /refusing/voice HTTP/1.1\r\nContent-Length: 4\r\n\r\na=").await;
    sleep(Duration::from_millis(200)).await;
    assert_eq!(server.stop().await.unwrap(), Drained { cut: 1 });
}

#[tokio::test]
async fn while_lingering_the_server_answers_and_says_that_it_goes() {
    let server = Server::start(Limits { linger: Duration::from_millis(600), ..limits() }).await;
    let address = server.address;
    let served = server.stop();
    sleep(Duration::from_millis(200)).await;
    let mut client = crate::server::Client(tokio::net::TcpStream::connect(address).await.unwrap());
    client.send("GET /readyz HTTP/1.1\r\nConnection: close\r\n\r\n").await;
    let answer = client.read_to_end(PATIENCE).await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.contains("\"ready\":false"), "{answer}");
    assert_eq!(served.await.unwrap(), Drained { cut: 0 });
}

#[tokio::test]
async fn while_lingering_each_answer_ends_its_connection_so_that_proxies_leave_by_themselves() {
    let server = Server::start(Limits { linger: PATIENCE, header: PATIENCE, ..limits() }).await;
    let mut kept = server.connect().await;
    kept.send("GET /healthz HTTP/1.1\r\n\r\n").await;
    assert!(!kept.read_head().await.contains("connection: close"));
    let mut working = server.connect().await;
    working.send("POST /refusing/voice HTTP/1.1\r\nContent-Length: 4\r\n\r\na=").await;
    sleep(Duration::from_millis(100)).await;
    let address = server.address;
    let _served = server.stop();
    sleep(Duration::from_millis(100)).await;

    let mut new = crate::server::Client(tokio::net::TcpStream::connect(address).await.unwrap());
    new.send("GET /healthz HTTP/1.1\r\n\r\n").await;
    kept.send("GET /healthz HTTP/1.1\r\n\r\n").await;
    working.send("bc").await;
    for (mut client, status) in [(new, 200), (kept, 200), (working, 403)] {
        let answer = client.read_to_end(PATIENCE / 2).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
        assert!(answer.contains("connection: close"), "{answer}");
    }
}

#[tokio::test]
async fn a_connection_that_was_accepted_just_before_the_end_is_still_answered() {
    let server = Server::start(limits()).await;
    let mut new = server.connect().await;
    sleep(Duration::from_millis(50)).await;
    let served = server.stop();
    sleep(Duration::from_millis(100)).await;
    new.send("GET /healthz HTTP/1.1\r\n\r\n").await;
    let answer = new.read_to_end(PATIENCE).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("connection: close"), "{answer}");
    assert_eq!(served.await.unwrap(), Drained { cut: 0 });
}

#[tokio::test]
async fn a_connection_that_is_used_for_long_ends_with_an_answer() {
    let lifetime = Duration::from_millis(300);
    let server = Server::start(Limits { lifetime, header: PATIENCE, ..limits() }).await;
    let mut client = server.connect().await;
    client.send("GET /healthz HTTP/1.1\r\n\r\n").await;
    assert!(!client.read_head().await.contains("connection: close"));
    sleep(lifetime * 2).await;
    client.send("GET /healthz HTTP/1.1\r\n\r\n").await;
    let answer = client.read_to_end(PATIENCE / 2).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("connection: close"), "{answer}");
}

/// Connections that say nothing: each holds an open file of the program.
async fn silent(program: &Program, how_many: usize) -> Vec<TcpStream> {
    let mut held = Vec::new();
    for _ in 0..how_many {
        held.push(TcpStream::connect(program.address).await.unwrap());
    }
    held
}

/// As a shell or a container that allows 1,024 files, where `server.max_connections` is as many.
#[tokio::test]
async fn where_few_files_may_be_open_and_more_are_allowed_the_connections_that_were_promised_are_held() {
    let program = Program::start_after("ulimit -S -n 64 && ulimit -H -n 2000").await;
    let held = silent(&program, 200).await;
    assert_eq!(raw(program.address, HEALTHZ).await.0, 200);
    assert!(!program.log().contains("too few files"), "{}", program.log());
    drop(held);
}

#[tokio::test]
async fn out_of_files_the_log_says_what_is_short_and_the_line_recovers() {
    let program = Program::start_after("ulimit -n 64").await;
    assert!(program.log().contains("too few files may be open for server.max_connections"), "{}", program.log());
    let held = silent(&program, 100).await;
    let began = Instant::now();
    while !program.log().contains("a connection could not be accepted error=Too many open files") {
        assert!(began.elapsed() < Duration::from_secs(20), "{}", program.log());
        sleep(Duration::from_millis(10)).await;
    }
    drop(held);
    assert_eq!(raw(program.address, HEALTHZ).await.0, 200);
}
