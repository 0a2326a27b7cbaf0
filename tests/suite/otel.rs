//! Traces, as a collector receives them: every word in them is one of the closed lists, and nothing is of a caller.

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs,
    sync::{Arc, Mutex},
};

use allo_cmp::telemetry::{Ended, Route, Stage};
use axum::{Router, body::Bytes, extract::State, routing::post};
use tokio::net::TcpListener;

use crate::{
    line::{AUTH_TOKEN, CALLER, SECRET, caller, next_url, play, raw, send, sid, token, webhook},
    program::Program,
};

const TYPED: &str = "8675309241753";

type Bodies = Arc<Mutex<Vec<Vec<u8>>>>;

async fn receive(State(bodies): State<Bodies>, body: Bytes) {
    bodies.lock().unwrap().push(body.to_vec());
}

/// The fields of a message of protobuf that hold bytes, with their numbers.
fn fields(mut message: &[u8]) -> Vec<(u64, &[u8])> {
    fn number(message: &mut &[u8]) -> u64 {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = message.split_first().unwrap();
            *message = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        number
    }
    let mut found = Vec::new();
    while !message.is_empty() {
        let key = number(&mut message);
        let length = match key & 7 {
            0 => {
                number(&mut message);
                continue;
            }
            1 => 8,
            2 => usize::try_from(number(&mut message)).unwrap(),
            5 => 4,
            kind => panic!("no kind of field: {kind}"),
        };
        let (bytes, rest) = message.split_at(length);
        message = rest;
        if key & 7 == 2 {
            found.push((key >> 3, bytes));
        }
    }
    found
}

/// The fields with this number.
fn of(message: &[u8], number: u64) -> Vec<&[u8]> {
    fields(message).into_iter().filter(|(of, _)| *of == number).map(|(_, bytes)| bytes).collect()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// Keys and values.
fn attributes(pairs: &[&[u8]]) -> Vec<(String, String)> {
    let value = |pair: &[u8]| text(of(of(pair, 2)[0], 1)[0]).to_owned();
    pairs.iter().map(|pair| (text(of(pair, 1)[0]).to_owned(), value(pair))).collect()
}

#[tokio::test]
async fn a_collector_hears_of_each_webhook_and_of_no_caller() {
    let bodies = Bodies::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route("/v1/traces", post(receive)).with_state(bodies.clone());
    tokio::spawn(async { axum::serve(listener, router).await });
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("settings.toml");
    fs::write(&settings, format!("[telemetry]\notlp_endpoint = \"{endpoint}\"\n")).unwrap();
    let args = [OsStr::new("--config"), settings.as_os_str()];
    let mut program = Program::start_with(&args, None, "trace").await;

    let mut call = caller(program.address, 1);
    call.start().await.unwrap();
    play(&mut call, "19__b").await;
    let url = next_url(call.last_document().unwrap());
    send(program.address, &webhook(2, &url, &[("Digits", TYPED)])).await;
    let unsigned = "POST /twilio/voice?From=%2B33639981234 HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(raw(program.address, unsigned).await.0, 403);
    send(program.address, &webhook(1, "/twilio/status", &[("CallStatus", "completed")])).await;
    let (_, metrics) = raw(program.admin, "GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    let counted = "allo_cmp_webhook_seconds_count{provider=\"twilio\"} ";
    let counted: usize = metrics.lines().find_map(|line| line.strip_prefix(counted)).unwrap().parse().unwrap();
    program.terminate();
    assert!(program.ended().await.success());

    let bodies = bodies.lock().unwrap().clone();
    let mut whole = 0;
    let (mut names, mut roots, mut parents) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for resource in bodies.iter().flat_map(|body| of(body, 1)) {
        let about = attributes(&of(of(resource, 1)[0], 1));
        assert_eq!(about.iter().map(|(key, _)| key.as_str()).collect::<BTreeSet<_>>(), ABOUT.into());
        for span in of(resource, 2).into_iter().flat_map(|scope| of(scope, 2)) {
            let name = text(of(span, 5)[0]).to_owned();
            let said = attributes(&of(span, 9));
            if name == "webhook" {
                whole += 1;
                roots.insert(of(span, 2)[0].to_vec());
                let keys: Vec<&str> = said.iter().map(|(key, _)| key.as_str()).collect();
                assert_eq!(keys, ["provider", "route", "outcome"]);
                assert_eq!(said[0].1, "twilio");
                assert!(Route::ALL.iter().any(|route| route.name() == said[1].1), "{said:?}");
                assert!(Ended::ALL.iter().any(|ended| ended.name() == said[2].1), "{said:?}");
            } else {
                assert!(said.is_empty(), "{said:?}");
                parents.insert(of(span, 4)[0].to_vec());
            }
            assert!(of(span, 11).is_empty() && of(span, 13).is_empty(), "an event or a link");
            names.insert(name);
        }
    }
    let wanted: BTreeSet<String> =
        Stage::ALL.map(Stage::name).into_iter().chain(["webhook"]).map(str::to_owned).collect();
    assert_eq!(names, wanted);
    assert_eq!(whole, counted, "one for each webhook that was believed");
    assert_eq!(roots, parents);

    let sent: String = bodies.iter().map(|body| String::from_utf8_lossy(body).into_owned()).collect();
    for secret in [&CALLER[1..], "639981234", TYPED, &token(&url)[..12], &sid(1), "voice?", AUTH_TOKEN, SECRET] {
        assert!(!sent.contains(secret), "{secret:?} was sent");
        assert!(!program.log().contains(secret), "{secret:?} is in the log");
    }
}

/// What is said of the program.
const ABOUT: [&str; 2] = ["service.name", "service.version"];

#[tokio::test]
async fn without_a_collector_calls_go_on_and_the_log_says_so_once() {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("settings.toml");
    fs::write(&settings, format!("[telemetry]\notlp_endpoint = \"http://{gone}\"\n")).unwrap();
    let mut program = Program::start_with(&[OsStr::new("--config"), settings.as_os_str()], None, "info").await;
    let mut call = caller(program.address, 1);
    call.start().await.unwrap();
    play(&mut call, "1").await;
    program.terminate();
    assert!(program.ended().await.success());
    let log = program.log();
    assert_eq!(log.matches("traces can't be delivered").count(), 1, "{log}");
}
