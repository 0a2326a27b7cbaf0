//! The scenario files of `tests/calls`: each is one call to a real server, over real and signed HTTP on loopback.
//!
//! Every file is run, and all failures are told together. What the rules ask is in the files; which rules must be shown
//! by at least one of them is here. To hear a call, use `allo-cmp call`.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use allo_cmp::{
    call::{E164, Tokens},
    engine::{Loaded, Settings},
    http::{App, FixedClock, Limits, Options, Provider, serve},
    lines::board::Board,
    phone::{Call, Dialling, HttpTransport, Scenario},
    provider::twilio::Twilio,
    telemetry::Metrics,
};
use tokio::net::TcpListener;

/// Where providers believe that the server is; it really listens on loopback, as behind a proxy.
const PUBLIC: &str = "https://line.example.org";
const AUTH_TOKEN: &str = "a token of fiction";
/// When calls begin that don't say when: a Tuesday at noon in Paris.
pub(crate) const AT: &str = "2025-12-02T12:00";

/// The rules that the line keeps today: each is shown by a scenario.
const REACHED: [&str; 43] = [
    "A1", "A2", "A3", "A5", "A6", "L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "L10", "K1", "K2", "K3", "K4", "K5",
    "K6", "K7", "K8", "K9", "K10", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "T1", "T2", "T5", "T7", "T9", "peer-1",
    "peer-2", "peer-3", "peer-6", "peer-17", "peer-18", "peer-24",
];

/// The rules that nothing can show yet, and why.
const NOT_YET: [(&str, &str); 8] = [
    ("A4", "an operator can't add notices of their own yet"),
    ("A7", "the line has two languages"),
    ("A8", "no telephone number has a language of its own yet"),
    ("L9", "no postal code is asked for yet"),
    ("T3", "turn by turn in `tests/suite/chains.rs`: the shipped chains have one line each"),
    ("T4", "turn by turn in `tests/suite/chains.rs`: no shipped chain rings for 45 seconds"),
    ("T6", "no line may be left with the star key yet"),
    ("T8", "over HTTP in `tests/suite/legs.rs`: the shipped line has no people of its own"),
];

/// Families of rules that nothing can show yet.
const FAMILIES_NOT_YET: [(char, &str); 1] = [('E', "no digits are asked for yet")];

pub(crate) fn scenarios() -> Vec<Scenario> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/calls");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|e| e == "yaml")).collect();
    files.sort();
    let read = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        Scenario::parse(&name, &fs::read_to_string(path).unwrap()).unwrap_or_else(|error| panic!("{error}"))
    };
    files.iter().map(read).collect()
}

/// Seconds since 1970 of a time as scenarios write it: RFC 3339, or Paris local time.
pub(crate) fn seconds(at: &str) -> i64 {
    let instant = at.parse::<jiff::Timestamp>().or_else(|_| {
        let local: jiff::civil::DateTime = at.parse()?;
        Ok::<_, jiff::Error>(local.in_tz("Europe/Paris")?.timestamp())
    });
    instant.unwrap_or_else(|error| panic!("`at: {at}`: {error}")).as_second()
}

#[tokio::test]
async fn every_scenario_is_heard_as_it_is_written() {
    let clock = FixedClock::at(seconds(AT));
    let app = Arc::new(App::new(Options {
        world: Arc::new(Loaded::shipped(&Settings::default()).world.unwrap()),
        providers: vec![Provider { dialect: Box::new(Twilio::new(AUTH_TOKEN)), caller_id: None::<E164> }],
        public_url: PUBLIC.to_owned(),
        tokens: Tokens::new("a secret of at least thirty-two characters", &[]),
        clock: Arc::new(clock.clone()),
        metrics: Arc::new(Metrics::default()),
        board: Arc::new(Board::default()),
    }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let connect = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve(listener, app, Limits::default(), std::future::pending()));

    let mut failures = Vec::new();
    for (number, scenario) in scenarios().iter().enumerate() {
        let text = &scenario.text;
        // One after the other: they share the clock. Numbers of the ranges reserved for fiction.
        let from = text.from.clone().unwrap_or_else(|| format!("+3363998{number:04}"));
        let to = text.to.clone().unwrap_or_else(|| format!("+3319900{number:04}"));
        let mut dialling = Dialling::new(from, to, format!("{PUBLIC}/twilio/voice"));
        dialling.call_sid = format!("CA{:032x}", 0x5ce0_0000 + number);
        dialling.status = Some(format!("{PUBLIC}/twilio/status"));
        let (clock, began) = (clock.clone(), seconds(text.at.as_deref().unwrap_or(AT)));
        let transport = HttpTransport::new(AUTH_TOKEN, PUBLIC, &connect).unwrap();
        let mut call =
            Call::new(transport, dialling).telling_time(move |since| clock.set(began + since.floor() as i64));
        if let Err(error) = scenario.run(&mut call).await {
            failures.push(error.to_string());
        }
    }
    assert!(failures.is_empty(), "{} scenarios failed:\n\n{}", failures.len(), failures.join("\n\n"));
}

#[test]
fn every_rule_that_the_line_keeps_is_shown_by_a_scenario() {
    let scenarios = scenarios();
    let mut wrong = Vec::new();
    let mut shown = BTreeSet::new();
    for Scenario { file, text } in &scenarios {
        if text.rules.is_empty() {
            wrong.push(format!("{file} names no rule"));
        }
        for rule in text.rules.iter().map(String::as_str) {
            let family = FAMILIES_NOT_YET.iter().find(|(family, _)| rule.starts_with(*family)).map(|(_, why)| why);
            if let Some(why) = NOT_YET.iter().find(|(name, _)| *name == rule).map(|(_, why)| why).or(family) {
                wrong.push(format!("{file} shows {rule}, listed as not reached ({why}): list it as reached"));
            } else if !REACHED.contains(&rule) {
                wrong.push(format!("{file} names {rule}, which is no rule"));
            }
            shown.insert(rule);
        }
    }
    let missing = REACHED.iter().filter(|rule| !shown.contains(*rule));
    wrong.extend(missing.map(|rule| format!("no scenario shows {rule}")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
