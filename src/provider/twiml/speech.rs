//! Writes what a voice says: with the markup of SSML where the provider's voices obey it, else in plain words.
//!
//! In plain words a number is written as it is spoken, and a pause is a silence that is played: a `Pause` may not stand in
//! a `Gather` everywhere. Whoever asked for a slower pace then hears a silence after each sentence, where the voice itself
//! can't be slowed. A silence below a quarter of a second is only the seam between two spoken elements.

use super::Traits;
use crate::{
    call::{Pace, Speech, silence_named},
    provider::{
        Envelope, RenderError,
        capabilities::{Ssml, Voice},
        chunks::{self, Part},
        xml::{Document, is_blank},
    },
};

/// What a caller who asked for it hears: slow, not drawling.
const SLOW: &str = "85%";
/// The same as a factor.
const SLOW_SPEED: &str = "0.85";
/// The silence after a sentence where the voice can't be slowed, in milliseconds.
const AFTER_SENTENCE: u32 = 1_000;
/// Stands for the public URL in what is kept, as servers of one line may have different ones.
const PUBLIC_URL: &str = "\u{e000}";

/// Writes a speech, from what was kept of it if it was written before.
pub(super) fn write(
    document: &mut Document,
    traits: &Traits,
    speech: &Speech,
    pace: Pace,
    envelope: &Envelope<'_>,
) -> Result<(), RenderError> {
    let capabilities = traits.capabilities;
    let voice = capabilities.voice(speech.lang).ok_or(RenderError::NoVoice(speech.lang))?;
    let written = speech.written_out(traits.slot, pace, || {
        let mut says = Document::fragment();
        for chunk in chunks::of(speech, pace, capabilities.speech) {
            match capabilities.ssml {
                Ssml::Whole => say(&mut says, traits.speaks, voice, pace, &chunk),
                Ssml::None => Plain { document: &mut says, traits, voice, pace, text: String::new() }.say(&chunk),
            }
        }
        says.finish()
    });
    match capabilities.ssml {
        Ssml::Whole => document.written(written),
        Ssml::None => document.written(&written.replace(PUBLIC_URL, envelope.public_url)),
    }
    Ok(())
}

fn say(document: &mut Document, name: &str, voice: Voice, pace: Pace, parts: &[Part<'_>]) {
    // Where a long speech is cut, its last rest may stand alone: a voice that says nothing is an error to a provider.
    let is_heard = |part: &Part<'_>| match part {
        Part::Text(words) | Part::Spelled { written: words, .. } => !is_blank(words),
        Part::Break(_) => false,
    };
    if !parts.iter().any(is_heard) {
        return;
    }
    document.open(name, &[("language", voice.language), ("voice", voice.name)]);
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
    document.close(name);
}

/// A chunk in plain words: what is collected is said when a silence comes, and at the end.
struct Plain<'a> {
    document: &'a mut Document,
    traits: &'a Traits,
    voice: Voice,
    pace: Pace,
    text: String,
}

impl Plain<'_> {
    fn say(mut self, parts: &[Part<'_>]) {
        let by_sentences = self.pace == Pace::Slow && !self.traits.capabilities.speed;
        for part in parts {
            match part {
                Part::Text(text) if by_sentences => {
                    let mut sentences = chunks::sentences(text).peekable();
                    while let Some(sentence) = sentences.next() {
                        self.text.push_str(sentence);
                        if sentences.peek().is_some() {
                            self.flush();
                            self.silence(AFTER_SENTENCE);
                        }
                    }
                }
                Part::Text(text) => self.text.push_str(text),
                Part::Spelled { spoken, .. } => self.text.push_str(spoken),
                Part::Break(ms) => {
                    self.flush();
                    self.silence(*ms);
                }
            }
        }
        self.flush();
        if by_sentences && !matches!(parts.last(), Some(Part::Break(_))) {
            self.silence(AFTER_SENTENCE);
        }
    }

    fn flush(&mut self) {
        // No voice has a word for it, and it must not become one of ours.
        if self.text.contains(PUBLIC_URL) {
            self.text = self.text.replace(PUBLIC_URL, "");
        }
        // A full stop alone is nothing to say.
        if self.text.contains(char::is_alphanumeric) {
            let mut attributes = vec![("language", self.voice.language), ("voice", self.voice.name)];
            if self.pace == Pace::Slow && self.traits.capabilities.speed {
                attributes.push(("voiceSpeed", SLOW_SPEED));
            }
            self.document.element(self.traits.speaks, &attributes, self.text.trim());
        }
        self.text.clear();
    }

    fn silence(&mut self, ms: u32) {
        if let Some(name) = silence_named(ms) {
            self.document.element("Play", &[], &[PUBLIC_URL, "/audio/", &name, ".wav"].concat());
        }
    }
}
