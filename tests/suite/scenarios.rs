//! The scenario files of `tests/calls`: each is one call to a real server, over real and signed HTTP on loopback.
//!
//! Every file is run, and all failures are told together. What the rules ask is in the files; which rules must be shown
//! by at least one of them is here. To hear a call, use `allo-cmp call`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use allo_cmp::{
    call::{CallKey, Caller, E164, LineId, Tokens},
    config,
    http::{App, Clock, FixedClock, Flood, FloodLimits, Limits, Options, Provider, serve},
    journal::{Batch, Recorder},
    lines::board::Board,
    phone::{Before, Call, Dialling, HttpTransport, Scenario, Stage},
    provider::twilio::Twilio,
    telemetry::Metrics,
};
use tokio::net::TcpListener;

use crate::{
    overlay::{Overlaid, centres},
    recorded::fact,
};

/// Where providers believe that the server is; it really listens on loopback, as behind a proxy.
const PUBLIC: &str = "https://line.example.org";
const AUTH_TOKEN: &str = "a token of fiction";
/// When calls begin that don't say when: a Tuesday at noon in Paris.
pub(crate) const AT: &str = "2025-12-02T12:00";

/// The rules that the line keeps today: each is shown by a scenario.
const REACHED: [&str; 67] = [
    "A1", "A2", "A3", "A4", "A5", "A6", "A8", "A9", "L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "L9", "L10", "K1",
    "K2", "K3", "K4", "K5", "K6", "K7", "K8", "K9", "K10", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "E1", "E2", "E3",
    "E4", "E5", "E6", "E7", "E8", "T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "peer-1", "peer-2", "peer-3",
    "peer-4", "peer-5", "peer-6", "peer-7", "peer-8", "peer-9", "peer-11", "peer-12", "peer-17", "peer-18", "peer-22",
    "peer-24",
];

/// The rules that nothing can show yet, and why.
const NOT_YET: [(&str, &str); 2] = [
    ("A7", "the line has two languages"),
    ("E9", "over HTTP in `tests/suite/asks.rs`: the simulated provider tells `#` from silence"),
];

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

/// The server that one scenario calls: nobody else does, so that its board is its own.
struct Server<'l> {
    line: &'l Overlaid,
    clock: FixedClock,
    board: Arc<Board>,
    recorder: Recorder,
    /// Which calls have begun before, and from whom this one comes.
    before: Before,
    from: Caller,
}

impl Server<'_> {
    /// Begins to serve; a caller's way to it.
    fn start(&mut self, board: Board) -> HttpTransport {
        self.board = Arc::new(board);
        let app = Arc::new(App::new(Options {
            world: self.line.world.clone(),
            providers: vec![Provider { dialect: Box::new(Twilio::new(AUTH_TOKEN)), caller_id: None::<E164> }],
            public_url: PUBLIC.to_owned(),
            tokens: Tokens::new("a secret of at least thirty-two characters", &[]),
            clock: Arc::new(self.clock.clone()),
            metrics: Arc::new(Metrics::default()),
            board: self.board.clone(),
            recorder: self.recorder.clone(),
            flood: self.flood(),
            other_machines: false,
        }));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let connect = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(serve(TcpListener::from_std(listener).unwrap(), app, Limits::default(), std::future::pending()));
        HttpTransport::new(AUTH_TOKEN, PUBLIC, &connect).unwrap()
    }

    /// The shipped limits, and the calls before.
    fn flood(&self) -> Flood {
        let limits = config::Limits::default();
        let (per_caller, per_minute) = (limits.new_calls_per_caller, limits.new_calls_per_minute);
        let flood = Flood::new(FloodLimits { per_caller, per_minute }, [7; 32]);
        let minute = self.clock.now().minute - self.before.minutes;
        let call = |n: u32| CallKey::of(Some(&format!("a call before, {n}")));
        for n in 0..self.before.same {
            flood.admit(&self.from, &call(n), minute);
        }
        for n in 0..self.before.others {
            flood.admit(&Caller::parse(&format!("+3319900{n:04}")), &call(1_000_000 + n), minute);
        }
        flood
    }
}

impl Stage<HttpTransport> for Server<'_> {
    fn numbers(&self, name: &str) -> Vec<String> {
        self.line.numbers(name)
    }

    fn restart(&mut self, transport: &mut HttpTransport) {
        *transport = self.start(Board::default());
    }
}

/// Calls the line as the scenario says; what went wrong.
async fn run(scenario: &Scenario, number: usize, line: &Overlaid) -> Option<String> {
    let text = &scenario.text;
    let began = seconds(text.at.as_deref().unwrap_or(AT));
    let (recorder, mut batches) = Recorder::new(1000);
    let minute = u32::try_from(began / 60).unwrap();
    // Numbers of the ranges reserved for fiction.
    let from = text.from.clone().unwrap_or_else(|| format!("+3363998{number:04}"));
    let mut server = Server {
        line,
        clock: FixedClock::at(began),
        board: Arc::default(),
        recorder,
        before: text.before,
        from: Caller::parse(&from),
    };
    let transport = server.start(line.board(&text.full, &text.paused, &text.resting, minute));
    let to = text.to.clone().unwrap_or_else(|| format!("+3319900{number:04}"));
    let mut dialling = Dialling::new(from, to, format!("{PUBLIC}/twilio/voice"));
    // Who begins where people take turns hangs on the id of the call: so it must not change with the other files.
    dialling.call_sid = format!("CA{:032x}", LineId::of(&scenario.file).0);
    dialling.status = Some(format!("{PUBLIC}/twilio/status"));
    let clock = server.clock.clone();
    let mut call = Call::new(transport, dialling).telling_time(move |since| clock.set(began + since.floor() as i64));
    if let Err(error) = scenario.run(&mut call, &mut server).await {
        return Some(error.to_string());
    }
    // The call is over: whoever it rang is free again.
    let held = line.held(&server.board, &text.full);
    if !held.is_empty() {
        return Some(format!("{}: the call is over, and still holds {}", scenario.file, held.join(", ")));
    }
    let told: Vec<Batch> = std::iter::from_fn(|| batches.try_recv().ok()).collect();
    let told: Vec<String> = told.iter().flat_map(|batch| &batch.facts).map(fact).collect();
    let mut rest = told.iter();
    let missing = text.facts.iter().find(|wanted| !rest.any(|fact| fact == *wanted))?;
    Some(format!("{}: the journal was not told `{missing}` there; it was told: {}", scenario.file, told.join(", ")))
}

#[tokio::test]
async fn every_scenario_is_heard_as_it_is_written() {
    let mut lines = BTreeMap::new();
    let mut failures = Vec::new();
    for (number, scenario) in scenarios().iter().enumerate() {
        let name = scenario.text.line.clone();
        let directory = scenario.text.directory.as_deref().unwrap_or("none");
        let line = lines
            .entry((name.clone(), directory.to_owned()))
            .or_insert_with(|| Overlaid::read(name.as_deref(), centres(directory)));
        failures.extend(run(scenario, number, line).await);
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
            if let Some(why) = NOT_YET.iter().find(|(name, _)| *name == rule).map(|(_, why)| why) {
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
