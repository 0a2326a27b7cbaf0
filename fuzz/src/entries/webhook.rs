//! Webhooks: an input is a request as it is written over the wire. It is judged as it came, and again with a right signature.

use allo_cmp::{
    call::Event,
    phone::{Semantics, Signed, Signer, WebRequest},
    provider::{
        Dialect, Method, ParseError, RawRequest, form,
        plivo::Plivo,
        signalwire::SignalWire,
        somleng::Somleng,
        telnyx::{self, Telnyx},
        twilio::Twilio,
    },
};

/// Secrets that each provider's telephone can sign with: 32 bytes, as Telnyx needs.
const SECRETS: [&str; 2] =
    ["AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="];
/// What providers call.
const PUBLIC: &str = "https://line.example.org";
/// The second of every request, and of every signature.
const NOW: u64 = 1_700_000_000;

pub(super) fn twilio(data: &[u8]) {
    judged("twilio", SECRETS.map(|secret| Box::new(Twilio::new(secret)) as _), data);
    let sha256 = Twilio::new("another").with_shared_key(SECRETS[0]);
    let _ = as_it_came(&sha256, &Request::read(data));
}

pub(super) fn signalwire(data: &[u8]) {
    judged("signalwire", SECRETS.map(|secret| Box::new(SignalWire::new(secret)) as _), data);
}

pub(super) fn telnyx(data: &[u8]) {
    judged("telnyx", SECRETS.map(|secret| Box::new(Telnyx::new(&telnyx::public_key(secret)).unwrap()) as _), data);
}

pub(super) fn somleng(data: &[u8]) {
    judged("somleng", SECRETS.map(|secret| Box::new(Somleng::new(secret)) as _), data);
}

pub(super) fn plivo(data: &[u8]) {
    judged("plivo", SECRETS.map(|secret| Box::new(Plivo::new(secret)) as _), data);
}

/// A request: `POST /twilio/voice?l=fr`, then headers as `name: value`, an empty line, the body.
struct Request {
    method: Method,
    url: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    fn read(data: &[u8]) -> Request {
        let (head, body) = match data.windows(2).position(|pair| pair == b"\n\n") {
            Some(at) => (&data[..at], &data[at + 2..]),
            None => (data, &[][..]),
        };
        let head = String::from_utf8_lossy(head);
        let mut lines = head.split('\n');
        let first = lines.next().unwrap_or_default();
        let (method, path) = match first.strip_prefix("GET ") {
            Some(path) => (Method::Get, path),
            None => (Method::Post, first.strip_prefix("POST ").unwrap_or(first)),
        };
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        Request { method, url: format!("{PUBLIC}{path}"), headers, body: body.to_vec() }
    }
}

/// Whether it was let through, and what came of it.
fn read(dialect: &dyn Dialect, method: Method, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<bool, ()> {
    let request = RawRequest { method, url, headers: &headers, body, now_seconds: NOW };
    match dialect.verify(request) {
        Err(_) => Err(()),
        Ok(verified) => match dialect.parse(&verified) {
            Ok(incoming) => {
                assert!(!matches!(incoming.event, Event::Done(_)), "an effect can't be told from outside");
                Ok(true)
            }
            Err(ParseError::NotAForm | ParseError::NotCovered) => Ok(false),
        },
    }
}

fn as_it_came(dialect: &dyn Dialect, request: &Request) -> Result<bool, ()> {
    let headers: Vec<_> = request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    read(dialect, request.method, &request.url, &headers, &request.body)
}

fn judged(name: &str, dialects: [Box<dyn Dialect>; 2], data: &[u8]) {
    let request = Request::read(data);
    let [ours, others] = &dialects;
    if as_it_came(&**ours, &request).is_ok() {
        assert!(as_it_came(&**others, &request).is_err(), "believed, whatever the secret");
    }
    // The same parameters as the provider would send them, signed.
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let params = form::decode(&request.body).iter().map(|(name, value)| (lossy(name), lossy(value))).collect();
    let signer = Signer::new(Semantics::of(name).unwrap(), SECRETS[0], || NOW);
    let Signed { url, headers, body } =
        WebRequest { method: request.method, url: request.url, params }.signed_by(&signer);
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let right = read(&**ours, request.method, &url, &headers, body.as_bytes());
    let covered = request.method == Method::Post || ours.capabilities().signed_get;
    assert_eq!(right, if covered { Ok(true) } else { Err(()) }, "{url:?} {headers:?} {body:?}");
    if covered {
        assert!(read(&**others, request.method, &url, &headers, body.as_bytes()).is_err(), "signed by somebody else");
        let longer = format!("{body}&Digits=9");
        if request.method == Method::Post {
            let changed = read(&**ours, request.method, &url, &headers, longer.as_bytes());
            // A pair that is repeated counts once.
            let repeated = form::decode(body.as_bytes()).iter().any(|(n, v)| (&**n, &**v) == (b"Digits", b"9"));
            assert!(changed.is_err() || repeated, "a key that was not signed: {url:?} {longer:?}");
        }
    }
}
