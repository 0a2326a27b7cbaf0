//! Writes TwiML: one document for the verbs of one answer, without a blank between elements.
//!
//! A `Gather` holds every prompt, so that each key works from the first sound on, and a `Redirect` follows it: whether
//! the provider calls the action without a key or goes on to the next verb, it comes back. Relied upon though Twilio
//! does not state it: the time-out of a `Gather` begins after the nested prompts, and `finishOnKey=""` makes star and
//! hash keys like others. A `Play` that Twilio can't fetch is an error in its log (11200); its pages don't say whether the
//! next verb follows, or the call ends. So it should not happen: the URL is that of the very bytes, which Twilio keeps after
//! the first call; recordings from before a reload are still served; and as for every answer of ours that is not to be had,
//! the fallback URL of the number in Twilio's console should speak without us. Limits: 64 kB a document; 3,000 characters a `Say`, fewer once encoded, so we stay at 450.

use super::voices::{self, Voice};
use crate::{
    call::{Address, Dial, Digits, Listen, Pace, Prompt, Recorded, Speech, Target, Verb},
    provider::{
        Envelope, RenderError,
        chunks::{self, Limits, Part},
        form::without_fragment,
        xml::Document,
    },
};

/// Twilio reads 64 kB (error 11750), and does not say whether that is 65,536.
const MAX_DOCUMENT: usize = 64_000;

/// Twilio's 4,500 for the encoded text, less what `prosody` costs.
const SAY: Limits = Limits { chars: 450, encoded: 4_400 };

/// Numbers that ring at once, at most.
const MAX_TARGETS: usize = 10;

/// Where a speech keeps the way in which it is written here.
const TWIML: usize = 0;

/// What a caller who asked for it hears: slow, not drawling.
const SLOW: &str = "85%";

/// The whole answer.
pub(super) fn document(verbs: &[Verb], envelope: &Envelope<'_>, short_numbers: bool) -> Result<String, RenderError> {
    let mut document = Document::new(4096);
    document.open("Response", &[]);
    for verb in verbs {
        match verb {
            Verb::Listen(listen) => gather(&mut document, listen, envelope)?,
            Verb::Say(prompts) => says(&mut document, prompts, envelope)?,
            Verb::Dial(dial) => call(&mut document, dial, envelope, short_numbers)?,
            Verb::Hangup => document.empty("Hangup", &[]),
        }
    }
    document.close("Response");
    let document = document.finish();
    if document.len() > MAX_DOCUMENT { Err(RenderError::TooLarge(document.len())) } else { Ok(document) }
}

fn gather(document: &mut Document, listen: &Listen, envelope: &Envelope<'_>) -> Result<(), RenderError> {
    let (count, closing) = match listen.digits {
        Digits::One => (1, ""),
        Digits::UpTo(count) => (count.max(1), "#"),
    };
    document.open(
        "Gather",
        &[
            ("input", "dtmf"),
            ("numDigits", &count.to_string()),
            ("timeout", &listen.wait.to_string()),
            ("finishOnKey", closing),
            ("action", envelope.next),
            ("method", "POST"),
            ("actionOnEmptyResult", "true"),
        ],
    );
    says(document, &listen.prompts, envelope)?;
    document.close("Gather");
    come_back(document, envelope);
    Ok(())
}

fn call(document: &mut Document, dial: &Dial, envelope: &Envelope<'_>, short_numbers: bool) -> Result<(), RenderError> {
    // One that can't be dialled keeps none of the others from ringing.
    let dialled = |target: &&Target| match &target.to {
        Address::Number(_) => true,
        Address::Sip(address) => is_sip(address),
        Address::Short(number) => short_numbers && is_short(number),
    };
    let targets: Vec<&Target> = dial.targets.iter().filter(dialled).take(MAX_TARGETS).collect();
    if targets.is_empty() {
        return Err(RenderError::Unreachable);
    }
    if dial.accept && envelope.leg.is_none() {
        return Err(RenderError::NoLeg);
    }
    let caller_id = envelope.caller_id.ok_or(RenderError::NoCallerId)?;
    let ring = dial.ring.to_string();
    let mut attributes = vec![
        ("action", envelope.next),
        ("method", "POST"),
        ("timeout", ring.as_str()),
        ("callerId", caller_id.as_str()),
        ("answerOnBridge", "true"),
        ("ringTone", "fr"),
    ];
    if dial.star_leaves {
        attributes.push(("hangupOnStar", "true"));
    }
    document.open("Dial", &attributes);
    for target in targets {
        let (name, address) = match &target.to {
            Address::Number(number) => ("Number", number.as_str()),
            Address::Sip(address) => ("Sip", address.as_str()),
            Address::Short(number) => ("Number", number.as_str()),
        };
        match envelope.leg.filter(|_| dial.accept) {
            Some(leg) => {
                let url = format!("{leg}&l={}", target.lang);
                document.element(name, &[("url", &url), ("method", "POST")], address);
            }
            None => document.element(name, &[], address),
        }
    }
    document.close("Dial");
    come_back(document, envelope);
    Ok(())
}

/// Whether Twilio would take it for the address of a telephone.
fn is_sip(address: &str) -> bool {
    let rest = address.strip_prefix("sip:").or_else(|| address.strip_prefix("sips:"));
    rest.is_some_and(|rest| rest.contains('@') && !rest.contains(char::is_whitespace))
}

fn is_short(number: &str) -> bool {
    (2..=6).contains(&number.len()) && number.bytes().all(|c| c.is_ascii_digit())
}

/// The way back for a provider that went on to the next verb: it says so, as such a request has no digits either.
fn come_back(document: &mut Document, envelope: &Envelope<'_>) {
    let url = without_fragment(envelope.next);
    let fragment = &envelope.next[url.len()..];
    let joint = if url.contains('?') { '&' } else { '?' };
    document.element("Redirect", &[("method", "POST")], &format!("{url}{joint}e=silence{fragment}"));
}

fn says(document: &mut Document, prompts: &[Prompt], envelope: &Envelope<'_>) -> Result<(), RenderError> {
    for prompt in prompts {
        match &prompt.speech.recorded {
            None => speech(document, &prompt.speech, prompt.pace)?,
            // A recording can't be slowed: whoever asked for it hears the voice, where there is one.
            Some(Recorded { words, .. }) if prompt.pace == Pace::Slow && words.iter().all(has_voice) => {
                for words in words {
                    speech(document, words, prompt.pace)?;
                }
            }
            Some(Recorded { sound, .. }) => document.element("Play", &[], &envelope.url_of(sound)),
        }
    }
    Ok(())
}

fn has_voice(speech: &Speech) -> bool {
    voices::of(speech.lang).is_some()
}

fn speech(document: &mut Document, speech: &Speech, pace: Pace) -> Result<(), RenderError> {
    let voice = voices::of(speech.lang).ok_or(RenderError::NoVoice(speech.lang))?;
    document.written(speech.written_out(TWIML, pace, || {
        let mut says = Document::fragment();
        for chunk in chunks::of(speech, pace, SAY) {
            say(&mut says, voice, pace, &chunk);
        }
        says.finish()
    }));
    Ok(())
}

fn say(document: &mut Document, voice: Voice, pace: Pace, parts: &[Part<'_>]) {
    document.open("Say", &[("language", voice.language), ("voice", voice.name)]);
    if pace == Pace::Slow {
        document.open("prosody", &[("rate", SLOW)]);
    }
    for part in parts {
        match part {
            Part::Text(text) => document.text(text),
            Part::Spelled { written, spoken } => document.element("sub", &[("alias", spoken)], written),
            Part::Break(ms) => document.empty("break", &[("time", &format!("{ms}ms"))]),
        }
    }
    if pace == Pace::Slow {
        document.close("prosody");
    }
    document.close("Say");
}

#[cfg(test)]
#[path = "render_tests.rs"]
mod tests;
