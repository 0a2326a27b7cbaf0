//! Plivo over its corpus, and what it must read and write.

use std::sync::Arc;

use super::*;
use crate::{
    call::{
        Address, CallKey, Caller, Dial, DialOutcome, Digits, E164, Event, Keys, Lang, Listen, Pace, Piece, Prompt,
        Speech, Target, Transfer,
    },
    provider::{
        Method,
        corpus::{every_vector_is_as_it_says, judged},
    },
};

#[test]
fn every_vector_is_accepted_or_refused_as_it_says() {
    let text = include_str!("../../../tests/corpus/plivo/signatures.yaml");
    for vector in every_vector_is_as_it_says(text, |key| Box::new(Plivo::new(key))) {
        assert!(judged(&Plivo::new("another"), &vector).is_err(), "{}", vector.name);
    }
}

fn read(path: &str, body: &str) -> Incoming {
    let url = format!("https://ivr.example.org/plivo/{path}");
    let form: Vec<(String, String)> =
        url::form_urlencoded::parse(body.as_bytes()).map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
    let pairs: Vec<(&str, &str)> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let signature = sign("k", Method::Post, &url, &pairs, "7");
    let headers: &[(&str, &str)] = &[("x-plivo-signature-v3", &signature), ("x-plivo-signature-v3-nonce", "7")];
    let request =
        RawRequest { method: Method::Post, url: &url, headers: &headers, body: body.as_bytes(), now_seconds: 0 };
    let plivo = Plivo::new("k");
    plivo.parse(&plivo.verify(request).unwrap()).unwrap()
}

#[test]
fn every_event_is_read() {
    let keys = |keys| Event::Keys(Keys::parse(keys));
    let ended = |outcome| Event::TransferEnded(Transfer::of(outcome));
    let nobody = |outcome| Event::TransferEnded(Transfer { bridged: Some(false), ..Transfer::of(outcome) });
    let later = "voice?l=fr&s=abc";
    for (path, body, event) in [
        ("voice", "CallUUID=1&CallStatus=ringing&Event=StartApp", Event::Started),
        ("voice", "", Event::Started),
        (later, "CallUUID=1&Event=GetInput&InputType=dtmf&Digits=2", keys("2")),
        (later, "CallUUID=1&Digits=%2A", keys("*")),
        (later, "CallUUID=1&Digits=%23", keys("#")),
        (later, "CallUUID=1&Digits=75011", keys("75011")),
        (later, "CallUUID=1&Event=GetInput&Digits=", Event::Silence),
        ("voice?l=fr&s=abc&e=silence", "CallUUID=1&Event=Redirect&CallStatus=in-progress", Event::Silence),
        ("voice?l=fr&s=abc&e=silence", "CallUUID=1&Digits=9", keys("9")),
        ("voice?f=1", "CallUUID=1", Event::Silence),
        (later, "CallUUID=1&DialStatus=completed&DialBLegUUID=b", ended(DialOutcome::Completed)),
        (later, "CallUUID=1&DialStatus=completed&DialBLegUUID=", nobody(DialOutcome::Completed)),
        (later, "CallUUID=1&CallStatus=completed&DialStatus=busy", ended(DialOutcome::Busy)),
        (later, "CallUUID=1&DialStatus=no-answer&DialBLegUUID=", nobody(DialOutcome::NoAnswer)),
        (later, "CallUUID=1&DialStatus=timeout&DialRingStatus=true", ended(DialOutcome::NoAnswer)),
        (later, "CallUUID=1&DialStatus=timeout&DialRingStatus=false", ended(DialOutcome::Failed)),
        (later, "CallUUID=1&DialStatus=failed", ended(DialOutcome::Failed)),
        (later, "CallUUID=1&DialStatus=failed&DialHangupCause=USER_BUSY", ended(DialOutcome::Busy)),
        (later, "CallUUID=1&DialHangupCause=NO_ANSWER", ended(DialOutcome::NoAnswer)),
        (later, "CallUUID=1&DialStatus=failed&DialHangupCause=ORIGINATOR_CANCEL", ended(DialOutcome::Canceled)),
        (later, "CallUUID=1&DialStatus=new", ended(DialOutcome::Failed)),
        ("leg?s=b", "CallUUID=b&Event=Redirect", Event::Silence),
        ("leg?s=b", "CallUUID=1&DialAction=connected&DialBLegUUID=b&DialALegUUID=1", Event::Connected),
        ("leg?s=b", "CallUUID=1&DialAction=answer&DialBLegUUID=b&DialALegUUID=1", Event::Ended),
        ("leg?s=b", "CallUUID=1&DialAction=hangup&DialBLegUUID=b&DialBLegHangupCause=NORMAL_CLEARING", Event::Ended),
        ("status", "CallUUID=1&CallStatus=completed&HangupCause=NORMAL_CLEARING", Event::Ended),
        ("status", "CallUUID=1&Event=Hangup", Event::Ended),
        ("status", "CallUUID=1&CallStatus=busy", Event::Ended),
        ("status", "CallUUID=1&CallStatus=cancel", Event::Ended),
        ("status", "CallUUID=1&CallStatus=timeout", Event::Ended),
    ] {
        let first = read(path, body);
        assert_eq!(first.event, event, "{path} {body}");
        // A second time the same is read: nothing is remembered.
        assert_eq!(format!("{first:?}"), format!("{:?}", read(path, body)));
    }
}

#[test]
fn peer_defect_14_callers_are_read_without_their_plus() {
    let number = |text: &str| Caller::Number(text.parse::<E164>().unwrap());
    for (from, caller) in [
        ("33612345678", number("+33612345678")),
        ("%2B33612345678", number("+33612345678")),
        ("266696687", Caller::Withheld),
        ("7378742833", Caller::Withheld),
        ("86282452253", Caller::Withheld),
        ("anonymous", Caller::Withheld),
        ("", Caller::Withheld),
        ("3114", Caller::Other),
        ("0612345678", Caller::Other),
        ("sip%3Aanne%40phone.plivo.com", Caller::Other),
    ] {
        let incoming = read("voice", &format!("CallUUID=abc&From={from}&To=33123456789"));
        assert!(incoming.caller == caller, "{from}");
        assert_eq!(incoming.called, Some("+33123456789".parse().unwrap()));
        assert_eq!((incoming.call, incoming.parent), (CallKey::of(Some("abc")), None));
    }
    let told = read("leg?s=b", "CallUUID=1&DialAction=connected&DialBLegUUID=b&DialALegUUID=a");
    assert_eq!((told.call, told.parent), (CallKey::of(Some("b")), Some(CallKey::of(Some("a")))));
}

fn rendered(plivo: &Plivo, verb: Verb) -> Result<String, RenderError> {
    let ours: E164 = "+33199001234".parse().unwrap();
    let envelope = Envelope {
        next: "https://l.example/plivo/voice?s=a",
        leg: Some("https://l.example/plivo/leg?s=b"),
        caller_id: Some(&ours),
        public_url: "https://l.example",
    };
    plivo.render(&[verb], &envelope)
}

#[test]
fn waits_stay_within_what_plivo_takes() {
    let one = |wait| Verb::Listen(Listen { prompts: vec![], wait, digits: Digits::One });
    let tail = r#"<Redirect method="POST">https://l.example/plivo/voice?s=a&amp;e=silence</Redirect></Response>"#;
    for (wait, timeout) in [(1, 5), (6, 6), (10, 10), (200, 60)] {
        let document = rendered(&Plivo::new("k"), one(wait)).unwrap();
        assert!(document.contains(&format!(r#"numDigits="1" executionTimeout="{timeout}""#)), "{document}");
        assert!(document.contains(r#"finishOnKey="none""#) && document.ends_with(tail), "{document}");
    }
    let many = |count| Verb::Listen(Listen { prompts: vec![], wait: 12, digits: Digits::UpTo(count) });
    let document = rendered(&Plivo::new("k"), many(5)).unwrap();
    let entry = r##"numDigits="5" executionTimeout="22" digitEndTimeout="10" finishOnKey="#" log="false""##;
    assert!(document.contains(entry), "{document}");
    assert!(rendered(&Plivo::new("k"), many(99)).unwrap().contains("numDigits=\"32\""));
}

#[test]
fn whoever_answers_is_asked_by_plivo_with_our_words() {
    let target = |to, lang: Lang| Target { to, lang };
    let number = || Address::Number("+33199000001".parse().unwrap());
    let dial = |targets, accept| Verb::Dial(Dial { targets, ring: 25, accept, star_leaves: true });
    let plivo = Plivo::new("k");
    let both = || vec![target(number(), Lang::EN), target(Address::Sip("sip:a@b.fr".into()), Lang::FR)];
    let document = rendered(&plivo, dial(both(), true)).unwrap();
    let asks = r#"callerId="33199001234" hangupOnStar="true" confirmSound="https://l.example/plivo/leg?s=b&amp;l=en" confirmKey="1" confirmTimeout="25" callbackUrl="https://l.example/plivo/leg?s=b&amp;l=en" callbackMethod="POST"><Number>33199000001</Number><User>sip:a@b.fr</User></Dial>"#;
    assert!(document.contains(asks), "{document}");
    assert!(!rendered(&plivo, dial(both(), false)).unwrap().contains("confirm"));
    let short = || vec![target(Address::Short("3114".into()), Lang::FR)];
    assert_eq!(rendered(&plivo, dial(short(), false)), Err(RenderError::Unreachable));
    let can = plivo.clone().with_short_numbers(true);
    assert!(rendered(&can, dial(short(), false)).unwrap().contains("<Number>3114</Number>"));
    let envelope = Envelope { next: "n", leg: None, caller_id: None, public_url: "p" };
    assert_eq!(plivo.render(&[dial(both(), false)], &envelope), Err(RenderError::NoCallerId));
    let ours: E164 = "+33199001234".parse().unwrap();
    let envelope = Envelope { caller_id: Some(&ours), ..envelope };
    assert_eq!(plivo.render(&[dial(both(), true)], &envelope), Err(RenderError::NoLeg));
}

#[test]
fn peer_defect_10_words_are_spoken_in_their_own_voice_or_not_at_all() {
    let say = |lang: &str, pieces| {
        let speech = Arc::new(Speech::new(lang.parse().unwrap(), pieces));
        Verb::Say(vec![Prompt { speech, pace: Pace::Slow }])
    };
    let pieces = || {
        let number = Piece::Spelled { written: "3114".into(), spoken: "trente et un, quatorze".into() };
        vec![Piece::Text("Le ".into()), number, Piece::Pause(400)]
    };
    let document = rendered(&Plivo::new("k"), say("fr", pieces())).unwrap();
    let said = r#"<Speak language="fr-FR" voice="Polly.Lea"><prosody rate="85%">Le <sub alias="trente et un, quatorze">3114</sub><break time="600ms"/></prosody></Speak></Response>"#;
    assert!(document.ends_with(said), "{document}");
    for lang in ["uk", "ti", "ps"] {
        assert_eq!(rendered(&Plivo::new("k"), say(lang, pieces())), Err(RenderError::NoVoice(lang.parse().unwrap())));
    }
}

#[test]
fn an_answer_larger_than_plivo_reads_is_none() {
    let long = Arc::new(Speech::new(Lang::FR, vec![Piece::Text("mot ".repeat(30_000))]));
    let large = rendered(&Plivo::new("k"), Verb::Say(vec![Prompt { speech: long, pace: Pace::Normal }]));
    assert!(matches!(large, Err(RenderError::TooLarge(size)) if size > 100_000));
}

#[test]
fn the_last_resort_is_in_plivos_words() {
    let plivo = Plivo::new("k");
    for next in [None, Some("https://l.example/plivo/voice?f=1")] {
        let document = plivo.last_resort(next);
        for foreign in ["<Say", "<Gather", " timeout=", " input=", "finishOnKey=\"\""] {
            assert!(!document.contains(foreign), "{foreign}: {document}");
        }
        assert!(document.contains("<Speak language=\"fr-FR\" voice=\"Polly.Lea\">"), "{document}");
        assert_eq!(document.contains("executionTimeout=\"6\" finishOnKey=\"none\""), next.is_some(), "{document}");
    }
}
