//! Twilio: TwiML out, signed forms in. The reference dialect: its kin differ from it in a few places each.
//!
//! Knows `call` and the provider seam alone. The auth token stays inside the prepared key; nothing here can print it.
//! Limits: 64 kB a document; 3,000 characters a `Say`, fewer once encoded, so we stay at 450. Names and codes of voices
//! are those of twilio-node 6.2.0 (`SayVoice`, `SayLanguage`); there is none for Dari, Pashto, Somali, Tigrinya, Lingala,
//! Wolof and Bambara.

use std::fmt;

use hmac::Hmac;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

pub use super::twiml::signature::sign;
use super::{
    Dialect, Envelope, ParseError, RawRequest, Refusal, RenderError, Verified,
    capabilities::{Asking, Capabilities, ShortNumbers, Ssml, Voice},
    chunks::Limits,
    form::{Params, in_query},
    twiml::{self, Traits, parse, render, signature},
};
use crate::call::{Abilities, Incoming, Verb, hexadecimal};

/// What Twilio can do.
pub static CAPABILITIES: Capabilities = Capabilities {
    name: "twilio",
    verbs: &["Say", "Play", "Gather", "Pause", "Dial", "Sms", "Redirect", "Hangup"],
    voices: &[
        ("fr", Voice::new("fr-FR", "Polly.Lea-Neural")),
        ("en", Voice::new("en-GB", "Polly.Amy-Neural")),
        ("ar", Voice::new("arb", "Polly.Zeina")),
        ("bn", Voice::new("bn-IN", "Google.bn-IN-Wavenet-A")),
        ("es", Voice::new("es-ES", "Polly.Lucia-Neural")),
        ("pt", Voice::new("pt-PT", "Polly.Ines-Neural")),
        ("ro", Voice::new("ro-RO", "Polly.Carmen")),
        ("ru", Voice::new("ru-RU", "Polly.Tatyana")),
        ("ta", Voice::new("ta-IN", "Google.ta-IN-Wavenet-A")),
        ("tr", Voice::new("tr-TR", "Polly.Burcu-Neural")),
        ("uk", Voice::new("uk-UA", "Google.uk-UA-Wavenet-A")),
        ("zh", Voice::new("cmn-CN", "Polly.Zhiyu-Neural")),
    ],
    // Twilio's 4,500 for the encoded text, less what `prosody` costs.
    speech: Limits { chars: 450, encoded: 4_400 },
    // Twilio reads 64 kB (error 11750), and does not say whether that is 65,536.
    document: 64_000,
    most_targets: 10,
    ring: 1..=u8::MAX,
    short_numbers: ShortNumbers::WhereConfigured,
    sms_verb: true,
    ssml: Ssml::Whole,
    speed: false,
    asks: Asking::AtLeg,
    hangup_on_star: true,
    signed_get: true,
};

pub(super) static TRAITS: Traits = Traits {
    capabilities: &CAPABILITIES,
    slot: 0,
    speaks: "Say",
    input: true,
    action_on_empty: true,
    dial: &[("answerOnBridge", "true"), ("ringTone", "fr")],
};

/// Twilio's dialect, with the keys that its signatures are checked with.
#[derive(Clone)]
pub struct Twilio {
    token: Hmac<Sha1>,
    shared: Option<Hmac<Sha256>>,
    short_numbers: bool,
    traits: &'static Traits,
}

impl Twilio {
    /// The dialect for an account, by its auth token.
    pub fn new(auth_token: &str) -> Twilio {
        Twilio { token: signature::keyed(auth_token), shared: None, short_numbers: false, traits: &TRAITS }
    }

    /// Speaks with the voices of `capabilities`, which are this provider's but for those that the operator chose.
    pub fn with_capabilities(self, capabilities: &'static Capabilities) -> Twilio {
        Twilio { traits: self.traits.with(capabilities), ..self }
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
    let hash = hexadecimal(&Sha256::digest(request.body));
    hash.as_bytes().ct_eq(signed.as_bytes()).into()
}

impl Dialect for Twilio {
    fn name(&self) -> &'static str {
        CAPABILITIES.name
    }

    fn capabilities(&self) -> &'static Capabilities {
        self.traits.capabilities
    }

    fn verify<'a>(&self, request: RawRequest<'a>) -> Result<Verified<'a>, Refusal> {
        let signature = request.headers.get("x-twilio-signature").ok_or(Refusal::NoSignature)?;
        let posted = twiml::posted(&request);
        if !self.is_signed(&request, &posted, signature) {
            return Err(Refusal::WrongSignature);
        }
        if request.has_other_body() && !is_signed_body(&request) {
            return Err(Refusal::WrongBody);
        }
        Ok(twiml::verified(request, posted))
    }

    fn parse(&self, request: &Verified<'_>) -> Result<Incoming, ParseError> {
        parse::incoming(request)
    }

    fn render(&self, verbs: &[Verb], envelope: &Envelope<'_>) -> Result<String, RenderError> {
        render::document(self.traits, verbs, envelope, self.short_numbers)
    }

    fn abilities(&self) -> Abilities {
        Abilities { short_numbers: self.short_numbers, star: true }
    }
}

impl fmt::Debug for Twilio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Twilio(·)")
    }
}

#[cfg(test)]
mod render_tests;
#[cfg(test)]
mod tests;
