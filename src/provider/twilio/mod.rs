//! Twilio: TwiML out, signed forms in. The reference dialect: its kin differ from it in a few places each.
//!
//! Knows `call` and the provider seam alone. The auth token stays inside the prepared key; nothing here can print it.

mod parse;
mod render;
mod signature;
mod voices;

use std::fmt;

use hmac::Hmac;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

pub use self::signature::sign;
use super::{
    Dialect, Envelope, Method, ParseError, RawRequest, Refusal, RenderError, Verified,
    form::{Params, decode, in_query, query},
};
use crate::call::{Abilities, Incoming, Verb};

/// Twilio's dialect, with the keys that its signatures are checked with.
#[derive(Clone)]
pub struct Twilio {
    token: Hmac<Sha1>,
    shared: Option<Hmac<Sha256>>,
    short_numbers: bool,
}

impl Twilio {
    /// The dialect for an account, by its auth token.
    pub fn new(auth_token: &str) -> Twilio {
        Twilio { token: signature::keyed(auth_token), shared: None, short_numbers: false }
    }

    /// Accepts webhooks signed with a shared key (HMAC-SHA256) too. Without one they are refused.
    pub fn with_shared_key(self, shared_key: &str) -> Twilio {
        Twilio { shared: Some(signature::keyed(shared_key)), ..self }
    }

    /// Dials short national numbers, where the operator knows that this account can.
    pub fn with_short_numbers(self, can_dial: bool) -> Twilio {
        Twilio { short_numbers: can_dial, ..self }
    }

    fn is_signed(&self, request: &RawRequest<'_>, params: &Params<'_>, signature: &str) -> bool {
        let settings = request.headers.get("x-twilio-webhooks-signature-settings").unwrap_or_default();
        match algorithm(settings) {
            None | Some("HMAC_SHA1") => signature::fits(&self.token, request.url, params, signature),
            Some("HMAC_SHA256") => {
                self.shared.as_ref().is_some_and(|key| signature::fits(key, request.url, params, signature))
            }
            Some(_) => false,
        }
    }
}

/// The algorithm in `key=<id>,algorithm=<name>`.
fn algorithm(settings: &str) -> Option<&str> {
    let parts = settings.split(',').filter_map(|part| part.split_once('='));
    parts.map(|(name, value)| (name.trim(), value.trim())).find(|part| part.0 == "algorithm").map(|part| part.1)
}

/// A body that is no form is signed by its hash, in the URL.
fn is_signed_body(request: &RawRequest<'_>) -> bool {
    let Some(signed) = in_query(request.url, "bodySHA256") else { return true };
    let hash: String = Sha256::digest(request.body).iter().map(|byte| format!("{byte:02x}")).collect();
    hash.as_bytes().ct_eq(signed.as_bytes()).into()
}

impl Dialect for Twilio {
    fn name(&self) -> &'static str {
        "twilio"
    }

    fn verify<'a>(&self, request: RawRequest<'a>) -> Result<Verified<'a>, Refusal> {
        let signature = request.headers.get("x-twilio-signature").ok_or(Refusal::NoSignature)?;
        let posted = match request.method {
            Method::Post if !request.has_other_body() => decode(request.body),
            _ => Params::new(),
        };
        if !self.is_signed(&request, &posted, signature) {
            return Err(Refusal::WrongSignature);
        }
        if request.has_other_body() && !is_signed_body(&request) {
            return Err(Refusal::WrongBody);
        }
        let params = match request.method {
            Method::Get => decode(query(request.url).as_bytes()),
            Method::Post => posted,
        };
        Ok(Verified { request, params })
    }

    fn parse(&self, request: &Verified<'_>) -> Result<Incoming, ParseError> {
        parse::refuse_other_bodies(request)?;
        Ok(parse::incoming(request))
    }

    fn render(&self, verbs: &[Verb], envelope: &Envelope<'_>) -> Result<String, RenderError> {
        render::document(verbs, envelope, self.short_numbers)
    }

    fn abilities(&self) -> Abilities {
        Abilities { short_numbers: self.short_numbers, star: true }
    }

    fn nothing(&self) -> &'static str {
        r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#
    }

    fn content_type(&self) -> &'static str {
        "text/xml; charset=utf-8"
    }
}

impl fmt::Debug for Twilio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Twilio(·)")
    }
}

#[cfg(test)]
mod tests;
