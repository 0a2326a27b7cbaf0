//! The kin over one corpus each, and what all of them must read and write alike.

use std::sync::Arc;

use crate::{
    call::{
        Address, CallKey, Caller, Dial, DialOutcome, Digits, E164, Event, Incoming, Keys, Lang, Listen, Pace, Piece,
        Prompt, Speech, Target, Transfer, Verb,
    },
    provider::{
        Capabilities, Dialect, Envelope, Method, RawRequest, Refusal, RenderError,
        corpus::every_vector_is_as_it_says,
        signalwire::{self, SignalWire},
        somleng::{self, Somleng},
        telnyx::{self, Telnyx},
        twilio::{self, Twilio},
    },
};

#[test]
fn every_vector_of_each_corpus_is_accepted_or_refused_as_it_says() {
    type Make = fn(&str) -> Box<dyn Dialect>;
    let corpora: [(&str, Make); 3] = [
        (include_str!("../../../tests/corpus/signalwire/signatures.yaml"), |key| Box::new(SignalWire::new(key))),
        (include_str!("../../../tests/corpus/telnyx/signatures.yaml"), |key| Box::new(Telnyx::new(key).unwrap())),
        (include_str!("../../../tests/corpus/somleng/signatures.yaml"), |key| Box::new(Somleng::new(key))),
    ];
    for (text, dialect) in corpora {
        every_vector_is_as_it_says(text, dialect);
    }
}

#[test]
fn another_secret_is_another_signature() {
    let refused = |dialect: &dyn Dialect, headers: &[(&str, &str)]| {
        let url = "https://ivr.example.org/voice";
        let request = RawRequest { method: Method::Post, url, headers: &headers, body: b"CallSid=1", now_seconds: 10 };
        dialect.verify(request).err()
    };
    let url = "https://ivr.example.org/voice";
    let signature = signalwire::sign("key", url, "CallSid=1");
    assert_eq!(refused(&SignalWire::new("key"), &[("x-signalwire-signature", &signature)]), None);
    let wrong = Some(Refusal::WrongSignature);
    assert_eq!(refused(&SignalWire::new("other"), &[("x-signalwire-signature", &signature)]), wrong);
    let seed = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    assert_eq!(telnyx::public_key(seed), "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=");
    let signature = telnyx::sign(seed, 10, "CallSid=1");
    let headers = [("telnyx-signature-ed25519", signature.as_str()), ("telnyx-timestamp", "10")];
    assert_eq!(refused(&Telnyx::new(&telnyx::public_key(seed)).unwrap(), &headers), None);
    assert_eq!(refused(&Telnyx::new(&telnyx::public_key("another")).unwrap(), &headers), wrong);
    assert!(Telnyx::new("no key").is_err() && Telnyx::new("AAAA").is_err());
}

#[test]
fn a_signed_get_is_read_at_signalwire() {
    let url = "https://ivr.example.org/signalwire/voice?CallSid=c1&From=anonymous";
    let signature = signalwire::sign("key", url, "");
    let headers: &[(&str, &str)] = &[("x-signalwire-signature", &signature)];
    let signalwire = SignalWire::new("key");
    let request = RawRequest { method: Method::Get, url, headers: &headers, body: b"", now_seconds: 0 };
    let read = signalwire.parse(&signalwire.verify(request).unwrap()).unwrap();
    assert_eq!((read.event, read.caller, read.call), (Event::Started, Caller::Withheld, CallKey::of(Some("c1"))));
}

/// What each of the kin reads of a form.
fn read_by_all(path: &str, body: &str) -> Vec<(&'static str, Incoming)> {
    let seed = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let telnyx = Telnyx::new(&telnyx::public_key(seed)).unwrap();
    let dialects: [Box<dyn Dialect>; 4] =
        [Box::new(Twilio::new("k")), Box::new(SignalWire::new("k")), Box::new(telnyx), Box::new(Somleng::new("k"))];
    let read = |dialect: Box<dyn Dialect>| {
        let url = format!("https://ivr.example.org/{}/{path}", dialect.name());
        let form: Vec<(String, String)> =
            url::form_urlencoded::parse(body.as_bytes()).map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
        let pairs: Vec<(&str, &str)> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let by_twilio = twilio::sign("k", &url, &pairs);
        let by_telnyx = telnyx::sign(seed, 10, body);
        let headers: &[(&str, &str)] = &[
            ("x-twilio-signature", &by_twilio),
            ("telnyx-signature-ed25519", &by_telnyx),
            ("telnyx-timestamp", "10"),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let request =
            RawRequest { method: Method::Post, url: &url, headers: &headers, body: body.as_bytes(), now_seconds: 10 };
        (dialect.name(), dialect.parse(&dialect.verify(request).unwrap()).unwrap())
    };
    dialects.into_iter().map(read).collect()
}

#[test]
fn every_event_is_read_alike_by_the_kin() {
    let keys = |keys| Event::Keys(Keys::parse(keys));
    let ended = |outcome, talked| Event::TransferEnded(Transfer { talked, ..Transfer::of(outcome) });
    let later = "voice?l=fr&s=abc";
    for (path, body, event) in [
        ("voice", "CallSid=1&CallStatus=ringing", Event::Started),
        ("voice", "", Event::Started),
        (later, "CallSid=1&CallStatus=in-progress&Digits=2", keys("2")),
        (later, "CallSid=1&Digits=%2A", keys("*")),
        (later, "CallSid=1&Digits=%23", keys("#")),
        (later, "CallSid=1&Digits=75011", keys("75011")),
        (later, "CallSid=1&Digits=", Event::Silence),
        (later, "CallSid=1&CallStatus=in-progress", Event::Silence),
        ("voice?l=fr&s=abc&e=silence", "CallSid=1", Event::Silence),
        ("voice?l=fr&s=abc&e=silence", "CallSid=1&Digits=9", keys("9")),
        (later, "CallSid=1&DialCallStatus=completed&DialCallDuration=61", ended(DialOutcome::Completed, Some(61))),
        (later, "CallSid=1&DialCallStatus=answered", ended(DialOutcome::Completed, None)),
        (later, "CallSid=1&DialCallStatus=busy", ended(DialOutcome::Busy, None)),
        (later, "CallSid=1&DialCallStatus=no-answer", ended(DialOutcome::NoAnswer, None)),
        (later, "CallSid=1&DialCallStatus=failed", ended(DialOutcome::Failed, None)),
        (later, "CallSid=1&DialCallStatus=canceled", ended(DialOutcome::Canceled, None)),
        (later, "CallSid=1&DialCallStatus=new", ended(DialOutcome::Failed, None)),
        ("status", "CallSid=1&CallStatus=completed", Event::Ended),
        ("status", "CallSid=1&CallStatus=busy", Event::Ended),
        ("status", "CallSid=1&CallStatus=failed", Event::Ended),
        ("status", "CallSid=1&CallStatus=no-answer", Event::Ended),
        ("status", "CallSid=1&CallStatus=canceled", Event::Ended),
    ] {
        let first = read_by_all(path, body);
        for (name, incoming) in &first {
            assert_eq!(incoming.event, event, "{name}: {path} {body}");
        }
        // A second time the same is read: nothing is remembered.
        assert_eq!(format!("{first:?}"), format!("{:?}", read_by_all(path, body)));
    }
}

#[test]
fn peer_defect_14_callers_are_read_alike_by_the_kin() {
    for (from, caller) in [
        ("%2B266696687", Caller::Withheld),
        ("anonymous", Caller::Withheld),
        ("Restricted", Caller::Withheld),
        ("sip%3Aanonymous%40anonymous.invalid", Caller::Withheld),
        ("", Caller::Withheld),
        ("sip%3A100%40example.org", Caller::Other),
        ("3114", Caller::Other),
        ("%2B4930123456", Caller::Number("+4930123456".parse().unwrap())),
    ] {
        for (name, incoming) in read_by_all("voice", &format!("CallSid=v3%3Aa-_&From={from}&ParentCallSid=p")) {
            assert!(incoming.caller == caller, "{name}: {from}");
            assert_eq!(incoming.call, CallKey::of(Some("v3:a-_")));
            assert_eq!(incoming.parent, Some(CallKey::of(Some("p"))));
        }
    }
}

fn rendered(dialect: &dyn Dialect, verbs: &[Verb]) -> Result<String, RenderError> {
    let ours: E164 = "+33199001234".parse().unwrap();
    let envelope = Envelope {
        next: "https://l.example/x/voice?s=a",
        leg: Some("https://l.example/x/leg?s=b"),
        caller_id: Some(&ours),
        public_url: "https://l.example",
    };
    dialect.render(verbs, &envelope)
}

fn prompt(lang: &str, pace: Pace, pieces: Vec<Piece>) -> Prompt {
    Prompt { speech: Arc::new(Speech::new(lang.parse().unwrap(), pieces)), pace }
}

#[test]
fn where_no_markup_is_obeyed_words_are_as_they_sound_and_pauses_are_played() {
    let pieces = || {
        let number = Piece::Spelled { written: "3114".into(), spoken: "trente et un, quatorze".into() };
        vec![
            Piece::Text("Appelez le ".into()),
            number,
            Piece::Text(". ".into()),
            Piece::Pause(900),
            Piece::Text("Deux. Trois.".into()),
        ]
    };
    let say = |pace| [Verb::Say(vec![prompt("fr", pace, pieces())])];
    let somleng = Somleng::new("k");
    let document = rendered(&somleng, &say(Pace::Normal)).unwrap();
    let said = r#"<Say language="fr-FR" voice="Polly.Lea">Appelez le trente et un, quatorze.</Say><Play>https://l.example/audio/silence-1000.wav</Play><Say language="fr-FR" voice="Polly.Lea">Deux. Trois.</Say></Response>"#;
    assert!(document.ends_with(said), "{document}");
    let slow = rendered(&somleng, &say(Pace::Slow)).unwrap();
    assert!(slow.contains("silence-1500.wav</Play><Say language=\"fr-FR\" voice=\"Polly.Lea\">Deux.</Say><Play>https://l.example/audio/silence-1000.wav"), "{slow}");
    let telnyx = Telnyx::new("A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=").unwrap();
    let slow = rendered(&telnyx, &say(Pace::Slow)).unwrap();
    assert!(slow.contains(r#"voiceSpeed="0.85">Deux. Trois.</Say>"#), "{slow}");
    for element in ["<sub", "<break", "<prosody", "<Pause", "3114"] {
        assert!(!document.contains(element) && !slow.contains(element), "{element}");
    }
}

#[test]
fn no_sign_of_a_script_becomes_the_public_url() {
    for dialect in [&Telnyx::new(&telnyx::public_key("k")).unwrap() as &dyn Dialect, &Somleng::new("1234")] {
        let said =
            rendered(dialect, &[Verb::Say(vec![prompt("fr", Pace::Normal, vec![Piece::Text("Un\u{e000}e.".into())])])]);
        let said = said.unwrap();
        assert!(said.contains(">Une.<"), "{said}");
    }
}

#[test]
fn peer_defect_10_a_language_without_a_voice_is_not_spoken_by_anothers() {
    let verbs = [Verb::Say(vec![prompt("ti", Pace::Normal, vec![Piece::Text("ሰላም".into())])])];
    let lang: Lang = "ti".parse().unwrap();
    for dialect in [&SignalWire::new("k") as &dyn Dialect, &Somleng::new("k")] {
        assert_eq!(rendered(dialect, &verbs), Err(RenderError::NoVoice(lang)));
    }
}

#[test]
fn whoever_answers_is_asked_only_where_the_provider_can() {
    let target = Target { to: Address::Number("+33199000001".parse().unwrap()), lang: Lang::FR };
    let short = Target { to: Address::Short("3114".into()), lang: Lang::FR };
    let dial = |targets: &[&Target], ring| {
        [Verb::Dial(Dial {
            targets: targets.iter().map(|target| (*target).clone()).collect(),
            ring,
            accept: true,
            star_leaves: false,
        })]
    };
    let telnyx = Telnyx::new("A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=").unwrap();
    let somleng = rendered(&Somleng::new("k"), &dial(&[&target], 25)).unwrap();
    assert!(somleng.contains("<Number>+33199000001</Number>") && !somleng.contains("answerOnBridge"), "{somleng}");
    let whisper = r#"<Number url="https://l.example/x/leg?s=b&amp;l=fr" method="POST">+33199000001</Number>"#;
    assert!(rendered(&SignalWire::new("k"), &dial(&[&target], 25)).unwrap().contains(whisper));
    for (ring, timeout) in [(2, "timeout=\"5\""), (25, "timeout=\"25\""), (200, "timeout=\"120\"")] {
        let document = rendered(&telnyx, &dial(&[&target], ring)).unwrap();
        assert!(document.contains(whisper) && document.contains(timeout), "{document}");
    }
    assert_eq!(rendered(&telnyx, &dial(&[&short], 25)), Err(RenderError::Unreachable));
    let can = Somleng::new("k").with_short_numbers(true);
    assert!(rendered(&can, &dial(&[&short], 25)).unwrap().contains("<Number>3114</Number>"));
}

#[test]
fn a_gather_says_what_its_provider_knows() {
    let listen = Verb::Listen(Listen { prompts: vec![], wait: 6, digits: Digits::One });
    let telnyx = Telnyx::new("A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=").unwrap();
    let tail = r#"<Redirect method="POST">https://l.example/x/voice?s=a&amp;e=silence</Redirect></Response>"#;
    for (dialect, input, empty) in
        [(&SignalWire::new("k") as &dyn Dialect, true, true), (&telnyx, true, false), (&Somleng::new("k"), false, true)]
    {
        let document = rendered(dialect, std::slice::from_ref(&listen)).unwrap();
        assert!(document.contains(r#"finishOnKey="""#) && document.ends_with(tail), "{document}");
        assert_eq!(document.contains("input="), input, "{document}");
        assert_eq!(document.contains("actionOnEmptyResult"), empty, "{document}");
        let last = dialect.last_resort(Some("https://l.example/x/voice?f=1"));
        assert_eq!(last.contains("input="), input, "{last}");
        // No language in another's voice, there either.
        for lang in [Lang::FR, Lang::EN] {
            let voice = dialect.capabilities().voice(lang).unwrap();
            assert!(last.contains(&format!("language=\"{}\" voice=\"{}\"", voice.language, voice.name)), "{last}");
        }
    }
}

#[test]
fn every_dialect_speaks_with_the_voice_that_was_chosen() {
    let chosen = |own: &'static Capabilities| {
        crate::provider::voices::chosen(own, [(&Lang::FR, &"Polly.Mathieu".to_owned())]).unwrap()
    };
    let verbs = || [Verb::Say(vec![prompt("fr", Pace::Normal, vec![Piece::Text("Bonjour.".into())])])];
    let telnyx = Telnyx::new("A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=").unwrap();
    let dialects: [Box<dyn Dialect>; 4] = [
        Box::new(Twilio::new("k").with_capabilities(chosen(&twilio::CAPABILITIES))),
        Box::new(SignalWire::new("k").with_capabilities(chosen(&signalwire::CAPABILITIES))),
        Box::new(telnyx.with_capabilities(chosen(&telnyx::CAPABILITIES))),
        Box::new(Somleng::new("k").with_capabilities(chosen(&somleng::CAPABILITIES))),
    ];
    for dialect in dialects {
        let document = rendered(dialect.as_ref(), &verbs()).unwrap();
        assert!(document.contains(r#"language="fr-FR" voice="Polly.Mathieu""#), "{document}");
        assert_eq!(dialect.capabilities().voice(Lang::FR).unwrap().name, "Polly.Mathieu");
    }
}
