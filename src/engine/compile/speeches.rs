//! From scripts to what is said: the same words in every language of the line, or what is missing.

use std::sync::Arc;

use super::{Compiler, suggest::nearest};
use crate::{
    call::{Key, Lang, Speech},
    diagnostic::Diagnostic,
    engine::{Phrase, Said},
    files::Name,
    flow,
    script::{Script, Speaker},
};

impl Compiler<'_> {
    pub(super) fn phrase(&mut self, phrase: Phrase) -> Said {
        let missing = |lang: Lang| {
            Diagnostic::error("missing-script", format!("the script {} is missing in `{lang}`", phrase.script()))
                .help(format!("the program itself says it: write audio_scripts/{lang}/{}.md", phrase.script()))
        };
        let (said, found) = self.said(phrase.script(), &missing);
        self.found.extend(found);
        said
    }

    /// A script in every language; a speech that is missing is empty, and the world will not be made.
    fn said(&self, id: &str, missing: &dyn Fn(Lang) -> Diagnostic) -> (Said, Vec<Diagnostic>) {
        self.each_language(|speaker| match self.scripts.get(speaker.lang, id) {
            Some(script) => Ok(speaker.speech(script)),
            None => Err(missing(speaker.lang)),
        })
    }

    fn each_language(&self, speech: impl Fn(&Speaker<'_>) -> Result<Speech, Diagnostic>) -> (Said, Vec<Diagnostic>) {
        let mut found = Vec::new();
        let speeches = self.langs.iter().filter_map(|lang| {
            let speaker = self.speaker(*lang)?;
            match speech(&speaker) {
                Ok(speech) => Some(Arc::new(speech)),
                Err(diagnostic) => {
                    found.push(diagnostic);
                    None
                }
            }
        });
        (Said(speeches.collect()), found)
    }

    pub(super) fn speaker(&self, lang: Lang) -> Option<Speaker<'_>> {
        let words = self.scripts.languages.get(&lang)?;
        Some(Speaker {
            lang,
            words,
            operator: self.settings.operator.get(&lang).unwrap_or(&words.operator),
            contact: self.settings.contact.get(&lang).unwrap_or(&words.contact),
            line: "",
            speaks: None,
            call_is_free: self.settings.call_is_free,
        })
    }

    pub(super) fn script(&mut self, node: &flow::Node, name: &Name) -> Said {
        let missing = |lang| self.missing(node, name, lang);
        let (said, found) = self.said(name, &missing);
        self.found.extend(found);
        said
    }

    pub(super) fn choice(&mut self, node: &flow::Node, name: &Name, key: Key) -> Said {
        let (said, found) = self.each_language(|speaker| match self.scripts.get(speaker.lang, name) {
            Some(script) => Ok(speaker.choice(script, key.to_char())),
            None => Err(self.missing(node, name, speaker.lang)),
        });
        self.found.extend(found);
        said
    }

    pub(super) fn missing_script(&mut self, node: &flow::Node, name: &Name, lang: Lang) {
        self.found.push(self.missing(node, name, lang));
    }

    fn missing(&self, node: &flow::Node, name: &Name, lang: Lang) -> Diagnostic {
        let elsewhere = self.langs.iter().any(|other| self.scripts.get(*other, name).is_some());
        let code = if elsewhere { "missing-translation" } else { "missing-script" };
        let known = self.scripts.scripts.get(&lang).into_iter().flatten().map(|(id, _): (&String, &Script)| id);
        let help = match nearest(name, known).filter(|_| !elsewhere) {
            Some(nearest) => format!("did you mean `{nearest}`? Else write audio_scripts/{lang}/{}.md", **name),
            None => format!("write audio_scripts/{lang}/{}.md", **name),
        };
        Diagnostic::error(code, format!("the script `{}` is missing in `{lang}`", **name)).at(node.at(name)).help(help)
    }
}
