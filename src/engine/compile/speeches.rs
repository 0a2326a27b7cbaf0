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
        self.phrase_with(phrase.script(), |speaker, script| speaker.speech(script))
    }

    /// A script that the program says by itself, made into speeches by `speak`.
    pub(super) fn phrase_with(&mut self, id: &str, speak: impl Fn(&Speaker<'_>, &Script) -> Vec<Speech>) -> Said {
        self.each_language(id, speak, |lang| {
            Diagnostic::error("missing-script", format!("the script {id} is missing in `{lang}`"))
                .help(format!("the program itself says it: write audio_scripts/{lang}/{id}.md"))
        })
    }

    /// A script in every language; what is missing becomes a diagnostic, and the world will not be made.
    fn each_language(
        &mut self,
        id: &str,
        speak: impl Fn(&Speaker<'_>, &Script) -> Vec<Speech>,
        missing: impl Fn(Lang) -> Diagnostic,
    ) -> Said {
        let mut found = Vec::new();
        let speeches = self.langs.iter().filter_map(|lang| {
            let speaker = self.speaker(*lang)?;
            match self.scripts.get(*lang, id) {
                Some(script) => Some(speak(&speaker, script).into_iter().map(Arc::new).collect()),
                None => {
                    found.push(missing(*lang));
                    None
                }
            }
        });
        let said = Said(speeches.collect());
        // The same phrase may be missed by every document: it is told once.
        found.retain(|new| !self.found.contains(new));
        self.found.extend(found);
        said
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
            count: 0,
            call_is_free: self.settings.call_is_free,
        })
    }

    pub(super) fn script(&mut self, node: &flow::Node, name: &Name) -> Said {
        let missing = self.missing_in_each(node, name);
        self.each_language(name, |speaker, script| speaker.speech(script), missing)
    }

    pub(super) fn choice(&mut self, node: &flow::Node, name: &Name, key: Key) -> Said {
        let missing = self.missing_in_each(node, name);
        self.each_language(name, |speaker, script| speaker.choice(script, key.to_char()), missing)
    }

    fn missing_in_each(&self, node: &flow::Node, name: &Name) -> impl Fn(Lang) -> Diagnostic + use<> {
        let each: Vec<(Lang, Diagnostic)> =
            self.langs.iter().map(|lang| (*lang, self.missing(node, name, *lang))).collect();
        move |lang| each.iter().find(|(l, _)| *l == lang).map_or_else(|| Diagnostic::error("missing-script", ""), |(_, d)| d.clone())
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
