//! The telephone as Twilio: its parameters, its ids, its signature. Its kin word most of it alike.

use super::{
    dialling::{Params, params},
    document::{self, Wrong},
    instructions::Verb,
    semantics::{News, Semantics, Unsigned, Webhook},
    verbs,
};
use crate::provider::twilio;

/// Twilio's semantics.
pub(super) static TWILIO: Semantics =
    Semantics { name: "twilio", read, params: form, sign, sid, user_agent: "TwilioProxy/1.1", redirect_seconds: 0.0 };

fn read(bytes: &[u8], short: bool) -> Result<Vec<Verb>, Wrong> {
    verbs::read(&document::parse(bytes)?, short)
}

fn sid(n: u128) -> String {
    format!("CA{n:032x}")
}

fn sign(request: &Unsigned<'_>) -> Vec<(&'static str, String)> {
    vec![("x-twilio-signature", twilio::sign(request.secret, request.url, request.form))]
}

/// Whose call it is, then the news.
fn form(webhook: &Webhook<'_>) -> Params {
    let mut all = whose(webhook);
    all.extend(news(webhook.news));
    all
}

/// Whose call a webhook is about, as Twilio and its kin word it.
pub(super) fn whose(webhook: &Webhook<'_>) -> Params {
    let dialling = webhook.dialling;
    let account = [("AccountSid", dialling.account_sid.as_str()), ("ApiVersion", "2010-04-01")];
    let mut all = params(&account);
    all.extend(match webhook.leg {
        None => params(&[
            ("CallSid", &dialling.call_sid),
            ("CallStatus", webhook.status),
            ("Called", &dialling.to),
            ("Caller", &dialling.from),
            ("Direction", "inbound"),
            ("From", &dialling.from),
            ("To", &dialling.to),
        ]),
        Some(leg) => params(&[
            ("CallSid", leg.sid),
            ("CallStatus", webhook.status),
            ("Called", leg.number),
            ("Caller", leg.shown),
            ("Direction", "outbound-dial"),
            ("From", leg.shown),
            ("ParentCallSid", &dialling.call_sid),
            ("To", leg.number),
        ]),
    });
    all
}

/// The news, as Twilio and its kin word them.
pub(super) fn news(news: News<'_>) -> Params {
    match news {
        News::None | News::Bridge { .. } => Params::new(),
        News::Keys { digits, closing } => {
            let closing = closing.map(String::from).unwrap_or_default();
            params(&[("Digits", digits), ("FinishedOnKey", &closing), ("msg", "Gather End")])
        }
        News::Dialled { status, sid, talk } => {
            let mut all = params(&[("DialCallStatus", status), ("DialCallSid", sid)]);
            all.extend(talk.map(|seconds| ("DialCallDuration".to_owned(), seconds.to_string())));
            all
        }
        News::Sms { sid } => params(&[("SmsSid", sid), ("SmsStatus", "sent")]),
        News::Over { seconds } => params(&[("CallDuration", &format!("{seconds:.0}"))]),
    }
}
