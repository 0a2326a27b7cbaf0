//! Telephony providers: one dialect each. Verifies that a webhook is theirs, reads it, and answers in their own words.
//!
//! Knows `call` alone: not the flows, not the engine, not the server. The URL that a signature covers comes from the
//! configured public URL, never from a header. `parse` takes only what `verify` let through.

pub mod capabilities;
mod chunks;
pub mod console;
#[cfg(test)]
mod corpus;
#[cfg(test)]
pub(crate) mod fake;
pub mod fallback;
pub mod form;
mod last_resort;
pub mod plivo;
pub mod signalwire;
pub mod somleng;
pub mod telnyx;
pub mod twilio;
mod twiml;
pub mod voices;
mod xml;

use std::borrow::Cow;

use self::form::Params;
pub use self::{capabilities::Capabilities, chunks::Limits};
use crate::call::{Abilities, E164, Incoming, Recording, Verb};

/// The method of a webhook. Others never reach a dialect.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Method {
    /// Parameters in the query.
    Get,
    /// Parameters in the body.
    Post,
}

/// The headers of a request, whoever holds them.
pub trait Headers {
    /// The value of the header `name` (lower case), if there is one and it is text.
    fn get(&self, name: &str) -> Option<&str>;
}

impl Headers for [(&str, &str)] {
    fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }
}

impl<H: Headers + ?Sized> Headers for &H {
    fn get(&self, name: &str) -> Option<&str> {
        (**self).get(name)
    }
}

/// A webhook as it arrived.
#[derive(Clone, Copy)]
pub struct RawRequest<'a> {
    /// How it was sent.
    pub method: Method,
    /// The public URL, with the path and query exactly as received.
    pub url: &'a str,
    /// Its headers.
    pub headers: &'a dyn Headers,
    /// Its body, untouched.
    pub body: &'a [u8],
    /// The second at which it arrived, since 1970.
    pub now_seconds: u64,
}

impl RawRequest<'_> {
    /// Whether a body was posted that says of itself that it is no form. A body without a content type is read as one.
    fn has_other_body(&self) -> bool {
        let kind =
            self.headers.get("content-type").and_then(|value| value.split(';').next()).unwrap_or_default().trim();
        self.method == Method::Post
            && !self.body.is_empty()
            && !kind.is_empty()
            && !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    }
}

/// A webhook whose signature is right. Only a dialect's `verify` makes one.
pub struct Verified<'a> {
    request: RawRequest<'a>,
    params: Params<'a>,
}

impl Verified<'_> {
    /// The first parameter called `name`, as text: bytes that are no UTF-8 become replacement characters.
    fn param(&self, name: &str) -> Option<Cow<'_, str>> {
        self.params
            .iter()
            .find(|(key, _)| key.as_ref() == name.as_bytes())
            .map(|(_, value)| String::from_utf8_lossy(value))
    }
}

/// Why a webhook is not believed. Logged and counted; the sender only sees 403.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    /// The header that carries the signature is absent.
    #[error("there is no signature")]
    NoSignature,
    /// Signed in an old way, which covers neither query nor form.
    #[error("it has only a signature of version 2, which does not cover what is asked: version 3 is needed")]
    OldSignature,
    /// The signature is of another URL, other parameters, or another secret.
    #[error("the signature does not fit: check the auth token and that server.public_url is what the provider calls")]
    WrongSignature,
    /// The body is signed by a hash in the URL, and is not that body.
    #[error("the body is not the one that was signed")]
    WrongBody,
    /// It was signed too long ago, or in the future.
    #[error("it was signed at another time: check the clock of this machine, else somebody sends old webhooks again")]
    WrongTime,
    /// This provider's signature does not cover a GET: nothing can be believed, but somebody may be on the line.
    #[error("a GET is not covered by this provider's signature: set the method POST in its console")]
    NotCovered,
}

/// A verified webhook that can't be understood. The caller hears the spoken failure answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ParseError {
    /// The body is neither a form nor empty.
    #[error("the body is not a form")]
    NotAForm,
    /// Nothing of it is signed.
    #[error("a GET is not covered by this provider's signature: set the method POST in its console")]
    NotCovered,
}

/// An answer that can't be written in the dialect. The caller hears the spoken failure answer.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RenderError {
    /// The dialect has no voice for a language that is to be spoken.
    #[error("no voice for the language `{0}`")]
    NoVoice(crate::call::Lang),
    /// The document would be larger than the provider reads.
    #[error("the answer has {0} bytes: more than the provider reads")]
    TooLarge(usize),
    /// None of the telephones that are to ring can be dialled through this provider.
    #[error("none of these telephones can be dialled through this provider")]
    Unreachable,
    /// Whoever answers must accept, and there is no URL at which they are asked.
    #[error("there is no URL at which whoever answers is asked")]
    NoLeg,
    /// A number is to be dialled, and there is none of ours to present.
    #[error("there is no number of ours to present")]
    NoCallerId,
}

/// What an answer needs beside its verbs.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    /// The absolute URL of the next request, with its query.
    pub next: &'a str,
    /// The absolute URL at which whoever answers for us is asked, with its query; their language is added to it.
    pub leg: Option<&'a str>,
    /// Our own number, presented to the lines that we dial.
    pub caller_id: Option<&'a E164>,
    /// The URL under which the provider reaches us, without path: its recordings are below `/audio`.
    pub public_url: &'a str,
}

impl Envelope<'_> {
    /// Where the provider fetches a recording.
    fn url_of(&self, recording: &Recording) -> String {
        [self.public_url, "/audio/", recording.id(), ".wav"].concat()
    }
}

/// An answer that asks for nothing: an empty document.
pub const NOTHING: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#;

/// One provider's way to sign, ask and be answered.
pub trait Dialect: Send + Sync {
    /// The name in paths and settings, as in `/twilio/voice`.
    fn name(&self) -> &'static str;

    /// What this provider can do.
    fn capabilities(&self) -> &'static Capabilities;

    /// Lets through only what this provider has signed.
    fn verify<'a>(&self, request: RawRequest<'a>) -> Result<Verified<'a>, Refusal>;

    /// Reads a webhook: what happened, in which call.
    fn parse(&self, request: &Verified<'_>) -> Result<Incoming, ParseError>;

    /// Writes an answer within the provider's limits.
    fn render(&self, verbs: &[Verb], envelope: &Envelope<'_>) -> Result<String, RenderError>;

    /// What it can do beside what every one of them can.
    fn abilities(&self) -> Abilities {
        Abilities { short_numbers: false, star: self.capabilities().hangup_on_star }
    }

    /// The answer to a request that needs none, as when the call is over: in XML an empty document.
    fn nothing(&self) -> &'static str {
        NOTHING
    }

    /// The content type of every answer: that of XML.
    fn content_type(&self) -> &'static str {
        "text/xml; charset=utf-8"
    }

    /// What is said when not even an apology can be rendered: the numbers of urgent help. Without `next` the call ends.
    fn last_resort(&self, next: Option<&str>) -> String {
        last_resort::twiml(next, last_resort::Needs::default())
    }
}
