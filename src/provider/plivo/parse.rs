//! Reads Plivo's webhooks: which of the few things that can happen in a call has happened.
//!
//! Numbers come without `+`. A wait without a key is told by nothing but the `Redirect` that follows it, whose URL carries
//! `e=silence`. A `Dial` ends with `DialStatus` at its action: `DialBLegUUID` is empty there if nobody answered. While it
//! lasts, its `callbackUrl` is told each `DialAction`: `connected` says that the two hear each other, and so, where a key had
//! to be pressed, that it was. The leg is then a call of its own, and `DialALegUUID` the caller's.
//!
//! Not stated by Plivo, and guessed: the name `connected` beside `answer`, `hangup` and `digits`; that the empty `Digits` of
//! a lone `#` come to the action (the next element would be silence as well); that a `timeout` that has rung is the end of
//! the ring, and one that has not is a line that can't be reached; what `DialStatus` is where somebody answered and pressed
//! nothing. So a ring of which no connection was told is not taken for a refusal: the caller is asked.

use std::borrow::Cow;

use crate::{
    call::{CallKey, Caller, DialOutcome, Event, Incoming, Keys, Transfer},
    provider::{ParseError, Verified, form::in_query},
};

/// What a verified webhook says. A body of another kind than a form holds nothing that we could read.
pub(super) fn incoming(request: &Verified<'_>) -> Result<Incoming, ParseError> {
    if request.request.has_other_body() {
        return Err(ParseError::NotAForm);
    }
    let key = |name| request.param(name).filter(|id| !id.is_empty()).map(|id| CallKey::of(Some(&id)));
    let (event, call, parent) = match request.param("DialAction") {
        Some(action) => {
            let event = if action == "connected" { Event::Connected } else { Event::Ended };
            (event, key("DialBLegUUID"), key("DialALegUUID").or_else(|| key("CallUUID")))
        }
        None => (event(request), key("CallUUID"), None),
    };
    let number = |name| request.param(name).unwrap_or_default();
    Ok(Incoming {
        event,
        call: call.unwrap_or_else(|| CallKey::of(None)),
        parent,
        caller: Caller::parse(&with_plus(number("From"))),
        called: with_plus(number("To")).parse().ok(),
    })
}

fn event(request: &Verified<'_>) -> Event {
    let given = |name| request.param(name).filter(|value| !value.is_empty());
    if let Some(transfer) = transfer(request) {
        return Event::TransferEnded(transfer);
    }
    let is_over = given("CallStatus").is_some_and(|status| is_over(&status));
    if is_over || given("Event").is_some_and(|event| event == "Hangup") {
        return Event::Ended;
    }
    match given("Digits") {
        Some(digits) => Event::Keys(Keys::parse(&digits)),
        None if is_ours(request.request.url) => Event::Silence,
        None => Event::Started,
    }
}

/// Whether we wrote this URL: it has a token, or counts the failures of a call under way.
fn is_ours(url: &str) -> bool {
    ["s", "f", "e"].into_iter().any(|name| in_query(url, name).is_some())
}

/// The end of a `Dial`, if this is one.
fn transfer(request: &Verified<'_>) -> Option<Transfer> {
    let given = |name| request.param(name).filter(|value| !value.is_empty());
    let (status, cause) = (given("DialStatus"), given("DialHangupCause"));
    if status.is_none() && cause.is_none() {
        return None;
    }
    let rang = given("DialRingStatus").is_none_or(|rang| rang == "true");
    let nobody = request.param("DialBLegUUID").is_some_and(|leg| leg.is_empty());
    let talked = given("DialBLegDuration").and_then(|seconds| seconds.parse().ok());
    let outcome = outcome(status.as_deref().unwrap_or_default(), cause.as_deref().unwrap_or_default(), rang);
    Some(Transfer { talked, bridged: nobody.then_some(false), ..Transfer::of(outcome) })
}

fn outcome(status: &str, cause: &str, rang: bool) -> DialOutcome {
    match status {
        "completed" => DialOutcome::Completed,
        "busy" => DialOutcome::Busy,
        "no-answer" => DialOutcome::NoAnswer,
        "timeout" if rang => DialOutcome::NoAnswer,
        "cancel" | "canceled" => DialOutcome::Canceled,
        // "failed", a word of tomorrow, or none: the cause is the network's own.
        _ => match cause {
            "USER_BUSY" | "CALL_REJECTED" => DialOutcome::Busy,
            "NO_ANSWER" | "NO_USER_RESPONSE" => DialOutcome::NoAnswer,
            "ORIGINATOR_CANCEL" => DialOutcome::Canceled,
            _ => DialOutcome::Failed,
        },
    }
}

fn is_over(status: &str) -> bool {
    matches!(status, "completed" | "busy" | "failed" | "timeout" | "no-answer" | "cancel" | "canceled")
}

/// The number as others write it. Short numbers, words and addresses stay what they are.
fn with_plus(number: Cow<'_, str>) -> Cow<'_, str> {
    let is_whole = (8..=15).contains(&number.len()) && number.bytes().all(|c| c.is_ascii_digit());
    if is_whole && !number.starts_with('0') { Cow::Owned(format!("+{number}")) } else { number }
}
