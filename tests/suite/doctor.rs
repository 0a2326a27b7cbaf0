//! `allo-cmp doctor` against a real server, behind a proxy that changes what passes through it.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use allo_cmp::{
    call::Tokens,
    http::{App, FixedClock, Limits, Options, Provider, serve},
    lines::board::Board,
    provider::{telnyx, telnyx::Telnyx, twilio::Twilio},
    telemetry::{Metric, Metrics},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

use crate::{
    authority::Authority,
    line::{AUTH_TOKEN, BEGAN, SECRET, flows, loaded},
    program::command,
};

/// A server whose public URL is what `public` makes of the proxy's address, and a proxy in front of it that rewrites paths.
struct House {
    proxy: SocketAddr,
    server: SocketAddr,
    metrics: Arc<Metrics>,
    ways: Arc<Mutex<Ways>>,
}

/// What a proxy does.
#[derive(Clone, Default)]
struct Ways {
    /// It changes the first of these words in the head of a request to the second.
    rewrite: Option<(&'static str, &'static str)>,
    /// It speaks TLS.
    tls: Option<TlsAcceptor>,
    /// It answers so, and passes nothing on.
    page: Option<&'static str>,
}

impl House {
    async fn build(public: impl Fn(SocketAddr) -> String, rewrite: (&'static str, &'static str)) -> House {
        House::behind(public, Ways { rewrite: Some(rewrite), ..Ways::default() }).await
    }

    async fn behind(public: impl Fn(SocketAddr) -> String, ways: Ways) -> House {
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
            other_machines: false,
        });
        tokio::spawn(serve(listener, Arc::new(app), Limits::default(), std::future::pending()));
        let ways = Arc::new(Mutex::new(ways));
        let now = ways.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = door.accept().await {
                let ways = now.lock().unwrap().clone();
                tokio::spawn(async move {
                    match &ways.tls {
                        None => pass(stream, server, &ways).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                pass(stream, server, &ways).await;
                            }
                        }
                    }
                });
            }
        });
        House { proxy, server, metrics, ways }
    }

    /// What the doctor says, and whether all is well.
    async fn doctor(&self, public: &str, token: &str, more: &[(&str, &str)]) -> (bool, String) {
        self.doctor_with(&[], public, token, more).await
    }

    /// The same with more arguments.
    async fn doctor_with(&self, args: &[&str], public: &str, token: &str, more: &[(&str, &str)]) -> (bool, String) {
        let folder = tempfile::tempdir().unwrap();
        let mut command = command(folder.path());
        command
            .arg("doctor")
            .args(args)
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

/// Passes one request on, as the proxy does.
async fn pass(mut from: impl AsyncRead + AsyncWrite + Unpin, to: SocketAddr, ways: &Ways) {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let mut some = [0; 1024];
        match from.read(&mut some).await {
            Ok(0) | Err(_) => return,
            Ok(count) => head.extend_from_slice(&some[..count]),
        }
    }
    if let Some(page) = ways.page {
        let _ = from.write_all(page.as_bytes()).await;
        let _ = from.shutdown().await;
        return;
    }
    let (old, new) = ways.rewrite.unwrap_or(NO_CHANGE);
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
async fn what_the_running_server_says_of_itself_is_told() {
    const READY: &str = "HTTP/1.1 200 OK\r\ncontent-length: 77\r\n\r\n\
                         {\"ready\":true,\"degraded\":[\"the journal is away\",\"a line is rested\"],\"more\":1}";
    let house = House::build(|proxy| format!("http://{proxy}"), NO_CHANGE).await;
    let operators =
        House::behind(|proxy| format!("http://{proxy}"), Ways { page: Some(READY), ..Ways::default() }).await;
    let more = [("ALLO_CMP__ADMIN__LISTEN", &*operators.proxy.to_string())];
    let (_, told) = house.doctor(&format!("http://{}", house.proxy), AUTH_TOKEN, &more).await;
    assert!(told.contains("ok      the operators' listener answers"), "{told}");
    for words in ["the journal is away", "a line is rested"] {
        assert!(told.contains(&format!("look    the running server says: {words}\n")), "{told}");
    }
}

/// As a page for every path, or a proxy that answers for a server that is away.
#[tokio::test(flavor = "multi_thread")]
async fn who_answers_everything_with_200_has_believed_nothing() {
    const EMPTY: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let page = House::behind(|proxy| format!("http://{proxy}"), Ways { page: Some(EMPTY), ..Ways::default() }).await;
    let at_the_page = page.proxy.to_string();
    let more = [("ALLO_CMP__ADMIN__LISTEN", &*at_the_page)];
    let (ok, told) =
        page.doctor_with(&["--only", "public"], &format!("http://{}", page.proxy), AUTH_TOKEN, &more).await;
    assert!(!ok && !told.contains("is believed"), "{told}");
    assert!(told.contains("WRONG   twilio: /twilio/status: 200, which is no answer of this server's"), "{told}");
    assert!(told.contains(&format!("WRONG   admin.listen: {at_the_page} answers with a page")), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn telnyx_can_not_be_signed_for_its_path_and_the_clock_are_tried() {
    let house = House::build(|proxy| format!("http://{proxy}"), NO_CHANGE).await;
    let more = [("ALLO_CMP__PROVIDERS__TELNYX__PUBLIC_KEY", "a public key")];
    let (_, told) = house.doctor(&format!("http://{}", house.proxy), AUTH_TOKEN, &more).await;
    assert!(told.contains("ok      telnyx: /telnyx/status leads to the server"), "{told}");
    assert!(told.contains("untried telnyx: only Telnyx can sign") && told.contains("0 s apart"), "{told}");
}

/// A finding, as it is printed.
fn finding(mark: &str, words: &str) -> String {
    format!("{mark:8}{words}")
}

#[tokio::test(flavor = "multi_thread")]
async fn through_https_the_certificate_is_judged_and_signed_requests_are_sent_to_their_end() {
    let authority = Authority::new();
    let tls = |names: &[&str], days| Some(authority.sign_for(names, days).acceptor());
    let good = Ways { tls: tls(&["127.0.0.1"], (-1, 80)), ..Ways::default() };
    let house = House::behind(|proxy| format!("https://{proxy}"), good.clone()).await;
    let public = format!("https://{}", house.proxy);
    let folder = tempfile::tempdir().unwrap();
    let file = authority.file(folder.path()).display().to_string();
    let ask = async |ways: &Ways, args: &[&str]| {
        *house.ways.lock().unwrap() = ways.clone();
        house.doctor_with(args, &public, AUTH_TOKEN, &[]).await.1
    };
    let with = ["--authority", &*file];

    let told = ask(&good, &with).await;
    for right in [
        "twilio: a signed request is believed: secret, scheme".to_owned(),
        format!("the server answers through {public}"),
        "twilio: a signed request is believed through the public URL, too".to_owned(),
    ] {
        assert!(told.contains(&finding("ok", &right)), "{right}: {told}");
    }
    assert!(told.contains("is trusted, and holds 79 more day(s)\n"), "{told}");
    assert_eq!((house.metrics.get(Metric::SignatureRefused), house.metrics.get(Metric::WebhooksAnswered)), (0, 0));
    let told = ask(&good, &["--authority", &file, "--only", "public"]).await;
    assert!(!told.contains("answers at http://") && told.contains("ok      twilio: a signed"), "{told}");
    let told = ask(&good, &["--only", "listener"]).await;
    assert!(!told.contains("through") && told.contains("ok      twilio: a signed"), "{told}");

    let page = |page| Ways { page: Some(page), ..good.clone() };
    let rewrite = |words| Ways { rewrite: Some(words), ..good.clone() };
    let other = Ways { tls: tls(&["other.example.org"], (-1, 80)), ..Ways::default() };
    let ended = Ways { tls: tls(&["127.0.0.1"], (-80, -3)), ..Ways::default() };
    let soon = Ways { tls: tls(&["127.0.0.1"], (-80, 6)), ..Ways::default() };
    for (ways, args, mark, words) in [
        (&good, &[][..], "WRONG", "its certificate is not trusted: no authority that this machine knows"),
        (&other, &with, "WRONG", "its certificate is for another name: other.example.org. Providers refuse it"),
        (&ended, &with, "WRONG", "its certificate has ended, 3 day(s) ago. Providers refuse it"),
        (&soon, &with, "look", "is trusted, and holds 5 more day(s): renew it"),
        (&Ways::default(), &with, "WRONG", "whoever answers there speaks no TLS"),
        (
            &page("HTTP/1.1 403 Forbidden\r\nServer: guard\r\nContent-Length: 2\r\n\r\nNo"),
            &with,
            "WRONG",
            "/healthz is refused by something in front of the server (it says that it is guard)",
        ),
        (
            &page("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 2\r\n\r\nNo"),
            &with,
            "WRONG",
            "/healthz answers 502: the proxy answers by itself, it does not reach the server",
        ),
        (
            &page("HTTP/1.1 301 Moved\r\nLocation: https://other.example.org/\r\nContent-Length: 0\r\n\r\n"),
            &with,
            "WRONG",
            "It leads to https://other.example.org/: providers must be given that",
        ),
        (&rewrite((" /healthz", " /inner/healthz")), &with, "WRONG", "/healthz is not found: the path is changed"),
        (&rewrite((" /twilio/status", " /twilio/voice")), &with, "WRONG", "public URL: the path is changed on the way"),
        (&rewrite(("%2F", "/")), &with, "WRONG", "public URL: the query is changed on the way"),
        (&rewrite((" /twilio/", " /")), &with, "WRONG", "twilio: /twilio/status: not found"),
    ] {
        let told = ask(ways, args).await;
        let line = told.lines().find(|line| line.contains(words)).unwrap_or_else(|| panic!("{words}: {told}"));
        assert!(line.starts_with(mark), "{mark}: {line}");
        assert!(told.contains("ok      twilio: a signed request is believed: secret"), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_url_that_this_machine_can_not_reach_is_no_verdict_and_one_that_nobody_finds_is() {
    let house = House::build(|_| "https://line.example.org".to_owned(), NO_CHANGE).await;
    let (_, told) = house.doctor("https://name.invalid", AUTH_TOKEN, &[]).await;
    assert!(told.contains("WRONG   through https://name.invalid: the name name.invalid can't be resolved"), "{told}");
    // A port at which nobody is.
    let (_, told) = house.doctor("https://127.0.0.1:9", AUTH_TOKEN, &[]).await;
    assert!(told.contains("look    through https://127.0.0.1:9: no connection: "), "{told}");
    assert!(told.contains("curl -i -X POST https://127.0.0.1:9/NAME/voice"), "{told}");
    // Nobody at the listener either.
    let gone = [("ALLO_CMP__SERVER__LISTEN", "127.0.0.1:9")];
    let (ok, told) = house.doctor("https://127.0.0.1:9", AUTH_TOKEN, &gone).await;
    assert!(!ok && told.contains("WRONG   nobody answers at http://127.0.0.1:9"), "{told}");
    // The server is on another machine, and its proxy is reached.
    let house = House::build(|proxy| format!("http://{proxy}"), NO_CHANGE).await;
    let (_, told) = house.doctor(&format!("http://{}", house.proxy), AUTH_TOKEN, &gone).await;
    assert!(told.contains("look    nobody answers at http://127.0.0.1:9"), "{told}");
    assert!(told.contains("ok      twilio: a signed request is believed: secret"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn health_and_call_ask_by_https_too() {
    let authority = Authority::new();
    let ways = Ways { tls: Some(authority.sign_for(&["127.0.0.1"], (-1, 80)).acceptor()), ..Ways::default() };
    let house = House::behind(|proxy| format!("https://{proxy}"), ways).await;
    let folder = tempfile::tempdir().unwrap();
    let file = authority.file(folder.path());
    let url = format!("https://{}", house.proxy);
    let run = async |args: &[&str], variable: Option<&str>| {
        let mut command = command(folder.path());
        command.args(args).args(["--url", &url]).env("ALLO_CMP__PROVIDERS__TWILIO__AUTH_TOKEN", AUTH_TOKEN);
        command.envs(variable.map(|name| (name, &file)));
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
    };
    let well = run(&["health", "--authority", "authority.pem"], None).await;
    assert!(well.status.success(), "{}", String::from_utf8_lossy(&well.stderr));
    let stranger = run(&["health"], None).await;
    assert!(String::from_utf8_lossy(&stranger.stderr).contains("not trusted"), "{stranger:?}");
    // What the system's own tools know as a list of authorities.
    let call = run(&["call", "--keys", "1", "--hang-up"], Some("SSL_CERT_FILE")).await;
    let (heard, wrong) = (String::from_utf8_lossy(&call.stdout), String::from_utf8_lossy(&call.stderr));
    assert!(call.status.success() && heard.contains("112"), "{heard}{wrong}");
}
