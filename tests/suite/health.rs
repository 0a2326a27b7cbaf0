//! `allo-cmp health` against the real server: while it takes calls, while it stops, and when nobody is there.

use std::{ffi::OsStr, net::SocketAddr, process::Command, time::Duration};

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
