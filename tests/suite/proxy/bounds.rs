//! What is too much, too slow or too old is cut, and nobody else waits for it.

use std::time::{Duration, Instant};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    task::JoinSet,
};

use super::{Bench, tls::HOST};

/// Above our own bound.
const TOO_MUCH: usize = 72 * 1024;
const PAUSE: Duration = Duration::from_millis(200);

impl Bench {
    pub(super) async fn a_large_body_is_refused(&self) {
        // Caddy 2.6 takes it for a fault of the line.
        let refused: &[u16] = if self.front.name == "Caddy" { &[413, 502] } else { &[413] };
        for size in [66_560, TOO_MUCH] {
            let mark = format!("large-{size}.");
            let head =
                format!("POST /twilio/voice HTTP/1.1\r\nHost: {HOST}\r\nx-mark: {mark}\r\nConnection: close\r\n");
            let answer = self.front.ask(format!("{head}Content-Length: {size}\r\n\r\n{}", "a".repeat(size))).await;
            assert!(refused.contains(&answer.status), "{}: {answer:?}", self.front.name);
            let chunks = format!("400\r\n{}\r\n", "a".repeat(1024)).repeat(size / 1024 + 1);
            let answer = self.front.ask(format!("{head}Transfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n")).await;
            assert!(refused.contains(&answer.status), "{}, in pieces: {answer:?}", self.front.name);
            let arrived = self.tap.requests(&mark).iter().map(String::len).max().unwrap_or(0);
            assert!(arrived < size, "{}: {arrived}", self.front.name);
        }
        // One that is as large as may be does arrive, and is judged by its signature.
        let body = "a".repeat(64 * 1024);
        let head = format!(
            "POST /twilio/voice HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nContent-Length: 65536\r\n\r\n"
        );
        assert_eq!(self.front.ask(head + &body).await.status, 403, "{}", self.front.name);
    }

    pub(super) async fn a_large_head_is_refused(&self) {
        for (n, header) in
            [format!("x-large: {}\r\n", "a".repeat(40_000)), "x-many: aaaaaaaaaa\r\n".repeat(2000)].iter().enumerate()
        {
            let mark = format!("head-{n}.");
            let answer = self
                .front
                .ask(format!(
                    "GET /twilio/voice HTTP/1.1\r\nHost: {HOST}\r\nx-mark: {mark}\r\nConnection: close\r\n{header}\r\n"
                ))
                .await;
            assert!(matches!(answer.status, 400 | 431), "{}: {answer:?}", self.front.name);
            assert!(self.tap.requests(&mark).is_empty(), "{}", self.front.name);
        }
        let answer = self.front.get(&format!("/twilio/voice?long-target={}", "a".repeat(40_000)), "long.").await;
        assert!(matches!(answer.status, 414 | 431), "{}: {answer:?}", self.front.name);
        assert!(self.tap.requests("long-target").is_empty(), "{}", self.front.name);
    }

    pub(super) async fn a_head_that_dribbles_is_cut(&self) {
        let client = self.front.authority.connect(self.front.https, &["http/1.1"]).await.unwrap();
        let head = format!("POST /twilio/voice HTTP/1.1\r\nHost: {HOST}\r\nx-mark: dribbled-head.\r\nx: ");
        let answer = client.dribble(head, "a", PAUSE).await;
        assert!(answer.after < Duration::from_secs(8), "{}: {answer:?}", self.front.name);
        assert!(self.tap.requests("dribbled-head.").is_empty(), "{}", self.front.name);
    }

    pub(super) async fn a_silent_client_is_cut(&self) {
        let began = Instant::now();
        let mut stream = tokio::net::TcpStream::connect(self.front.https).await.unwrap();
        let end = tokio::time::timeout(Duration::from_secs(8), stream.read_to_end(&mut Vec::new())).await;
        assert!(end.is_ok(), "{}: no word of TLS, and still open after {:?}", self.front.name, began.elapsed());
    }

    pub(super) async fn a_body_that_dribbles_is_cut(&self) {
        let client = self.front.authority.connect(self.front.https, &["http/1.1"]).await.unwrap();
        let head = format!(
            "POST /twilio/voice HTTP/1.1\r\nHost: {HOST}\r\nx-mark: dribbled-body.\r\nContent-Length: 60000\r\n\r\n"
        );
        let answer = client.dribble(head, "a", PAUSE).await;
        assert!(answer.after < Duration::from_secs(18), "{}: {answer:?}", self.front.name);
        assert!(matches!(answer.status, 0 | 400 | 408 | 502), "{}: {answer:?}", self.front.name);
    }

    /// Two requests in one, for whoever reads the length otherwise: the second reaches nobody.
    pub(super) async fn no_second_request_is_smuggled(&self) {
        let inner = format!("GET /twilio/voice?smuggled=yes HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
        let long = inner.len() + 5;
        for (n, (framing, body)) in [
            (format!("Content-Length: {long}\r\nTransfer-Encoding: chunked"), format!("0\r\n\r\n{inner}")),
            (format!("Transfer-Encoding: chunked\r\nContent-Length: {long}"), format!("0\r\n\r\n{inner}")),
            (format!("Content-Length: 0\r\nContent-Length: {}", inner.len()), inner.clone()),
            (format!("Transfer-Encoding: xchunked\r\nContent-Length: {}", inner.len()), inner.clone()),
            ("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity".to_owned(), format!("0\r\n\r\n{inner}")),
            (format!("Content-Length: +{}", inner.len()), inner.clone()),
        ]
        .into_iter()
        .enumerate()
        {
            let mark = format!("smuggle-{n}.");
            let answer = self.front.ask(format!(
                "POST /twilio/voice HTTP/1.1\r\nHost: {HOST}\r\nx-mark: {mark}\r\nConnection: close\r\n{framing}\r\n\r\n{body}"
            )).await;
            // Refused; or read in the one way that the rules allow, framed anew, and the connection closed.
            assert!(matches!(answer.status, 400 | 403 | 501), "{}: {framing}: {answer:?}", self.front.name);
            for arrived in self.tap.requests(&mark) {
                let both = arrived.to_ascii_lowercase();
                let both = both.contains("content-length:") && both.contains("transfer-encoding:");
                assert!(!both, "{}: {framing}: {arrived}", self.front.name);
            }
            let second = self.tap.requests("smuggled=yes");
            assert!(second.iter().all(|bytes| !bytes.starts_with("GET")), "{}: {framing}: {second:?}", self.front.name);
        }
    }

    pub(super) async fn an_old_tls_is_refused(&self) {
        for (version, name) in [(1, "TLS 1.0"), (2, "TLS 1.1")] {
            let host = HOST.as_bytes();
            let n = u8::try_from(host.len()).unwrap();
            // The name; then the curves that every client of that time knew.
            let mut extensions = vec![0, 0, 0, n + 5, 0, n + 3, 0, 0, n];
            extensions.extend(host);
            extensions.extend([0, 10, 0, 4, 0, 2, 0, 23, 0, 11, 0, 2, 1, 0]);
            let mut hello = vec![3, version];
            hello.extend([7; 32]);
            hello.extend([0, 0, 4, 0xc0, 0x09, 0xc0, 0x0a, 1, 0, 0, u8::try_from(extensions.len()).unwrap()]);
            hello.extend(&extensions);
            let length = u8::try_from(hello.len()).unwrap();
            let mut record = vec![0x16, 3, 1, 0, length + 4, 1, 0, 0, length];
            record.extend(&hello);
            let mut stream = tokio::net::TcpStream::connect(self.front.https).await.unwrap();
            stream.write_all(&record).await.unwrap();
            let mut answer = Vec::new();
            let _ = tokio::time::timeout(Duration::from_secs(8), stream.read_to_end(&mut answer)).await.unwrap();
            // A fatal alert: the version of the protocol.
            assert!(
                answer.first() == Some(&0x15) && answer.ends_with(&[2, 70]),
                "{}: {name}: {answer:?}",
                self.front.name
            );
        }
    }

    /// Caddy has no such bound: deploy/README.md says so.
    pub(super) async fn one_address_has_no_more_places_than_the_line(&self) {
        if self.front.name == "Caddy" {
            return;
        }
        let mut clients = JoinSet::new();
        for _ in 0..300 {
            let connection = self.front.authority.connect(self.front.https, &["http/1.1"]).await;
            clients.spawn(async move {
                let mut client = connection.ok()?;
                // Its body never comes.
                client.send(format!("POST /twilio/voice HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 9\r\n\r\n")).await;
                let mut begun = [0; 12];
                // Before the body is given up, too.
                let read = tokio::time::timeout(Duration::from_secs(4), client.0.read_exact(&mut begun)).await;
                read.ok()?.ok().map(|_| begun)
            });
        }
        let answers: Vec<_> = clients.join_all().await.into_iter().flatten().collect();
        let refused = answers.iter().filter(|begun| *begun == b"HTTP/1.1 503").count();
        assert!(
            (1..=44).contains(&refused) && refused == answers.len(),
            "{}: {refused} {}",
            self.front.name,
            answers.len()
        );
    }
}
