//! Recordings: `fr/documents/overview.wav` beside `fr/documents/overview.md` takes the place of the voice.
//!
//! Where there is none the voice reads the text, so a script may be recorded today and another one next year.

use std::sync::Arc;

use super::{Part, Script, Scripts, in_language};
use crate::{
    call::{Lang, NotARecording, Recording},
    diagnostic::{Diagnostic, Place},
    files::{Files, Sound},
};

/// Why a recording is not played.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unplayed {
    /// It is one of the operator's own, and its text is not: an update might change what it says.
    Alone,
    /// It says the text, or the facts, over which the operator has laid others.
    Below,
}

impl Scripts {
    /// Every recording of every language.
    pub(crate) fn recordings(&self) -> impl Iterator<Item = &Arc<Recording>> {
        self.scripts.values().flat_map(|scripts| scripts.values()).filter_map(|script| script.recording.as_ref())
    }

    /// Gives each recording to the script beside it.
    pub(super) fn add_recordings(&mut self, files: &Files, diagnostics: &mut Vec<Diagnostic>) {
        diagnostics.extend(files.sounds.iter().filter_map(|sound| self.add_recording(sound, files)));
    }

    /// With files of the operator's over others, a fact may be said in other words than when it was recorded.
    pub(super) fn silence_other_facts(&mut self, files: &Files) {
        if files.laid.is_none() {
            return;
        }
        for (lang, scripts) in &mut self.scripts {
            let Some(words) = self.languages.get(lang) else { continue };
            for (id, script) in scripts.iter_mut().filter(|(_, script)| script.recording.is_some()) {
                let is_own = || files.sounds.iter().any(|sound| sound.over && sound.is_beside(*lang, id));
                let is_right = match &script.front.recorded {
                    _ if !script.parts.iter().any(|part| matches!(part, Part::Fact { .. })) => true,
                    Some(recorded) => **recorded == script.recorded_fingerprint(*lang, words, &self.facts),
                    None => is_own(),
                };
                if !is_right {
                    (script.recording, script.unplayed) = (None, Some(Unplayed::Below));
                }
            }
        }
    }

    fn add_recording(&mut self, sound: &Sound, files: &Files) -> Option<Diagnostic> {
        let place = Place::top(&sound.source);
        let error =
            |message: String, help: String| Some(Diagnostic::error("recording", message).at(place.clone()).help(help));
        let (stem, _) = sound.name.rsplit_once('.')?;
        let Some((Ok(lang), id)) = in_language(stem) else {
            // The folder itself is said to be no language where it has texts.
            let help = "put it beside its text, in the folder of its language".to_owned();
            return error("this recording is in no language".to_owned(), help);
        };
        let Some(bytes) = &sound.bytes else {
            let message = "this recording is not played: it is no WAV file";
            let help = "save it as WAV with 16 bits, mono, 8000 samples a second; or remove it";
            return Some(Diagnostic::warning("file-passed-over", message).at(place).help(help));
        };
        let recording = Recording::read(bytes);
        if self.is_broken_script(lang, id) {
            return None;
        }
        let Some(script) = self.scripts.get_mut(&lang).and_then(|scripts| scripts.get_mut(id)) else {
            let help = format!("write what it says as audio_scripts/{lang}/{id}.md, or rename the recording");
            return error("no script stands beside this recording".to_owned(), help);
        };
        if let Some(marker) = script.changing() {
            let message = format!("this script can't be recorded: what it says at {{{marker}}} is not always the same");
            let help = "remove the recording; or put that marker into another script, said before or behind this one";
            return error(message, help.to_owned());
        }
        let is_own_text = || files.files.iter().any(|file| file.over && Arc::ptr_eq(&file.source, &script.file));
        if let Some(below) = &sound.text_below
            && !Script::parse(below).is_ok_and(|below| below.fingerprint() == script.fingerprint())
        {
            script.unplayed = Some(Unplayed::Below);
            return None;
        }
        match recording {
            Ok(_) if sound.over && !is_own_text() => script.unplayed = Some(Unplayed::Alone),
            Ok(recording) => script.recording = Some(Arc::new(recording)),
            Err(wrong) => return error(wrong.to_string(), help(wrong).to_owned()),
        }
        None
    }
}

impl Sound {
    fn is_beside(&self, lang: Lang, id: &str) -> bool {
        self.name.rsplit_once('.').is_some_and(|(stem, _)| stem == format!("{lang}/{id}"))
    }
}

impl Script {
    /// The first marker whose words depend on the call or on the settings.
    fn changing(&self) -> Option<&'static str> {
        self.parts.iter().find_map(|part| match part {
            Part::Variable(variable) => Some(variable.name()),
            Part::Free(_) => Some("free"),
            _ => None,
        })
    }
}

fn help(wrong: NotARecording) -> &'static str {
    match wrong {
        NotARecording::NotWav | NotARecording::Format | NotARecording::Channels | NotARecording::Rate(_) => {
            "save it as WAV with 16 bits, mono, 8000 samples a second, as audio_scripts/README.md explains"
        }
        NotARecording::CutOff => "copy it once more, or save it again",
        NotARecording::Empty => "record it again, or remove it: the voice then reads the text",
        NotARecording::TooLong => "make two scripts of it, and two recordings",
    }
}
