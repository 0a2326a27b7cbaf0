//! What one webhook costs, stage by stage and whole, without the network: `cargo bench --bench webhook`.
//!
//! Each figure is the best of many short runs, in nanoseconds: the least disturbed one. The whole is measured on the
//! shipped line, and on lines of 10 and 100,000 menus, in the same run: it must not grow with the line.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a bench, not the program")]

use std::{hint::black_box, sync::Arc, time::Instant};

use allo_cmp::{
    call::{CallKey, CallState, Event, Key, Keys, Lang, NodeId, Step, TokenKind, Tokens},
    engine::{self, Loaded, Now, Settings, World},
    files::Files,
    http::{self, App, FixedClock, Limits, Options, Provider},
    journal::{Batch, Happening, Kind, Recorder},
    lines::board::Board,
    provider::{
        Dialect, Envelope, Method, RawRequest, form,
        twilio::{Twilio, sign},
    },
    telemetry::Metrics,
};
use axum::body::Body;
use http_body_util::BodyExt;
use tokio::sync::mpsc::Receiver;
use tower::ServiceExt;

const AUTH_TOKEN: &str = "a token of thirty-two characters";
const SECRET: &str = "a secret of at least thirty-two characters";
const PUBLIC_URL: &str = "https://line.example.org";

/// What Twilio posts when a key was pressed.
fn form_body(digits: &str) -> (String, Vec<(&'static str, String)>) {
    let params: Vec<(&str, String)> = [
        ("AccountSid", "AC00000000000000000000000000000000"),
        ("ApiVersion", "2010-04-01"),
        ("CallSid", "CA00000000000000000000000000000001"),
        ("CallStatus", "in-progress"),
        ("Called", "+33199001234"),
        ("CalledCountry", "FR"),
        ("Caller", "+33639981234"),
        ("CallerCountry", "FR"),
        ("Digits", digits),
        ("Direction", "inbound"),
        ("FinishedOnKey", ""),
        ("From", "+33639981234"),
        ("FromCountry", "FR"),
        ("To", "+33199001234"),
        ("ToCountry", "FR"),
        ("msg", "Gather End"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into();
    let encode = |text: &str| text.replace('+', "%2B").replace(' ', "+");
    let body = params.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&");
    (body, params)
}

/// Nanoseconds of the fastest of 40 runs of `n`.
fn best(n: u32, mut work: impl FnMut()) -> f64 {
    (0..40)
        .map(|_| {
            let start = Instant::now();
            (0..n).for_each(|_| work());
            start.elapsed().as_nanos() as f64 / f64::from(n)
        })
        .fold(f64::INFINITY, f64::min)
}

fn shipped() -> World {
    Loaded::shipped(&Settings::default()).world.unwrap()
}

/// The shipped line with `n` more menus, each leading to the next, hung under the fourth key of the help menu.
fn large(n: usize) -> World {
    let mut texts: Vec<(String, String)> =
        Files::embedded_flows().files.iter().map(|file| (file.name.clone(), file.source.text.clone())).collect();
    for (name, text) in &mut texts {
        if name == "main.yaml" {
            *text = text.replace("go: about_line }", "go: extra_0 }");
        }
    }
    for (file, chunk) in (0..n).collect::<Vec<_>>().chunks(100).enumerate() {
        let nodes = chunk.iter().map(|i| {
            let next = if i + 1 < n { format!("extra_{}", i + 1) } else { "about_line".to_owned() };
            format!(
                "extra_{i}:\n  menu:\n    intro: help/intro\n    keys:\n      1: {{ say: help/key-keys, go: {next} }}\n      \
                 2: {{ say: help/key-numbers, go: numbers }}\n"
            )
        });
        texts.push((format!("extra_{file}.yaml"), nodes.collect()));
    }
    let flows = Files::from_texts(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    let loaded = Loaded::new(&flows, &Files::embedded_scripts(), &Settings::default());
    for diagnostic in loaded.diagnostics.iter().take(3) {
        println!("{diagnostic}");
    }
    loaded.world.unwrap()
}

/// A caller who listens to the main menu in French, and presses 2.
fn at_main_menu() -> CallState {
    let world = shipped();
    let now = Now::at(29_000_000);
    let Step::Answer { state, .. } = engine::begin(&world, None, &now) else { unreachable!() };
    let one = Event::Keys(Key::digit(1).unwrap().into());
    let Step::Answer { state, .. } = engine::step(&world, state, &one, &now) else { unreachable!() };
    state
}

struct Whole {
    router: axum::Router,
    uri: String,
    body: String,
    signature: String,
}

impl Whole {
    fn new(world: World, state: &CallState, recorder: Recorder) -> Whole {
        let tokens = Tokens::new(SECRET, &[]);
        let call = CallKey::of(Some("CA00000000000000000000000000000001"));
        let token = tokens.seal("twilio", TokenKind::Call, &call, state).unwrap();
        let uri = format!("/twilio/voice?l=fr&s={token}");
        let (body, params) = form_body("2");
        let params: Vec<(&str, &str)> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let signature = sign(AUTH_TOKEN, &format!("{PUBLIC_URL}{uri}"), &params);
        let app = Arc::new(App::new(Options {
            world: Arc::new(world),
            providers: vec![Provider { dialect: Box::new(Twilio::new(AUTH_TOKEN)), caller_id: None }],
            public_url: PUBLIC_URL.to_owned(),
            tokens,
            clock: Arc::new(FixedClock::at(29_000_000 * 60)),
            metrics: Arc::new(Metrics::default()),
            board: Arc::new(Board::default()),
            recorder,
            flood: allo_cmp::http::Flood::unlimited(),
            other_machines: false,
        }));
        Whole { router: http::service(app, Limits::default()), uri, body, signature }
    }

    async fn send(&self) -> usize {
        let request = axum::extract::Request::post(&self.uri)
            .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
            .header("x-twilio-signature", &self.signature)
            .body(Body::from(self.body.clone()))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        response.into_body().collect().await.unwrap().to_bytes().len()
    }
}

fn main() {
    let world = shipped();
    let state = at_main_menu();
    let now = Now::at(29_000_000);
    let tokens = Tokens::new(SECRET, &[]);
    let call = CallKey::of(Some("CA00000000000000000000000000000001"));
    let token = tokens.seal("twilio", TokenKind::Call, &call, &state).unwrap();
    let twilio = Twilio::new(AUTH_TOKEN);
    let (body, params) = form_body("2");
    let params: Vec<(&str, &str)> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let url = format!("{PUBLIC_URL}/twilio/voice?l=fr&s={token}");
    let signature = sign(AUTH_TOKEN, &url, &params);
    let headers = [
        ("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
        ("x-twilio-signature", signature.as_str()),
    ];
    let headers: &[(&str, &str)] = &headers;
    let request =
        RawRequest { method: Method::Post, url: &url, headers: &headers, body: body.as_bytes(), now_seconds: 0 };
    let verified = twilio.verify(request).unwrap();
    let two = Event::Keys(Keys::from(Key::digit(2).unwrap()));
    let Step::Answer { state: after, verbs, .. } = engine::step(&world, state.clone(), &two, &now) else {
        unreachable!()
    };
    assert_eq!(after.node, NodeId::of("access_menu"));
    let envelope = Envelope { next: &url, leg: None, caller_id: None, public_url: "https://line.example.org" };
    let document = twilio.render(&verbs, &envelope).unwrap();

    println!("one webhook: a form of {} bytes in, {} bytes of TwiML out\n", body.len(), document.len());
    let mut sum = 0.0;
    let mut stage = |name: &str, ns: f64| {
        sum += ns;
        println!("  {name:<28} {ns:>8.0} ns");
    };
    stage("form", best(2000, || drop(black_box(form::decode(black_box(body.as_bytes()))))));
    stage("signature (with the form)", best(2000, || drop(black_box(twilio.verify(black_box(request)).unwrap()))));
    stage("parse", best(2000, || drop(black_box(twilio.parse(black_box(&verified)).unwrap()))));
    stage(
        "token opened",
        best(2000, || drop(black_box(tokens.open("twilio", TokenKind::Call, &call, &token).unwrap()))),
    );
    stage("step", best(2000, || drop(black_box(engine::step(&world, black_box(state.clone()), &two, &now)))));
    stage(
        "token sealed",
        best(2000, || drop(black_box(tokens.seal("twilio", TokenKind::Call, &call, &after).unwrap()))),
    );
    stage("render", best(1000, || drop(black_box(twilio.render(black_box(&verbs), &envelope).unwrap()))));
    let (recorder, mut batches) = Recorder::new(16);
    let subject = &world.node(after.node).unwrap().name;
    stage(
        "handed to the journal",
        best(2000, || {
            let fact = Happening { kind: Kind::Reached, subject: subject.clone(), outcome: None, talked: None };
            let batch = Batch { call, turn: state.turn, second: 0, lang: state.lang, caller: None, facts: vec![fact] };
            recorder.record(black_box(batch));
            drop(black_box(batches.try_recv().unwrap()));
        }),
    );
    println!("  {:<28} {sum:>8.0} ns  (the form counted twice)\n", "sum");

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let whole_with = |name: &str, world: World, (recorder, mut batches): (Recorder, Option<Receiver<Batch>>)| {
        let whole = Whole::new(world, &state, recorder);
        assert!(runtime.block_on(whole.send()) > 500);
        let ns = best(500, || {
            black_box(runtime.block_on(whole.send()));
            // The queue must not fill up: a batch that is lost costs less.
            drop(black_box(batches.as_mut().map(|batches| batches.try_recv())));
        });
        println!("  {name:<28} {ns:>8.0} ns");
        ns
    };
    let whole = |name: &str, world: World| whole_with(name, world, (Recorder::default(), None));
    let constant = axum::Router::new().route("/{provider}/voice", axum::routing::post(|| async { "a constant" }));
    let (uri, body) = (format!("/twilio/voice?l=fr&s={token}"), body.clone());
    let bare = best(1000, || {
        let request = axum::extract::Request::post(&uri)
            .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
            .header("x-twilio-signature", &signature)
            .body(Body::from(body.clone()))
            .unwrap();
        black_box(runtime.block_on(async { constant.clone().oneshot(request).await.unwrap() }));
    });
    println!(
        "  {:<28} {bare:>8.0} ns  (a router that answers a constant, and the bench's own request)\n",
        "bare router"
    );
    println!("the whole, with routing, limits and the answer's body:\n");
    let langs = world.langs.contains(&Lang::FR);
    assert!(langs);
    let off = whole("the shipped line", shipped());
    let (recorder, batches) = Recorder::new(4096);
    let on = whole_with("and a journal", shipped(), (recorder, Some(batches)));
    println!("  {:<28} {:>8.1} %", "the journal's share", (on / off - 1.0) * 100.0);
    if std::env::args().any(|arg| arg == "--shipped") {
        return;
    }
    let small = whole("and 10 menus", large(10));
    let big = whole("and 100,000 menus", large(100_000));
    println!("\n  100,000 menus cost {:.2} times what 10 cost", big / small);
}
