//! The telephone as one of Twilio's kin: SignalWire, Telnyx, Somleng. Each reads its own vocabulary and is as strict as it.
//!
//! Without a key SignalWire and Somleng call the action where they are told to (Somleng then leaves `Digits` out), Telnyx
//! goes on to the next verb. None of them says which key closed an entry. Somleng waits a second before a `Redirect`, and
//! gives up at the first thing that it does not know. Where a provider's documents are silent, the harder case is taken.

use super::{
    dialling::{Params, params},
    document::{self, Wrong},
    instructions::Verb,
    semantics::{News, Semantics, Unsigned, Webhook},
    twilio::{news, whose},
    verbs,
    vocabulary::{CXML, SOMLENG_TWIML, TEXML, Vocabulary},
};
use crate::provider::{signalwire, telnyx, twilio};

/// SignalWire's semantics.
pub(super) static SIGNALWIRE: Semantics = Semantics {
    name: "signalwire",
    read: |bytes, short| read(bytes, short, &CXML, 5, 600),
    params: |webhook| form(webhook, false),
    sign: |request| vec![("x-signalwire-signature", signalwire::sign(request.secret, request.url, request.body))],
    sid: uuid,
    user_agent: "SignalWire",
    redirect_seconds: 0.0,
};

/// Telnyx' semantics.
pub(super) static TELNYX: Semantics = Semantics {
    name: "telnyx",
    read: |bytes, short| read(bytes, short, &TEXML, 5, 120),
    params: |webhook| {
        let mut all = form(webhook, false);
        let from = webhook.leg.map_or(webhook.dialling.from.as_str(), |leg| leg.shown);
        all.extend(params(&[("CallerId", from), ("CallingPartyType", "pstn"), ("ConnectionId", "1")]));
        all
    },
    sign: signed_by_telnyx,
    sid: |n| format!("v3:{n:022x}-_"),
    user_agent: "telnyx-webhooks",
    redirect_seconds: 0.0,
};

/// Somleng's semantics.
pub(super) static SOMLENG: Semantics = Semantics {
    name: "somleng",
    read: |bytes, short| read(bytes, short, &SOMLENG_TWIML, 1, 600),
    params: |webhook| form(webhook, true),
    sign: |request| vec![("x-twilio-signature", twilio::sign(request.secret, request.url, request.form))],
    sid: uuid,
    user_agent: "TwilioProxy/1.1",
    redirect_seconds: 1.0,
};

/// Reads a document of this vocabulary, in which a number may be told to ring so many seconds.
fn read(bytes: &[u8], short: bool, vocabulary: &Vocabulary, least: u32, most: u32) -> Result<Vec<Verb>, Wrong> {
    let verbs = verbs::read(&document::parse_in(bytes, vocabulary)?, short)?;
    let rings = verbs.iter().filter_map(|verb| match verb {
        Verb::Dial(dial) => Some(dial.timeout),
        _ => None,
    });
    match rings.into_iter().find(|ring| !(least..=most).contains(ring)) {
        Some(ring) => {
            let message = format!("`timeout` of <Dial> is {ring}: {least} to {most} for this provider");
            Err(Wrong { line: 1, message })
        }
        None => Ok(verbs),
    }
}

/// Twilio's parameters, without what only Twilio tells; `leaves_out`: no `Digits` where no key was pressed.
fn form(webhook: &Webhook<'_>, leaves_out: bool) -> Params {
    let mut all = whose(webhook);
    all.extend(match webhook.news {
        News::Keys { digits: "", .. } if leaves_out => Params::new(),
        News::Keys { digits, .. } => params(&[("Digits", digits)]),
        other => news(other),
    });
    all
}

fn signed_by_telnyx(request: &Unsigned<'_>) -> Vec<(&'static str, String)> {
    let signature = telnyx::sign(request.secret, request.second, request.body);
    vec![("telnyx-signature-ed25519", signature), ("telnyx-timestamp", request.second.to_string())]
}

fn uuid(n: u128) -> String {
    let hex = format!("{n:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_provider_refuses_what_it_does_not_know() {
        let plain = "<Gather numDigits=\"1\" action=\"/a\"><Say>x</Say></Gather>";
        let readers = [&SIGNALWIRE, &TELNYX, &SOMLENG];
        for (inside, known) in [
            (plain, [true, true, true]),
            ("<Pause length=\"1\"/>", [true, true, false]),
            ("<Gather><Pause length=\"1\"/></Gather>", [true, false, false]),
            ("<Gather input=\"dtmf\"/>", [true, true, false]),
            ("<Gather actionOnEmptyResult=\"true\"/>", [true, false, true]),
            ("<Say><break time=\"1s\"/>x</Say>", [true, false, false]),
            ("<Say voiceSpeed=\"0.85\">x</Say>", [false, true, false]),
            ("<Gather> <Say>x</Say></Gather>", [true, true, false]),
            ("<Dial answerOnBridge=\"true\">+33199001234</Dial>", [true, true, false]),
            ("<Dial ringTone=\"fr\">+33199001234</Dial>", [false, false, false]),
            ("<Dial timeLimit=\"60\">+33199001234</Dial>", [true, true, false]),
            ("<Dial timeout=\"3\">+33199001234</Dial>", [false, false, true]),
            ("<Dial timeout=\"121\">+33199001234</Dial>", [true, false, true]),
            ("<Dial><Number url=\"/leg\">+33199001234</Number></Dial>", [true, true, false]),
            ("<Sms>x</Sms>", [true, false, false]),
        ] {
            let document = format!("<Response>{inside}</Response>");
            for (semantics, known) in readers.iter().zip(known) {
                let read = (semantics.read)(document.as_bytes(), false);
                assert_eq!(read.is_ok(), known, "{}: {inside}: {read:?}", semantics.name);
            }
        }
    }

    #[test]
    fn ids_have_the_shape_of_the_provider() {
        assert_eq!((SOMLENG.sid)(0xab), "00000000-0000-0000-0000-0000000000ab");
        assert!((TELNYX.sid)(1).starts_with("v3:"));
    }
}
