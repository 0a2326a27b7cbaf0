//! What the fuzzer begins with: the small files of `fuzz/seeds/<target>`, and what the program ships and its tests hold, put into
//! the form of an input.

use std::{collections::BTreeMap, fs, path::Path};

use allo_cmp::call::{CallKey, CallState, Leg, NodeId, RingId};
use serde::Deserialize;

use super::{
    line::{FLOW_FILES, SCRIPT_FILES},
    render,
};

/// Larger inputs only make the fuzzer slow.
const MOST: usize = 16 * 1024;

/// The seeds of a target, each with a name. `root` is the folder of the program.
pub(crate) fn of(root: &Path, target: &str) -> Vec<(String, Vec<u8>)> {
    let mut seeds = folder(&root.join("fuzz/seeds").join(target));
    seeds.extend(match target {
        "directory" => directory(root),
        "flows" => flows(root),
        "phone_xml" => documents(),
        "scripts" => scripts(root),
        "settings" => folder(&root.join("deploy")),
        "token" => tokens(),
        _ => target.strip_prefix("webhook_").map(|provider| webhooks(root, provider)).unwrap_or_default(),
    });
    seeds.retain(|(_, seed)| seed.len() <= MOST);
    seeds
}

/// The files of a folder and of those inside it, sorted.
fn folder(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(self::folder(&path).into_iter().map(|(inner, bytes)| (format!("{name}-{inner}"), bytes)));
        } else if let Ok(bytes) = fs::read(&path) {
            found.push((name, bytes));
        }
    }
    found.sort();
    found
}

fn with_first(first: u8, text: &[u8]) -> Vec<u8> {
    [&[first], text].concat()
}

fn read(path: impl AsRef<Path>) -> Vec<u8> {
    let path = path.as_ref();
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What the parameters of every provider tell.
const NEWS: [&str; 7] = [
    "POST /PROVIDER/voice\n\nCallSid=CA1&CallUUID=c1&CallStatus=ringing&From=%2B33639981234&To=33199001234",
    "POST /PROVIDER/voice?l=fr&s=abc\n\nCallSid=CA1&CallUUID=c1&Digits=75011&FinishedOnKey=%23&From=anonymous",
    "POST /PROVIDER/voice?l=fr&s=abc&e=silence\n\nCallSid=CA1&CallUUID=c1&Digits=",
    "POST /PROVIDER/voice?l=fr&s=abc\n\nCallSid=CA1&CallUUID=c1&DialCallStatus=completed&DialCallDuration=61&DialBridged=true&DialStatus=completed&DialRingStatus=true&DialBLegStatus=answer&DialBLegDuration=61",
    "POST /PROVIDER/leg?s=abc&l=en\n\nCallSid=CA2&ParentCallSid=CA1&CallUUID=c2&DialBLegUUID=c2&DialAction=confirm&Digits=1",
    "POST /PROVIDER/status\ncontent-type: application/x-www-form-urlencoded\n\nCallSid=CA1&CallUUID=c1&CallStatus=completed&Event=Hangup&CallDuration=12",
    "GET /PROVIDER/voice?l=fr&s=abc&CallSid=CA1&Digits=%39#rc=2\n\n",
];

/// The signature vectors of a provider.
fn webhooks(root: &Path, provider: &str) -> Vec<(String, Vec<u8>)> {
    #[derive(Deserialize)]
    struct Corpus {
        vectors: Vec<Vector>,
    }
    #[derive(Deserialize)]
    struct Vector {
        method: Option<String>,
        url: String,
        body: Option<String>,
        #[serde(default)]
        headers: BTreeMap<String, String>,
        // Twilio's are written in another way.
        signature: Option<String>,
        #[serde(default)]
        params: Vec<(String, String)>,
    }
    let text = String::from_utf8(read(root.join("tests/corpus").join(provider).join("signatures.yaml"))).unwrap();
    let corpus: Corpus = serde_saphyr::from_str(&text).unwrap();
    let request = |vector: &Vector| {
        let path = vector.url.find("://").and_then(|at| vector.url[at + 3..].find('/').map(|end| at + 3 + end));
        let path = path.map_or("/", |at| &vector.url[at..]);
        let mut head = format!("{} {path}\n", vector.method.as_deref().unwrap_or("POST"));
        let signature = vector.signature.iter().map(|signature| ("x-twilio-signature", signature));
        for (name, value) in vector.headers.iter().map(|(name, value)| (name.as_str(), value)).chain(signature) {
            head.push_str(&format!("{name}: {value}\n"));
        }
        let encoded = |text: &str| text.replace('%', "%25").replace('&', "%26").replace('+', "%2B").replace(' ', "+");
        let params = vector.params.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
        let body = vector.body.clone().unwrap_or_else(|| params.collect::<Vec<_>>().join("&"));
        format!("{head}\n{body}").into_bytes()
    };
    let vectors = corpus.vectors.iter().enumerate().map(|(at, vector)| (format!("vector-{at}"), request(vector)));
    let news = NEWS.iter().enumerate();
    let news = news.map(|(at, news)| (format!("news-{at}"), news.replace("PROVIDER", provider).into_bytes()));
    vectors.chain(news).collect()
}

fn tokens() -> Vec<(String, Vec<u8>)> {
    let node = NodeId::of("main_menu");
    let state = CallState { back: vec![], heard: vec![node; 3], ..CallState::new(29_911_000, node) };
    let state = postcard::to_allocvec(&state).unwrap();
    let leg = Leg {
        ring: RingId { call: CallKey::of(Some("CA1")), started: 29_911_000, turn: 3, attempt: 1 },
        lang: None,
        issued: 1_700_000_000,
        ring_seconds: 25,
        silent: true,
        asked: 1,
    };
    let leg = postcard::to_allocvec(&leg).unwrap();
    vec![("state".to_owned(), with_first(9, &state)), ("leg".to_owned(), with_first(9, &leg))]
}

/// What each dialect writes.
fn documents() -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for (at, dialect) in (0_u8..).zip(render::dialects()) {
        let next = "https://line.example.org/voice?l=fr&s=abc";
        found.push((format!("{}-last", dialect.name()), with_first(at, dialect.last_resort(Some(next)).as_bytes())));
        for (number, verbs) in render::samples().iter().enumerate() {
            if let Ok(document) = dialect.render(verbs, &render::envelope(next)) {
                found.push((format!("{}-{number}", dialect.name()), with_first(at | 0x80, document.as_bytes())));
            }
        }
    }
    found
}

/// The files of the shipped line, of those that are called in tests, and of each case of `check`.
fn flows(root: &Path) -> Vec<(String, Vec<u8>)> {
    let files = folder(&root.join("call_flows")).into_iter().chain(folder(&root.join("tests/lines")));
    let files = files.map(|(name, text)| (name, String::from_utf8(text).unwrap()));
    let mut found = Vec::new();
    for (name, text) in files.chain(cases(root, "flows/")).filter(|(name, _)| name.ends_with(".yaml")) {
        let named = FLOW_FILES.iter().find(|(_, file)| name.ends_with(file));
        let first = named.map_or(b'm', |(first, _)| *first);
        found.push((name, with_first(first, text.as_bytes())));
    }
    found
}

/// Some scripts of the shipped line with the words of its languages, and each case of `check`.
fn scripts(root: &Path) -> Vec<(String, Vec<u8>)> {
    let shipped = folder(&root.join("audio_scripts")).into_iter().enumerate();
    let some = shipped.filter(|(at, (name, _))| !name.ends_with(".md") || at % 40 == 0);
    let some = some.map(|(_, (name, text))| (name, String::from_utf8_lossy(&text).into_owned()));
    let mut found = Vec::new();
    for (name, text) in some.chain(cases(root, "scripts/")) {
        let named = SCRIPT_FILES.iter().find(|(_, file)| name.ends_with(file));
        let first = named.map_or(b'a', |(first, _)| *first);
        found.push((name, with_first(first, text.as_bytes())));
    }
    found
}

/// The files that the cases of `check` write or change, of one folder.
fn cases(root: &Path, of: &str) -> Vec<(String, String)> {
    #[derive(Deserialize)]
    struct Case {
        #[serde(default)]
        edit: BTreeMap<String, BTreeMap<String, String>>,
        #[serde(default)]
        add: BTreeMap<String, String>,
    }
    let minimal = String::from_utf8(read(root.join("tests/check/minimal.yaml"))).unwrap();
    let minimal: BTreeMap<String, String> = serde_saphyr::from_str(&minimal).unwrap();
    let mut found = Vec::new();
    for (file, text) in folder(&root.join("tests/check")) {
        if !file.ends_with(".yaml") || file == "minimal.yaml" {
            continue;
        }
        let cases: Vec<Case> = serde_saphyr::from_str(std::str::from_utf8(&text).unwrap()).unwrap();
        for (at, case) in cases.iter().enumerate() {
            let edited = case.edit.iter().filter_map(|(name, edits)| {
                let text = minimal.get(name)?.clone();
                Some((name, edits.iter().fold(text, |text, (from, to)| text.replacen(from.as_str(), to, 1))))
            });
            let added = case.add.iter().map(|(name, text)| (name, text.clone()));
            for (name, text) in edited.chain(added) {
                if let Some(name) = name.strip_prefix(of) {
                    found.push((format!("{file}-{at}-{}", name.replace('/', "-")), text));
                }
            }
        }
    }
    found
}

fn directory(root: &Path) -> Vec<(String, Vec<u8>)> {
    let list = read(root.join("tests/data/finess/real_lines.csv"));
    let table = |name: &str| with_first(b't', &read(root.join("tests/data/directory").join(name)));
    vec![
        ("list".to_owned(), with_first(b'l', &list)),
        ("table".to_owned(), table("table.tsv")),
        ("old".to_owned(), table("old.tsv")),
        ("corrections".to_owned(), with_first(b'c', &read(root.join("tests/data/directory/corrections.yaml")))),
    ]
}
