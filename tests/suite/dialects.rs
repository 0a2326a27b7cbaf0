//! One table of calls over each dialect of Twilio's kin: for the caller the line is the same everywhere. Real HTTP, each
//! webhook signed by its provider, each document performed as that provider performs it.

use std::sync::{Arc, LazyLock};

use allo_cmp::{
    call::{Address, Dial, Digits, E164, Lang, Listen, Pace, Piece, Prompt, Speech, Target, Tokens, Verb},
    engine::{Loaded, Settings, World},
    http::{App, Clock, FixedClock, Limits, Options, Provider, serve},
    lines::board::Board,
    phone::{
        Answers, Call, Dialling, HeardWhat, HttpTransport, Scenario, Semantics, Signer, Step, Transport, WebRequest,
    },
    provider::{
        Dialect, Envelope, Method,
        plivo::Plivo,
        signalwire::SignalWire,
        somleng::Somleng,
        telnyx::{self, Telnyx},
        twilio::Twilio,
    },
    telemetry::{Metric, Metrics},
};
use tokio::net::TcpListener;

use crate::{
    line::{CALLER, OURS, PUBLIC, SECRET, flows, loaded, play},
    scenarios::{AT, scenarios, seconds},
};

/// A secret that each provider's telephone can sign with: 32 bytes, as Telnyx needs.
const PROVIDER_SECRET: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// The calls: repeating, slower, the universal keys, silence, transfers, urgent help, documents.
const TABLE: [&str; 17] = [
    "star-says-the-place-again",
    "seven-is-slower-then-normal",
    "slower-lasts-for-the-call-in-french",
    "universal-keys-in-help-and-urgent-help",
    "universal-keys-before-a-ring",
    "hash-goes-back-along-the-real-path",
    "silence-at-the-main-menu-leads-to-a-person",
    "never-pressing-the-first-ring-is-answered",
    "never-pressing-nobody-answers",
    "nine-after-a-conversation-and-after-a-failed-call",
    "nine-interrupts-every-prompt",
    "urgent-help-choices",
    "documents-read-to-the-end-in-silence-in-french",
    "the-end-of-a-document-and-its-choices-in-english",
    "language-changes-in-mid-call",
    "the-same-webhook-twice",
    "the-goodbye-that-the-caller-chose",
];

fn dialect(name: &str) -> Box<dyn Dialect> {
    match name {
        "twilio" => Box::new(Twilio::new(PROVIDER_SECRET)),
        "signalwire" => Box::new(SignalWire::new(PROVIDER_SECRET)),
        "telnyx" => Box::new(Telnyx::new(&telnyx::public_key(PROVIDER_SECRET)).unwrap()),
        "somleng" => Box::new(Somleng::new(PROVIDER_SECRET)),
        "plivo" => Box::new(Plivo::new(PROVIDER_SECRET)),
        other => panic!("no dialect for {other}"),
    }
}

/// The shipped line, one for all providers: what is kept of one dialect must never be said in another.
static WORLD: LazyLock<Arc<World>> = LazyLock::new(|| Arc::new(Loaded::shipped(&Settings::default()).world.unwrap()));

/// The shipped line, called through one provider.
struct Site {
    connect: String,
    clock: FixedClock,
    metrics: Arc<Metrics>,
    semantics: &'static Semantics,
}

impl Site {
    async fn start(semantics: &'static Semantics) -> Site {
        Site::open(semantics, WORLD.clone()).await
    }

    async fn open(semantics: &'static Semantics, world: Arc<World>) -> Site {
        let (clock, metrics) = (FixedClock::at(seconds(AT)), Arc::new(Metrics::default()));
        let app = Arc::new(App::new(Options {
            world,
            providers: vec![Provider { dialect: dialect(semantics.name), caller_id: None::<E164> }],
            public_url: PUBLIC.to_owned(),
            tokens: Tokens::new(SECRET, &[]),
            clock: Arc::new(clock.clone()),
            metrics: metrics.clone(),
            board: Arc::new(Board::default()),
            recorder: allo_cmp::journal::Recorder::default(),
            flood: allo_cmp::http::Flood::unlimited(),
            other_machines: false,
        }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let connect = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(serve(listener, app, Limits::default(), std::future::pending()));
        Site { connect, clock, metrics, semantics }
    }

    fn transport(&self) -> HttpTransport {
        let clock = self.clock.clone();
        let signer = Signer::new(self.semantics, PROVIDER_SECRET, move || clock.second());
        HttpTransport::signing(signer, PUBLIC, &self.connect).unwrap()
    }

    fn url(&self, path: &str) -> String {
        format!("{PUBLIC}/{}/{path}", self.semantics.name)
    }
}

/// "touche neuf", "press nine"; and how many parts a document has.
fn with_key_in_words(text: &str) -> String {
    const KEYS: [(&str, &str); 10] = [
        ("zéro", "zero"),
        ("un", "one"),
        ("deux", "two"),
        ("trois", "three"),
        ("quatre", "four"),
        ("cinq", "five"),
        ("six", "six"),
        ("sept", "seven"),
        ("huit", "eight"),
        ("neuf", "nine"),
    ];
    let mut text = text.replace("7 parties", "sept parties");
    for (key, (french, english)) in KEYS.iter().enumerate() {
        text = text.replace(&format!("ouche {key}"), &format!("ouche {french}"));
        text = text.replace(&format!("ress {key}"), &format!("ress {english}"));
    }
    text
}

/// Where a voice obeys no markup a number is heard as its words, so that steps which look for its figures say nothing.
fn without_figures(mut scenario: Scenario) -> Scenario {
    for step in &mut scenario.text.call {
        match step {
            Step::Hear(fragments) => fragments.iter_mut().for_each(|fragment| *fragment = with_key_in_words(fragment)),
            Step::Begins(words) => *words = with_key_in_words(words),
            _ => {}
        }
    }
    let has_number = |text: &String| text.as_bytes().windows(2).any(|pair| pair.iter().all(u8::is_ascii_digit));
    scenario.text.call.retain_mut(|step| match step {
        Step::Hear(fragments) => {
            fragments.retain(|fragment| !has_number(fragment));
            !fragments.is_empty()
        }
        Step::Begins(words) => !has_number(words),
        // Somleng waits a second at each way back, and pauses are played by half seconds.
        Step::Within(seconds) => {
            *seconds += 2.0;
            true
        }
        _ => true,
    });
    scenario
}

/// Plivo waits five seconds at least.
fn with_long_waits(mut scenario: Scenario) -> Scenario {
    for step in &mut scenario.text.call {
        match step {
            Step::Waits(seconds) => *seconds = 5.max(*seconds),
            Step::Within(seconds) if *seconds > 10.0 => *seconds += 10.0,
            _ => {}
        }
    }
    scenario
}

async fn failures_at(semantics: &'static Semantics) -> Vec<String> {
    let site = Site::start(semantics).await;
    let all = scenarios();
    let mut failures = Vec::new();
    for (number, name) in TABLE.iter().enumerate() {
        let file = format!("{name}.yaml");
        let scenario = all.iter().find(|scenario| scenario.file == file).unwrap_or_else(|| panic!("no {file}"));
        let scenario = match semantics.name {
            "telnyx" | "somleng" => without_figures(scenario.clone()),
            "plivo" => with_long_waits(scenario.clone()),
            _ => scenario.clone(),
        };
        let (clock, began) = (site.clock.clone(), seconds(scenario.text.at.as_deref().unwrap_or(AT)));
        clock.set(began);
        let from = scenario.text.from.clone().unwrap_or_else(|| format!("+3363998{number:04}"));
        let mut dialling = Dialling::new(from, OURS, site.url("voice")).through(semantics, 0x5ce0 + number as u128);
        dialling.status = Some(site.url("status"));
        let mut call =
            Call::new(site.transport(), dialling).telling_time(move |since| clock.set(began + since.floor() as i64));
        if let Err(error) = scenario.run(&mut call, &mut ()).await {
            failures.push(format!("{}: {error}", semantics.name));
        }
    }
    assert_eq!(site.metrics.get(Metric::FailuresAnswered), 0, "{}", semantics.name);
    failures
}

#[tokio::test]
async fn the_line_is_the_same_for_the_caller_through_each_provider() {
    let mut failures = Vec::new();
    for name in ["twilio", "signalwire", "telnyx", "somleng", "plivo"] {
        failures.extend(failures_at(Semantics::of(name).unwrap()).await);
    }
    assert!(failures.is_empty(), "{} calls failed:\n\n{}", failures.len(), failures.join("\n\n"));
}

#[tokio::test]
async fn a_get_that_no_signature_covers_is_answered_with_the_numbers_and_counted() {
    for (name, covered) in [("signalwire", true), ("plivo", true), ("telnyx", false), ("somleng", false)] {
        let site = Site::start(Semantics::of(name).unwrap()).await;
        let params = vec![("CallSid".to_owned(), "c1".to_owned()), ("CallUUID".to_owned(), "c1".to_owned())];
        let request = WebRequest { method: Method::Get, url: site.url("voice"), params };
        let answer = site.transport().send(&request).await.unwrap();
        assert_eq!(answer.status, 200, "{name}");
        assert!(
            String::from_utf8(answer.body).unwrap().contains(if name == "plivo" { "<GetInput" } else { "<Gather" }),
            "{name}"
        );
        assert_eq!(site.metrics.get(Metric::FailuresAnswered), u64::from(!covered), "{name}");
    }
}

#[tokio::test]
async fn a_webhook_of_another_time_is_refused() {
    let site = Site::start(Semantics::of("telnyx").unwrap()).await;
    let clock = site.clock.clone();
    let late = Signer::new(site.semantics, PROVIDER_SECRET, move || clock.second() - 301);
    let mut transport = HttpTransport::signing(late, PUBLIC, &site.connect).unwrap();
    let request = WebRequest { method: Method::Post, url: site.url("voice"), params: Vec::new() };
    assert_eq!(transport.send(&request).await.unwrap().status, 403);
    assert_eq!(site.metrics.get(Metric::SignatureRefused), 1);
}

#[tokio::test]
async fn where_whoever_answers_can_not_be_asked_the_caller_is_asked_whether_they_talked() {
    let asking = flows(&[("lines.yaml", "ring_seconds: 25", "ring_seconds: 25\n  accept: true")]);
    let world = Arc::new(loaded(&asking).world.unwrap());
    for (name, answer, asks_caller) in [
        ("signalwire", "accepted:60", false),
        ("telnyx", "accepted:60", false),
        ("plivo", "accepted:60", false),
        ("somleng", "completed:60", true),
    ] {
        let site = Site::open(Semantics::of(name).unwrap(), world.clone()).await;
        let dialling = Dialling::new(CALLER, OURS, site.url("voice")).through(site.semantics, 1);
        let mut call = Call::new(site.transport(), dialling);
        call.start().await.unwrap();
        play(&mut call, "19__").await;
        call.dialled(answer.parse::<Answers>().unwrap()).await.unwrap();
        assert_eq!(call.leg_documents().is_empty(), asks_caller, "{name}");
        let asked = call
            .hearing()
            .iter()
            .any(|heard| matches!(&heard.what, HeardWhat::Say(spoken) if spoken.text().contains("parlé à quelqu")));
        assert_eq!(asked, asks_caller, "{name}: {:?}", call.hearing());
    }
}

#[tokio::test]
async fn where_plivo_asks_a_voicemail_is_no_person_and_no_key_that_does_nothing_is_named() {
    let asking = flows(&[("lines.yaml", "ring_seconds: 25", "ring_seconds: 25\n  accept: true")]);
    let world = Arc::new(loaded(&asking).world.unwrap());
    // Whether somebody accepted is told beside the way: where it was not, the caller says whether they talked.
    for (answer, asks_caller) in
        [("accepted:60", false), ("voicemail", true), ("refused", true), ("busy", false), ("no-answer", false)]
    {
        let site = Site::open(Semantics::of("plivo").unwrap(), world.clone()).await;
        let dialling = Dialling::new(CALLER, OURS, site.url("voice")).through(site.semantics, 1);
        let mut call = Call::new(site.transport(), dialling);
        call.start().await.unwrap();
        play(&mut call, "19__").await;
        call.dialled(answer.parse::<Answers>().unwrap()).await.unwrap();
        for document in call.leg_documents() {
            let named = |key: &str, said: &str| document.contains(&format!("touche <sub alias=\"{said}\">{key}</sub>"));
            assert!(named("1", "un") && !named("2", "deux"), "{document}");
            assert!(!document.contains("<GetInput"), "{document}");
        }
        let asked = call
            .hearing()
            .iter()
            .any(|heard| matches!(&heard.what, HeardWhat::Say(spoken) if spoken.text().contains("parlé à quelqu")));
        assert_eq!(asked, asks_caller, "{answer}: {:?}", call.hearing());
        assert_eq!(site.metrics.get(Metric::FailuresAnswered), 0, "{answer}");
    }
}

/// Every verb, with what makes the dialects differ.
pub(crate) fn every_verb() -> Vec<Verb> {
    let pieces = || {
        let number = Piece::Spelled { written: "3114".into(), spoken: "trente et un, quatorze".into() };
        vec![Piece::Text("Urgence : ".into()), number, Piece::Text(".".into()), Piece::Pause(700)]
    };
    let prompt = |pace| Prompt { speech: Arc::new(Speech::new(Lang::FR, pieces())), pace };
    let english = Speech::new(Lang::EN, vec![Piece::Text("Press 2. One moment.".into())]);
    let english = Prompt { speech: Arc::new(english), pace: Pace::Slow };
    let to = |to| Target { to, lang: Lang::FR };
    let targets = || {
        vec![
            to(Address::Number("+33199000001".parse().unwrap())),
            to(Address::Sip("sip:anne@example.org".into())),
            to(Address::Short("3114".into())),
        ]
    };
    vec![
        Verb::Listen(Listen { prompts: vec![prompt(Pace::Normal), english], wait: 6, digits: Digits::One }),
        Verb::Listen(Listen { prompts: vec![prompt(Pace::Slow)], wait: 10, digits: Digits::UpTo(5) }),
        Verb::Say(vec![prompt(Pace::Normal)]),
        Verb::Dial(Dial { targets: targets(), ring: 25, accept: false, star_leaves: false }),
        Verb::Dial(Dial { targets: targets(), ring: 25, accept: true, star_leaves: false }),
        Verb::Hangup,
    ]
}

#[test]
fn each_verb_in_each_dialect() {
    let ours: E164 = OURS.parse().unwrap();
    for name in ["signalwire", "telnyx", "somleng", "plivo"] {
        let (next, leg) = (format!("{PUBLIC}/{name}/voice?l=fr&s=abc"), format!("{PUBLIC}/{name}/leg?s=xyz"));
        let envelope = Envelope { next: &next, leg: Some(&leg), caller_id: Some(&ours), public_url: PUBLIC };
        let document = dialect(name).render(&every_verb(), &envelope).unwrap();
        let lines = document.replace("><", ">\n<") + "\n\n" + &dialect(name).last_resort(Some(&next));
        insta::assert_snapshot!(format!("verbs_{name}"), lines);
    }
}
