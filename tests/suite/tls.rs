//! TLS inside the program (feature `tls`): every provider's webhooks, clients that don't finish their handshake, certificates that
//! change while calls run, and those that are refused.

use std::{
    ffi::OsString,
    fs,
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use allo_cmp::{
    http::{Clock, Door, Drained, Limits, SystemClock, Tls, serve_admin},
    phone::{Call, Dialling, HttpTransport, Semantics, Signer},
    provider::telnyx,
    telemetry::Metric,
    tls::Trust,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::sleep,
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore, SupportedProtocolVersion,
        crypto::ring,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
        version::{TLS12, TLS13},
    },
};

use crate::{
    authority::{Authority, Signed},
    line::{AUTH_TOKEN, CALLER, OURS, PUBLIC, play, raw, small, write_line},
    program::{Program, command},
    server::{Server, limits},
};

/// Far above every time-out of the tests, far below "for ever".
const PATIENCE: Duration = Duration::from_secs(5);
/// A key of Telnyx, and a token for the others.
const SEED: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const HOST: Option<&str> = Some("line.example.org");
const DAY: i64 = 24 * 3600;
const ASK: &str = "GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

/// The real program with the small line and TLS of its own.
struct Served {
    folder: tempfile::TempDir,
    authority: Authority,
    first: Signed,
    program: Program,
}

impl Served {
    async fn start() -> Served {
        let (folder, authority) = (tempfile::tempdir().unwrap(), Authority::new());
        let (flows, scripts) = small(&[], &[]);
        write_line(folder.path(), &flows, &scripts);
        let first = authority.sign();
        let [certificate, key] = first.write(folder.path());
        let settings = format!(
            "flows = {:?}\nscripts = {:?}\n[server]\ntls_certificate = {certificate:?}\ntls_key = {key:?}\n[providers]\n\
             somleng.auth_token = {SEED:?}\nplivo.auth_token = {SEED:?}\nsignalwire.signing_key = {SEED:?}\n\
             telnyx.public_key = {:?}\n",
            folder.path().join("flows"),
            folder.path().join("scripts"),
            telnyx::public_key(SEED),
        );
        let path = folder.path().join("settings.toml");
        fs::write(&path, settings).unwrap();
        let args: [OsString; 2] = ["--config".into(), path.into()];
        let program = Program::start_with(&args.each_ref().map(AsRef::as_ref), None, "info").await;
        Served { folder, authority, first, program }
    }

    async fn connect(&self) -> TlsStream<TcpStream> {
        connect(self.program.address, &self.authority, &[&TLS13, &TLS12]).await.unwrap()
    }
}

async fn connect(
    address: SocketAddr,
    authority: &Authority,
    versions: &[&'static SupportedProtocolVersion],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.pem.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_protocol_versions(versions).unwrap().with_root_certificates(roots);
    let mut config = config.with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let stream = TcpStream::connect(address).await?;
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("line.example.org").unwrap(), stream).await
}

/// Whether it is well, asked on a connection that stays.
async fn is_well(stream: &mut TlsStream<TcpStream>) -> bool {
    if stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").await.is_err() {
        return false;
    }
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return false,
        }
    }
    head.starts_with(b"HTTP/1.1 200")
}

fn shown(stream: &TlsStream<TcpStream>) -> CertificateDer<'static> {
    stream.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned()
}

fn open(signed: &Signed, folder: &Path) -> Tls {
    let [certificate, key] = signed.write(folder);
    Tls::open(certificate, key, HOST, SystemClock.second()).unwrap()
}

#[tokio::test]
async fn calls_of_every_provider_are_answered_over_tls() {
    let served = Served::start().await;
    let url = format!("https://{}", served.program.address);
    let trust = Trust::system(Some(&served.authority.file(served.folder.path()))).unwrap();
    for name in Semantics::names() {
        let semantics = Semantics::of(name).unwrap();
        let token = if name == "twilio" { AUTH_TOKEN } else { SEED };
        let signer = Signer::new(semantics, token, || SystemClock.second());
        let transport = HttpTransport::signing(signer, PUBLIC, &url).unwrap().trusting(trust.clone());
        let entry = format!("{PUBLIC}/{name}/voice");
        let mut call = Call::new(transport, Dialling::new(CALLER, OURS, entry).through(semantics, 1));
        call.start().await.unwrap_or_else(|error| panic!("{name}: {error}"));
        play(&mut call, "1").await;
        assert!(call.last_document().is_some(), "{name}");
    }
    for version in [&TLS12, &TLS13] {
        let mut stream = connect(served.program.address, &served.authority, &[version]).await.unwrap();
        let about = stream.get_ref().1;
        assert_eq!(about.protocol_version(), Some(version.version));
        assert_eq!(about.alpn_protocol(), Some(&b"http/1.1"[..]));
        assert!(is_well(&mut stream).await && is_well(&mut stream).await, "a connection that stays");
    }
    let asked = |args: &[&str]| {
        let mut command = command(served.folder.path());
        command.args(["--config", "settings.toml"]).args(args);
        command.env("ALLO_CMP__SERVER__LISTEN", served.program.address.to_string());
        let output = command.env("ALLO_CMP__SERVER__PUBLIC_URL", PUBLIC).output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    };
    assert!(asked(&["health"]).0, "the address says that the server is ours");
    let (_, told) = asked(&["doctor", "--only", "listener", "--provider", "plivo"]);
    assert!(told.contains("ok      server.tls_certificate fits its key, and holds 7"), "{told}");
    assert!(told.contains("ok      plivo: a signed request is believed"), "{told}");
}

#[tokio::test]
async fn a_handshake_has_an_end_and_words_without_one_are_closed() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), Authority::new());
    let door = Door::Tls(Arc::new(open(&authority.sign(), folder.path())));
    let server = Server::start_through(door, limits()).await;
    // Silent, half a handshake, and silent after a whole one.
    assert_eq!(server.connect().await.read_to_end(PATIENCE).await, "");
    let mut half = server.connect().await;
    half.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc").await;
    assert_eq!(half.read_to_end(PATIENCE).await, "");
    let mut silent = connect(server.address, &authority, &[&TLS13]).await.unwrap();
    let mut rest = Vec::new();
    let end = tokio::time::timeout(PATIENCE, silent.read_to_end(&mut rest)).await;
    assert!(end.is_ok() && rest.is_empty());
    assert_eq!((server.count(Metric::SlowClientsClosed), server.count(Metric::HandshakesFailed)), (3, 0));
    // Plain HTTP, and a client that does not trust us.
    let mut plain = server.connect().await;
    plain.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let answer = plain.read_to_end(PATIENCE).await;
    assert!(!answer.contains("HTTP"), "{answer}");
    assert!(connect(server.address, &Authority::new(), &[&TLS13]).await.is_err());
    while server.count(Metric::HandshakesFailed) < 2 {
        sleep(Duration::from_millis(10)).await;
    }
    assert_eq!((server.count(Metric::SlowClientsClosed), server.count(Metric::HandshakesFailed)), (3, 2));
}

#[tokio::test]
async fn a_handshake_that_is_not_finished_holds_no_end_up_and_takes_a_place() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), Authority::new());
    let door = Door::Tls(Arc::new(open(&authority.sign(), folder.path())));
    let server = Server::start_through(door, Limits { connections: 1, ..Limits::default() }).await;
    let _silent = server.connect().await;
    assert_eq!(server.connect().await.read_to_end(PATIENCE).await, "", "no words before a handshake");
    assert_eq!(server.count(Metric::ConnectionsRefused), 1);
    let drained = tokio::time::timeout(PATIENCE, server.stop()).await.expect("it should have ended").unwrap();
    assert_eq!(drained, Drained { cut: 0 });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_certificate_is_used_under_load_and_a_broken_one_is_refused() {
    let served = Arc::new(Served::start().await);
    let mut held = served.connect().await;
    assert!(is_well(&mut held).await);
    let (stop, seen) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let second = served.authority.sign();
    let load: Vec<_> = (0..4)
        .map(|_| {
            let (served, stop, seen, second) = (served.clone(), stop.clone(), seen.clone(), second.der());
            tokio::spawn(async move {
                let mut failed = 0;
                while !stop.load(Ordering::Relaxed) {
                    match connect(served.program.address, &served.authority, &[&TLS13, &TLS12]).await {
                        Ok(mut stream) => {
                            failed += usize::from(!is_well(&mut stream).await);
                            seen.fetch_add(usize::from(shown(&stream) == second), Ordering::Relaxed);
                        }
                        Err(_) => failed += 1,
                    }
                }
                failed
            })
        })
        .collect();
    assert_eq!(shown(&served.connect().await), served.first.der());
    let [_, key] = second.write(served.folder.path());
    served.program.reload();
    while seen.load(Ordering::Relaxed) < 20 {
        sleep(Duration::from_millis(10)).await;
    }
    stop.store(true, Ordering::Relaxed);
    for task in load {
        assert_eq!(task.await.unwrap(), 0, "a connection failed");
    }
    served.program.counted("certificates_replaced", 1).await;
    assert!(is_well(&mut held).await, "a connection from before goes on");
    assert_eq!(shown(&held), served.first.der());

    // A key that does not fit: refused, told, and the one before serves.
    fs::write(&key, &served.first.key).unwrap();
    served.program.reload();
    served.program.counted("certificates_refused", 1).await;
    assert_eq!(shown(&served.connect().await), second.der());
    let log = served.program.log();
    assert!(log.contains("key.pem: the key does not fit the certificate in"), "{log}");
    let (status, told) = raw(served.program.admin, ASK).await;
    assert!(status == 200 && told.contains("a new certificate was refused"), "{told}");
    assert!(!log.contains("PRIVATE KEY"), "{log}");

    // Mended: nothing is wrong any more.
    fs::write(&key, &second.key).unwrap();
    served.program.reload();
    while raw(served.program.admin, ASK).await.1.contains("a new certificate was refused") {
        sleep(Duration::from_millis(10)).await;
    }
    served.program.counted("certificates_replaced", 1).await;
}

#[tokio::test(start_paused = true)]
async fn files_that_change_are_seen_by_themselves() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), Authority::new());
    let tls = Arc::new(open(&authority.sign(), folder.path()));
    let server = Server::start(limits()).await;
    server.clock.set(i64::try_from(SystemClock.second()).unwrap());
    tokio::spawn(tls.watch(server.app.clone(), async || std::future::pending().await));
    sleep(Duration::from_secs(95)).await;
    assert_eq!(server.count(Metric::CertificatesReplaced), 0, "what is in use is not new");
    authority.sign().write(folder.path());
    sleep(Duration::from_secs(31)).await;
    assert_eq!(server.count(Metric::CertificatesReplaced), 1);
    fs::remove_file(folder.path().join("certificate.pem")).unwrap();
    sleep(Duration::from_secs(95)).await;
    assert_eq!(server.count(Metric::CertificatesRefused), 1, "what stays wrong is told once");
}

#[tokio::test]
async fn the_end_of_a_certificate_is_told_once_a_day_to_operators_and_in_a_metric() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), Authority::new());
    let signed = authority.sign();
    let tls = open(&signed, folder.path());
    let server = Server::start(limits()).await;
    let operators = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let admin = operators.local_addr().unwrap();
    tokio::spawn(serve_admin(operators, server.app.clone(), std::future::pending()));
    let none = raw(admin, ASK).await.1;
    assert!(none.contains("\"certificate\":null"), "{none}");
    let ends = allo_cmp::tls::Certificate::read(&signed.der()).unwrap().ends;
    for (second, words) in [
        (ends - 15 * DAY, None),
        (ends - 13 * DAY, Some("the certificate ends in 13 day(s): renew it")),
        (ends + 1, Some("the certificate has ended")),
        (ends - 100 * DAY, Some("does not hold yet")),
    ] {
        server.clock.set(second);
        let told = tls.look(&server.app);
        assert_eq!(told.is_some(), words.is_some(), "{told:?}");
        assert_eq!(tls.look(&server.app), None, "once a day");
        let body = raw(admin, ASK).await.1;
        assert!(words.is_none_or(|words| body.contains(words) && told.unwrap().contains(words)), "{body}");
    }
    let metrics = raw(admin, ASK.replace("readyz", "metrics")).await.1;
    assert!(metrics.contains(&format!("\nallo_cmp_certificate_ends_seconds {ends}\n")), "{metrics}");
    // One that has ended takes the place of none that holds.
    server.clock.set(ends - 20 * DAY);
    authority.sign_for(&["line.example.org"], (-300, -200)).write(folder.path());
    assert_eq!(tls.look(&server.app), None);
    assert_eq!((server.count(Metric::CertificatesRefused), server.count(Metric::CertificatesReplaced)), (1, 0));
}

#[test]
fn what_can_not_be_used_is_refused_with_the_file_the_fault_and_the_way_to_mend_it() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), Authority::new());
    let (good, other) = (authority.sign(), authority.sign());
    let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let cut: String = good.certificate.chars().take(200).collect();
    let broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    for (certificate, key, file, words) in [
        (&*good.certificate, &*other.key, "key.pem", "does not fit the certificate in"),
        (&*good.key, &*good.key, "certificate.pem", "there is no certificate in it"),
        (&*cut, &*good.key, "certificate.pem", "no whole PEM"),
        (broken, &*good.key, "certificate.pem", "its first certificate can't be read"),
        (&*good.certificate, &*good.certificate, "key.pem", "there is no private key in it"),
        (&*good.certificate, encrypted, "key.pem", "openssl pkey"),
        ("", "", "certificate.pem", "fullchain.pem"),
    ] {
        let signed = Signed { certificate: certificate.to_owned(), key: key.to_owned() };
        let [certificate, key] = signed.write(folder.path());
        let Err(error) = Tls::open(certificate, key, HOST, 0) else { panic!("{words}") };
        let error = error.to_string();
        assert!(error.contains(file) && error.contains(words), "{words}: {error}");
        assert!(!error.contains("MIIB"), "{error}");
    }
    let nowhere = folder.path().join("nowhere.pem");
    let Err(error) = Tls::open(nowhere.clone(), nowhere, HOST, 0) else { panic!("there is no such file") };
    assert!(error.to_string().contains("nowhere.pem: it can't be read"), "{error}");
}

#[test]
fn a_program_with_half_a_pair_or_a_broken_one_does_not_start() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), Authority::new());
    let signed = Signed { key: authority.sign().key, ..authority.sign() };
    signed.write(folder.path());
    let start = |more: &[(&str, &str)]| {
        let mut command = command(folder.path());
        command
            .arg("serve")
            .env("ALLO_CMP__SERVER__PUBLIC_URL", PUBLIC)
            .env("ALLO_CMP__SERVER__SECRET", crate::line::SECRET)
            .env("ALLO_CMP__PROVIDERS__TWILIO__AUTH_TOKEN", AUTH_TOKEN)
            .env("ALLO_CMP__JOURNAL__URL", "none")
            .env("ALLO_CMP__SERVER__TLS_CERTIFICATE", "certificate.pem")
            .envs(more.iter().copied());
        let output = command.output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let said = start(&[]);
    assert!(said.contains("server.tls_certificate and server.tls_key belong together"), "{said}");
    let said = start(&[("ALLO_CMP__SERVER__TLS_KEY", "key.pem")]);
    assert!(said.contains("key.pem: the key does not fit the certificate in certificate.pem"), "{said}");
}

#[cfg(unix)]
#[test]
fn what_is_doubtful_about_a_pair_is_said_and_stops_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, authority) = (tempfile::tempdir().unwrap(), Authority::new());
    let [certificate, key] = authority.sign_for(&["other.example.org"], (-10, 5)).write(folder.path());
    for (mode, host, count) in [(0o600, Some("other.example.org"), 2), (0o644, HOST, 4)] {
        fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
        let tls = Tls::open(certificate.clone(), key.clone(), host, SystemClock.second()).unwrap();
        let doubts = tls.doubts();
        assert_eq!(doubts.len(), count, "{doubts:?}");
        for (words, always) in
            [("fullchain.pem", true), ("renew it", true), ("chmod 600", false), ("not for line", false)]
        {
            let said = doubts.iter().any(|doubt| doubt.contains(words));
            assert_eq!(said, always || count == 4, "{words}: {doubts:?}");
        }
    }
}
