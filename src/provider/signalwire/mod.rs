//! SignalWire: cXML out, signed forms in. Its XML is Twilio's but for a few attributes; its signature is its own.
//!
//! Two schemes are in use, and both are tried, in this order: hex of HMAC-SHA1 over the URL and the body as it was sent,
//! then Twilio's; both with the port in the URL or without, as SignalWire's own library does. The second covers no body
//! but a form. The key is the project's signing key. Azure's voices can be named in `Say`. Default time-out 5 s, and a
//! voice document is never asked for twice: then the fallback URL.
//!
//! Not stated by SignalWire, and taken to be as with Twilio: what comes when the hash key is pressed first, that
//! `finishOnKey=""` makes star and hash keys like others, that markup is obeyed by voices of Azure, and what a voice
//! takes once it is encoded. That a ring may last 5 s longer than it was told is stated, and harmless.

use std::fmt;

use hmac::{Hmac, Mac};
use sha1::Sha1;

use super::{
    Dialect, Envelope, ParseError, RawRequest, Refusal, RenderError, Verified,
    capabilities::{Asking, Capabilities, ShortNumbers, Ssml, Voice},
    chunks::Limits,
    form::without_fragment,
    last_resort,
    twiml::{self, Traits, parse, render, signature},
};
use crate::call::{Incoming, Verb, from_hexadecimal, hexadecimal};

/// What SignalWire can do.
pub static CAPABILITIES: Capabilities = Capabilities {
    name: "signalwire",
    verbs: &["Say", "Play", "Gather", "Pause", "Dial", "Sms", "Redirect", "Hangup"],
    voices: &[
        ("fr", Voice::new("fr-FR", "Polly.Lea-Neural")),
        ("en", Voice::new("en-GB", "Polly.Amy-Neural")),
        ("ar", Voice::new("arb", "Polly.Zeina")),
        ("bn", Voice::new("bn-IN", "gcloud.bn-IN-Wavenet-A")),
        ("es", Voice::new("es-ES", "Polly.Lucia-Neural")),
        ("ps", Voice::new("ps-AF", "azure.ps-AF-LatifaNeural")),
        ("pt", Voice::new("pt-PT", "Polly.Ines-Neural")),
        ("ro", Voice::new("ro-RO", "Polly.Carmen")),
        ("ru", Voice::new("ru-RU", "Polly.Tatyana")),
        ("so", Voice::new("so-SO", "azure.so-SO-UbaxNeural")),
        ("ta", Voice::new("ta-IN", "gcloud.ta-IN-Wavenet-A")),
        ("tr", Voice::new("tr-TR", "Polly.Filiz")),
        ("uk", Voice::new("uk-UA", "gcloud.uk-UA-Wavenet-A")),
        ("zh", Voice::new("cmn-CN", "Polly.Zhiyu-Neural")),
    ],
    speech: Limits { chars: 450, encoded: 4_400 },
    document: 64_000,
    most_targets: 10,
    ring: 5..=u8::MAX,
    short_numbers: ShortNumbers::Never,
    sms_verb: true,
    ssml: Ssml::Whole,
    speed: false,
    asks: Asking::AtLeg,
    hangup_on_star: true,
    signed_get: true,
};

static TRAITS: Traits = Traits {
    capabilities: &CAPABILITIES,
    slot: 1,
    speaks: "Say",
    input: true,
    action_on_empty: true,
    dial: &[("answerOnBridge", "true")],
};

/// SignalWire's dialect, with the key that its signatures are checked with.
#[derive(Clone)]
pub struct SignalWire {
    key: Hmac<Sha1>,
    traits: &'static Traits,
}

impl SignalWire {
    /// The dialect for a project, by its signing key.
    pub fn new(signing_key: &str) -> SignalWire {
        SignalWire { key: signature::keyed(signing_key), traits: &TRAITS }
    }

    /// Speaks with the voices of `capabilities`, which are this provider's but for those that the operator chose.
    pub fn with_capabilities(self, capabilities: &'static Capabilities) -> SignalWire {
        SignalWire { traits: self.traits.with(capabilities), ..self }
    }

    /// The first scheme: over the URL, with the port or without, and the body, byte for byte.
    fn covers_body(&self, request: &RawRequest<'_>, given: &str) -> bool {
        let Some(given) = from_hexadecimal(given) else { return false };
        signature::fits_as_written(request.url, |url| {
            let mut mac = self.key.clone();
            url.iter().for_each(|part| mac.update(part.as_bytes()));
            mac.update(request.body);
            mac.verify_slice(&given).is_ok()
        })
    }
}

/// The signature that SignalWire would put on a request, by its first scheme: for the simulated telephone.
pub fn sign(signing_key: &str, url: &str, body: &str) -> String {
    let mut mac: Hmac<Sha1> = signature::keyed(signing_key);
    mac.update(without_fragment(url).as_bytes());
    mac.update(body.as_bytes());
    hexadecimal(&mac.finalize().into_bytes())
}

impl Dialect for SignalWire {
    fn name(&self) -> &'static str {
        CAPABILITIES.name
    }

    fn capabilities(&self) -> &'static Capabilities {
        self.traits.capabilities
    }

    fn verify<'a>(&self, request: RawRequest<'a>) -> Result<Verified<'a>, Refusal> {
        let headers = request.headers;
        let given = headers.get("x-signalwire-signature").or_else(|| headers.get("x-twilio-signature"));
        let given = given.ok_or(Refusal::NoSignature)?;
        let posted = twiml::posted(&request);
        let fits = self.covers_body(&request, given)
            || !request.has_other_body() && signature::fits(&self.key, request.url, &posted, given);
        if fits { Ok(twiml::verified(request, posted)) } else { Err(Refusal::WrongSignature) }
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

impl fmt::Debug for SignalWire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignalWire(·)")
    }
}
