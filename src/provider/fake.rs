//! A dialect for the tests of the server: plain words instead of XML, and failures on demand.
//!
//! The header `x-fake: signed` is its signature; the query or form parameter `event` says what happened, or what fails.

use std::borrow::Cow;

use super::{Capabilities, Dialect, Envelope, Method, ParseError, RawRequest, Refusal, RenderError, Verified};
use crate::call::{CallKey, Caller, Event, Incoming, Keys, Verb};

/// The dialect.
pub(crate) struct Fake;

impl Dialect for Fake {
    fn name(&self) -> &'static str {
        "fake"
    }

    fn capabilities(&self) -> &'static Capabilities {
        &super::twilio::CAPABILITIES
    }

    fn verify<'a>(&self, request: RawRequest<'a>) -> Result<Verified<'a>, Refusal> {
        match request.headers.get("x-fake") {
            Some("signed") => {}
            Some(_) => return Err(Refusal::WrongSignature),
            None => return Err(Refusal::NoSignature),
        }
        let text = match request.method {
            Method::Get => request.url.split_once('?').map_or("", |(_, query)| query),
            Method::Post => std::str::from_utf8(request.body).unwrap_or(""),
        };
        let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
        let params = pairs.map(|(key, value)| (key.as_bytes().into(), value.as_bytes().into())).collect();
        Ok(Verified { request, params })
    }

    fn parse(&self, request: &Verified<'_>) -> Result<Incoming, ParseError> {
        let event = match request.param("event").as_deref() {
            Some("panic") => panic!("asked to, at {}", request.request.url),
            Some("keys") => Event::Keys(Keys::parse(&request.param("keys").unwrap_or(Cow::Borrowed("")))),
            Some("ended") => Event::Ended,
            Some("connected") => Event::Connected,
            Some("started") => Event::Started,
            _ => return Err(ParseError::NotAForm),
        };
        let called = request.param("called").and_then(|number| number.parse().ok());
        let parent = request.param("parent").map(|id| CallKey::of(Some(&id)));
        let call = CallKey::of(request.param("call").as_deref());
        Ok(Incoming { event, call, parent, caller: Caller::Withheld, called })
    }

    fn render(&self, verbs: &[Verb], envelope: &Envelope<'_>) -> Result<String, RenderError> {
        Ok(format!("{} verbs, then {}", verbs.len(), envelope.next))
    }

    fn nothing(&self) -> &'static str {
        "nothing"
    }

    fn content_type(&self) -> &'static str {
        "text/x-fake"
    }
}
