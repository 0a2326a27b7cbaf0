//! Somleng: a strict subset of TwiML out, Twilio's signature in. What it does not know ends the call, so nothing else is
//! written.
//!
//! Its verbs are `Say`, `Play`, `Gather`, `Dial`, `Redirect`, `Hangup`, with few attributes each; in a `Gather` stand `Say`
//! and `Play` alone, and not even a blank. Markup inside `Say` is taken out: words are written as they are to be heard, and
//! silence is played. `Dial` knows neither who is asked (`url` of a `Number`) nor how long they may talk: whoever answers is
//! connected at once, and the engine asks the caller whether they talked. A `Redirect` waits a second. Whatever we answer is
//! performed, whatever its status, and nobody asks twice: there is no fallback URL.
//!
//! Signed as by Twilio, over the URL and the form; how a GET is signed is not known, so it is not believed, and who calls
//! hears the spoken failure.
//!
//! Not stated by Somleng, and guessed: that an unknown attribute ends the call as an unknown verb does, that its voices are
//! named as Amazon's standard ones with `Polly.` before them, ten numbers at once, and a document of 64 kB. Voices whose
//! script is not Latin are left out: its code speaks of trouble with other letters.

use std::fmt;

use hmac::Hmac;
use sha1::Sha1;

use super::{
    Dialect, Envelope, ParseError, RawRequest, Refusal, RenderError, Verified,
    capabilities::{Asking, Capabilities, ShortNumbers, Ssml, Voice},
    chunks::Limits,
    last_resort,
    twiml::{self, Traits, parse, render, signature},
};
use crate::call::{Abilities, Incoming, Verb};

/// What Somleng can do.
pub static CAPABILITIES: Capabilities = Capabilities {
    name: "somleng",
    verbs: &["Say", "Play", "Gather", "Dial", "Redirect", "Hangup"],
    voices: &[
        ("fr", Voice::new("fr-FR", "Polly.Lea")),
        ("en", Voice::new("en-GB", "Polly.Amy")),
        ("es", Voice::new("es-ES", "Polly.Lucia")),
        ("pt", Voice::new("pt-PT", "Polly.Ines")),
        ("ro", Voice::new("ro-RO", "Polly.Carmen")),
        ("tr", Voice::new("tr-TR", "Polly.Filiz")),
    ],
    speech: Limits { chars: 450, encoded: 4_400 },
    document: 64_000,
    most_targets: 10,
    ring: 1..=u8::MAX,
    short_numbers: ShortNumbers::WhereConfigured,
    sms_verb: false,
    ssml: Ssml::None,
    speed: false,
    asks: Asking::Nobody,
    hangup_on_star: false,
    signed_get: false,
};

static TRAITS: Traits =
    Traits { capabilities: &CAPABILITIES, slot: 3, speaks: "Say", input: false, action_on_empty: true, dial: &[] };

/// Somleng's dialect, with the key that its signatures are checked with.
#[derive(Clone)]
pub struct Somleng {
    token: Hmac<Sha1>,
    short_numbers: bool,
    traits: &'static Traits,
}

impl Somleng {
    /// The dialect for an account, by its auth token.
    pub fn new(auth_token: &str) -> Somleng {
        Somleng { token: signature::keyed(auth_token), short_numbers: false, traits: &TRAITS }
    }

    /// Speaks with the voices of `capabilities`, which are this provider's but for those that the operator chose.
    pub fn with_capabilities(self, capabilities: &'static Capabilities) -> Somleng {
        Somleng { traits: self.traits.with(capabilities), ..self }
    }

    /// Dials short national numbers, where the operator knows that this carrier's trunk can.
    pub fn with_short_numbers(self, can_dial: bool) -> Somleng {
        Somleng { short_numbers: can_dial, ..self }
    }
}

impl Dialect for Somleng {
    fn name(&self) -> &'static str {
        CAPABILITIES.name
    }

    fn abilities(&self) -> Abilities {
        Abilities { short_numbers: self.short_numbers, star: false }
    }

    fn capabilities(&self) -> &'static Capabilities {
        self.traits.capabilities
    }

    fn verify<'a>(&self, request: RawRequest<'a>) -> Result<Verified<'a>, Refusal> {
        twiml::refuse_unsigned_get(&request, &CAPABILITIES)?;
        let given = request.headers.get("x-twilio-signature").ok_or(Refusal::NoSignature)?;
        let posted = twiml::posted(&request);
        // A body that is no form is covered by nothing.
        if request.has_other_body() || !signature::fits(&self.token, request.url, &posted, given) {
            return Err(Refusal::WrongSignature);
        }
        Ok(twiml::verified(request, posted))
    }

    fn parse(&self, request: &Verified<'_>) -> Result<Incoming, ParseError> {
        parse::incoming(request)
    }

    fn render(&self, verbs: &[Verb], envelope: &Envelope<'_>) -> Result<String, RenderError> {
        render::document(self.traits, verbs, envelope, self.short_numbers)
    }

    fn last_resort(&self, next: Option<&str>) -> String {
        last_resort::twiml(next, last_resort::Needs { voices: Some(self.traits.capabilities), without_input: true })
    }
}

impl fmt::Debug for Somleng {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Somleng(·)")
    }
}
