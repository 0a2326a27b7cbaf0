//! Reads the webhooks of Twilio and its kin: which of the few things that can happen in a call has happened.
//!
//! The flows and the token are not known here; only that our own URLs carry `s` or `f` (the call is under way) and
//! `e=silence` (the redirect that follows a wait). Both families of providers end in the same event: those that call the
//! action with empty digits, and those that go on to the redirect.
//!
//! Relied upon though Twilio does not state it: the values of `DialCallStatus`, `FinishedOnKey` beside `Digits`, and
//! that `actionOnEmptyResult` gives an action call with empty `Digits`. Were one of them wrong, the call goes on.
//! Somleng leaves `Digits` out there. SignalWire documents the same values of `DialCallStatus`; those of Telnyx are taken
//! to be Twilio's. Of the kin only Twilio says which key closed an entry: elsewhere a lone `#` is silence.

use std::borrow::Cow;

use crate::{
    call::{CallKey, Caller, DialOutcome, Event, Incoming, Keys, Transfer},
    provider::{ParseError, Verified, form::in_query},
};

/// What a verified webhook says. A body of another kind than a form holds nothing that we could read.
pub(in crate::provider) fn incoming(request: &Verified<'_>) -> Result<Incoming, ParseError> {
    if request.request.has_other_body() {
        return Err(ParseError::NotAForm);
    }
    Ok(Incoming {
        event: event(request),
        call: CallKey::of(request.param("CallSid").as_deref()),
        parent: request.param("ParentCallSid").filter(|id| !id.is_empty()).map(|id| CallKey::of(Some(&id))),
        caller: Caller::parse(&request.param("From").unwrap_or_default()),
        called: request.param("To").and_then(|to| to.parse().ok()),
    })
}

fn event(request: &Verified<'_>) -> Event {
    let given = |name| request.param(name).filter(|value| !value.is_empty());
    if let Some(status) = request.param("DialCallStatus") {
        let talked = request.param("DialCallDuration").and_then(|seconds| seconds.parse().ok());
        let bridged = request.param("DialBridged").and_then(|word| word.parse().ok());
        return Event::TransferEnded(Transfer { talked, bridged, ..Transfer::of(outcome(&status)) });
    }
    if request.param("CallStatus").is_some_and(|status| is_over(&status)) {
        return Event::Ended;
    }
    let digits = given("Digits");
    if digits.is_none() && in_query(request.request.url, "e").as_deref() == Some("silence") {
        return Event::Silence;
    }
    match (digits, given("FinishedOnKey")) {
        (Some(digits), closing) => Event::Keys(Keys::parse(&closed(digits, closing.as_deref()))),
        (None, Some(closing)) => Event::Keys(Keys::parse(&closing)),
        (None, None) if is_ours(request.request.url) => Event::Silence,
        (None, None) => Event::Started,
    }
}

/// Whether we wrote this URL: it has a token, or counts the failures of a call under way.
fn is_ours(url: &str) -> bool {
    ["s", "f"].into_iter().any(|name| in_query(url, name).is_some())
}

/// The keys with the one that ended the entry: Twilio keeps it apart, and for the line it is a key like another.
fn closed<'a>(mut digits: Cow<'a, str>, closing: Option<&str>) -> Cow<'a, str> {
    if let Some(key @ ("*" | "#")) = closing
        && !digits.ends_with(key)
    {
        digits.to_mut().push_str(key);
    }
    digits
}

fn is_over(status: &str) -> bool {
    matches!(status, "completed" | "busy" | "failed" | "no-answer" | "canceled")
}

fn outcome(status: &str) -> DialOutcome {
    match status {
        "completed" | "answered" => DialOutcome::Completed,
        "busy" => DialOutcome::Busy,
        "no-answer" => DialOutcome::NoAnswer,
        "canceled" => DialOutcome::Canceled,
        _ => DialOutcome::Failed,
    }
}
