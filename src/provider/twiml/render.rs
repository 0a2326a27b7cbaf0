//! Writes TwiML and its kin: one document for the verbs of one answer, without a blank between elements.
//!
//! A `Gather` holds every prompt, so that each key works from the first sound on, and a `Redirect` follows it: whether
//! the provider calls the action without a key or goes on to the next verb, it comes back. Relied upon though Twilio
//! does not state it: the time-out of a `Gather` begins after the nested prompts, and `finishOnKey=""` makes star and
//! hash keys like others. A `Play` that Twilio can't fetch is an error in its log (11200); its pages don't say whether the
//! next verb follows, or the call ends. So it should not happen: the URL is that of the very bytes, which Twilio keeps after
//! the first call; recordings from before a reload are still served; and as for every answer of ours that is not to be had,
//! the fallback URL of the number in the provider's console should speak without us.
//!
//! Where whoever answers can't be asked, they are connected at once: the engine then asks the caller whether they talked.

use super::{Traits, speech};
use crate::{
    call::{Address, Dial, Digits, Listen, Pace, Prompt, Recorded, Speech, Target, Verb, is_dialled_short},
    provider::{
        Envelope, RenderError,
        capabilities::{Asking, Capabilities, ShortNumbers},
        form::without_fragment,
        xml::Document,
    },
};

/// The whole answer.
pub(in crate::provider) fn document(
    traits: &Traits,
    verbs: &[Verb],
    envelope: &Envelope<'_>,
    short_numbers: bool,
) -> Result<String, RenderError> {
    let mut document = Document::new(4096);
    document.open("Response", &[]);
    for verb in verbs {
        match verb {
            Verb::Listen(listen) => gather(&mut document, traits, listen, envelope)?,
            Verb::Say(prompts) => says(&mut document, traits, prompts, envelope)?,
            Verb::Dial(dial) => call(&mut document, traits, dial, envelope, short_numbers)?,
            Verb::Hangup => document.empty("Hangup", &[]),
        }
    }
    document.close("Response");
    let document = document.finish();
    if document.len() > traits.capabilities.document {
        Err(RenderError::TooLarge(document.len()))
    } else {
        Ok(document)
    }
}

fn gather(
    document: &mut Document,
    traits: &Traits,
    listen: &Listen,
    envelope: &Envelope<'_>,
) -> Result<(), RenderError> {
    let (count, closing) = match listen.digits {
        Digits::One => (1, ""),
        Digits::UpTo(count) => (count.max(1), "#"),
    };
    let (count, wait) = (count.to_string(), listen.wait.to_string());
    let mut attributes = Vec::with_capacity(7);
    if traits.input {
        attributes.push(("input", "dtmf"));
    }
    attributes.extend([
        ("numDigits", count.as_str()),
        ("timeout", &wait),
        ("finishOnKey", closing),
        ("action", envelope.next),
        ("method", "POST"),
    ]);
    if traits.action_on_empty {
        attributes.push(("actionOnEmptyResult", "true"));
    }
    document.open("Gather", &attributes);
    says(document, traits, &listen.prompts, envelope)?;
    document.close("Gather");
    come_back(document, envelope);
    Ok(())
}

fn call(
    document: &mut Document,
    traits: &Traits,
    dial: &Dial,
    envelope: &Envelope<'_>,
    short_numbers: bool,
) -> Result<(), RenderError> {
    let capabilities = traits.capabilities;
    let targets = dialled(dial, capabilities, short_numbers)?;
    let asks = dial.accept && capabilities.asks == Asking::AtLeg;
    if asks && envelope.leg.is_none() {
        return Err(RenderError::NoLeg);
    }
    let caller_id = envelope.caller_id.ok_or(RenderError::NoCallerId)?;
    let ring = dial.ring.clamp(*capabilities.ring.start(), *capabilities.ring.end()).to_string();
    let mut attributes =
        vec![("action", envelope.next), ("method", "POST"), ("timeout", &ring), ("callerId", caller_id.as_str())];
    attributes.extend(traits.dial);
    if dial.star_leaves && capabilities.hangup_on_star {
        attributes.push(("hangupOnStar", "true"));
    }
    document.open("Dial", &attributes);
    for target in targets {
        let (name, address) = match &target.to {
            Address::Number(number) => ("Number", number.as_str()),
            Address::Sip(address) => ("Sip", address.as_str()),
            Address::Short(number) => ("Number", number.as_str()),
        };
        match envelope.leg.filter(|_| asks) {
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

/// The telephones of `dial` that ring: those that this provider can dial. One that can't be dialled keeps none of the others
/// from ringing.
pub(in crate::provider) fn dialled<'d>(
    dial: &'d Dial,
    capabilities: &Capabilities,
    short_numbers: bool,
) -> Result<Vec<&'d Target>, RenderError> {
    let short_numbers = short_numbers && capabilities.short_numbers == ShortNumbers::WhereConfigured;
    let can = |target: &&Target| match &target.to {
        Address::Number(_) => true,
        Address::Sip(address) => is_sip(address),
        Address::Short(number) => short_numbers && is_dialled_short(number),
    };
    let targets: Vec<&Target> = dial.targets.iter().filter(can).take(capabilities.most_targets).collect();
    if targets.is_empty() { Err(RenderError::Unreachable) } else { Ok(targets) }
}

/// Whether a provider would take it for the address of a telephone.
fn is_sip(address: &str) -> bool {
    let rest = address.strip_prefix("sip:").or_else(|| address.strip_prefix("sips:"));
    rest.is_some_and(|rest| rest.contains('@') && !rest.contains(char::is_whitespace))
}

/// The way back for a provider that went on to the next verb: it says so, as such a request has no digits either.
pub(in crate::provider) fn come_back(document: &mut Document, envelope: &Envelope<'_>) {
    let url = without_fragment(envelope.next);
    let fragment = &envelope.next[url.len()..];
    let joint = if url.contains('?') { '&' } else { '?' };
    document.element("Redirect", &[("method", "POST")], &format!("{url}{joint}e=silence{fragment}"));
}

/// What is spoken or played, prompt by prompt.
pub(in crate::provider) fn says(
    document: &mut Document,
    traits: &Traits,
    prompts: &[Prompt],
    envelope: &Envelope<'_>,
) -> Result<(), RenderError> {
    let has_voice = |speech: &Speech| traits.capabilities.voice(speech.lang).is_some();
    for prompt in prompts {
        match &prompt.speech.recorded {
            None => speech::write(document, traits, &prompt.speech, prompt.pace, envelope)?,
            // A recording can't be slowed: whoever asked for it hears the voice, where there is one.
            Some(Recorded { words, .. }) if prompt.pace == Pace::Slow && words.iter().all(has_voice) => {
                for words in words {
                    speech::write(document, traits, words, prompt.pace, envelope)?;
                }
            }
            Some(Recorded { sound, .. }) => document.element("Play", &[], &envelope.url_of(sound)),
        }
    }
    Ok(())
}
