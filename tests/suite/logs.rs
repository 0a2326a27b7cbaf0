//! The log of the real program at its most talkative: nothing in it says who called, what was pressed, or where a call
//! stands.

use std::ffi::OsStr;

use allo_cmp::phone::{Wait, WebRequest};

use crate::{
    line::{AUTH_TOKEN, PUBLIC, caller, next_url, play, raw, said, send, sid, signed_post, token, webhook},
    program::Program,
};

/// More keys than one, such as no time or id of a log can hold.
const TYPED: &str = "8675309241753";
const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

/// The caller's number as one writes it, and its digits in any spelling.
const SPELLINGS: [&str; 6] =
    ["33639981234", "0639981234", "06 39 98 12 34", "6 39 98 12 34", "06.39.98.12.34", "639981234"];

/// The text without what is no part of a spelling: blanks, dots, dashes, and escapes of blanks.
fn squeezed(text: &str) -> String {
    text.replace("%20", "").chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '(' | ')' | '+')).collect()
}

#[tokio::test]
async fn nothing_of_a_caller_is_in_the_log() {
    is_clean(&Program::start(None, "trace").await).await;
}

#[tokio::test]
async fn nothing_of_a_caller_is_in_the_log_of_json_either() {
    let program = Program::start_with(&[OsStr::new("--json-log")], None, "trace").await;
    is_clean(&program).await;
    for line in program.log().lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(line["level"].is_string() && line["timestamp"].is_string(), "{line}");
    }
}

/// Calls of all kinds, the most awkward ones among them; then what was logged is searched.
async fn is_clean(program: &Program) {
    let mut tokens = Vec::new();
    let mut see = |document: Option<&str>| {
        let url = next_url(document.unwrap());
        tokens.push(token(&url).to_owned());
        url
    };

    // Whole calls: keys, silence, transfers, the end.
    let mut call = caller(program.address, 1);
    call.start().await.unwrap();
    for act in ["1", "0", "3", "0", "2", "1", "_", "2", "9", "_", "_", "b", "3", "9", "1", "_", "c", "4"] {
        play(&mut call, act).await;
        see(call.last_document());
    }
    play(&mut call, "_").await;
    assert!(matches!(call.wait(), Wait::Ended(_)), "{:?}", call.wait());

    // Spellings of the caller, keys in a row, tokens that can't be read, bodies that are none, forged signatures.
    let address = program.address;
    let mut begun = caller(address, 2);
    begun.start().await.unwrap();
    let url = see(begun.last_document());
    for from in SPELLINGS.iter().chain(&["+33639981234", "sip:+33639981234@sip.example.org"]) {
        let request = webhook(2, &url, &[("From", from), ("Caller", from), ("Digits", TYPED)]);
        let answer = String::from_utf8(send(address, &request).await.body).unwrap();
        see(Some(&answer));
        let get = WebRequest { method: allo_cmp::provider::Method::Get, ..request };
        send(address, &get).await;
        let elsewhere = url.replace("l=mul", "l=fr").replace("&s=", "&s=A");
        let lost = send(address, &webhook(2, &elsewhere, &[("From", from), ("Digits", TYPED)])).await;
        assert!(said(&String::from_utf8(lost.body).unwrap()).starts_with("fr: Excusez-nous"));
        let status = webhook(2, "/twilio/status", &[("From", from), ("CallStatus", "completed")]);
        assert_eq!(send(address, &status).await.status, 200);
    }
    let path = url.replacen(PUBLIC, "", 1);
    let body = format!("CallSid={}&From=%2B33639981234&Digits={TYPED}", sid(3));
    let forged =
        String::from_utf8(signed_post(&path, FORM, body.as_bytes())).unwrap().replace("Signature: ", "Signature: A");
    // A stranger comes first: what is wrong with the signatures of the provider is told all the same.
    let unsigned = "POST /twilio/voice HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    for request in [unsigned, &forged, &forged, &forged] {
        assert_eq!(raw(address, request).await.0, 403);
    }
    assert_eq!(raw(address, signed_post(&path, Some("application/json"), body.as_bytes())).await.0, 200);
    assert_eq!(raw(address, signed_post("/nobody/voice?From=%2B33639981234", FORM, body.as_bytes())).await.0, 404);
    let torn = format!("POST {path} HTTP/1.1\r\nFrom: +33639981234\r\nX {TYPED}\r\n\r\n{body}");
    assert_eq!(raw(address, torn).await.0, 400);

    let log = program.log();
    for expected in [
        "the line is open",
        "Began",
        "a call lost its place",
        "webhook refused",
        "answered with an apology",
        "there is no signature",
        "the signature does not fit",
    ] {
        assert!(log.contains(expected), "{expected:?} is not in the log: does it still tell this? {log}");
    }
    assert!(!log.contains('\u{1b}'), "a file is no terminal: {log}");
    let numbers = squeezed(&log);
    for spelling in SPELLINGS {
        assert!(!log.contains(spelling), "{spelling}");
        assert!(!numbers.contains(&squeezed(spelling)), "{spelling}, in another spelling");
    }
    assert!(!log.contains(TYPED) && !log.contains("Digits="), "keys are in the log");
    assert!(tokens.len() > 15);
    for token in &tokens {
        // Its beginning says the same as the whole.
        assert!(!log.contains(&token[..12]), "a token is in the log");
    }
    for secret in ["voice?", "&s=", &sid(1)[10..], &sid(2), "x-twilio-signature: ", AUTH_TOKEN, crate::line::SECRET] {
        assert!(!log.contains(secret), "{secret:?} is in the log");
    }
}

#[tokio::test]
async fn an_empty_filter_is_none() {
    // It waits for "the line is open", which is told at the usual level.
    let mut program = Program::start(None, "").await;
    program.terminate();
    assert!(program.ended().await.success());
    assert!(program.log().contains("the line is closed"), "{}", program.log());
}
