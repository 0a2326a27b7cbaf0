//! `allo-cmp doctor` against a real server, behind a proxy that changes what passes through it.

use std::{net::SocketAddr, sync::Arc};

use allo_cmp::{
    call::Tokens,
    http::{App, FixedClock, Limits, Options, Provider, serve},
    lines::board::Board,
    provider::{telnyx, telnyx::Telnyx, twilio::Twilio},
    telemetry::{Metric, Metrics},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{
    line::{AUTH_TOKEN, BEGAN, SECRET, flows, loaded},
    program::command,
};

/// A server whose public URL is what `public` makes of the proxy's address, and a proxy in front of it that rewrites paths.
struct House {
    proxy: SocketAddr,
    server: SocketAddr,
    metrics: Arc<Metrics>,
}

impl House {
    async fn build(public: impl Fn(SocketAddr) -> String, rewrite: (&'static str, &'static str)) -> House {
        let [listener, door] =
            [TcpListener::bind("127.0.0.1:0").await, TcpListener::bind("127.0.0.1:0").await].map(Result::unwrap);
        let (server, proxy) = (listener.local_addr().unwrap(), door.local_addr().unwrap());
        let metrics = Arc::new(Metrics::default());
        let telnyx = Telnyx::new(&telnyx::public_key("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")).unwrap();
        let dialects: Vec<Provider> = vec![
            Provider { dialect: Box::new(Twilio::new(AUTH_TOKEN)), caller_id: None },
            Provider { dialect: Box::new(telnyx), caller_id: None },
        ];
        let app = App::new(Options {
            world: Arc::new(loaded(&flows(&[])).world.unwrap()),
            providers: dialects,
            public_url: public(proxy),
            tokens: Tokens::new(SECRET, &[]),
            clock: Arc::new(FixedClock::at(BEGAN)),
            metrics: metrics.clone(),
            board: Arc::new(Board::default()),
            recorder: allo_cmp::journal::Recorder::default(),
            flood: allo_cmp::http::Flood::unlimited(),
        });
        tokio::spawn(serve(listener, Arc::new(app), Limits::default(), std::future::pending()));
        tokio::spawn(async move {
            while let Ok((stream, _)) = door.accept().await {
                tokio::spawn(pass(stream, server, rewrite));
            }
        });
        House { proxy, server, metrics }
    }

    /// What the doctor says, and whether all is well.
    async fn doctor(&self, public: &str, token: &str, more: &[(&str, &str)]) -> (bool, String) {
        let folder = tempfile::tempdir().unwrap();
        let mut command = command(folder.path());
        command
            .args(["doctor"])
            .env("ALLO_CMP__SERVER__PUBLIC_URL", public)
            .env("ALLO_CMP__SERVER__LISTEN", self.server.to_string())
            .env("ALLO_CMP__SERVER__SECRET", SECRET)
            .env("ALLO_CMP__PROVIDERS__TWILIO__AUTH_TOKEN", token)
            .envs(more.iter().copied());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    }
}

/// Passes one request on, its path changed.
async fn pass(mut from: TcpStream, to: SocketAddr, (old, new): (&str, &str)) {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let mut some = [0; 1024];
        match from.read(&mut some).await {
            Ok(0) | Err(_) => return,
            Ok(count) => head.extend_from_slice(&some[..count]),
        }
    }
    let head = String::from_utf8(head).unwrap().replacen(old, new, 1);
    let Ok(mut server) = TcpStream::connect(to).await else { return };
    if server.write_all(head.as_bytes()).await.is_ok() {
        let _ = tokio::io::copy_bidirectional(&mut from, &mut server).await;
    }
}

const NO_CHANGE: (&str, &str) = ("\0", "");

#[tokio::test(flavor = "multi_thread")]
async fn where_all_fits_a_signed_request_is_believed_and_no_call_is_counted() {
    let house = House::build(|proxy| format!("http://{proxy}"), NO_CHANGE).await;
    let (_, told) = house.doctor(&format!("http://{}", house.proxy), AUTH_TOKEN, &[]).await;
    assert!(told.contains("ok      twilio: a signed request is believed"), "{told}");
    assert!(told.contains("look    directory.path is not set") && told.contains("WRONG   admin.listen"), "{told}");
    assert!(told.contains("public URL is http"), "{told}");
    assert_eq!(house.metrics.get(Metric::SignatureRefused), 0);
    assert_eq!(house.metrics.get(Metric::WebhooksAnswered), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_given_another_form_of_the_url_is_told_in_words() {
    let port = |proxy: SocketAddr| proxy.port();
    for (given, words) in [
        (
            Box::new(|_: SocketAddr| "http://127.0.0.1".to_owned()) as Box<dyn Fn(SocketAddr) -> String>,
            "the port differs",
        ),
        (
            Box::new(move |proxy| format!("https://127.0.0.1:{}", port(proxy))),
            "the scheme is https there, and http here",
        ),
        (
            Box::new(|_| "https://127.0.0.1:443".to_owned()),
            "the scheme is https there, and http here; the port differs",
        ),
    ] {
        let house = House::build(given, NO_CHANGE).await;
        let (ok, told) = house.doctor(&format!("http://{}", house.proxy), AUTH_TOKEN, &[]).await;
        assert!(!ok && told.contains("WRONG   twilio: the server that runs takes its public URL to be"), "{told}");
        assert!(told.contains(words), "{words}: {told}");
        assert!(house.metrics.get(Metric::SignatureRefused) < 30);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_is_changed_on_the_way_is_told_and_one_that_is_stripped_as_it_should_be_is_right() {
    let house = House::build(|proxy| format!("http://{proxy}"), (" /", " /inner/")).await;
    let (ok, told) = house.doctor(&format!("http://{}", house.proxy), AUTH_TOKEN, &[]).await;
    assert!(!ok && told.contains("the path is changed on the way"), "{told}");
    let house = House::build(|proxy| format!("http://{proxy}/allo"), (" /allo/", " /")).await;
    let (_, told) = house.doctor(&format!("http://{}/allo", house.proxy), AUTH_TOKEN, &[]).await;
    assert!(told.contains("ok      twilio: a signed request is believed"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_secret_a_provider_that_is_not_served_and_what_is_missing_are_told() {
    let house = House::build(|proxy| format!("http://{proxy}"), NO_CHANGE).await;
    let public = format!("http://{}", house.proxy);
    let more = [("ALLO_CMP__PROVIDERS__SOMLENG__AUTH_TOKEN", "t0ken")];
    let (ok, told) = house.doctor(&public, "another-t0ken", &more).await;
    assert!(!ok && told.contains("another secret than these settings"), "{told}");
    assert!(told.contains("WRONG   somleng: /somleng/status: not found"), "{told}");
    assert!(!told.contains("t0ken"), "{told}");
    let folder = tempfile::tempdir().unwrap();
    let output = command(folder.path()).args(["doctor", "--provider", "telnyx"]).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    for missing in
        ["server.public_url is not set", "server.secret is not set", "providers.telnyx.public_key is not set"]
    {
        assert!(told.contains(missing), "{missing}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn telnyx_can_not_be_signed_for_its_path_and_the_clock_are_tried() {
    let house = House::build(|proxy| format!("http://{proxy}"), NO_CHANGE).await;
    let more = [("ALLO_CMP__PROVIDERS__TELNYX__PUBLIC_KEY", "a public key")];
    let (_, told) = house.doctor(&format!("http://{}", house.proxy), AUTH_TOKEN, &more).await;
    assert!(told.contains("ok      telnyx: /telnyx/status leads to the server"), "{told}");
    assert!(told.contains("untried telnyx: only Telnyx can sign") && told.contains("0 s apart"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_https_the_server_is_asked_where_it_listens_and_what_was_not_tried_is_said() {
    let house = House::build(|_| "https://line.example.org".to_owned(), NO_CHANGE).await;
    let (_, told) = house.doctor("https://line.example.org", AUTH_TOKEN, &[]).await;
    assert!(told.contains("untried this command speaks no TLS") && told.contains("curl"), "{told}");
    assert!(told.contains("ok      twilio: a signed request is believed"), "{told}");
    // Nobody there.
    let gone = [("ALLO_CMP__SERVER__LISTEN", "127.0.0.1:9")];
    let (ok, told) = house.doctor("https://line.example.org", AUTH_TOKEN, &gone).await;
    assert!(!ok && told.contains("nobody answers at http://127.0.0.1:9"), "{told}");
}
