//! What Twilio and its kin share: one way to sign, one set of parameters, one XML. Each of them is a [`Traits`].
//!
//! Twilio, SignalWire (cXML), Telnyx (TeXML) and Somleng read the same elements and differ in attributes, in what their
//! voices obey and in how they sign. What differs is data; a dialect's own folder says it.

pub(super) mod parse;
pub(super) mod render;
pub(super) mod signature;
mod speech;

use super::{
    Method, RawRequest, Refusal, Verified,
    capabilities::Capabilities,
    form::{Params, decode, query},
};

/// What makes one of the kin what it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Traits {
    /// What it can do.
    pub(super) capabilities: &'static Capabilities,
    /// Where a speech keeps how it is written here: a number below `Speech::DIALECTS`, its own.
    pub(super) slot: usize,
    /// The element that speaks.
    pub(super) speaks: &'static str,
    /// `Gather` is told that it awaits keys, and not speech.
    pub(super) input: bool,
    /// `Gather` is told to call its action even without a key.
    pub(super) action_on_empty: bool,
    /// What every `Dial` says beside where it goes on, how long it rings and whom it presents.
    pub(super) dial: &'static [(&'static str, &'static str)],
}

/// The parameters in the body: none of a GET, none of a body of another kind.
pub(super) fn posted<'a>(request: &RawRequest<'a>) -> Params<'a> {
    match request.method {
        Method::Post if !request.has_other_body() => decode(request.body),
        _ => Params::new(),
    }
}

/// A request whose signature was right, with the parameters that it was made over.
pub(super) fn verified<'a>(request: RawRequest<'a>, posted: Params<'a>) -> Verified<'a> {
    let params = match request.method {
        Method::Get => decode(query(request.url).as_bytes()),
        Method::Post => posted,
    };
    Verified { request, params }
}

/// Refuses what no signature of this provider covers.
pub(super) fn refuse_unsigned_get(request: &RawRequest<'_>, capabilities: &Capabilities) -> Result<(), Refusal> {
    match request.method {
        Method::Get if !capabilities.signed_get => Err(Refusal::NotCovered),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
