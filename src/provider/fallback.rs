//! The document for a provider's fallback URL: a file that it performs when our server can't be reached.
//!
//! Nothing in it leads to us: no action, no redirect, no recording, no silence that is played. A `Dial` without an action
//! goes on with the next verb as long as the caller is there. No markup of voices either: numbers are written as they are
//! spoken, and pauses are verbs of their own where the provider has one. Written from [`Capabilities`] alone, in the
//! element names of Twilio's kin or in Plivo's.

use super::{
    Capabilities, RenderError,
    chunks::{self, Part},
    xml::Document,
};
use crate::call::{Address, Dial, E164, Pace, Prompt, Verb};

/// A silence below this is only the seam between two spoken elements, in milliseconds.
const LEAST_PAUSE: u32 = 500;

/// What the elements are called.
struct Names {
    say: &'static str,
    pause: Option<&'static str>,
    /// Numbers are written with their `+`.
    plus: bool,
}

impl Names {
    fn of(capabilities: &Capabilities) -> Names {
        let known = |verb: &'static str| capabilities.verbs.contains(&verb).then_some(verb);
        let pause = known("Pause").or(known("Wait"));
        match known("Speak") {
            Some(say) => Names { say, pause, plus: false },
            None => Names { say: "Say", pause, plus: true },
        }
    }

    fn number<'n>(&self, number: &'n E164) -> &'n str {
        let written = number.as_str();
        if self.plus { written } else { written.trim_start_matches('+') }
    }
}

/// The document. `caller_id` is our own number; only what measures a document has none.
pub fn document(capabilities: &Capabilities, verbs: &[Verb], caller_id: Option<&E164>) -> Result<String, RenderError> {
    let names = Names::of(capabilities);
    let mut document = Document::new(4096);
    document.open("Response", &[]);
    for verb in verbs {
        match verb {
            Verb::Say(prompts) | Verb::Listen(crate::call::Listen { prompts, .. }) => {
                for (at, prompt) in prompts.iter().enumerate() {
                    if let Some(pause) = names.pause.filter(|_| at > 0) {
                        document.empty(pause, &[("length", "1")]);
                    }
                    say(&mut document, capabilities, &names, prompt)?;
                }
            }
            Verb::Dial(dial) => call(&mut document, capabilities, &names, dial, caller_id)?,
            Verb::Hangup => document.empty("Hangup", &[]),
        }
    }
    document.close("Response");
    let document = document.finish();
    if document.len() > capabilities.document { Err(RenderError::TooLarge(document.len())) } else { Ok(document) }
}

fn say(
    document: &mut Document,
    capabilities: &Capabilities,
    names: &Names,
    prompt: &Prompt,
) -> Result<(), RenderError> {
    let lang = prompt.speech.lang;
    let voice = capabilities.voice(lang).ok_or(RenderError::NoVoice(lang))?;
    let flush = |document: &mut Document, text: &mut String| {
        if text.contains(char::is_alphanumeric) {
            let attributes = [("language", voice.language), ("voice", voice.name)];
            document.element(names.say, &attributes, text.trim());
        }
        text.clear();
    };
    for chunk in chunks::of(&prompt.speech, Pace::Normal, capabilities.speech) {
        let mut text = String::new();
        for part in chunk {
            match part {
                Part::Text(words) => text.push_str(words),
                Part::Spelled { spoken, .. } => text.push_str(spoken),
                Part::Break(ms) => {
                    flush(document, &mut text);
                    if let Some(pause) = names.pause.filter(|_| ms >= LEAST_PAUSE) {
                        document.empty(pause, &[("length", &ms.div_ceil(1000).to_string())]);
                    }
                }
            }
        }
        flush(document, &mut text);
    }
    Ok(())
}

fn call(
    document: &mut Document,
    capabilities: &Capabilities,
    names: &Names,
    dial: &Dial,
    caller_id: Option<&E164>,
) -> Result<(), RenderError> {
    let ring = dial.ring.clamp(*capabilities.ring.start(), *capabilities.ring.end()).to_string();
    let mut attributes = vec![("timeout", ring.as_str())];
    attributes.extend(caller_id.map(|number| ("callerId", names.number(number))));
    let mut numbers = dial.targets.iter().filter_map(|target| match &target.to {
        Address::Number(number) => Some(number),
        Address::Sip(_) | Address::Short(_) => None,
    });
    let number = numbers.next().ok_or(RenderError::Unreachable)?;
    document.open("Dial", &attributes);
    document.element("Number", &[], names.number(number));
    document.close("Dial");
    Ok(())
}
