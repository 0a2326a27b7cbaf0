//! Lines that are rested, passed over and paused while calls run, over HTTP on both listeners, and over a restart.

use std::{ffi::OsStr, fs, net::SocketAddr, path::Path};

use allo_cmp::{
    call::LineId,
    lines::health::FIRST_REST,
    phone::{Call, DialResult, HttpTransport, Wait},
    telemetry::{Metric, Skip},
};
use serde_json::Value;

use crate::{
    line::{Line, Setup, one_place, play, raw, said},
    program::{Program, command},
};

const BUSY: &str = "fr: La ligne est occupée";
const RESTING: &str = "fr: Nous ne pouvons pas les joindre en ce moment.";
const UNTIL: &str = "2025-12-02T12:00";

async fn line() -> Line {
    Line::start(Setup { flows: one_place(), ..Setup::default() }).await
}

fn skipped(line: &Line) -> u64 {
    Skip::ALL.map(|why| line.metrics.skipped(why)).iter().sum()
}

/// Caller number `n`, who wants to be put through: until the line rings or is passed over.
async fn wants_the_line(line: &Line, n: usize) -> Call<HttpTransport> {
    let before = skipped(line);
    let mut call = line.after(n, "19").await;
    for _ in 0..4 {
        if matches!(call.wait(), Wait::Dial(_)) || skipped(line) > before {
            return call;
        }
        call.silence().await.unwrap();
    }
    call
}

fn rings(call: &Call<HttpTransport>) -> bool {
    matches!(call.wait(), Wait::Dial(_))
}

/// Passed over: told so, with the numbers, and still there.
fn is_told(call: &Call<HttpTransport>, why: &str) {
    let words = said(call.last_document().unwrap());
    assert!(words.starts_with(why) && words.contains("3114"), "{words}");
    assert!(matches!(call.wait(), Wait::Keys(_)), "{:?}", call.wait());
}

async fn ask(admin: SocketAddr, method: &str, path: &str, body: &str) -> (u16, Value) {
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    let (status, body) = raw(admin, head + body).await;
    (status, serde_json::from_str(&body).unwrap_or_default())
}

/// What operators see of the line.
async fn seen(admin: SocketAddr) -> Value {
    let (status, body) = ask(admin, "GET", "/lines", "").await;
    assert_eq!(status, 200);
    let lines = body["lines"].as_array().unwrap();
    lines.iter().find(|line| line["name"] == "sos_amitie").unwrap().clone()
}

#[tokio::test]
async fn a_line_that_fails_three_times_is_rested_then_tried_by_one_call() {
    let line = line().await;
    for n in 1..=3 {
        let mut call = wants_the_line(&line, n).await;
        assert!(rings(&call), "{n}");
        play(&mut call, "f").await;
        // Told once more, it is no other failure.
        call.send_again().await.unwrap();
    }
    assert_eq!(line.count(Metric::LinesRested), 1);
    let fourth = wants_the_line(&line, 4).await;
    is_told(&fourth, RESTING);
    assert_eq!((line.metrics.skipped(Skip::Unhealthy), line.count(Metric::TransfersTried)), (1, 3));
    let seen = seen(line.admin).await;
    assert_eq!((&seen["health"], &seen["held"]), (&"resting".into(), &0.into()), "{seen}");
    let (_, ready) = ask(line.admin, "GET", "/readyz", "").await;
    assert_eq!((&ready["lines_resting"], &ready["lines"][0]["name"]), (&1.into(), &"sos_amitie".into()), "{ready}");
    let (_, public) = line.raw("GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert!(public.contains("\"lines_resting\":1") && !public.contains("sos_amitie"), "{public}");
    let (_, metrics) = raw(line.admin, "GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert!(metrics.contains("\nallo_cmp_line_breaker{line=\"sos_amitie\"} 2\n"), "{metrics}");

    line.clock.advance(i64::from(FIRST_REST) * 60);
    let mut fifth = wants_the_line(&line, 5).await;
    assert!(rings(&fifth));
    is_told(&wants_the_line(&line, 6).await, BUSY);
    fifth.dialled(DialResult::Completed(60)).await.unwrap();
    assert!(rings(&wants_the_line(&line, 7).await));
    assert_eq!(line.count(Metric::LinesRested), 1);
}

#[tokio::test]
async fn one_failure_told_often_rests_nothing() {
    let line = line().await;
    let mut call = wants_the_line(&line, 1).await;
    play(&mut call, "f").await;
    for _ in 0..5 {
        call.send_again().await.unwrap();
    }
    assert!(rings(&wants_the_line(&line, 2).await));
    assert_eq!((line.count(Metric::LinesRested), skipped(&line)), (0, 0));
}

#[tokio::test]
async fn busy_no_answer_and_hanging_up_never_rest_a_line() {
    let line = line().await;
    for (n, act) in "bbbbnnnnxxxx".chars().enumerate() {
        let mut call = wants_the_line(&line, n).await;
        assert!(rings(&call), "{n} {act}");
        play(&mut call, &act.to_string()).await;
    }
    for n in 20..25 {
        let mut call = wants_the_line(&line, n).await;
        assert!(rings(&call), "{n}");
        call.hang_up().await.unwrap();
    }
    assert_eq!((line.count(Metric::LinesRested), skipped(&line)), (0, 0));
    assert_eq!(line.board.occupancy.held(LineId::of("sos_amitie")), 0);
}

#[tokio::test]
async fn a_line_is_paused_and_resumed_while_calls_run() {
    let line = line().await;
    let mut talking = wants_the_line(&line, 1).await;
    assert!(rings(&talking));
    let pause = format!(r#"{{"until":"{UNTIL}","reason":"formation"}}"#);
    let (status, body) = ask(line.admin, "POST", "/lines/sos_amitie/pause", &pause).await;
    assert_eq!((status, &body["paused"]), (200, &serde_json::json!(["sos_amitie"])), "{body}");
    is_told(&wants_the_line(&line, 2).await, RESTING);
    assert_eq!(line.metrics.skipped(Skip::Paused), 1);
    let paused = seen(line.admin).await;
    assert_eq!((&paused["reason"], &paused["held"]), (&"formation".into(), &1.into()), "{paused}");
    assert_eq!(paused["paused_until"], "2025-12-02T12:00:00+01:00");
    // Who talks goes on talking, and is asked what else there is.
    talking.dialled(DialResult::Completed(600)).await.unwrap();
    assert!(matches!(talking.wait(), Wait::Keys(_)));
    is_told(&wants_the_line(&line, 3).await, RESTING);
    for resumed in [serde_json::json!(["sos_amitie"]), serde_json::json!([])] {
        let (status, body) = ask(line.admin, "DELETE", "/lines/sos_amitie/pause", "").await;
        assert_eq!((status, &body["resumed"]), (200, &resumed));
    }
    assert!(rings(&wants_the_line(&line, 4).await));
    assert_eq!(seen(line.admin).await["paused_until"], Value::Null);
}

#[tokio::test]
async fn a_pause_ends_by_itself() {
    let line = line().await;
    let (status, _) = ask(line.admin, "POST", "/lines/sos_amitie/pause", r#"{"until":"2025-12-02T01:05"}"#).await;
    assert_eq!(status, 200);
    line.clock.advance(4 * 60);
    is_told(&wants_the_line(&line, 1).await, RESTING);
    line.clock.advance(60);
    assert!(rings(&wants_the_line(&line, 2).await));
}

#[tokio::test]
async fn a_pause_that_makes_no_sense_is_refused_with_what_to_do() {
    let line = line().await;
    let right = format!(r#"{{"until":"{UNTIL}"}}"#);
    for (path, body, status, word) in [
        ("sos_amite", right.as_str(), 404, "did you mean `sos_amitie`?"),
        ("sos%20amitie%2F", right.as_str(), 404, "sos_amitie"),
        ("quite_another", right.as_str(), 404, "sos_amitie"),
        ("sos_amitie", "{", 400, "until"),
        ("sos_amitie", "", 400, "until"),
        ("sos_amitie", r#"{"until":"soon"}"#, 400, "2026-12-25T03:00"),
        ("sos_amitie", r#"{"until":"2025-12-01T12:00"}"#, 400, "is over"),
        ("sos_amitie", r#"{"until":"2062-12-01T12:00"}"#, 400, "a year"),
        ("sos_amitie", r#"{"until":"2025-12-02T12:00","why":"x"}"#, 400, "reason"),
    ] {
        let (answered, said) = ask(line.admin, "POST", &format!("/lines/{path}/pause"), body).await;
        assert_eq!(answered, status, "{path} {body}: {said}");
        assert!(said.to_string().contains(word), "{path} {body}: {said}");
    }
    let long = format!(r#"{{"until":"{UNTIL}","reason":"{}"}}"#, "é".repeat(201));
    assert_eq!(ask(line.admin, "POST", "/lines/sos_amitie/pause", &long).await.0, 400);
    let longer = format!(r#"{{"until":"{UNTIL}","reason":"{}"}}"#, "é".repeat(5000));
    assert_eq!(ask(line.admin, "POST", "/lines/sos_amitie/pause", &longer).await.0, 413);
    let plain = "POST /lines/sos_amitie/pause HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(raw(line.admin, plain).await.0, 415);
    assert_eq!(ask(line.admin, "GET", "/lines/sos_amitie/pause", "").await.0, 405);
    // Nothing of it is reached where providers are.
    let (status, _) = ask(line.address, "POST", "/lines/sos_amitie/pause", &right).await;
    assert_eq!((status, ask(line.address, "GET", "/lines", "").await.0), (404, 404));
    assert!(rings(&wants_the_line(&line, 1).await));
}

/// `allo-cmp lines ...` for the server whose operators are answered at `admin`.
fn lines(folder: &Path, admin: SocketAddr, args: &[&str]) -> (Option<i32>, String) {
    let mut command = command(folder);
    let output = command.arg("lines").args(args).env("ALLO_CMP__ADMIN__LISTEN", admin.to_string()).output().unwrap();
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_outlives_a_restart_and_a_broken_file_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (config, state) = (folder.path().join("settings.toml"), folder.path().join("lines.json"));
    fs::write(&config, format!("[lines]\nstate_path = {state:?}\n")).unwrap();
    let args: [&OsStr; 2] = ["--config".as_ref(), config.as_ref()];

    // A time of today, within the year that a pause may last.
    let far = jiff::Timestamp::from_second(in_a_month()).unwrap().to_string();
    let program = Program::start_with(&args, None, "info").await;
    let pause = ["pause", "sos_amitie", "--until", &far, "--reason", "congés"];
    let (code, told) = lines(folder.path(), program.admin, &pause);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.starts_with("paused until ") && told.contains("sos_amitie"), "{told}");
    program.kill();

    let program = Program::start_with(&args, None, "info").await;
    assert_eq!(seen(program.admin).await["reason"], "congés");
    let (code, told) = lines(folder.path(), program.admin, &["resume", "sos_amitie"]);
    assert_eq!((code, told.as_str()), (Some(0), "resumed: sos_amitie\n"));
    let (code, told) = lines(folder.path(), program.admin, &["resume", "sos_amitie"]);
    assert_eq!((code, told.as_str()), (Some(0), "`sos_amitie` was not paused\n"));
    let (code, told) = lines(folder.path(), program.admin, &["resume", "sos_amite"]);
    assert_eq!(code, Some(1));
    assert!(told.contains("did you mean `sos_amitie`?"), "{told}");
    let (code, told) = lines(folder.path(), program.admin, &["pause", "sos_amitie", "--until", "soon"]);
    assert_eq!(code, Some(1));
    assert!(told.contains("--until soon: write 2026-12-25T03:00"), "{told}");
    let admin = program.admin;
    program.kill();
    let (code, told) = lines(folder.path(), admin, &["resume", "sos_amitie"]);
    assert_eq!(code, Some(1));
    assert!(told.contains("no server answers operators") && told.contains("admin.listen"), "{told}");

    fs::write(&state, "{ broken").unwrap();
    let program = Program::start_with(&args, None, "info").await;
    assert!(program.log().contains("was set aside as"), "{}", program.log());
    assert_eq!(fs::read_to_string(folder.path().join("lines.json.broken")).unwrap(), "{ broken");
    assert_eq!(seen(program.admin).await["paused_until"], Value::Null);
}

#[expect(clippy::disallowed_methods, reason = "the program that is started has the machine's clock")]
fn in_a_month() -> i64 {
    jiff::Timestamp::now().as_second() + 30 * 24 * 3600
}

/// Anne is in two groups, under two names.
const TWO_GROUPS: &str = r#"
day: { name: { fr: notre équipe, en: our team }, people: { anne: { dial: "+33199000071", speaks: [fr] } } }
night:
  name: { fr: notre équipe de nuit, en: our night team }
  people:
    anna: { dial: "+33199000071", speaks: [fr] }
    basil: { dial: "+33199000072", speaks: [fr] }
"#;

#[tokio::test]
async fn who_is_in_two_groups_has_one_telephone_and_is_not_rung_while_on_a_call() {
    let at_night =
        "by_night: { transfer: { say: transfer/listener, chain: by_night, then: main_menu, failed: numbers } }";
    let (flows, scripts) = crate::line::small(
        &[
            ("transfer/listener, line: sos_amitie", "transfer/listener, chain: by_day"),
            ("urgent/key-person, go: listener", "urgent/key-person, go: by_night"),
            ("goodbye: { end", &format!("{at_night}\ngoodbye: {{ end")),
        ],
        &[
            ("flows/responders.yaml", TWO_GROUPS),
            ("flows/chains.yaml", "by_day: { try: [day] }\nby_night: { try: [night] }\n"),
        ],
    );
    let line = Line::start(Setup { flows, scripts, ..Setup::default() }).await;
    let rings = |call: &Call<HttpTransport>| {
        let document = call.last_document().unwrap();
        ["71", "72"].into_iter().filter(|number| document.contains(&format!("+331990000{number}<"))).collect::<Vec<_>>()
    };
    let mut first = line.after(1, "11_").await;
    assert_eq!(rings(&first), ["71"]);
    let second = line.after(2, "191_").await;
    assert_eq!(rings(&second), ["72"], "{:?}", second.last_document());
    first.hang_up().await.unwrap();
    let third = line.after(3, "191_").await;
    assert_eq!(rings(&third), ["71"]);
}
