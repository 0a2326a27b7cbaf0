//! Plivo: XML of its own out, forms in that are signed with the account's auth token (signature version 3).
//!
//! Its elements are named otherwise than Twilio's (`GetInput`, `Speak`, `User`), its numbers have no `+`, and two things are
//! its own: a wait without a key is told only by the next element, and whoever answers is asked by Plivo, which plays our
//! words and connects them when they press the key. Refusing is hanging up, or letting the time pass. Read time-out 40 s,
//! one more try, then the fallback URL. What was guessed is said in each file.

mod parse;
mod render;
mod verify;
mod voices;

use std::fmt;

pub use self::verify::sign;
use super::{
    Dialect, Envelope, ParseError, RawRequest, Refusal, RenderError, Verified,
    capabilities::{Asking, Capabilities, ShortNumbers, Ssml},
    chunks::Limits,
    last_resort,
    twiml::{self, Traits},
};
use crate::call::{Abilities, Incoming, Verb};

/// What Plivo can do.
pub static CAPABILITIES: Capabilities = Capabilities {
    name: "plivo",
    verbs: &["Speak", "Play", "GetInput", "Wait", "Dial", "Message", "Redirect", "Hangup"],
    voices: voices::VOICES,
    speech: Limits { chars: 450, encoded: 4_400 },
    document: 100_000,
    most_targets: 10,
    ring: 1..=u8::MAX,
    short_numbers: ShortNumbers::WhereConfigured,
    sms_verb: true,
    ssml: Ssml::Whole,
    speed: false,
    asks: Asking::ByKey,
    hangup_on_star: true,
    signed_get: true,
};

/// How it speaks: the rest of what Twilio's kin differ in is not read here.
static TRAITS: Traits =
    Traits { capabilities: &CAPABILITIES, slot: 4, speaks: "Speak", input: false, action_on_empty: false, dial: &[] };

/// Plivo's dialect, with the key that its signatures are checked with.
#[derive(Clone)]
pub struct Plivo {
    key: verify::Key,
    traits: &'static Traits,
    short_numbers: bool,
}

impl Plivo {
    /// The dialect for an account, by its auth token.
    pub fn new(auth_token: &str) -> Plivo {
        Plivo { key: verify::key(auth_token), traits: &TRAITS, short_numbers: false }
    }

    /// The same with other voices.
    pub fn with_capabilities(self, capabilities: &'static Capabilities) -> Plivo {
        Plivo { traits: self.traits.with(capabilities), ..self }
    }

    /// Dials short national numbers, where the operator knows that this account can.
    pub fn with_short_numbers(self, can_dial: bool) -> Plivo {
        Plivo { short_numbers: can_dial, ..self }
    }
}

impl Dialect for Plivo {
    fn name(&self) -> &'static str {
        CAPABILITIES.name
    }

    fn abilities(&self) -> Abilities {
        Abilities { short_numbers: self.short_numbers, star: true }
    }

    fn capabilities(&self) -> &'static Capabilities {
        self.traits.capabilities
    }

    fn verify<'a>(&self, request: RawRequest<'a>) -> Result<Verified<'a>, Refusal> {
        let posted = twiml::posted(&request);
        verify::judge(&self.key, &request, &posted)?;
        Ok(twiml::verified(request, posted))
    }

    fn parse(&self, request: &Verified<'_>) -> Result<Incoming, ParseError> {
        parse::incoming(request)
    }

    fn render(&self, verbs: &[Verb], envelope: &Envelope<'_>) -> Result<String, RenderError> {
        render::document(self.traits, verbs, envelope, self.short_numbers)
    }

    fn last_resort(&self, next: Option<&str>) -> String {
        last_resort::plivo(next, self.traits.capabilities)
    }
}

impl fmt::Debug for Plivo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Plivo(·)")
    }
}

#[cfg(test)]
mod tests;
