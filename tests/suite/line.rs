//! What the tests over HTTP share: a whole line that speaks Twilio's dialect, signed webhooks, simulated callers, and
//! what is said in a document.

use std::{
    fs,
    net::SocketAddr,
    path::Path,
    sync::{Arc, LazyLock},
};

use allo_cmp::{
    call::{E164, Tokens},
    check::{Goals, goals},
    directory::Directory,
    engine::{Loaded, Settings, World},
    files::Files,
    http::{App, FixedClock, Limits, Options, Provider, serve, serve_admin},
    journal::Recorder,
    lines::board::Board,
    phone::{
        Call, DialResult, Dialling, Element, HttpTransport, Transport, Wait, WebRequest, WebResponse, When,
        check_document, parse,
    },
    provider::{Method, form, twilio::Twilio},
    telemetry::{Metric, Metrics},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use tokio::{net::TcpListener, sync::oneshot};

use crate::server::Client;

/// The day of the tests: nothing that the program carries is out of date.
pub(crate) const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 21);

/// The auth token that webhooks are signed with.
pub(crate) const AUTH_TOKEN: &str = "12345678901234567890123456789012";
/// What seals the state of calls.
pub(crate) const SECRET: &str = "a secret of at least thirty-two characters";
/// What providers call. The connection goes to the server itself, as behind a proxy.
pub(crate) const PUBLIC: &str = "https://line.example.org";
/// Numbers of the ranges reserved for fiction.
pub(crate) const CALLER: &str = "+33639981234";
pub(crate) const OURS: &str = "+33199001234";

/// When calls begin, in seconds since 1970.
pub(crate) const BEGAN: i64 = 1_764_633_600;

/// The shipped flows with some words in some files exchanged: `(file, words, other words)`.
pub(crate) fn flows(edits: &[(&str, &str, &str)]) -> Files {
    let shipped = Files::embedded_flows();
    let mut texts: Vec<(String, String)> =
        shipped.files.iter().map(|file| (file.name.clone(), file.source.text.clone())).collect();
    for (name, from, to) in edits {
        let (_, text) = texts.iter_mut().find(|(file, _)| file == name).unwrap();
        assert!(text.contains(from), "{name} no longer holds {from:?}");
        *text = text.replace(from, to);
    }
    Files::from_texts(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())))
}

/// Everything that is read from these flows and the shipped scripts.
pub(crate) fn loaded(flows: &Files) -> Loaded {
    Loaded::new(flows, &Files::embedded_scripts(), &Settings::default())
}

/// The shipped line, read once for all tests.
pub(crate) static SHIPPED: LazyLock<Loaded> = LazyLock::new(|| Loaded::shipped(&Settings::default()));

/// What each of its goals costs: a search of some seconds.
pub(crate) static SHIPPED_GOALS: LazyLock<Goals> = LazyLock::new(|| goals(&SHIPPED).unwrap());

/// The shipped line, where one line with one place is called.
pub(crate) fn one_place() -> Files {
    flows(&[
        ("lines.yaml", "ring_seconds: 25", "ring_seconds: 25\n  capacity: 1"),
        ("urgent.yaml", "chain: listener", "line: sos_amitie"),
        ("urgent.yaml", "chain: person", "line: sos_amitie"),
    ])
}

/// A line as small as one can be, in one language: its walk is short.
const SMALL: &str = "\
welcome: { language: { intro: [{ fr: arrival/emergency }], keys: { 1: fr }, then: main_menu } }
languages: { language: { keys: { 1: fr } } }
main_menu:
  menu:
    intro: main/intro
    keys:
      1: { say: main/key-talk, go: listener }
      2: { say: help/key-about, go: about }
      3: { say: transfer/key-end, go: goodbye }
help_menu: { menu: { intro: help/intro, keys: { 1: { say: help/key-numbers, go: numbers } } } }
about: { say: { scripts: [about/who], then: main_menu } }
urgent_help: { say: { scripts: [urgent/danger], then: urgent_menu } }
urgent_menu:
  menu:
    keys:
      1: { say: urgent/key-person, go: listener }
    silence: { after: 4, go: listener }
listener: { transfer: { say: transfer/listener, line: sos_amitie, then: main_menu, failed: numbers } }
person: { transfer: { say: transfer/person, line: sos_amitie, then: main_menu, failed: numbers, any_key_stays: true } }
numbers: { say: { scripts: [numbers/list], then: main_menu } }
goodbye: { end: { say: end/goodbye } }
gentle_end: { end: { say: end/gentle } }
crowded: { language: { intro: [{ fr: numbers/list }], keys: { 1: fr } } }
";

/// The small line with some of its words exchanged, and with more files (`flows/...`, `scripts/...`): its flows, and
/// the shipped scripts that they name.
pub(crate) fn small(edits: &[(&str, &str)], more: &[(&str, &str)]) -> (Files, Files) {
    let shipped = Files::embedded_flows();
    let mut flows: Vec<(&str, String)> = ["lines.yaml", "universal.yaml"]
        .map(|name| (name, shipped.files.iter().find(|file| file.name == name).unwrap().source.text.clone()))
        .into();
    flows.push(("small.yaml", SMALL.to_owned()));
    for (from, to) in edits {
        let (_, text) = flows.iter_mut().find(|(_, text)| text.contains(from)).unwrap_or_else(|| panic!("no {from:?}"));
        *text = text.replacen(from, to, 1);
    }
    let of =
        |folder: &'static str| more.iter().filter_map(move |(name, text)| Some((name.strip_prefix(folder)?, *text)));
    flows.extend(of("flows/").map(|(name, text)| (name, text.to_owned())));
    let is_said = |name: &str| {
        let (_, path) = name.split_once('/').unwrap_or_default();
        let always = path.starts_with("phrases/") || path.starts_with("speaks/") || path == "language.yaml";
        always || path.strip_suffix(".md").is_some_and(|path| flows.iter().any(|(_, text)| text.contains(path)))
    };
    let shipped = Files::embedded_scripts();
    let scripts = shipped.files.iter().map(|file| (file.name.as_str(), file.source.text.as_str()));
    let scripts: Vec<_> = scripts.filter(|(name, _)| is_said(name)).chain(of("scripts/")).collect();
    let flows = Files::from_texts(flows.iter().map(|(name, text)| (*name, text.as_str())));
    (flows, Files::from_texts(scripts))
}

/// Writes a line into `flows` and `scripts` of a folder.
pub(crate) fn write_line(folder: &Path, flows: &Files, scripts: &Files) {
    for (name, files) in [("flows", flows), ("scripts", scripts)] {
        for file in &files.files {
            let path = folder.join(name).join(&file.name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &file.source.text).unwrap();
        }
    }
}

/// What a line is made of.
pub(crate) struct Setup {
    pub(crate) flows: Files,
    pub(crate) scripts: Files,
    /// The first one seals.
    pub(crate) secrets: Vec<&'static str>,
    pub(crate) caller_id: Option<E164>,
    pub(crate) directory: Option<Arc<Directory>>,
    pub(crate) recorder: Recorder,
    /// Whether webhooks of one call go to other lines of the test, too.
    pub(crate) other_machines: bool,
}

impl Default for Setup {
    fn default() -> Setup {
        Setup {
            flows: Files::embedded_flows(),
            scripts: Files::embedded_scripts(),
            secrets: vec![SECRET],
            caller_id: None,
            directory: None,
            recorder: Recorder::default(),
            other_machines: false,
        }
    }
}

/// A line in this process, with both listeners. It ends when it is dropped.
pub(crate) struct Line {
    pub(crate) address: SocketAddr,
    pub(crate) admin: SocketAddr,
    pub(crate) clock: FixedClock,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) board: Arc<Board>,
    _stop: oneshot::Sender<()>,
}

impl Line {
    /// The shipped line.
    pub(crate) async fn shipped() -> Line {
        Line::start(Setup::default()).await
    }

    pub(crate) async fn start(setup: Setup) -> Line {
        let settings = Settings { directory: setup.directory.clone(), ..Settings::default() };
        let loaded = Loaded::new(&setup.flows, &setup.scripts, &settings);
        let found: Vec<String> = loaded.diagnostics.iter().map(|found| found.render(false)).collect();
        let world: World = loaded.world.unwrap_or_else(|| panic!("the flows of a test make a world: {found:#?}"));
        let clock = FixedClock::at(BEGAN);
        let (metrics, board) = (Arc::new(Metrics::default()), Arc::new(Board::default()));
        let app = Arc::new(App::new(Options {
            world: Arc::new(world),
            providers: vec![Provider { dialect: Box::new(Twilio::new(AUTH_TOKEN)), caller_id: setup.caller_id }],
            public_url: PUBLIC.to_owned(),
            tokens: Tokens::new(setup.secrets[0], &setup.secrets[1..]),
            clock: Arc::new(clock.clone()),
            metrics: metrics.clone(),
            board: board.clone(),
            recorder: setup.recorder,
            flood: allo_cmp::http::Flood::unlimited(),
            other_machines: setup.other_machines,
        }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let operators = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, admin) = (listener.local_addr().unwrap(), operators.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(serve_admin(operators, app.clone(), std::future::pending()));
        tokio::spawn(serve(listener, app, Limits::default(), async {
            let _ = stopped.await;
        }));
        Line { address, admin, clock, metrics, board, _stop: stop }
    }

    /// Caller number `n`, about to dial.
    pub(crate) fn caller(&self, n: usize) -> Call<HttpTransport> {
        caller(self.address, n)
    }

    /// Caller number `n`, who has pressed `keys` (and `_` for silence) after the last words.
    pub(crate) async fn after(&self, n: usize, keys: &str) -> Call<HttpTransport> {
        let mut call = self.caller(n);
        call.start().await.unwrap();
        play(&mut call, keys).await;
        call
    }

    /// One webhook of call number `n`, signed; the answer must be a document.
    pub(crate) async fn ask(&self, n: usize, url: &str, params: &[(&str, &str)]) -> String {
        let response = send(self.address, &webhook(n, url, params)).await;
        document(&response)
    }

    pub(crate) fn count(&self, metric: Metric) -> u64 {
        self.metrics.get(metric)
    }

    /// Sends `bytes` on a connection of its own: the status and the body of the answer.
    pub(crate) async fn raw(&self, bytes: impl AsRef<[u8]>) -> (u16, String) {
        raw(self.address, bytes).await
    }
}

/// Caller number `n`, about to dial the server at `address`.
pub(crate) fn caller(address: SocketAddr, n: usize) -> Call<HttpTransport> {
    let mut dialling = Dialling::new(CALLER, OURS, format!("{PUBLIC}/twilio/voice"));
    dialling.call_sid = sid(n);
    dialling.status = Some(format!("{PUBLIC}/twilio/status"));
    Call::new(transport(address), dialling)
}

/// The provider's id of call number `n`.
pub(crate) fn sid(n: usize) -> String {
    format!("CA{:032x}", 0xa110_0000 + n)
}

pub(crate) fn transport(address: SocketAddr) -> HttpTransport {
    HttpTransport::new(AUTH_TOKEN, PUBLIC, &format!("http://{address}")).unwrap()
}

/// Does what each character says: keys, `_` for silence, `b`, `n`, `f`, `x`, `c` for a transfer that is busy, not
/// answered, failed, canceled, completed. Stops when the call is over.
pub(crate) async fn play<T: Transport>(call: &mut Call<T>, acts: &str) {
    for act in acts.chars().filter(|act| *act != ' ') {
        act_once(call, act).await;
    }
}

async fn act_once<T: Transport>(call: &mut Call<T>, act: char) {
    let outcome = match act {
        'b' => Some(DialResult::Busy),
        'n' => Some(DialResult::NoAnswer),
        'f' => Some(DialResult::Failed),
        'x' => Some(DialResult::Canceled),
        'c' => Some(DialResult::Completed(60)),
        _ => None,
    };
    match (call.wait(), outcome) {
        (Wait::Ended(_), _) => {}
        (Wait::Dial(_), outcome) => call.dialled(outcome.unwrap_or(DialResult::NoAnswer)).await.unwrap(),
        (_, Some(_)) => panic!("nobody is dialled at `{act}`: {:?}", call.wait()),
        (_, None) if act == '_' => call.silence().await.unwrap(),
        (_, None) => call.press(act.encode_utf8(&mut [0; 4]), When::AfterWords).await.unwrap(),
    }
}

/// A POST of call number `n` to the path and query, or the whole URL, `url`.
pub(crate) fn webhook(n: usize, url: &str, params: &[(&str, &str)]) -> WebRequest {
    let url = if url.starts_with('/') { format!("{PUBLIC}{url}") } else { url.to_owned() };
    let sid = sid(n);
    let mut all = vec![("CallSid", sid.as_str()), ("From", CALLER), ("To", OURS), ("CallStatus", "in-progress")];
    all.retain(|(name, _)| !params.iter().any(|(other, _)| other == name));
    all.extend(params);
    let params = all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    WebRequest { method: Method::Post, url, params }
}

pub(crate) async fn send(address: SocketAddr, request: &WebRequest) -> WebResponse {
    transport(address).send(request).await.unwrap()
}

/// The body of an answer, which must be a document that a provider performs.
pub(crate) fn document(response: &WebResponse) -> String {
    assert_eq!(response.status, 200);
    assert_eq!(response.content_type.as_deref(), Some("text/xml; charset=utf-8"));
    check_document(&response.body).unwrap_or_else(|wrong| panic!("{wrong:?}: {response:?}"));
    String::from_utf8(response.body.clone()).unwrap()
}

/// Sends `bytes` on a connection of its own, which the request must ask to close.
pub(crate) async fn raw(address: SocketAddr, bytes: impl AsRef<[u8]>) -> (u16, String) {
    let mut client = Client(tokio::net::TcpStream::connect(address).await.unwrap());
    client.send(bytes).await;
    let answer = client.read_to_end(std::time::Duration::from_secs(5)).await;
    let status = answer.get(9..12).and_then(|status| status.parse().ok());
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (status.unwrap_or_else(|| panic!("no answer: {answer:?}")), body.to_owned())
}

/// A signed POST with any body: the bytes of the whole request.
pub(crate) fn signed_post(path: &str, content_type: Option<&str>, body: &[u8]) -> Vec<u8> {
    let is_form = content_type.is_none_or(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let signature = signature(&format!("{PUBLIC}{path}"), if is_form { body } else { b"" });
    let kind = content_type.map_or(String::new(), |kind| format!("Content-Type: {kind}\r\n"));
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{kind}X-Twilio-Signature: {signature}\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Twilio's signature of `url` and a form, over its bytes, whatever they are.
pub(crate) fn signature(url: &str, form: &[u8]) -> String {
    let mut pairs = form::decode(form);
    pairs.sort();
    pairs.dedup();
    let mut mac = <Hmac<sha1::Sha1> as KeyInit>::new_from_slice(AUTH_TOKEN.as_bytes()).unwrap();
    mac.update(url.as_bytes());
    for (name, value) in pairs {
        mac.update(&name);
        mac.update(&value);
    }
    BASE64.encode(mac.finalize().into_bytes())
}

/// The words of a document, one line for each voice that speaks: `fr: Menu principal.`
pub(crate) fn said(document: &str) -> String {
    let mut lines = String::new();
    each(&parse(document.as_bytes()).unwrap(), &mut |element| {
        if element.name == "Say" {
            let lang = element.attribute("language").unwrap_or_default().split('-').next().unwrap_or_default();
            lines.push_str(&format!("{lang}: {}\n", element.text()));
        }
    });
    lines
}

/// The attribute of the first element of that name in a document.
pub(crate) fn attribute(document: &str, element: &str, name: &str) -> Option<String> {
    let mut value = None;
    each(&parse(document.as_bytes()).unwrap(), &mut |found| {
        if found.name == element && value.is_none() {
            value = found.attribute(name).map(str::to_owned);
        }
    });
    value
}

/// Where the next webhook after a document goes.
pub(crate) fn next_url(document: &str) -> String {
    attribute(document, "Gather", "action").or_else(|| attribute(document, "Dial", "action")).unwrap()
}

/// The token in a URL of ours.
pub(crate) fn token(url: &str) -> &str {
    url.split_once("&s=").unwrap().1.split('&').next().unwrap()
}

/// Calls `see` with each element of a document, outer ones first.
pub(crate) fn each(element: &Element, see: &mut impl FnMut(&Element)) {
    see(element);
    for inner in element.elements() {
        each(inner, see);
    }
}
