//! What those hear who answer for us: the same words in every language of the line, for callers of every language.

use super::Compiler;
use crate::{
    engine::{
        Said,
        leg::{self, Whispers},
    },
    script::{Script, Speaker},
};

impl Compiler<'_> {
    pub(super) fn whispers(&mut self) -> Whispers {
        let call = self.langs.clone().into_iter().map(|of| {
            // What that language calls itself, where this one has no word for it.
            let own = self.scripts.languages.get(&of).map_or("", |words| words.name.as_str());
            self.phrase_with(leg::WHISPER, |speaker, script| {
                let language = speaker.words.languages.get(&of).map_or(own, |name| name.as_str());
                Speaker { language, ..*speaker }.speech(script)
            })
        });
        let call = call.collect();
        Whispers {
            call,
            no_language: self.whispered(leg::NO_LANGUAGE),
            silent: self.whispered(leg::SILENT),
            choices: [(leg::KEY_ACCEPT, leg::ACCEPT), (leg::KEY_REFUSE, leg::REFUSE)]
                .map(|(id, key)| self.phrase_with(id, |speaker, script| speaker.choice(script, key))),
            connected: self.whispered(leg::CONNECTED),
            taken: self.whispered(leg::TAKEN),
            over: self.whispered(leg::OVER),
        }
    }

    fn whispered(&mut self, id: &str) -> Said {
        self.phrase_with(id, |speaker: &Speaker<'_>, script: &Script| speaker.speech(script))
    }
}
