//! Writes Plivo XML: one document for the verbs of one answer.
//!
//! `GetInput` holds every prompt, so that each key works from the first sound on; without a key the next element is
//! performed, and that is a `Redirect` back to us. It waits 5 s at least: a shorter wait becomes that long. `finishOnKey` is
//! `none` for a single key, so that star and hash are keys like others. `log="false"`: Plivo keeps no keys.
//!
//! Whoever answers is asked by Plivo itself: it plays the words that our URL gives, and connects them once they press the
//! key. There is one such URL for a `Dial`: telephones that ring together are spoken to in the language of the first one.
//!
//! Not stated by Plivo, and guessed: that `executionTimeout` bounds an entry as a whole, so that one of several digits gets
//! two seconds more for each; that numbers are dialled and shown without `+`, as they come; ten numbers at once.

use crate::{
    call::{Address, Dial, Digits, Listen, Verb},
    provider::{
        Envelope, RenderError,
        twiml::render::{come_back, dialled, says},
        xml::Document,
    },
};

use super::{CAPABILITIES, Traits};

/// The key that accepts: the words that are asked name it.
const ACCEPT: &str = "1";
/// Seconds after the answer in which it may be pressed: the words, and some eight seconds.
const CONFIRM_SECONDS: &str = "25";
/// The seconds that an entry may wait for, and those between two digits.
const WAITS: [(u8, u8); 2] = [(5, 60), (2, 10)];
/// The most digits of an entry.
const MOST_DIGITS: u8 = 32;

/// The whole answer.
pub(super) fn document(
    traits: &Traits,
    verbs: &[Verb],
    envelope: &Envelope<'_>,
    short_numbers: bool,
) -> Result<String, RenderError> {
    let mut document = Document::new(4096);
    document.open("Response", &[]);
    for verb in verbs {
        match verb {
            Verb::Listen(listen) => get_input(&mut document, traits, listen, envelope)?,
            Verb::Say(prompts) => says(&mut document, traits, prompts, envelope)?,
            Verb::Dial(dial) => call(&mut document, dial, envelope, short_numbers)?,
            Verb::Hangup => document.empty("Hangup", &[]),
        }
    }
    document.close("Response");
    let document = document.finish();
    if document.len() > CAPABILITIES.document { Err(RenderError::TooLarge(document.len())) } else { Ok(document) }
}

fn get_input(
    document: &mut Document,
    traits: &Traits,
    listen: &Listen,
    envelope: &Envelope<'_>,
) -> Result<(), RenderError> {
    let (count, closing) = match listen.digits {
        Digits::One => (1, "none"),
        Digits::UpTo(count) => (count.clamp(1, MOST_DIGITS), "#"),
    };
    let more = if count > 1 { count.saturating_mul(2) } else { 0 };
    let [wait, between] = [listen.wait.saturating_add(more), listen.wait];
    let [wait, between] = [(wait, WAITS[0]), (between, WAITS[1])].map(|(wait, (least, most))| wait.clamp(least, most));
    let (count, wait, between) = (count.to_string(), wait.to_string(), between.to_string());
    let attributes = [
        ("action", envelope.next),
        ("method", "POST"),
        ("inputType", "dtmf"),
        ("numDigits", &count),
        ("executionTimeout", &wait),
        ("digitEndTimeout", &between),
        ("finishOnKey", closing),
        ("log", "false"),
    ];
    document.open("GetInput", &attributes);
    says(document, traits, &listen.prompts, envelope)?;
    document.close("GetInput");
    come_back(document, envelope);
    Ok(())
}

fn call(document: &mut Document, dial: &Dial, envelope: &Envelope<'_>, short_numbers: bool) -> Result<(), RenderError> {
    let targets = dialled(dial, &CAPABILITIES, short_numbers)?;
    let first = targets.first().ok_or(RenderError::Unreachable)?;
    let caller_id = envelope.caller_id.ok_or(RenderError::NoCallerId)?;
    let ring = dial.ring.clamp(*CAPABILITIES.ring.start(), *CAPABILITIES.ring.end()).to_string();
    let mut attributes = vec![
        ("action", envelope.next),
        ("method", "POST"),
        ("timeout", ring.as_str()),
        ("callerId", caller_id.as_str().trim_start_matches('+')),
    ];
    if dial.star_leaves {
        attributes.push(("hangupOnStar", "true"));
    }
    let leg = match envelope.leg {
        Some(leg) => format!("{leg}&l={}", first.lang),
        None if dial.accept => return Err(RenderError::NoLeg),
        None => String::new(),
    };
    if dial.accept {
        attributes.extend([
            ("confirmSound", leg.as_str()),
            ("confirmKey", ACCEPT),
            ("confirmTimeout", CONFIRM_SECONDS),
            ("callbackUrl", &leg),
            ("callbackMethod", "POST"),
        ]);
    }
    document.open("Dial", &attributes);
    for target in targets {
        match &target.to {
            Address::Number(number) => document.element("Number", &[], number.as_str().trim_start_matches('+')),
            Address::Short(number) => document.element("Number", &[], number),
            Address::Sip(address) => document.element("User", &[], address),
        }
    }
    document.close("Dial");
    come_back(document, envelope);
    Ok(())
}
