//! Webhooks through a proxy: what was signed arrives as it was signed, and the rest is nobody's.

use std::time::{Duration, Instant};

use allo_cmp::{
    http::{Clock, SystemClock},
    phone::{
        Call, Dialling, PhoneError, Script, Semantics, Signed, Signer, Transport, WebRequest, WebResponse, run_script,
    },
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{
    Bench, PROVIDER_SECRET, PROVIDERS,
    front::Front,
    tls::{Answer, HOST},
};
use crate::line::{AUTH_TOKEN, CALLER, OURS, PUBLIC};

pub(super) fn signer(provider: &str) -> Signer {
    let secret = if provider == "twilio" { AUTH_TOKEN } else { PROVIDER_SECRET };
    Signer::new(Semantics::of(provider).unwrap(), secret, || SystemClock.second())
}

/// A signed request with some more lines of header, as its bytes go out.
pub(super) fn bytes(signed: &Signed, more: &str) -> String {
    let target = signed.url.strip_prefix(PUBLIC).unwrap();
    let method = if signed.body.is_empty() { "GET" } else { "POST" };
    let headers: String = signed.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!(
        "{method} {target} HTTP/1.1\r\nHost: {HOST}\r\n{headers}{more}Connection: close\r\nContent-Length: {}\r\n\r\n{}",
        signed.body.len(),
        signed.body
    )
}

/// A telephone whose webhooks go through the proxy.
struct Through<'a> {
    front: &'a Front,
    signer: Signer,
    last: Option<WebRequest>,
}

impl Transport for Through<'_> {
    async fn send(&mut self, request: &WebRequest) -> Result<WebResponse, PhoneError> {
        if request.url.contains("/voice?") {
            self.last = Some(request.clone());
        }
        let answer = self.front.ask(bytes(&request.signed_by(&self.signer), "")).await;
        let content_type = answer.header("content-type").map(str::to_owned);
        Ok(WebResponse { status: answer.status, content_type, body: answer.body })
    }
}

impl Bench {
    /// A call of `provider`, played to its end; its last webhook.
    async fn call(&self, provider: &str) -> WebRequest {
        let semantics = Semantics::of(provider).unwrap();
        let through = Through { front: &self.front, signer: signer(provider), last: None };
        let url = |path: &str| format!("{PUBLIC}/{provider}/{path}");
        let mut dialling = Dialling::new(CALLER, OURS, url("voice")).through(semantics, 0x7ab1_0000);
        dialling.status = Some(url("status"));
        let mut call = Call::new(through, dialling);
        let script = Script { hang_up_at_end: true, ..Script::parse("1 9 1 _", "completed:60").unwrap() };
        let played = run_script(&mut call, &script).await;
        played.unwrap_or_else(|error| panic!("{}, {provider}: {error}", self.front.name));
        call.transport().last.take().unwrap()
    }

    /// A signed webhook in the midst of a call, with more in its query.
    pub(super) async fn signed(&self, provider: &str, query: &str) -> Signed {
        let mut request = self.call(provider).await;
        request.url += query;
        request.signed_by(&signer(provider))
    }

    pub(super) fn is_document(&self, answer: &Answer, what: &str) {
        let body = String::from_utf8_lossy(&answer.body);
        assert!(answer.status == 200 && body.contains("<Response"), "{}: {what}: {answer:?}", self.front.name);
    }

    pub(super) async fn calls_of_every_provider_go_through(&self) {
        for provider in PROVIDERS {
            self.call(provider).await;
        }
    }

    pub(super) async fn hard_queries_are_those_that_were_signed(&self) {
        // Telnyx signs its body only.
        for provider in ["twilio", "signalwire", "somleng", "plivo"] {
            for query in ["&x=%2B%20%2f%2F&y=+&z=", "&a=1;b=2&&c", "&p=//../%2e%2e/&q='~%c3%a9!*()", "&v=a%00b%25"] {
                if provider == "plivo" && query.contains("&&") {
                    // Its signature is over the parameters, not over the bytes.
                    continue;
                }
                let signed = self.signed(provider, query).await;
                let answer = self.front.ask(bytes(&signed, "")).await;
                self.is_document(&answer, &format!("{provider} {query}"));
                // And the signature does depend on it.
                let other = bytes(&signed, "").replacen("%", "%25", 1);
                if provider != "plivo" && query.contains('%') {
                    assert_eq!(self.front.ask(other).await.status, 403, "{provider} {query}");
                }
            }
        }
    }

    pub(super) async fn path_query_headers_and_body_arrive_as_they_were_written(&self) {
        let targets = [
            "/twilio/voice",
            "/twilio/voice?",
            "/twilio/voice?s=a+b%20c%2Bd",
            "/twilio/voice?a=1;b=2&&c=&=d&e==",
            "/twilio//voice",
            "/twilio/a%2Fb",
            "/twilio/a%2fb?c=%2F",
            "/twilio/%76oice",
            "/twilio/voice/",
            "/twilio/a;b=1/c",
            "/twilio/voice?x=/../..//%00%ff|{}^`\"<>\\",
            "/audio/0011.wav?",
            "/plivo/x?u=http://a.org/b?c=d",
        ];
        for (n, target) in targets.into_iter().enumerate() {
            let mark = format!("exact-{n}.");
            let body = "A=%2B1+2&b=;&c=\u{e9}";
            let answer = self.front.ask(format!(
                "POST {target} HTTP/1.1\r\nHost: {HOST}\r\nX-Twilio-Signature: a+b/c==\r\nx-mark: {mark}\r\nX-Empty:\r\n\
                 Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\nX-Two: one\r\nX-Two: two, three\r\n\
                 Connection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len())).await;
            let name = format!("{}: {target}", self.front.name);
            let arrived = self.tap.requests(&mark);
            let [arrived] = &arrived[..] else { panic!("{name}: {arrived:?} {answer:?}") };
            let (head, arrived_body) = arrived.split_once("\r\n\r\n").unwrap();
            assert_eq!(head.lines().next(), Some(format!("POST {target} HTTP/1.1").as_str()), "{name}");
            // The line answers 404 before it reads a body.
            assert!(
                arrived_body == body || !target.starts_with("/twilio/voice") || target == "/twilio/voice/",
                "{name}: {arrived}"
            );
            let values = |header: &str| {
                let lines = head.lines().skip(1).filter_map(|line| line.split_once(':'));
                lines
                    .filter(|(name, _)| name.eq_ignore_ascii_case(header))
                    .map(|(_, value)| value.trim())
                    .collect::<Vec<_>>()
            };
            for (header, value) in [
                ("host", vec![HOST]),
                ("x-twilio-signature", vec!["a+b/c=="]),
                ("x-empty", vec![""]),
                ("content-type", vec!["application/x-www-form-urlencoded; charset=utf-8"]),
                ("x-two", vec!["one", "two, three"]),
                ("accept-encoding", vec![]),
            ] {
                assert_eq!(values(header), value, "{name}: {header}");
            }
        }
    }

    pub(super) async fn what_is_not_signed_is_refused_by_the_line(&self) {
        for provider in PROVIDERS {
            let mut signed = self.signed(provider, "").await;
            for (name, value) in &mut signed.headers {
                if name.contains("signature") {
                    *value = value.chars().rev().collect();
                }
            }
            let answer = self.front.ask(bytes(&signed, "")).await;
            assert_eq!((answer.status, answer.body.len()), (403, 0), "{} {provider}: {answer:?}", self.front.name);
            signed.headers.retain(|(name, _)| !name.contains("signature"));
            assert_eq!(self.front.ask(bytes(&signed, "")).await.status, 403, "{} {provider}", self.front.name);
        }
    }

    pub(super) async fn claims_of_the_sender_change_nothing(&self) {
        let forged = "X-Forwarded-Proto: http\r\nX-Forwarded-Host: evil.example.org\r\nX-Forwarded-For: 127.0.0.1\r\n\
             X-Forwarded-Port: 80\r\nX-Forwarded-Prefix: /x\r\nForwarded: host=evil.example.org;proto=http\r\n\
             X-Original-URL: /metrics\r\nX-Rewrite-URL: /metrics\r\nX-HTTP-Method-Override: DELETE\r\n";
        for provider in PROVIDERS {
            let signed = self.signed(provider, "").await;
            let answer = self.front.ask(bytes(&signed, forged)).await;
            self.is_document(&answer, provider);
            let body = String::from_utf8_lossy(&answer.body);
            assert!(!body.contains("evil.example.org"), "{} {provider}: {body}", self.front.name);
        }
        // Signed for another host, and said to have come by it.
        let signed = self.signed("twilio", "").await;
        let elsewhere = WebRequest {
            method: allo_cmp::provider::Method::Post,
            url: signed.url.replace(HOST, "evil.example.org"),
            params: vec![("CallSid".to_owned(), "CA1".to_owned())],
        };
        let mut elsewhere = elsewhere.signed_by(&signer("twilio"));
        elsewhere.url = elsewhere.url.replace("evil.example.org", HOST);
        assert_eq!(self.front.ask(bytes(&elsewhere, forged)).await.status, 403);
    }

    /// A GET with the least that HTTP/2 needs, written by hand: its header is not compressed.
    pub(super) async fn http_2_is_spoken(&self) {
        let mut client = self.front.authority.connect(self.front.https, &["h2", "http/1.1"]).await.unwrap();
        assert_eq!(client.0.get_ref().1.alpn_protocol(), Some(&b"h2"[..]), "{}", self.front.name);
        let target = "/twilio/voice?mark=h2.&a=%2B+%20;";
        let mut block = vec![0x82, 0x87, 0x04, u8::try_from(target.len()).unwrap()];
        block.extend(target.as_bytes());
        block.extend([0x01, u8::try_from(HOST.len()).unwrap()]);
        block.extend(HOST.as_bytes());
        let mut sent = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec();
        sent.extend([0, 0, u8::try_from(block.len()).unwrap(), 1, 5, 0, 0, 0, 1]);
        sent.extend(&block);
        client.0.write_all(&sent).await.unwrap();
        client.0.flush().await.unwrap();
        let arrived = async {
            while self.tap.requests("mark=h2.").is_empty() {
                let mut head = [0; 9];
                client.0.read_exact(&mut head).await.unwrap();
                let length = usize::from(head[1]) << 8 | usize::from(head[2]);
                client.0.read_exact(&mut vec![0; length]).await.unwrap();
            }
        };
        let arrived = tokio::time::timeout(Duration::from_secs(5), arrived).await;
        assert!(arrived.is_ok(), "{}: it did not arrive", self.front.name);
        let first = self.tap.requests("mark=h2.").remove(0);
        assert!(first.starts_with(&format!("GET {target} HTTP/1.1\r\n")), "{}: {first}", self.front.name);
    }

    pub(super) async fn plain_http_is_led_to_https_and_loses_nothing(&self) {
        let target = "/twilio/voice?mark=plain.&s=a+b%20c%2Bd;&e=&f=//..%2F";
        let mut stream = tokio::net::TcpStream::connect(self.front.http).await.unwrap();
        let began = Instant::now();
        let request =
            format!("POST {target} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nContent-Length: 3\r\n\r\na=b");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut all = Vec::new();
        let _ = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut all)).await.unwrap();
        let answer = Answer::read(&all, began.elapsed());
        let location = answer.header("location").map(str::to_owned);
        assert_eq!((answer.status, location), (308, Some(format!("{PUBLIC}{target}"))), "{}", self.front.name);
        assert!(self.tap.requests("mark=plain.").is_empty(), "{}: plain HTTP reached the line", self.front.name);
    }

    pub(super) async fn what_is_not_for_providers_is_not_found(&self) {
        let targets = [
            "/",
            "/metrics",
            "/lines",
            "/readyz",
            "/healthz/",
            "/healthzz",
            "/report",
            "/twilio",
            "/twilio/../metrics",
            "/admin/lines",
            "/twilio/%2e%2e/metrics",
            "/twilio/..%2fmetrics",
            "/twilio/..%2f..%2fmetrics",
            "/twilio/../../metrics",
            "/twilio\\..\\metrics",
            "/./metrics",
            "//metrics",
            "/%6detrics",
            "/TWILIOX/voice",
            "/other/twilio/voice",
        ];
        for (n, target) in targets.into_iter().enumerate() {
            let mark = format!("nowhere-{n}.");
            let answer = self.front.get(target, &mark).await;
            let reached = self.tap.requests(&mark);
            assert!(matches!(answer.status, 400 | 404), "{}: {target}: {answer:?}", self.front.name);
            // What a proxy takes for a provider's path, the line itself does not know.
            assert!(reached.is_empty() || target.contains('.'), "{}: {target}: {reached:?}", self.front.name);
        }
        let answer = self.front.get("/healthz", "health.").await;
        assert_eq!((answer.status, answer.body.len()), (200, 0), "{}: {answer:?}", self.front.name);
    }
}
