//! Verification and reading, from requests as Twilio sends them.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::*;
use crate::call::{Caller, DialOutcome, Event, Key, Keys, Transfer};
use crate::provider::Method;

const TOKEN: &str = "12345";
const URL: &str = "https://ivr.example.org/twilio/voice";
const LATER: &str = "https://ivr.example.org/twilio/voice?l=fr&s=abc";
const FORM: &str = "application/x-www-form-urlencoded";

#[derive(Deserialize)]
struct Corpus {
    token: String,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    name: String,
    url: String,
    params: Option<Vec<(String, String)>>,
    body: Option<String>,
    algorithm: Option<String>,
    signature: String,
    #[serde(default = "yes")]
    accepted: bool,
    #[serde(default = "yes")]
    exact: bool,
}

fn yes() -> bool {
    true
}

fn corpus() -> Corpus {
    serde_saphyr::from_str(include_str!("../../../tests/corpus/twilio/signatures.yaml")).unwrap()
}

fn form(params: &[(&str, &str)]) -> String {
    let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    params.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect::<Vec<_>>().join("&")
}

fn pairs(params: &[(String, String)]) -> Vec<(&str, &str)> {
    params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn verify(
    url: &str,
    method: Method,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Result<Result<Incoming, ParseError>, Refusal> {
    let twilio = Twilio::new(TOKEN).with_shared_key(TOKEN);
    twilio
        .verify(RawRequest { method, url, headers: &headers, body, now_seconds: 0 })
        .map(|verified| twilio.parse(&verified))
}

/// What a form says that is posted to `url` and signed.
fn posted(url: &str, params: &[(&str, &str)]) -> Incoming {
    let signature = sign(TOKEN, url, params);
    let headers = [("x-twilio-signature", signature.as_str()), ("content-type", FORM)];
    verify(url, Method::Post, &headers, form(params).as_bytes()).unwrap().unwrap()
}

fn event(url: &str, params: &[(&str, &str)]) -> Event {
    posted(url, params).event
}

#[test]
fn every_vector_of_the_corpus_is_accepted_or_refused_as_it_says() {
    let corpus = corpus();
    assert_eq!(corpus.token, TOKEN);
    for vector in &corpus.vectors {
        let settings = vector.algorithm.as_ref().map(|name| format!("key=webhooks_sharedkey_1,algorithm={name}"));
        let mut headers = vec![("x-twilio-signature", vector.signature.as_str())];
        headers.extend(settings.as_deref().map(|text| ("x-twilio-webhooks-signature-settings", text)));
        let params = vector.params.as_deref().map(pairs);
        let (method, body) = match (&params, &vector.body) {
            (Some(params), _) => (Method::Post, form(params)),
            (None, Some(body)) => (Method::Post, body.clone()),
            (None, None) => (Method::Get, String::new()),
        };
        headers.push(("content-type", if vector.body.is_some() { "application/json" } else { FORM }));
        let accepted = verify(&vector.url, method, &headers, body.as_bytes()).is_ok();
        assert_eq!(accepted, vector.accepted, "{}", vector.name);
        if vector.accepted && vector.exact && vector.algorithm.is_none() {
            assert_eq!(sign(TOKEN, &vector.url, &params.unwrap_or_default()), vector.signature, "{}", vector.name);
        }
    }
}

#[test]
fn a_shared_key_counts_only_where_it_is_configured() {
    let corpus = corpus();
    let vector = corpus.vectors.iter().find(|vector| vector.name.ends_with("HMAC_SHA256")).unwrap();
    let headers: &[(&str, &str)] = &[
        ("X-Twilio-Signature", &vector.signature),
        ("X-Twilio-Webhooks-Signature-Settings", "key=k,algorithm=HMAC_SHA256"),
    ];
    let body = form(&pairs(vector.params.as_deref().unwrap()));
    let request =
        RawRequest { method: Method::Post, url: &vector.url, headers: &headers, body: body.as_bytes(), now_seconds: 0 };
    assert!(Twilio::new("other").with_shared_key(TOKEN).verify(request).is_ok());
    assert_eq!(Twilio::new(TOKEN).verify(request).err(), Some(Refusal::WrongSignature));
    assert_eq!(Twilio::new(TOKEN).with_shared_key("other").verify(request).err(), Some(Refusal::WrongSignature));
}

#[test]
fn peer_defect_16_only_the_configured_url_counts_whatever_a_proxy_claims() {
    let signature = sign(TOKEN, URL, &[("CallSid", "CA1")]);
    let proxied = [
        ("x-twilio-signature", signature.as_str()),
        ("host", "10.0.0.7:8080"),
        ("x-forwarded-proto", "http"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-port", "8080"),
    ];
    assert!(verify(URL, Method::Post, &proxied, b"CallSid=CA1").is_ok());
    let of_the_inside = sign(TOKEN, "http://10.0.0.7:8080/twilio/voice", &[("CallSid", "CA1")]);
    let headers = [("x-twilio-signature", of_the_inside.as_str()), ("host", "10.0.0.7:8080")];
    assert_eq!(verify(URL, Method::Post, &headers, b"CallSid=CA1").err(), Some(Refusal::WrongSignature));
}

#[test]
fn peer_defect_21_digits_and_msg_are_covered_by_the_signature() {
    let params = [("CallSid", "CA1"), ("Digits", "2"), ("msg", "Gather End")];
    let signature = sign(TOKEN, LATER, &params);
    let headers = [("x-twilio-signature", signature.as_str())];
    let read = verify(LATER, Method::Post, &headers, b"CallSid=CA1&Digits=2&msg=Gather+End").unwrap().unwrap();
    assert_eq!(read.event, Event::Keys(Keys::parse("2")));
    let changed = verify(LATER, Method::Post, &headers, b"CallSid=CA1&Digits=3&msg=Gather+End");
    assert_eq!(changed.err(), Some(Refusal::WrongSignature));
    let of_the_url_alone = sign(TOKEN, LATER, &[]);
    let headers = [("x-twilio-signature", of_the_url_alone.as_str())];
    assert!(verify(LATER, Method::Post, &headers, b"CallSid=CA1&Digits=2&msg=Gather+End").is_err());
}

#[test]
fn what_is_not_signed_is_refused() {
    assert_eq!(verify(URL, Method::Post, &[], b"").err(), Some(Refusal::NoSignature));
    assert_eq!(verify(URL, Method::Post, &[("x-twilio-signature", "")], b"").err(), Some(Refusal::WrongSignature));
    assert_eq!(verify(URL, Method::Get, &[("x-twilio-signature", "é")], b"").err(), Some(Refusal::WrongSignature));
}

#[test]
fn the_signature_is_over_the_bytes_that_were_sent_even_if_they_are_no_utf8() {
    use hmac::Mac;
    let mut mac: Hmac<Sha1> = signature::keyed(TOKEN);
    mac.update(URL.as_bytes());
    mac.update(b"CallSidCA1Odd\xff%zzSpace x ");
    let signature = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, mac.finalize().into_bytes());
    let headers = [("x-twilio-signature", signature.as_str())];
    let read = verify(URL, Method::Post, &headers, b"CallSid=CA1&Odd=%ff%zz&Space=+x+").unwrap().unwrap();
    assert_eq!(read.event, Event::Started);
}

#[test]
fn an_empty_body_is_a_call_that_begins() {
    let read = posted(URL, &[]);
    assert_eq!((read.event, read.caller, read.called), (Event::Started, Caller::Withheld, None));
    assert_eq!(read.call, crate::call::CallKey::of(None));
}

#[test]
fn a_body_that_is_no_form_is_verified_and_then_not_read() {
    let signature = sign(TOKEN, URL, &[]);
    let json = [("x-twilio-signature", signature.as_str()), ("content-type", "application/json")];
    assert_eq!(verify(URL, Method::Post, &json, b"{}").unwrap().err(), Some(ParseError::NotAForm));
    assert!(verify(URL, Method::Post, &json, b"").unwrap().is_ok());
    let form = [
        ("x-twilio-signature", signature.as_str()),
        ("content-type", "Application/X-WWW-Form-Urlencoded; charset=utf-8"),
    ];
    assert!(verify(URL, Method::Post, &form, b"").unwrap().is_ok());
    // A hash that is not that of the body is refused though the URL is signed.
    let hashed = format!("{URL}?bodySHA256={}", "0".repeat(64));
    let signature = sign(TOKEN, &hashed, &[]);
    let json = [("x-twilio-signature", signature.as_str()), ("content-type", "application/json")];
    assert_eq!(verify(&hashed, Method::Post, &json, b"{}").err(), Some(Refusal::WrongBody));
}

#[test]
fn a_get_carries_its_parameters_in_the_url() {
    let url = format!("{LATER}&CallSid=CA1&From=%2B33639981234&To=%2B33123456789&Digits=7");
    let signature = sign(TOKEN, &url, &[]);
    let read = verify(&url, Method::Get, &[("x-twilio-signature", &signature)], b"").unwrap().unwrap();
    assert_eq!(read.event, Event::Keys(Keys::parse("7")));
    assert_eq!(read.called, "+33123456789".parse().ok());
    assert!(matches!(read.caller, Caller::Number(_)));
}

#[test]
fn peer_defect_14_withheld_and_odd_callers_are_read() {
    for from in ["+266696687", "anonymous", "", "Restricted"] {
        assert_eq!(posted(URL, &[("From", from)]).caller, Caller::Withheld, "{from}");
    }
    assert_eq!(posted(URL, &[("From", "client:jenny"), ("To", "client:line")]).caller, Caller::Other);
}

#[test]
fn keys_are_read_with_the_one_that_closed_them() {
    for (digits, closing, keys) in [
        ("1", "", "1"),
        ("75011", "#", "75011#"),
        ("75011#", "#", "75011#"),
        ("*", "#", "*#"),
        ("#", "#", "#"),
        ("75", "5", "75"),
        ("", "#", "#"),
        ("", "*", "*"),
        ("ABCD", "", ""),
    ] {
        let params = [("CallStatus", "in-progress"), ("Digits", digits), ("FinishedOnKey", closing)];
        assert_eq!(event(LATER, &params), Event::Keys(Keys::parse(keys)), "{digits:?} {closing:?}");
    }
    let Event::Keys(keys) = event(LATER, &[("Digits", &"7".repeat(1000))]) else { panic!("no keys") };
    assert_eq!((keys.as_slice().len(), keys.first()), (Keys::MAX, Key::digit(7)));
}

#[test]
fn silence_comes_as_an_action_without_digits_or_by_the_redirect() {
    let silent = format!("{LATER}&e=silence");
    assert_eq!(event(LATER, &[("Digits", "")]), Event::Silence);
    assert_eq!(event(LATER, &[]), Event::Silence);
    assert_eq!(event(&silent, &[("CallStatus", "in-progress")]), Event::Silence);
    assert_eq!(event(&silent, &[("Digits", ""), ("FinishedOnKey", "#")]), Event::Silence);
    assert_eq!(event(&silent, &[("Digits", "9")]), Event::Keys(Keys::parse("9")));
    assert_eq!(event(URL, &[("CallStatus", "ringing")]), Event::Started);
    assert_eq!(event(&format!("{URL}?l=fr"), &[]), Event::Started);
}

#[test]
fn the_end_of_a_transfer_is_read_before_anything_else() {
    let ended = |outcome, talked| Event::TransferEnded(Transfer { talked, ..Transfer::of(outcome) });
    for (status, outcome) in [
        ("completed", DialOutcome::Completed),
        ("answered", DialOutcome::Completed),
        ("busy", DialOutcome::Busy),
        ("no-answer", DialOutcome::NoAnswer),
        ("failed", DialOutcome::Failed),
        ("canceled", DialOutcome::Canceled),
        ("something new", DialOutcome::Failed),
    ] {
        let params = [("CallStatus", "in-progress"), ("DialCallStatus", status), ("Digits", "1")];
        assert_eq!(event(LATER, &params), ended(outcome, None), "{status}");
    }
    let params = [("DialCallStatus", "completed"), ("DialCallDuration", "61")];
    assert_eq!(event(LATER, &params), ended(DialOutcome::Completed, Some(61)));
    let odd = [("DialCallStatus", "completed"), ("DialCallDuration", "-1")];
    assert_eq!(event(LATER, &odd), ended(DialOutcome::Completed, None));
}

#[test]
fn a_call_that_is_over_is_over() {
    for status in ["completed", "busy", "failed", "no-answer", "canceled"] {
        assert_eq!(event(LATER, &[("CallStatus", status), ("Digits", "1")]), Event::Ended, "{status}");
    }
    for status in ["queued", "ringing", "in-progress", "", "new"] {
        assert_eq!(event(URL, &[("CallStatus", status)]), Event::Started, "{status}");
    }
}

#[test]
fn ten_thousand_fields_are_verified_and_read() {
    let names: Vec<String> = (0..10_000).map(|n| format!("F{n}")).collect();
    let mut params: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "x")).collect();
    params.push(("Digits", "1"));
    assert_eq!(event(LATER, &params), Event::Keys(Keys::parse("1")));
}

#[test]
fn nothing_of_the_caller_or_the_token_is_printed() {
    let read = posted(LATER, &[("From", "+33639981234"), ("To", "+33123456789"), ("Digits", "75011")]);
    let shown = format!("{read:?} {:?}", Twilio::new("auth-token"));
    assert!(!["3363", "3312", "75011", "auth-token"].iter().any(|secret| shown.contains(secret)), "{shown}");
}
