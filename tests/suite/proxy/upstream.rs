//! The way between a proxy and the program: waited for, away, idle; and what is written of it.

use std::time::{Duration, Instant};

use super::{
    Bench, PROVIDERS,
    front::FALLBACK,
    tap::{BUSY, DROP, Ended, HELD, HOLD},
    webhooks::bytes,
};
use crate::line::{AUTH_TOKEN, CALLER};

impl Bench {
    /// As while the program starts anew and the system keeps its port: connected at once, answered late.
    pub(super) async fn a_webhook_that_waits_for_a_start_is_answered(&self) {
        let signed = self.signed("twilio", "&waited=yes").await;
        let answer = self.front.ask(bytes(&signed, &format!("{HOLD}\r\n"))).await;
        self.is_document(&answer, "kept in the queue");
        assert!(answer.after >= HELD, "{}: {answer:?}", self.front.name);
        let times = self.tap.requests("waited=yes").len();
        assert_eq!(times, 1, "{}: sent {times} times", self.front.name);
    }

    pub(super) async fn idle_connections_are_closed_before_the_line_forgets_them(&self) {
        let signed = self.signed("twilio", "").await;
        let many = futures_of(20, || self.front.ask(bytes(&signed, "")));
        for answer in many.await {
            self.is_document(&answer, "many at once");
        }
        let before = self.tap.ends().len();
        assert!(self.tap.open() > 0, "{}: no connection is kept for the next webhook", self.front.name);
        let began = Instant::now();
        while self.tap.open() > 0 && began.elapsed() < Duration::from_secs(12) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let ends = &self.tap.ends()[before..];
        // One that was opened for a webhook which another took may end at once.
        let by_proxy = ends.iter().all(|end| matches!(end, Ended::ByProxy(idle) if *idle < Duration::from_secs(8)));
        let kept = ends.iter().any(|end| matches!(end, Ended::ByProxy(idle) if *idle > Duration::from_secs(4)));
        assert!(by_proxy && kept, "{}: {ends:?}", self.front.name);
    }

    pub(super) async fn without_the_line_the_answer_is_quick_and_an_error(&self) {
        let signed = self.signed("twilio", "").await;
        let request = bytes(&signed, "");
        self.is_document(&self.front.ask(&request).await, "before");
        self.tap.away().await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        let answer = self.front.ask(&request).await;
        assert!(matches!(answer.status, 502 | 503), "{}: {answer:?}", self.front.name);
        assert!(answer.after < Duration::from_secs(2), "{}: {answer:?}", self.front.name);
        assert!(!String::from_utf8_lossy(&answer.body).contains("<Response"), "{}", self.front.name);
        // Somleng has no fallback URL. Whichever way it asks, it performs what it is told.
        let somleng = request.replacen("/twilio/", "/somleng/", 1);
        for asked in [somleng.replacen("POST", "GET", 1), somleng] {
            let answer = self.front.ask(asked).await;
            assert_eq!(
                (answer.status, &*String::from_utf8_lossy(&answer.body)),
                (200, FALLBACK),
                "{}",
                self.front.name
            );
            let kind = answer.header("content-type").unwrap_or_default();
            assert!(kind == "text/xml" || kind.starts_with("text/xml;"), "{}: {kind}", self.front.name);
        }
        self.tap.back().await;
        self.is_document(&self.front.ask(&request).await, "again");
        assert_eq!(self.front.get("/somleng.xml", "file.").await.status, 404, "{}", self.front.name);
    }

    /// The answer was lost, not the webhook: a second one would press the key twice.
    pub(super) async fn a_webhook_that_was_sent_is_not_sent_twice(&self) {
        for n in 0..5 {
            let signed = self.signed("twilio", &format!("&once={n}.")).await;
            let answer = self.front.ask(bytes(&signed, &format!("{DROP}\r\n"))).await;
            assert_eq!(answer.status, 502, "{}: {answer:?}", self.front.name);
            let times = self.tap.requests(&format!("&once={n}.")).len();
            assert_eq!(times, 1, "{}: sent {times} times", self.front.name);
        }
    }

    pub(super) async fn a_line_without_room_is_told_to_all_but_somleng(&self) {
        for provider in PROVIDERS {
            let signed = self.signed(provider, "").await;
            let answer = self.front.ask(bytes(&signed, &format!("{BUSY}\r\n"))).await;
            let told = (answer.status, &*String::from_utf8_lossy(&answer.body));
            let right = if provider == "somleng" { (200, FALLBACK) } else { (503, "") };
            assert_eq!(told, right, "{} {provider}", self.front.name);
        }
    }

    pub(super) async fn nothing_of_a_caller_is_written(&self) {
        let written = self.front.written();
        // A key that the test gave can hold "s=", for instance.
        assert!(!written.contains("-----BEGIN"), "{}: what was given is not what was written", self.front.name);
        assert!(
            written.contains("502") || written.contains("503"),
            "{}: no word of the fault: {written}",
            self.front.name
        );
        // With the lines for Somleng, Caddy 2.6 logs no faults.
        let told = written.contains(" 502 POST /twilio/voice after ") || self.front.name == "Caddy";
        assert!(told, "{}: no word of the fault: {written}", self.front.name);
        let secrets = [
            AUTH_TOKEN,
            CALLER,
            CALLER.trim_start_matches('+'),
            "CallSid",
            "s=",
            "ignature",
            "x-mark",
            "mark=",
            "voice?",
        ];
        for secret in secrets {
            let line = written.lines().find(|line| line.contains(secret));
            assert!(line.is_none(), "{}: {secret}: {line:?}", self.front.name);
        }
    }
}

/// The same, many times at once.
async fn futures_of<F: Future>(n: usize, make: impl Fn() -> F) -> Vec<F::Output> {
    let mut waiting: Vec<_> = (0..n).map(|_| Box::pin(make())).collect();
    let mut done = Vec::new();
    std::future::poll_fn(|context| {
        waiting.retain_mut(|future| match future.as_mut().poll(context) {
            std::task::Poll::Ready(output) => {
                done.push(output);
                false
            }
            std::task::Poll::Pending => true,
        });
        if waiting.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done
}
