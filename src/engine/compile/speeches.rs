//! From scripts to what is said: the same words in every language of the line, or what is missing.

use std::sync::Arc;

use super::Compiler;
use crate::{
    call::{Key, Lang, Speech},
    diagnostic::{Diagnostic, Place},
    engine::{Phrase, Said},
    files::Name,
    flow,
    script::{DICTATED_IN, Part, Script, Speaker, Variable, unnamed_sign},
};

impl Compiler<'_> {
    /// What the program says by itself.
    pub(super) fn phrase(&mut self, phrase: Phrase) -> Said {
        self.phrase_with(phrase.script(), |speaker, script| match phrase.key() {
            Some(key) => speaker.choice(script, key),
            None => speaker.speech(script),
        })
    }

    /// A script that the program says by itself, made into speeches by `speech`.
    pub(super) fn phrase_with(&mut self, id: &str, speech: impl Fn(&Speaker<'_>, &Script) -> Vec<Speech>) -> Said {
        self.said(id, speech, |_, lang| {
            Diagnostic::error("missing-script", format!("the script `{id}` is missing in `{lang}`"))
                .help(format!("the program itself says it: write audio_scripts/{lang}/{id}.md"))
        })
    }

    /// A script that a node says.
    pub(super) fn script(&mut self, node: &flow::Node, name: &Name) -> Said {
        self.said(name, |speaker, script| speaker.speech(script), |compiler, lang| compiler.missing(node, name, lang))
    }

    /// A script that names a choice.
    pub(super) fn choice(&mut self, node: &flow::Node, name: &Name, key: Key) -> Said {
        let speech = |speaker: &Speaker<'_>, script: &Script| speaker.choice(script, key.to_char());
        self.said(name, speech, |compiler, lang| compiler.missing(node, name, lang))
    }

    /// A script in every language. One that is missing leaves a gap, and the world will not be made.
    fn said(
        &mut self,
        id: &str,
        speech: impl Fn(&Speaker<'_>, &Script) -> Vec<Speech>,
        missing: impl Fn(&Self, Lang) -> Diagnostic,
    ) -> Said {
        let mut speeches = Vec::with_capacity(self.langs.len());
        for lang in self.langs.clone() {
            let scripts = self.scripts;
            match (self.speaker(lang), scripts.get(lang, id)) {
                (Some(speaker), Some(script)) => {
                    speeches.push(speech(&speaker, script).into_iter().map(Arc::new).collect());
                }
                (Some(_), None) if !scripts.is_broken_script(lang, id) => {
                    let missing = missing(self, lang);
                    self.is_missing(lang, id, missing);
                }
                // The language, or the script, is already said to be wrong.
                _ => {}
            }
            if let Some(script) = scripts.get(lang, id) {
                if !Phrase::OF_A_LINE.contains(&id) {
                    self.no_line_here(script);
                }
                self.known_voices(script);
                self.dictated(script);
            }
        }
        Said(speeches)
    }

    /// Words of another language are said by its voice: it must be one that the line has.
    pub(super) fn known_voices(&mut self, script: &Script) {
        for part in &script.parts {
            if let Part::Foreign(lang, _) = part
                && !self.scripts.languages.contains_key(lang)
            {
                let known = self.scripts.languages.keys().map(Lang::as_str).collect::<Vec<_>>().join(", ");
                let error =
                    Diagnostic::error("unknown-marker", format!("no marker and no language is called `{lang}`"))
                        .at(script.place_of(lang.as_str()))
                        .help(format!("words of another language stand behind its code; the languages are: {known}"));
                self.find(error);
            }
        }
    }

    /// What is dictated needs its voice, and a name for each of its signs.
    fn dictated(&mut self, script: &Script) {
        if self.scripts.is_broken_language(DICTATED_IN) {
            return;
        }
        let words = self.scripts.languages.get(&DICTATED_IN);
        for dictated in script.dictated() {
            let diagnostic = match words.map(|words| unnamed_sign(&dictated.text, &words.punctuation)) {
                None => Diagnostic::error("unknown-marker", format!("nothing can be dictated without the language `{DICTATED_IN}`"))
                    .help(format!("letters are dictated in that language: copy the folder audio_scripts/{DICTATED_IN} of the program")),
                Some(Some(sign)) => Diagnostic::error("marker", format!("the sign {sign} has no name: nobody would write it down"))
                    .help(format!("name it under `punctuation` in audio_scripts/{DICTATED_IN}/language.yaml, or leave it out; what the caller fills in is said behind the marker")),
                Some(None) => continue,
            };
            let place = Place { file: script.file.clone(), span: dictated.span.clone() };
            self.find(diagnostic.at(place));
        }
    }

    /// Only the announcement of a transfer knows a line.
    pub(super) fn no_line_here(&mut self, script: &Script) {
        for variable in [Variable::Line, Variable::Speaks] {
            if script.parts.contains(&Part::Variable(variable)) {
                let name = variable.name();
                let error = Diagnostic::error(
                    "marker-without-line",
                    format!("{{{name}}} says nothing here: no line is called"),
                )
                .at(script.place_of(name))
                .help("it belongs into the announcement of a transfer, and no other node may say that script");
                self.find(error);
            }
        }
    }

    pub(super) fn speaker(&self, lang: Lang) -> Option<Speaker<'_>> {
        let words = self.scripts.languages.get(&lang)?;
        Some(Speaker {
            signs: self.scripts.languages.get(&DICTATED_IN).map(|words| &words.punctuation),
            operator: self.settings.operator.get(&lang).unwrap_or(&words.operator),
            contact: self.settings.contact.get(&lang).unwrap_or(&words.contact),
            call_is_free: self.settings.call_is_free,
            ..Speaker::new(lang, words, &self.scripts.facts)
        })
    }
}
