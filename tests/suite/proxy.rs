//! HTTPS in front of the line: the shipped files of nginx and Caddy, in the real proxies, before the real program.
//!
//! Each proxy is started once, on loopback, with an authority of the test's own; between it and the program stands a [`Tap`] that
//! remembers what arrives. Without the proxy on this machine its test says so and is skipped.

mod bounds;
mod front;
mod tap;
mod tls;
mod upstream;
mod webhooks;

use std::{
    ffi::OsStr,
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use allo_cmp::provider::telnyx;
use tempfile::TempDir;
use tokio::task::JoinHandle;

use self::{
    front::{Front, Lines},
    tap::Tap,
};
use crate::program::Program;

/// What providers other than Twilio sign with: 32 bytes, as Telnyx needs.
const PROVIDER_SECRET: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const PROVIDERS: [&str; 5] = ["twilio", "signalwire", "telnyx", "somleng", "plivo"];

/// A proxy, what it sends on, and the program behind it.
struct Bench {
    front: Front,
    tap: Tap,
    _program: Program,
    _settings: TempDir,
}

/// The program that serves every provider, and a tap before it.
async fn line() -> (Tap, Program, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.toml");
    let of = |name: &str| format!("[providers.{name}]\nauth_token = \"{PROVIDER_SECRET}\"\n");
    let settings = format!(
        "{}{}[providers.signalwire]\nsigning_key = \"{PROVIDER_SECRET}\"\n[providers.telnyx]\npublic_key = \"{}\"\n",
        of("somleng"),
        of("plivo"),
        telnyx::public_key(PROVIDER_SECRET)
    );
    fs::write(&file, settings).unwrap();
    let program = Program::start_with(&[OsStr::new("--config"), file.as_os_str()], None, "info").await;
    (Tap::before(program.address).await, program, folder)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_shipped_file_of_nginx_keeps_its_promises() {
    let (tap, program, settings) = line().await;
    if let Some(front) = Front::nginx(tap.address, Lines::ForSomleng).await {
        Bench { front, tap, _program: program, _settings: settings }.judge().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_shipped_file_of_caddy_keeps_its_promises() {
    let (tap, program, settings) = line().await;
    if let Some(front) = Front::caddy(tap.address, Lines::ForSomleng).await {
        Bench { front, tap, _program: program, _settings: settings }.judge().await;
    }
}

/// Starts these checks, each with its name.
macro_rules! started {
    ($bench:ident: $($check:ident,)*) => {
        vec![$({
            let bench = $bench.clone();
            (stringify!($check), tokio::spawn(async move { bench.$check().await }))
        },)*]
    };
}

impl Bench {
    /// Every check, so that one run tells all that is wrong.
    async fn judge(self) {
        let bench = Arc::new(self);
        // All at once: what dribbles keeps nobody from being answered.
        let checks = started![bench:
            a_webhook_that_waits_for_a_start_is_answered,
            a_head_that_dribbles_is_cut,
            a_body_that_dribbles_is_cut,
            a_silent_client_is_cut,
            calls_of_every_provider_go_through,
            hard_queries_are_those_that_were_signed,
            path_query_headers_and_body_arrive_as_they_were_written,
            what_is_not_signed_is_refused_by_the_line,
            claims_of_the_sender_change_nothing,
            http_2_is_spoken,
            an_old_tls_is_refused,
            plain_http_is_led_to_https_and_loses_nothing,
            what_is_not_for_providers_is_not_found,
            a_large_body_is_refused,
            a_large_head_is_refused,
            no_second_request_is_smuggled,
            a_webhook_that_was_sent_is_not_sent_twice,
            a_line_without_room_is_told_to_all_but_somleng,
        ];
        let mut broken = failures(checks).await;
        broken.extend(failures(started![bench: one_address_has_no_more_places_than_the_line,]).await);
        broken.extend(failures(started![bench: idle_connections_are_closed_before_the_line_forgets_them,]).await);
        broken.extend(failures(started![bench: without_the_line_the_answer_is_quick_and_an_error,]).await);
        broken.extend(failures(started![bench: nothing_of_a_caller_is_written,]).await);
        assert!(broken.is_empty(), "{}: {broken:#?}", bench.front.name);
    }
}

/// The names of the checks that failed, once all have ended.
async fn failures(checks: Vec<(&'static str, JoinHandle<()>)>) -> Vec<&'static str> {
    let mut failed = Vec::new();
    for (name, check) in checks {
        if check.await.is_err() {
            failed.push(name);
        }
    }
    failed
}

#[tokio::test]
async fn a_fault_is_logged_without_the_caller() {
    // Nobody listens there any more.
    let gone = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let nginx = Front::nginx(gone, Lines::AsShipped).await.map(|front| (front, " 502 POST /twilio/voice after "));
    let caddy = Front::caddy(gone, Lines::AsShipped).await.map(|front| (front, "\"status\": 502"));
    for (front, fault) in [nginx, caddy].into_iter().flatten() {
        let head = "POST /twilio/voice?s=sealed HTTP/1.1\r\nHost: line.example.org\r\nX-Twilio-Signature: signed\r\nConnection: close";
        assert_eq!(front.ask(format!("{head}\r\nContent-Length: 4\r\n\r\nFrom")).await.status, 502, "{}", front.name);
        // The log is written after the answer.
        let began = Instant::now();
        while !front.written().contains(fault) && began.elapsed() < Duration::from_secs(5) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let written = front.written();
        assert!(written.contains(fault), "{}: {written}", front.name);
        for secret in ["sealed", "voice?", "ignature", "From"] {
            assert!(!written.contains(secret), "{}: {secret}: {written}", front.name);
        }
    }
}

/// The words of a file that are no comment.
fn words(name: &str) -> String {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/proxy").join(name)).unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with('#')).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_operators_listener_has_no_way_out() {
    for file in ["nginx.conf", "Caddyfile"] {
        let words = words(file);
        assert!(words.contains("127.0.0.1:8080") && !words.contains("9090"), "{file}");
        assert_eq!(words.matches("127.0.0.1").count(), 1, "{file}");
    }
}
