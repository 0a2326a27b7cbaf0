//! Whatever arrives with a right signature has a person behind it: the answer is a document, or the status that the
//! limits say. What is not signed gets nothing.

use std::fmt::Write as _;

use allo_cmp::{
    phone::{WebRequest, check_document},
    provider::Method,
    telemetry::Metric,
};

use crate::{
    line::{
        AUTH_TOKEN, CALLER, Line, OURS, PUBLIC, document, next_url, raw, said, send, signature, signed_post, webhook,
    },
    server::Client,
};

const FORM: Option<&str> = Some("application/x-www-form-urlencoded; charset=utf-8");

/// A signed POST of `body` to the path and query; the answer must be a document.
async fn post(line: &Line, path: &str, content_type: Option<&str>, body: &[u8]) -> String {
    let (status, answer) = line.raw(signed_post(path, content_type, body)).await;
    let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
    assert_eq!(status, 200, "{shown}");
    check_document(answer.as_bytes()).unwrap_or_else(|wrong| panic!("{shown}: {wrong:?}: {answer}"));
    answer
}

/// The line still answers a call as if nothing had been.
async fn still_answers(line: &Line) {
    let menu = said(line.after(77, "1").await.last_document().unwrap());
    assert!(menu.contains("Menu principal"), "{menu}");
    assert_eq!(line.count(Metric::PanicsCaught), 0);
}

#[tokio::test]
async fn a_body_without_anything_in_it_begins_a_call() {
    let line = Line::shipped().await;
    for content_type in [None, FORM, Some("application/json")] {
        for body in [&b""[..], b"&", b"&&=&="] {
            if content_type == Some("application/json") && !body.is_empty() {
                continue;
            }
            let answer = post(&line, "/twilio/voice", content_type, body).await;
            assert!(said(&answer).contains("Allô"), "{content_type:?} {body:?}: {answer}");
        }
    }
    assert_eq!(line.count(Metric::FailuresAnswered), 0);
    still_answers(&line).await;
}

#[tokio::test]
async fn a_body_that_is_no_form_is_answered_with_an_apology() {
    let line = Line::shipped().await;
    let json = br#"{"CallSid":"CA1","Digits":"9"}"#;
    let binary: Vec<u8> = (0..=255).collect();
    let cases: [(&str, &[u8]); 4] = [
        ("application/json", json),
        ("application/octet-stream", &binary),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n--x--"),
        ("text/xml", b"<Response><Hangup/></Response>"),
    ];
    for (kind, body) in cases {
        let answer = post(&line, "/twilio/voice?l=fr", Some(kind), body).await;
        assert!(said(&answer).starts_with("fr: Excusez-nous"), "{kind}: {answer}");
        assert!(said(&answer).contains("3114"), "{kind}: {answer}");
        // The way on from the apology works.
        let menu = said(&line.ask(1, &next_url(&answer), &[("Digits", "1")]).await);
        assert!(menu.contains("Menu principal"), "{kind}: {menu}");
    }
    assert_eq!(line.count(Metric::FailuresAnswered), cases.len() as u64);
    still_answers(&line).await;
}

#[tokio::test]
async fn binary_without_a_content_type_is_read_as_a_form() {
    let line = Line::shipped().await;
    let binary: Vec<u8> = (0..=255).cycle().take(4096).collect();
    for content_type in [None, FORM] {
        let answer = post(&line, "/twilio/voice", content_type, &binary).await;
        assert!(said(&answer).contains("Allô"), "{answer}");
    }
    still_answers(&line).await;
}

#[tokio::test]
async fn ten_thousand_fields_are_read_and_64_kib_are_the_limit() {
    let line = Line::shipped().await;
    let fields = |from: usize, count: usize| {
        (from..from + count).fold(String::new(), |mut body, i| {
            let _ = write!(body, "&{i:x}");
            body
        })
    };
    let many = format!("Digits=9{}", fields(0, 10_000));
    assert!(many.len() < 64 * 1024, "{}", many.len());
    let answer = post(&line, "/twilio/voice?l=fr&s=", FORM, many.as_bytes()).await;
    assert!(said(&answer).starts_with("fr: Une vie en danger"), "{answer}");

    let full = "a".repeat(64 * 1024);
    post(&line, "/twilio/voice", FORM, full.as_bytes()).await;
    for size in [64 * 1024 + 1, 70_000] {
        let body = "a".repeat(size);
        let (status, answer) = line.raw(signed_post("/twilio/voice", FORM, body.as_bytes())).await;
        assert_eq!((status, answer.as_str()), (413, ""), "{size}");
    }
    still_answers(&line).await;
}

#[tokio::test]
async fn what_is_no_utf8_and_no_percent_encoding_is_passed_over() {
    let line = Line::shipped().await;
    let bodies: [&[u8]; 8] = [
        b"CallSid=\xff\xfe&From=%ff%fe&To=%C3",
        b"CallSid=CA1&Digits=%",
        b"CallSid=CA1&Digits=%zz",
        b"CallSid=CA1&Digits=%39%0",
        b"CallSid=CA1&Digits=\xc3\xa9",
        b"%=%&%%%=%%%&CallSid=%00%00",
        b"CallSid=CA1&CallSid=CA2&Digits=1&Digits=2",
        "CallSid=é’&From=<&>\"".as_bytes(),
    ];
    for body in bodies {
        for path in
            ["/twilio/voice", "/twilio/voice?l=fr&s=%ff%", "/twilio/voice?%ff=%&l=%66r&s", "/twilio/voice?l=fr&f=%"]
        {
            post(&line, path, FORM, body).await;
        }
    }
    // An escaped 9 is a 9.
    let answer = post(&line, "/twilio/voice?l=fr&s=", FORM, b"Digits=%39%0").await;
    assert!(said(&answer).starts_with("fr: Une vie en danger"), "{answer}");
    still_answers(&line).await;
}

#[tokio::test]
async fn without_its_usual_parameters_a_call_goes_from_end_to_end() {
    let line = Line::shipped().await;
    for missing in ["CallSid", "From", "To", "all"] {
        let without = |more: &str| {
            let all =
                [("CallSid", "CA1".to_owned()), ("From", CALLER.replace('+', "%2B")), ("To", OURS.replace('+', "%2B"))];
            let kept = all.iter().filter(|(name, _)| *name != missing && missing != "all");
            kept.map(|(name, value)| format!("{name}={value}&")).collect::<String>() + more
        };
        let mut path = "/twilio/voice".to_owned();
        let mut answer = String::new();
        let mut dialled = 0;
        for more in ["CallStatus=ringing", "Digits=1", "Digits=9", "Digits=1", "", "DialCallStatus=busy", "Digits=9"] {
            answer = post(&line, &path, FORM, without(more).as_bytes()).await;
            dialled += usize::from(answer.contains("<Dial"));
            path = next_url(&answer).strip_prefix(PUBLIC).unwrap().to_owned();
        }
        assert!(said(&answer).starts_with("fr: Une vie en danger"), "without {missing}: {answer}");
        // The number shown is the one that was called: where that is not told, nothing is dialled.
        assert_eq!(dialled, usize::from(!matches!(missing, "To" | "all")), "without {missing}");
    }
    assert_eq!(line.count(Metric::FailuresAnswered), 0);
    still_answers(&line).await;
}

#[tokio::test]
async fn a_thousand_digits_are_as_good_as_the_first() {
    let line = Line::shipped().await;
    let url = next_url(line.after(1, "1").await.last_document().unwrap());
    let nine = said(&line.ask(1, &url, &[("Digits", &"9".repeat(1000))]).await);
    assert!(nine.starts_with("fr: Une vie en danger"), "{nine}");
    let wrong = said(&line.ask(1, &url, &[("Digits", &format!("5{}", "9".repeat(999)))]).await);
    assert!(wrong.starts_with("fr: Cette touche"), "{wrong}");
    // Keys of old exchanges are a press, but no key.
    let strange = said(&line.ask(1, &url, &[("Digits", "ABCD")]).await);
    assert!(strange.starts_with("fr: Cette touche"), "{strange}");
    let long = "é".repeat(3000);
    line.ask(1, &url, &[("From", &long), ("To", &long), ("Digits", "1"), ("SpeechResult", &long)]).await;
    still_answers(&line).await;
}

#[tokio::test]
async fn header_bombs_are_refused_and_many_headers_are_not() {
    let line = Line::shipped().await;
    let with = |headers: &str| {
        let request = String::from_utf8(signed_post("/twilio/voice", FORM, b"CallSid=CA1")).unwrap();
        request.replacen("Host: a\r\n", &format!("Host: a\r\n{headers}"), 1)
    };
    let many = |count: usize| (0..count).map(|i| format!("X-{i}: y\r\n")).collect::<String>();
    assert_eq!(line.raw(with(&many(80))).await.0, 200);
    assert_eq!(line.raw(with(&many(200))).await.0, 431);
    assert_eq!(line.raw(with(&format!("X: {}\r\n", "a".repeat(20_000)))).await.0, 200);
    let mut client = Client(tokio::net::TcpStream::connect(line.address).await.unwrap());
    client.send(with(&format!("X: {}\r\n", "a".repeat(100_000)))).await;
    let answer = client.read_to_end(std::time::Duration::from_secs(5)).await;
    // Where more was sent than read, the system may drop the answer.
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    // A header that is no text is none of ours; a signature that is none is wrong.
    let request = signed_post("/twilio/voice", FORM, b"CallSid=CA1");
    let at = request.windows(8).position(|bytes| bytes == b"Host: a\r").unwrap();
    let odd = [&request[..at], b"X: \xff\xfe\r\n", &request[at..]].concat();
    assert_eq!(line.raw(odd).await.0, 200);
    still_answers(&line).await;
}

#[tokio::test]
async fn webhooks_by_get_are_signed_in_their_url_and_obeyed() {
    let line = Line::shipped().await;
    let get = |url: String, params: &[(&str, &str)]| WebRequest { method: Method::Get, ..webhook(1, &url, params) };
    let first = document(&send(line.address, &get(format!("{PUBLIC}/twilio/voice"), &[])).await);
    assert!(said(&first).contains("Allô"), "{first}");
    let menu = document(&send(line.address, &get(next_url(&first), &[("Digits", "1")])).await);
    assert!(said(&menu).contains("Menu principal"), "{menu}");
    let urgent = document(&send(line.address, &get(next_url(&menu), &[("Digits", "9")])).await);
    assert!(said(&urgent).starts_with("fr: Une vie en danger"), "{urgent}");
    let silent = document(&send(line.address, &get(format!("{}&e=silence", next_url(&menu)), &[])).await);
    assert!(said(&silent).starts_with("fr: Prenez votre temps"), "{silent}");

    // One character more in the query is another request.
    let signed = get(next_url(&menu), &[("Digits", "1")]).signed(AUTH_TOKEN);
    let path = signed.url.strip_prefix(PUBLIC).unwrap();
    let (_, signature) = signed.headers.iter().find(|(name, _)| *name == "x-twilio-signature").unwrap();
    for (path, status) in
        [(path.to_owned(), 200), (format!("{path}9"), 403), (path.replace("Digits=1", "Digits=2"), 403)]
    {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Twilio-Signature: {signature}\r\n\r\n");
        assert_eq!(line.raw(request).await.0, status, "{path}");
    }
}

#[tokio::test]
async fn what_is_not_signed_is_refused_in_silence_and_counted() {
    let line = Line::shipped().await;
    let right = String::from_utf8(signed_post("/twilio/voice", FORM, b"CallSid=CA1&Digits=1")).unwrap();
    let of_another = signature(&format!("{PUBLIC}/twilio/voice?"), b"CallSid=CA2");
    let header = right.lines().find(|line| line.starts_with("X-Twilio-Signature")).unwrap();
    let wrong = [
        right.replace("Digits=1", "Digits=9"),
        right.replace(header, "X-Other: 1"),
        right.replace(header, "X-Twilio-Signature: "),
        right.replace(header, "X-Twilio-Signature: AAAA"),
        right.replace(header, &format!("X-Twilio-Signature: {of_another}")),
        right.replace("/twilio/voice", "/twilio/voice?l=fr"),
        right.replace("/twilio/voice", "/twilio/status"),
        right.replace(header, &header.to_lowercase()),
    ];
    for request in &wrong {
        assert_eq!(line.raw(request).await, (403, String::new()), "{request}");
    }
    assert_eq!(line.raw(&right).await.0, 200);
    // Whatever the sender claims of the host, the configured address is what was signed.
    let claims = "Host: evil.example\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: evil.example\r\n";
    assert_eq!(line.raw(right.replace("Host: a\r\n", claims)).await.0, 200);

    let (status, counters) = raw(line.admin, "GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert_eq!(status, 200);
    let counted = format!("\nallo_cmp_signature_refused_total {}\n", wrong.len());
    assert!(counters.contains(&counted), "{counters}");
    assert!(counters.contains("\nallo_cmp_webhooks_answered_total 2\n"), "{counters}");
}

#[tokio::test]
async fn a_provider_that_is_not_served_is_not_found() {
    let line = Line::shipped().await;
    for path in
        ["/vonage/voice", "/plivo/voice", "/TWILIO/voice", "/twilio", "/twilio/voice/", "/twilio//voice", "/metrics"]
    {
        let (status, body) = line.raw(signed_post(path, FORM, b"CallSid=CA1")).await;
        assert_eq!((status, body.as_str()), (404, ""), "{path}");
    }
    let not_allowed = "GET /twilio/status HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    assert_eq!(line.raw(not_allowed).await.0, 405);
}
