//! From a node of the flows to a node of the world: names become ids, keys become keys.

use std::{collections::BTreeSet, sync::Arc};

use sha2::{Digest, Sha256};

use super::Compiler;
use crate::{
    call::{Key, NodeId},
    engine::{Choice, Kind, Node},
    files::Name,
    flow,
    script::has_words,
};

impl Compiler<'_> {
    pub(super) fn node(&mut self, node: &flow::Node) -> Node {
        for target in node.targets() {
            if !self.flow.nodes.contains_key(target.as_str()) {
                self.unknown_node(target, node.at(target));
            }
        }
        let id = |name: &Name| NodeId::of(name);
        let (kind, back) = match &node.kind {
            flow::Kind::Menu(menu) => {
                let choices = menu.keys.iter().filter_map(|(digit, choice)| {
                    let key = Key::digit(**digit)?;
                    let said = self.choice(node, &choice.say, key);
                    Some(Choice { key, said, go: id(&choice.go) })
                });
                let choices = choices.collect();
                let kind = Kind::Menu {
                    intro: menu.intro.as_ref().map(|name| self.script(node, name)),
                    choices,
                    once: menu.once.as_ref().map(|name| self.script(node, name)),
                    silence: menu.silence.as_ref().map(|silence| (*silence.after, id(&silence.go))),
                };
                (kind, &menu.back)
            }
            flow::Kind::Say(say) => {
                let kind = Kind::Say {
                    scripts: say.scripts.iter().map(|name| self.script(node, name)).collect(),
                    then: id(&say.then),
                    once: say.once,
                    every_language: say.every_language,
                };
                (kind, &say.back)
            }
            flow::Kind::Read(read) => (self.read(node, read), &read.back),
            flow::Kind::Ask(ask) => (self.ask(node, ask), &ask.back),
            flow::Kind::Find(find) => (self.find_node(node, find), &find.back),
            flow::Kind::Choose(choose) => (self.choose(node, choose), &None),
            flow::Kind::Language(language) => (self.language(node, language), &None),
            flow::Kind::Transfer(transfer) => (self.transfer(node, transfer), &transfer.back),
            flow::Kind::End(end) => (Kind::End { say: self.script(node, &end.say) }, &None),
        };
        let keymap = keymap(&kind);
        let (name, goals) = (node.name.as_str().into(), self.goals(node));
        Node { id: NodeId::of(&node.name), name, kind, back: back.as_ref().map(id), keymap, goals }
    }

    fn language(&mut self, node: &flow::Node, language: &flow::Language) -> Kind {
        let mut intro = Vec::new();
        for (lang, name) in language.intro.iter().flat_map(|intro| &intro.0) {
            let Some(script) = self.scripts.get(**lang, name) else {
                self.missing_script(node, name, **lang);
                continue;
            };
            self.no_line_here(script);
            self.known_voices(script);
            // A language without its words is already said to lack them.
            if let Some(speaker) = self.speaker(**lang) {
                intro.extend(speaker.speech(script).into_iter().map(Arc::new));
            }
        }
        self.languages_offered(node, language);
        let choices = language.keys.iter().filter_map(|(digit, lang)| {
            let key = Key::digit(**digit)?;
            let speaker = self.speaker(**lang)?;
            let speech = speaker.language_choice(key.to_char());
            Some((key, **lang, Arc::new(speech)))
        });
        Kind::Language { intro, choices: choices.collect(), then: language.then.as_ref().map(|name| NodeId::of(name)) }
    }

    /// Every language that can be chosen has its words, is one of those that a call begins with, and has one key.
    fn languages_offered(&mut self, node: &flow::Node, language: &flow::Language) {
        let mut seen = BTreeSet::new();
        for lang in language.keys.values() {
            let place = node.at(lang);
            if !seen.insert(**lang) {
                let message = format!("`{}` is offered twice", **lang);
                self.error("language-twice", message, place, "one key leads to one language: remove one of the two");
            } else if !self.scripts.languages.contains_key(lang) {
                if !self.scripts.is_broken_language(**lang) && !self.scripts.scripts.contains_key(lang) {
                    let help =
                        format!("write audio_scripts/{}/language.yaml and the scripts, or remove the key", **lang);
                    self.error("unknown-language", format!("the line has no scripts in `{}`", **lang), place, help);
                }
            } else if !has_words(**lang) {
                let message = format!("the program has no words for numbers in `{}`", **lang);
                let help = "no voice reads numbers in another language's way: remove the key until src/script/numbers and \
                            src/script/ear know the language; audio_scripts/README.md says how";
                self.error("number-words", message, place, help);
            } else if !self.langs.contains(lang) {
                let message = format!("`{}` is not among the languages that a call begins with", **lang);
                let help = "offer it in the node where a call begins, too, or remove it here";
                self.error("unknown-language", message, place, help);
            }
        }
    }
}

/// The keys of a place and what they lead to, as a number that changes when any of them does.
fn keymap(kind: &Kind) -> u32 {
    let mut hash = Sha256::new();
    let mut target = |key: char, id: u64| {
        hash.update([key as u8]);
        hash.update(id.to_be_bytes());
    };
    match kind {
        Kind::Menu { choices, silence, .. } => {
            choices.iter().for_each(|choice| target(choice.key.to_char(), choice.go.0));
            silence.iter().for_each(|(_, go)| target('s', go.0));
        }
        Kind::Language { choices, .. } => {
            choices.iter().for_each(|(key, lang, _)| target(key.to_char(), NodeId::of(lang.as_str()).0));
        }
        Kind::Transfer { chain, .. } => {
            let telephones = chain.attempts.iter().flat_map(|attempt| &attempt.line.telephones);
            telephones.for_each(|telephone| target('t', telephone.line.0));
        }
        Kind::Read(document) => target('r', document.follow.0),
        Kind::Ask(ask) => {
            target(if ask.wanted == flow::Wanted::PostalCode { 'p' } else { 'd' }, ask.then.0);
            target('u', ask.unknown.0);
        }
        Kind::Find(find) => {
            target('f', find.then.0);
            target('n', find.none.0);
        }
        Kind::Say { .. } | Kind::Choose(..) | Kind::End { .. } => {}
    }
    let digest = hash.finalize();
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}
