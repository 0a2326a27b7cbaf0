//! From flows, scripts and lines to a world: names become ids, scripts become speeches, and what does not fit together
//! becomes diagnostics. A world that was made can be spoken from every place.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use sha2::{Digest, Sha256};

use super::{Choice, Kind, Node, Phrase, Roles, Said, World};
use crate::{
    call::{Key, Lang, LineId, NodeId, Speech},
    diagnostic::{Diagnostic, Place},
    files::Name,
    flow::{self, Flow},
    lines::{Line, Lines},
    script::{Part, Script, Scripts, Speaker, Variable},
};

/// What the operator's settings say of the line itself.
#[derive(Clone, Default, Debug)]
pub struct Settings {
    /// Who runs the line, as spoken in each language.
    pub operator: BTreeMap<Lang, String>,
    /// How to reach them, as spoken in each language.
    pub contact: BTreeMap<Lang, String>,
    /// Whether the call costs the caller nothing.
    pub call_is_free: bool,
}

impl World {
    /// Links everything together, or says everything that does not fit.
    pub fn build(flow: &Flow, scripts: &Scripts, lines: &Lines, settings: &Settings) -> Result<World, Vec<Diagnostic>> {
        let mut compiler = Compiler { flow, scripts, lines, settings, langs: Vec::new(), found: Vec::new() };
        compiler.langs = compiler.languages();
        let roles = compiler.roles();
        let phrases = Phrase::ALL.map(|phrase| compiler.phrase(phrase));
        let mut nodes = HashMap::with_capacity(flow.nodes.len());
        for node in flow.nodes.values() {
            let compiled = compiler.node(node);
            if let Some(Node { name, .. }) = nodes.insert(compiled.id, compiled) {
                compiler.error(
                    "name-collision",
                    format!("`{}` and `{name}` have the same short id", node.name),
                    node.place.clone(),
                    "rename one of them",
                );
            }
        }
        compiler.circles();
        if compiler.found.is_empty() {
            Ok(World { langs: compiler.langs, roles, nodes, phrases: phrases.into() })
        } else {
            Err(compiler.found)
        }
    }
}

struct Compiler<'a> {
    flow: &'a Flow,
    scripts: &'a Scripts,
    lines: &'a Lines,
    settings: &'a Settings,
    langs: Vec<Lang>,
    found: Vec<Diagnostic>,
}

impl Compiler<'_> {
    fn error(&mut self, code: &'static str, message: String, place: Place, help: impl Into<String>) {
        self.found.push(Diagnostic::error(code, message).at(place).help(help));
    }

    /// The languages, as the first node offers them.
    fn languages(&mut self) -> Vec<Lang> {
        let start = &self.flow.universal.value.start;
        match self.flow.nodes.get(start.as_str()) {
            Some(flow::Node { kind: flow::Kind::Language(language), .. }) => {
                let langs: Vec<Lang> = language.keys.values().map(|lang| **lang).collect();
                for lang in language.keys.values().filter(|lang| !self.scripts.languages.contains_key(lang)) {
                    let place = self.flow.nodes[start.as_str()].at(lang);
                    let error =
                        Diagnostic::error("unknown-language", format!("the line has no scripts in `{}`", **lang));
                    self.found.push(error.at(place).help(format!(
                        "write audio_scripts/{}/language.yaml and the scripts, or remove the key",
                        **lang
                    )));
                }
                langs
            }
            _ => {
                let place = start.place(&self.flow.universal.file);
                self.error(
                    "role",
                    "a call must begin at a `language` node".into(),
                    place,
                    "name one here: the caller hears the emergency words and chooses a language",
                );
                Vec::new()
            }
        }
    }

    fn roles(&mut self) -> Roles {
        let universal = &self.flow.universal;
        for (role, name) in universal.value.roles() {
            let place = name.place(&universal.file);
            let Some(node) = self.flow.nodes.get(name.as_str()) else {
                self.unknown_node(name, place);
                continue;
            };
            let (right, wanted) = match role {
                "languages" => (
                    matches!(&node.kind, flow::Kind::Language(l) if l.then.is_none()),
                    "a `language` node without `then`",
                ),
                "person" => (
                    matches!(&node.kind, flow::Kind::Transfer(t) if t.any_key_stays),
                    "a `transfer` node with `any_key_stays: true`",
                ),
                "numbers" => (matches!(&node.kind, flow::Kind::Say(_)), "a `say` node"),
                "gentle_end" => (matches!(&node.kind, flow::Kind::End(_)), "an `end` node"),
                "main_menu" | "help" => (matches!(&node.kind, flow::Kind::Menu(_)), "a `menu` node"),
                "urgent_help" => {
                    (matches!(&node.kind, flow::Kind::Say(_) | flow::Kind::Menu(_)), "a `say` or a `menu` node")
                }
                _ => (true, ""),
            };
            if !right {
                self.error(
                    "role",
                    format!("`{}` can't be {role}: that must be {wanted}", **name),
                    place,
                    "name another node here",
                );
            }
        }
        let id = |name: &Name| NodeId::of(name);
        let universal = &universal.value;
        Roles {
            start: id(&universal.start),
            main_menu: id(&universal.main_menu),
            help: id(&universal.help),
            urgent_help: id(&universal.urgent_help),
            languages: id(&universal.languages),
            person: id(&universal.person),
            numbers: id(&universal.numbers),
            gentle_end: id(&universal.gentle_end),
        }
    }

    fn unknown_node(&mut self, name: &Name, place: Place) {
        let nearest = nearest(name, self.flow.nodes.keys());
        let help = nearest.map_or_else(
            || "write that node, or name another one".to_owned(),
            |nearest| format!("did you mean `{nearest}`? Else write that node"),
        );
        self.error("unknown-node", format!("no node is called `{}`", **name), place, help);
    }

    fn phrase(&mut self, phrase: Phrase) -> Said {
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

    fn speaker(&self, lang: Lang) -> Option<Speaker<'_>> {
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

    fn node(&mut self, node: &flow::Node) -> Node {
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
            flow::Kind::Language(language) => (self.language(node, language), &None),
            flow::Kind::Transfer(transfer) => (self.transfer(node, transfer), &transfer.back),
            flow::Kind::End(end) => (Kind::End { say: self.script(node, &end.say) }, &None),
        };
        let keymap = keymap(&kind);
        Node { id: NodeId::of(&node.name), name: node.name.clone(), kind, back: back.as_ref().map(id), keymap }
    }

    fn language(&mut self, node: &flow::Node, language: &flow::Language) -> Kind {
        let mut intro = Vec::new();
        for (lang, name) in language.intro.iter().flat_map(|intro| &intro.0) {
            match (self.scripts.get(**lang, name), self.speaker(**lang)) {
                (Some(script), Some(speaker)) => intro.push(Arc::new(speaker.speech(script))),
                _ => self.missing_script(node, name, **lang),
            }
        }
        let choices = language.keys.iter().filter_map(|(digit, lang)| {
            let key = Key::digit(**digit)?;
            let speaker = self.speaker(**lang)?;
            let speech = speaker.language_choice(key.to_char());
            Some((key, **lang, Arc::new(speech)))
        });
        Kind::Language { intro, choices: choices.collect(), then: language.then.as_ref().map(|name| NodeId::of(name)) }
    }

    fn transfer(&mut self, node: &flow::Node, transfer: &flow::Transfer) -> Kind {
        let line = self.lines.get(&transfer.line);
        let number = line.and_then(|line| line.dial.as_ref());
        if line.is_none() {
            let names = self.lines.lines.value.keys().map(|name| name.to_string()).collect::<Vec<_>>().join(", ");
            let message = format!("no line is called `{}`", *transfer.line);
            self.error(
                "unknown-line",
                message,
                node.at(&transfer.line),
                format!("the lines of lines.yaml are: {names}"),
            );
        } else if number.is_none() {
            let message = format!("`{}` can only be announced, not called", *transfer.line);
            self.error(
                "line-not-dialled",
                message,
                node.at(&transfer.line),
                "give the line a `dial` number in lines.yaml, or announce it with a `say` node",
            );
        }
        Kind::Transfer {
            say: self.announcement(node, &transfer.say, line),
            line: LineId::of(&transfer.line),
            // Without a number there is a diagnostic, and this world is never used.
            number: number.map_or_else(placeholder_number, |number| (**number).clone()),
            ring: line.map_or(crate::lines::MAX_RING_SECONDS, Line::ring),
            capacity: line.and_then(|line| line.capacity.as_ref()).map(|capacity| **capacity),
            then: NodeId::of(&transfer.then),
            failed: NodeId::of(&transfer.failed),
            any_key_stays: transfer.any_key_stays,
        }
    }

    /// T9: a line that does not speak the caller's language is announced with the one that it speaks.
    fn announcement(&mut self, node: &flow::Node, name: &Name, line: Option<&Line>) -> Said {
        let speeches = self.langs.clone().into_iter().filter_map(|lang| {
            let spoken_name = line.and_then(|line| line.name.get(&lang)).map_or("", String::as_str).to_owned();
            if let Some(line) = line.filter(|line| !line.name.contains_key(&lang)) {
                let place = line.announce.place(&self.lines.lines.file);
                self.error("missing-translation", format!("this line has no name in `{lang}`"), place, "add it under `name`");
            }
            let script = self.scripts.get(lang, name);
            if script.is_none() {
                self.missing_script(node, name, lang);
            }
            let other = line.and_then(|line| line.speaks.first().filter(|_| !line.speaks.contains(&lang)));
            let other = other.map(|spoken| format!("speaks/{spoken}"));
            if let Some(id) = other.as_ref().filter(|id| self.scripts.get(lang, id).is_none()) {
                let message = format!("the script {id} is missing in `{lang}`");
                let help = format!("this line does not speak `{lang}`: write audio_scripts/{lang}/{id}.md, which says what is spoken there");
                self.error("missing-script", message, node.at(name), help);
            }
            let silent = other.is_some() && script.is_some_and(|s| !s.parts.contains(&Part::Variable(Variable::Speaks)));
            if let (true, Some(script)) = (silent, script) {
                let message = format!("this line does not speak `{lang}`, and its announcement does not say so");
                self.error("speaks-not-said", message, Place::top(&script.file), "write {speaks} where the caller shall hear what is spoken there");
            }
            let speaks = other.and_then(|id| self.scripts.get(lang, &id));
            let speaker = Speaker { line: &spoken_name, speaks, ..self.speaker(lang)? };
            Some(Arc::new(speaker.speech(script?)))
        });
        Said(speeches.collect())
    }

    fn script(&mut self, node: &flow::Node, name: &Name) -> Said {
        let missing = |lang| self.missing(node, name, lang);
        let (said, found) = self.said(name, &missing);
        self.found.extend(found);
        said
    }

    fn choice(&mut self, node: &flow::Node, name: &Name, key: Key) -> Said {
        let (said, found) = self.each_language(|speaker| match self.scripts.get(speaker.lang, name) {
            Some(script) => Ok(speaker.choice(script, key.to_char())),
            None => Err(self.missing(node, name, speaker.lang)),
        });
        self.found.extend(found);
        said
    }

    fn missing_script(&mut self, node: &flow::Node, name: &Name, lang: Lang) {
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

    /// Words that lead round in a circle never come to a place where the caller can choose.
    fn circles(&mut self) {
        let then = |name: &str| match self.flow.nodes.get(name).map(|node| &node.kind) {
            Some(flow::Kind::Say(say)) => Some(&say.then),
            _ => None,
        };
        let mut found = Vec::new();
        for node in self.flow.nodes.values() {
            let mut next = then(&node.name);
            for _ in 0..self.flow.nodes.len() {
                match next {
                    Some(name) if **name == node.name => {
                        found.push(
                            Diagnostic::error(
                                "circle",
                                format!("the words of `{}` lead back to themselves", node.name),
                            )
                            .at(node.place.clone())
                            .help("let one of them lead to a menu: a caller must be able to choose"),
                        );
                        break;
                    }
                    Some(name) => next = then(name),
                    None => break,
                }
            }
        }
        self.found.extend(found);
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
        Kind::Transfer { line, .. } => target('t', line.0),
        Kind::Say { then, .. } => target('>', then.0),
        Kind::End { .. } => {}
    }
    let digest = hash.finalize();
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}

fn placeholder_number() -> crate::call::E164 {
    #[expect(clippy::expect_used, reason = "a constant of the range reserved for fiction")]
    "+33199000000".parse().expect("a number")
}

/// The known name that is most like `name`, if one is near enough to be a slip of the pen.
fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n String>) -> Option<&'n String> {
    known
        .map(|known| (strsim::levenshtein(name, known), known))
        .filter(|(distance, _)| *distance * 3 <= name.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}
