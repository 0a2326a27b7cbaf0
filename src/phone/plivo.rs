//! The telephone as Plivo: its elements, its parameters, its signature. Numbers go without `+` over the wire.
//!
//! Without a key the next element is performed; a lone closing key counts as none. Whoever answers a `Dial` with a
//! `confirmKey` is asked by the telephone itself. Where Plivo's documents are silent, the harder case is taken: a call of
//! somebody who answers asks for its words under an id of its own, and `DialBLegUUID` names who answered, pressed or not.

use super::{
    dialling::{Params, params},
    document::{self, Element, Wrong},
    instructions::{Confirm, Dial, Gather, Next, Sound, SoundKind, Target, Verb},
    semantics::{News, Semantics, Unsigned, Webhook},
    verbs::{called, choice, integer, method, number, sound, url, url_attribute},
    vocabulary::PLIVO_XML,
};
use crate::provider::{Method, plivo};

/// Plivo's semantics.
pub(super) static PLIVO: Semantics =
    Semantics { name: "plivo", read, params: form, sign, sid, user_agent: "Plivo", redirect_seconds: 0.0 };

fn read(bytes: &[u8], short: bool) -> Result<Vec<Verb>, Wrong> {
    let root = document::parse_in(bytes, &PLIVO_XML)?;
    root.elements().map(|element| verb(element, short)).collect()
}

fn verb(element: &Element, short: bool) -> Result<Verb, Wrong> {
    match element.name.as_str() {
        "Speak" | "Play" => Ok(Verb::Sound(sound(element)?)),
        "Wait" => {
            let seconds = f64::from(integer(element, "length", 1, 180)?.unwrap_or(1));
            Ok(Verb::Sound(Sound { kind: SoundKind::Pause { seconds }, times: 1 }))
        }
        "GetInput" => Ok(Verb::Gather(get_input(element)?)),
        "Dial" => Ok(Verb::Dial(dial(element, short)?)),
        "Redirect" => {
            // Which method is taken where none is named is not to be relied upon.
            let method = element.attribute("method").map(|_| method(element)).transpose()?;
            let method = method.ok_or_else(|| element.wrong("<Redirect> names no method"))?;
            Ok(Verb::Redirect(Next { url: Some(absolute(element, url(element)?)?), method }))
        }
        "Hangup" => Ok(Verb::Hangup),
        name => Err(element.wrong(format!("the simulated telephone does not perform <{name}>"))),
    }
}

fn get_input(element: &Element) -> Result<Gather, Wrong> {
    if choice(element, "inputType", &["dtmf", "dtmf speech"])?.is_none() {
        return Err(element.wrong("<GetInput> does not say that it awaits keys"));
    }
    choice(element, "log", &["true", "false"])?;
    let finish_on_key = match element.attribute("finishOnKey") {
        None => Some('#'),
        Some("" | "none") => None,
        Some(_) => {
            let keys = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"];
            choice(element, "finishOnKey", &keys)?.and_then(|key| key.chars().next())
        }
    };
    let action = url_attribute(element, "action")?.ok_or_else(|| element.wrong("<GetInput> has no action"))?;
    Ok(Gather {
        sounds: element.elements().map(sound).collect::<Result<_, _>>()?,
        timeout: integer(element, "executionTimeout", 5, 60)?.unwrap_or(15),
        between: integer(element, "digitEndTimeout", 2, 10)?.unwrap_or(2),
        num_digits: integer(element, "numDigits", 1, 32)?.or(Some(32)),
        finish_on_key,
        on_empty: false,
        action: Next { url: Some(absolute(element, action)?), method: method(element)? },
    })
}

fn dial(element: &Element, short: bool) -> Result<Dial, Wrong> {
    let mut targets = Vec::new();
    for target in element.elements() {
        let text = target.text();
        let address = match target.name.as_str() {
            "Number" => called(target, &with_plus(text.trim()), short)?,
            _ if text.trim().starts_with("sip:") && text.contains('@') => text.trim().to_owned(),
            _ => return Err(target.wrong(format!("<User> is no SIP address: `{}`", text.trim()))),
        };
        targets.push(Target { address, whisper: None });
    }
    if !(1..=10).contains(&targets.len()) {
        return Err(element.wrong("<Dial> needs one to ten <Number> or <User>"));
    }
    let next = |name, method_name| -> Result<Option<Next>, Wrong> {
        let Some(url) = url_attribute(element, name)? else { return Ok(None) };
        let method = choice(element, method_name, &["POST", "GET"])?.unwrap_or("POST");
        let method = if method == "GET" { Method::Get } else { Method::Post };
        Ok(Some(Next { url: Some(absolute(element, url)?), method }))
    };
    let key = choice(element, "confirmKey", &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"])?;
    let seconds = integer(element, "confirmTimeout", 1, 120)?.unwrap_or(120);
    let told = next("callbackUrl", "callbackMethod")?;
    let confirm = match (url_attribute(element, "confirmSound")?, key.and_then(|key| key.chars().next())) {
        (Some(url), Some(key)) => {
            let sound = Next { url: Some(absolute(element, url)?), method: Method::Post };
            Some(Confirm { sound, key, seconds, told })
        }
        (None, None) => None,
        _ => return Err(element.wrong("`confirmSound` and `confirmKey` of <Dial> need each other")),
    };
    Ok(Dial {
        targets,
        caller_id: element.attribute("callerId").map(|id| number(element, &with_plus(id))).transpose()?,
        timeout: integer(element, "timeout", 1, 600)?.unwrap_or(120),
        time_limit: integer(element, "timeLimit", 1, 14_400)?.unwrap_or(14_400),
        action: next("action", "method")?,
        star_leaves: choice(element, "hangupOnStar", &["true", "false"])? == Some("true"),
        confirm,
    })
}

/// Plivo wants whole URLs.
fn absolute(element: &Element, url: String) -> Result<String, Wrong> {
    match url.starts_with("https://") || url.starts_with("http://") {
        true => Ok(url),
        false => Err(element.wrong(format!("<{}> has no whole URL: `{url:.80}`", element.name))),
    }
}

/// A number as the rest of the telephone writes it: Plivo's are without `+`.
fn with_plus(number: &str) -> String {
    let is_whole = number.len() > 6 && number.bytes().all(|c| c.is_ascii_digit());
    if is_whole { format!("+{number}") } else { number.to_owned() }
}

fn bare(number: &str) -> &str {
    number.strip_prefix('+').unwrap_or(number)
}

fn sid(n: u128) -> String {
    let hex = format!("{n:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

fn sign(request: &Unsigned<'_>) -> Vec<(&'static str, String)> {
    let nonce = format!("{:020}", request.second);
    let signature = plivo::sign(request.secret, request.method, request.url, request.form, &nonce);
    vec![("x-plivo-signature-v3", signature), ("x-plivo-signature-v3-nonce", nonce)]
}

fn form(webhook: &Webhook<'_>) -> Params {
    let dialling = webhook.dialling;
    let status = if webhook.status == "canceled" { "cancel" } else { webhook.status };
    let event = match webhook.news {
        News::None if status == "ringing" => "StartApp",
        News::Keys { .. } => "GetInput",
        News::Bridge { action: "answer" } => "DialAnswer",
        News::Bridge { action: "connected" } => "DialConnected",
        News::Bridge { .. } => "DialHangup",
        News::Over { .. } => "Hangup",
        _ => "Redirect",
    };
    let mut all = params(&[("CallStatus", status), ("Event", event)]);
    all.extend(match (webhook.leg, webhook.news) {
        // What a Dial tells is told of the caller's call.
        (Some(leg), News::Bridge { action }) => params(&[
            ("CallUUID", &dialling.call_sid),
            ("DialAction", action),
            ("DialALegUUID", &dialling.call_sid),
            ("DialBLegUUID", leg.sid),
            ("DialBLegStatus", action),
            ("DialBLegFrom", bare(leg.shown)),
            ("DialBLegTo", bare(leg.number)),
        ]),
        (Some(leg), _) => params(&[
            ("CallUUID", leg.sid),
            ("ALegUUID", &dialling.call_sid),
            ("Direction", "outbound"),
            ("From", bare(leg.shown)),
            ("To", bare(leg.number)),
        ]),
        (None, _) => params(&[
            ("CallUUID", &dialling.call_sid),
            ("Direction", "inbound"),
            ("From", bare(&dialling.from)),
            ("To", bare(&dialling.to)),
        ]),
    });
    all.extend(match webhook.news {
        News::Keys { digits, .. } => params(&[("InputType", "dtmf"), ("Digits", digits)]),
        News::Dialled { status, sid, .. } => {
            let completed = status == "completed";
            let (status, cause) = match status {
                "completed" => ("completed", "NORMAL_CLEARING"),
                "busy" => ("busy", "USER_BUSY"),
                "no-answer" => ("no-answer", "NO_ANSWER"),
                "canceled" => ("failed", "ORIGINATOR_CANCEL"),
                _ => ("failed", "NORMAL_TEMPORARY_FAILURE"),
            };
            params(&[
                ("DialStatus", status),
                ("DialRingStatus", if status == "failed" { "false" } else { "true" }),
                ("DialHangupCause", cause),
                ("DialALegUUID", &dialling.call_sid),
                ("DialBLegUUID", if completed { sid } else { "" }),
            ])
        }
        News::Over { seconds } => params(&[("HangupCause", "NORMAL_CLEARING"), ("Duration", &format!("{seconds:.0}"))]),
        News::None | News::Bridge { .. } | News::Sms { .. } => Params::new(),
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_plivo_would_not_perform_is_refused() {
        let input = |attributes: &str| format!("<GetInput action=\"https://x.org/a\" {attributes}/>");
        let dial = |attributes: &str| format!("<Dial {attributes}><Number>33199000001</Number></Dial>");
        for (inside, known) in [
            (input("inputType=\"dtmf\""), true),
            (input(""), false),
            (input("inputType=\"dtmf\" executionTimeout=\"4\""), false),
            (input("inputType=\"dtmf\" digitEndTimeout=\"11\""), false),
            (input("inputType=\"dtmf\" numDigits=\"33\""), false),
            (input("inputType=\"dtmf\" finishOnKey=\"none\""), true),
            (input("inputType=\"dtmf\" actionOnEmptyResult=\"true\""), false),
            ("<GetInput action=\"/a\" inputType=\"dtmf\"/>".into(), false),
            ("<Gather/>".into(), false),
            ("<Say>x</Say>".into(), false),
            ("<Speak voice=\"Polly.Lea\"><break time=\"1s\"/>x</Speak>".into(), true),
            ("<Wait length=\"2\"/>".into(), true),
            ("<Pause length=\"2\"/>".into(), false),
            ("<Redirect method=\"POST\">https://x.org/a</Redirect>".into(), true),
            ("<Redirect>https://x.org/a</Redirect>".into(), false),
            (dial(""), true),
            (dial("confirmKey=\"1\""), false),
            (dial("confirmSound=\"https://x.org/s\""), false),
            (dial("confirmSound=\"https://x.org/s\" confirmKey=\"1\" confirmTimeout=\"25\""), true),
            (dial("answerOnBridge=\"true\""), false),
            ("<Dial><Number url=\"https://x.org/l\">33199000001</Number></Dial>".into(), false),
            ("<Dial>33199000001</Dial>".into(), false),
            ("<Dial><User>sip:a@b.fr</User></Dial>".into(), true),
            ("<Dial><User>a</User></Dial>".into(), false),
        ] {
            let document = format!("<Response>{inside}</Response>");
            let read = read(document.as_bytes(), false);
            assert_eq!(read.is_ok(), known, "{inside}: {read:?}");
        }
    }

    #[test]
    fn defaults_are_plivos() {
        let document = b"<Response><GetInput action=\"https://x.org/a\" inputType=\"dtmf\"/></Response>";
        let read = read(document, false).unwrap();
        let [Verb::Gather(gather)] = read.as_slice() else { panic!("{read:?}") };
        assert_eq!((gather.timeout, gather.between, gather.finish_on_key, gather.on_empty), (15, 2, Some('#'), false));
    }
}
