//! Whoever answers for us, over real and signed HTTP: what they hear, what their keys do, and that nobody but who accepts
//! is connected. The documents of the caller's own call stand here, written by the dialect as the line writes them.

use allo_cmp::{
    call::{Address, CallKey, Dial, Lang, Leg, RingId, Target, Tokens, Verb},
    phone::{Answers, Call, Dialling, HeardWhat, HttpTransport, PhoneError, Transport, Wait, WebRequest, WebResponse},
    provider::{Dialect, Envelope, Method, twilio::Twilio},
};

use crate::line::{AUTH_TOKEN, BEGAN, CALLER, Line, OURS, PUBLIC, SECRET, raw, said, send, sid, transport};

const ANNE: &str = "+33199000001";
const BASIL: &str = "+33199000002";

/// The caller's documents from here, the legs' from the server.
struct Provider {
    dial: String,
    server: HttpTransport,
    ended: Vec<WebRequest>,
}

impl Transport for Provider {
    async fn send(&mut self, request: &WebRequest) -> Result<WebResponse, PhoneError> {
        if request.url.contains("/twilio/leg") {
            return self.server.send(request).await;
        }
        let over = request.param("DialCallStatus").is_some();
        let document = if over { "<Response><Hangup/></Response>" } else { &self.dial };
        if over {
            self.ended.push(request.clone());
        }
        let content_type = Some("text/xml".to_owned());
        Ok(WebResponse { status: 200, content_type, body: document.as_bytes().to_vec() })
    }
}

fn leg(n: usize) -> Leg {
    let ring = RingId { call: CallKey::of(Some(&sid(n))), started: 29_000_000, turn: 4, attempt: 1 };
    let issued = u64::try_from(BEGAN).unwrap();
    Leg { ring, lang: Some(Lang::FR), issued, ring_seconds: 20, silent: false, asked: 0 }
}

fn url(leg: &Leg) -> String {
    format!("{PUBLIC}/twilio/leg?s={}", Tokens::new(SECRET, &[]).seal_leg("twilio", leg).unwrap())
}

/// Call number `n`, which rings Anne in French and Basil in English.
async fn ringing(line: &Line, n: usize, leg: &Leg) -> Call<Provider> {
    let to = |number: &str, lang| Target { to: Address::Number(number.parse().unwrap()), lang };
    let targets = vec![to(ANNE, Lang::FR), to(BASIL, Lang::EN)];
    let (ours, url) = (OURS.parse().unwrap(), url(leg));
    let envelope = Envelope {
        next: &format!("{PUBLIC}/twilio/voice?l=fr"),
        leg: Some(&url),
        caller_id: Some(&ours),
        public_url: PUBLIC,
    };
    let dial = Twilio::new(AUTH_TOKEN)
        .render(&[Verb::Dial(Dial { targets, ring: 20, accept: true, star_leaves: false })], &envelope);
    let mut dialling = Dialling::new(CALLER, OURS, format!("{PUBLIC}/twilio/voice"));
    dialling.call_sid = sid(n);
    let mut call =
        Call::new(Provider { dial: dial.unwrap(), server: transport(line.address), ended: vec![] }, dialling);
    call.start().await.unwrap();
    assert!(matches!(call.wait(), Wait::Dial(_)));
    call
}

/// What each of the two heard, and whether there was a conversation.
async fn answered(line: &Line, n: usize, answers: &str) -> (Vec<String>, bool) {
    let mut call = ringing(line, n, &leg(n)).await;
    call.dialled(answers.parse::<Answers>().unwrap()).await.unwrap();
    let heard = call.transcript().iter().filter_map(|heard| match &heard.what {
        HeardWhat::Whisper { number, spoken } => Some(format!("{}: {}", &number[9..], spoken.text())),
        _ => None,
    });
    let heard = heard.collect();
    for document in call.leg_documents() {
        for secret in [&CALLER[1..], &CALLER[3..], ANNE, BASIL, &sid(n)] {
            assert!(!document.contains(secret), "{secret} is in {document}");
        }
    }
    let talked = call.transport().ended[0].param("DialCallDuration").is_some();
    (heard, talked)
}

const ASKED: &str = "Ligne Allô C-M-P. Un appel en français.";

#[tokio::test]
async fn only_who_presses_1_is_connected() {
    let line = Line::shipped().await;
    for (n, (answers, conversation, last)) in [
        ("accepted:60", true, "001: Merci. Vous êtes en communication."),
        ("refused", false, "001: Pour refuser, appuyez sur la touche 2."),
        ("voicemail", false, "001: Pour refuser, appuyez sur la touche 2."),
        ("hung-up", false, "001: Pour refuser, appuyez sur la touche 2."),
        // One number that is none, and one that is busy, keep nobody else from answering.
        ("failed+accepted", true, "002: Thank you. You are connected."),
        ("busy+refused", false, "002: To refuse, press 2."),
    ]
    .into_iter()
    .enumerate()
    {
        let (heard, talked) = answered(&line, n, answers).await;
        assert_eq!(talked, conversation, "{answers}: {heard:?}");
        assert_eq!(heard.last().map(String::as_str), Some(last), "{answers}");
        let first = if last.starts_with("001") {
            format!("001: {ASKED}")
        } else {
            "002: A call from the C-M-P line, in French.".into()
        };
        assert_eq!(heard[0], first);
    }
}

#[tokio::test]
async fn of_two_who_accept_at_once_the_second_hears_that_it_is_taken() {
    let line = Line::shipped().await;
    let (heard, talked) = answered(&line, 1, "accepted:60+accepted:60").await;
    assert!(talked);
    assert!(heard.contains(&"001: Merci. Vous êtes en communication.".to_owned()), "{heard:?}");
    assert_eq!(heard.last().unwrap(), "002: Thank you, the call is already taken.");
}

#[tokio::test]
async fn too_late_or_for_another_call_is_an_apology_and_the_end() {
    let line = Line::shipped().await;
    let over = "fr: Désolés, cet appel ne peut plus être pris.";
    let ask = async |url: String, parent: usize, digits: &str| {
        let (parent, child) = (sid(parent), sid(900));
        let params =
            [("CallSid", child.as_str()), ("ParentCallSid", &parent), ("From", OURS), ("To", ANNE), ("Digits", digits)];
        let params = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let response = send(line.address, &WebRequest { method: Method::Post, url, params }).await;
        crate::line::document(&response)
    };
    let asked = Leg { asked: 1, ..leg(1) };
    let right = url(&asked) + "&l=fr";
    line.clock.set(BEGAN + 81);
    let late = ask(right.clone(), 1, "1").await;
    line.clock.set(BEGAN + 80);
    for document in [late, ask(right.clone(), 2, "1").await, ask(right.replace("?s=", "?s=A"), 1, "1").await] {
        assert_eq!(said(&document).trim(), over, "{document}");
        assert!(document.ends_with("<Hangup/></Response>"), "{document}");
    }
    let connected = ask(right, 1, "1").await;
    assert!(said(&connected).contains("Vous êtes en communication") && !connected.contains("Hangup"), "{connected}");
}

#[tokio::test]
async fn a_leg_that_is_not_signed_is_refused() {
    let line = Line::shipped().await;
    let path = url(&leg(1)).replacen(PUBLIC, "", 1);
    for signature in ["", "X-Twilio-Signature: AAAA\r\n"] {
        let head = "Connection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n";
        let request = format!("POST {path} HTTP/1.1\r\nHost: x\r\n{head}{signature}\r\nDigits=1");
        assert_eq!(raw(line.address, request).await, (403, String::new()));
    }
}
