//! Telnyx: TeXML out, forms in that are signed with its private key (Ed25519), at a time that must be near.
//!
//! The signature covers a timestamp and the body, not the URL: what stands in our URLs is protected by our own token,
//! which is bound to the call. A signature is good for 300 s before and after its second; within them Telnyx itself sends
//! some webhooks twice, so a second one is no proof of an attack. How a GET is signed is not documented: it is not
//! believed, and who calls hears the spoken failure. So the method POST must be set in Telnyx' portal, where GET is the
//! default. Telnyx repeats generic webhooks after 2 s.
//!
//! Without a key the next verb is performed: `actionOnEmptyResult` is not documented. `Pause` may not stand in a `Gather`,
//! and that `Say` obeys SSML is not documented: words are written as they are to be heard, and silence is played.
//!
//! Not stated by Telnyx, and guessed: that `finishOnKey=""` makes star and hash keys like others (else they come as
//! silence), the values of `DialCallStatus`, that `voiceSpeed` slows voices of Amazon and Azure, ten numbers at once, and
//! that a document may have 64 kB.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use super::{
    Dialect, Envelope, ParseError, RawRequest, Refusal, RenderError, Verified,
    capabilities::{Asking, Capabilities, ShortNumbers, Ssml, Voice},
    chunks::Limits,
    last_resort,
    twiml::{self, Traits, parse, render},
};
use crate::call::{Incoming, Verb};

/// Seconds that a signature is good for, before its own and after.
const TOLERANCE: u64 = 300;

/// What Telnyx can do.
pub static CAPABILITIES: Capabilities = Capabilities {
    name: "telnyx",
    verbs: &["Say", "Play", "Gather", "Pause", "Dial", "Redirect", "Hangup"],
    voices: &[
        ("fr", Voice::new("fr-FR", "Polly.Lea-Neural")),
        ("en", Voice::new("en-GB", "Polly.Amy-Neural")),
        ("ar", Voice::new("arb", "Polly.Zeina")),
        ("es", Voice::new("es-ES", "Polly.Lucia-Neural")),
        ("ps", Voice::new("ps-AF", "Azure.ps-AF-LatifaNeural")),
        ("pt", Voice::new("pt-PT", "Polly.Ines-Neural")),
        ("ro", Voice::new("ro-RO", "Polly.Carmen")),
        ("ru", Voice::new("ru-RU", "Polly.Tatyana")),
        ("so", Voice::new("so-SO", "Azure.so-SO-UbaxNeural")),
        ("ta", Voice::new("ta-IN", "Azure.ta-IN-PallaviNeural")),
        ("tr", Voice::new("tr-TR", "Polly.Filiz")),
        ("uk", Voice::new("uk-UA", "Azure.uk-UA-PolinaNeural")),
        ("zh", Voice::new("cmn-CN", "Polly.Zhiyu-Neural")),
    ],
    speech: Limits { chars: 450, encoded: 4_400 },
    document: 64_000,
    most_targets: 10,
    ring: 5..=120,
    short_numbers: ShortNumbers::Never,
    sms_verb: false,
    ssml: Ssml::None,
    speed: true,
    asks: Asking::AtLeg,
    hangup_on_star: true,
    signed_get: false,
};

static TRAITS: Traits = Traits {
    capabilities: &CAPABILITIES,
    slot: 2,
    speaks: "Say",
    input: true,
    action_on_empty: false,
    dial: &[("answerOnBridge", "true")],
};

/// Telnyx' dialect, with the key that its signatures are checked with.
#[derive(Clone, Debug)]
pub struct Telnyx {
    key: VerifyingKey,
    traits: &'static Traits,
}

/// The text is no public key of Telnyx.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "it is no public key: copy the one that Telnyx' portal shows under Keys & Credentials, 44 characters ending in ="
)]
pub struct NotAKey;

impl Telnyx {
    /// The dialect for an account, by its public key as Telnyx shows it (base64).
    pub fn new(public_key: &str) -> Result<Telnyx, NotAKey> {
        let bytes = BASE64.decode(public_key.trim()).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(NotAKey)?;
        VerifyingKey::from_bytes(&bytes).map(|key| Telnyx { key, traits: &TRAITS }).map_err(|_| NotAKey)
    }

    /// Speaks with the voices of `capabilities`, which are this provider's but for those that the operator chose.
    pub fn with_capabilities(self, capabilities: &'static Capabilities) -> Telnyx {
        Telnyx { traits: self.traits.with(capabilities), ..self }
    }
}

/// The key of a seed, for the simulated telephone: what is no seed becomes one of its own.
fn signing_key(seed: &str) -> SigningKey {
    let bytes = BASE64.decode(seed).ok().and_then(|bytes| bytes.try_into().ok());
    SigningKey::from_bytes(&bytes.unwrap_or_default())
}

/// The public key that belongs to a seed of 32 bytes (both base64): for the simulated telephone.
pub fn public_key(seed: &str) -> String {
    BASE64.encode(signing_key(seed).verifying_key().as_bytes())
}

/// The signature that Telnyx would put on a body at that second, with a seed of 32 bytes (base64).
pub fn sign(seed: &str, second: u64, body: &str) -> String {
    let message = format!("{second}|{body}");
    BASE64.encode(signing_key(seed).sign(message.as_bytes()).to_bytes())
}

impl Dialect for Telnyx {
    fn name(&self) -> &'static str {
        CAPABILITIES.name
    }

    fn capabilities(&self) -> &'static Capabilities {
        self.traits.capabilities
    }

    fn verify<'a>(&self, request: RawRequest<'a>) -> Result<Verified<'a>, Refusal> {
        twiml::refuse_unsigned_get(&request, &CAPABILITIES)?;
        let signature = request.headers.get("telnyx-signature-ed25519").ok_or(Refusal::NoSignature)?;
        let timestamp = request.headers.get("telnyx-timestamp").ok_or(Refusal::NoSignature)?;
        let signature = BASE64.decode(signature).ok().and_then(|bytes| Signature::from_slice(&bytes).ok());
        let signature = signature.ok_or(Refusal::WrongSignature)?;
        let message = [timestamp.as_bytes(), b"|", request.body].concat();
        self.key.verify_strict(&message, &signature).map_err(|_| Refusal::WrongSignature)?;
        // Only now: a stranger learns nothing of our clock.
        let second: u64 = timestamp.parse().map_err(|_| Refusal::WrongSignature)?;
        if second.abs_diff(request.now_seconds) > TOLERANCE {
            return Err(Refusal::WrongTime);
        }
        Ok(twiml::verified(request, twiml::posted(&request)))
    }

    fn parse(&self, request: &Verified<'_>) -> Result<Incoming, ParseError> {
        parse::incoming(request)
    }

    fn render(&self, verbs: &[Verb], envelope: &Envelope<'_>) -> Result<String, RenderError> {
        render::document(self.traits, verbs, envelope, false)
    }

    fn last_resort(&self, next: Option<&str>) -> String {
        last_resort::twiml(next, last_resort::Needs { voices: Some(self.traits.capabilities), without_input: false })
    }
}
