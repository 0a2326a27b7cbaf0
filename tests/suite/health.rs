//! `allo-cmp health` against the real server: while it takes calls, while it stops, and when nobody is there.

use std::{
    ffi::OsStr,
    io::{Read, Write},
    net::SocketAddr,
    process::Command,
    time::Duration,
};

use tokio::{net::TcpListener, time::sleep};

use crate::program::{Program, command};

/// The exit code, what is printed, and what is complained of.
fn health(args: &[&str], listen: &str) -> (Option<i32>, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut health: Command = command(folder.path());
    let output = health.arg("health").args(args).env("ALLO_CMP__SERVER__LISTEN", listen).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn everywhere(address: SocketAddr) -> String {
    format!("0.0.0.0:{}", address.port())
}

#[tokio::test]
async fn health_tells_whether_calls_are_taken_and_the_exit_code_says_it() {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("settings.toml");
    // Long enough for every question below on a busy machine, and never waited for.
    std::fs::write(&settings, "server.linger_seconds = 600\n").unwrap();
    let program = Program::start_with(&[OsStr::new("--config"), settings.as_os_str()], None, "info").await;
    let listen = everywhere(program.address);
    let url = format!("http://127.0.0.1:{}", program.address.port());
    assert_eq!(health(&[], &listen), (Some(0), format!("{url}/readyz: it takes calls\n"), String::new()));
    assert_eq!(health(&["--live"], &listen), (Some(0), format!("{url}/healthz: it lives\n"), String::new()));
    let operators = format!("http://{}/", program.admin);
    assert_eq!(health(&["--url", &operators], "127.0.0.1:1").0, Some(0), "the operators' listener knows it, too");
    let stranger = health(&["--url", &operators, "--live"], &listen);
    assert!(stranger.0 == Some(1) && stranger.2.contains("404, as no server of ours does"), "{stranger:?}");

    // It was told to stop, and lingers: a balancer sees it, and those who have not seen it are still answered.
    program.terminate();
    while !program.log().contains("stopping: ") {
        sleep(Duration::from_millis(10)).await;
    }
    let mut stops = health(&[], &listen);
    while stops.0 == Some(0) {
        sleep(Duration::from_millis(10)).await;
        stops = health(&[], &listen);
    }
    let words = format!("allo-cmp: {url}/readyz: it answers 503: it takes no calls now\n");
    assert_eq!(stops, (Some(1), String::new(), words));
    assert_eq!(health(&["--live"], &listen).0, Some(0));
    program.kill();
    let (code, _, words) = health(&["--live"], &listen);
    assert_eq!((code, words.lines().count()), (Some(1), 1), "{words}");
}

#[tokio::test]
async fn a_server_that_says_nothing_is_not_waited_for() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap();
    let (code, printed, words) = tokio::task::spawn_blocking(move || health(&[], &address.to_string())).await.unwrap();
    assert_eq!((code, printed.as_str()), (Some(1), ""));
    assert_eq!(words, format!("allo-cmp: http://{address}/readyz: no answer within 3 s\n"));
}

/// The answer of whatever else may listen there, to everyone who asks.
fn page(status: &'static str, body: &'static str) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = write!(stream, "HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        }
    });
    address
}

#[test]
fn a_page_that_answers_every_path_is_no_server_that_takes_calls() {
    for (status, body, args, said) in [
        ("200 OK", "<html>It works</html>", &[][..], "answers with a page"),
        ("200 OK", "<html>It works</html>", &["--live"], "answers with a page"),
        ("200 OK", "", &[], "answers with a page"),
        ("200 OK", "{\"ready\":false}", &[], "answers with a page"),
        ("404 Not Found", "", &[], "ask through it with --live"),
    ] {
        let (code, printed, words) = health(args, &page(status, body).to_string());
        assert_eq!((code, printed.as_str()), (Some(1), ""), "{status} {body}");
        assert!(words.contains(said), "{words}");
    }
    let ours = page("200 OK", "{\"ready\":true}");
    assert_eq!(health(&[], &ours.to_string()).0, Some(0));
}

#[test]
fn an_address_that_is_none_is_refused_with_how_it_is_written() {
    for url in ["127.0.0.1:8080", "", "ftp://127.0.0.1", "http://127.0.0.1:8080?x", "http:// a"] {
        let (code, _, words) = health(&["--url", url], "127.0.0.1:1");
        assert!(code == Some(1) && words.contains("write it as in http://127.0.0.1:8080"), "{url}: {words}");
    }
    let ours = page("200 OK", "{\"ready\":true}");
    assert_eq!(health(&["--url", &format!("HTTP://{ours}/")], "127.0.0.1:1").0, Some(0));
}
