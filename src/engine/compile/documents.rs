//! Documents and the ways that the program chooses: their parts become ids, their conditions expressions.

use super::Compiler;
use crate::{
    call::{DocumentKey, Key, NodeId, PartId},
    engine::{Condition, Document, Kind, PartName, Phrase, Said},
    files::Name,
    flow,
    script::Speaker,
};

impl Compiler<'_> {
    pub(super) fn read(&mut self, node: &flow::Node, read: &flow::Read) -> Kind {
        let mut parts: Vec<(PartId, Said)> = Vec::with_capacity(read.parts.len());
        for name in &read.parts {
            let id = PartId::of(name);
            if parts.iter().any(|(other, _)| *other == id) {
                let message = format!("the part `{}` stands twice in this document", **name);
                self.error("part-twice", message, node.at(name), "remove one of them, or give its script another name");
            }
            parts.push((id, self.script(node, name)));
        }
        if parts.is_empty() {
            let message = format!("the document `{}` has no part", node.name);
            self.error("no-words", message, node.place.clone(), "name the scripts of its parts, in order");
        }
        let count = parts.len();
        let names = read
            .parts
            .iter()
            .map(|name| PartName { script: name.as_str().into(), goals: self.goals_at(name) })
            .collect();
        let writes = |name: &&Name| {
            self.langs.iter().any(|lang| self.scripts.get(*lang, name).is_some_and(|script| script.front.writes))
        };
        let written = read.parts.iter().filter(writes).map(|name| PartId::of(name)).collect();
        let begins =
            self.phrase_with(Phrase::READ_BEGINS, |speaker, script| Speaker { count, ..*speaker }.speech(script));
        let follow_key = key_of(DocumentKey::Next);
        let follow = self.choice(node, &read.end.say, follow_key);
        let own = [(Phrase::READ_PREVIOUS, DocumentKey::Previous), (Phrase::READ_PERSON, DocumentKey::Person)];
        let own = own.map(|(id, key)| self.phrase_with(id, |speaker, script| speaker.choice(script, key.char())));
        Kind::Read(Document {
            title: self.script(node, &read.title),
            begins,
            parts,
            names,
            dictation: read.pace.is_some(),
            written,
            end_choices: [follow].into_iter().chain(own).collect(),
            follow: NodeId::of(&read.end.go),
            then: NodeId::of(&read.then),
        })
    }

    pub(super) fn choose(&mut self, node: &flow::Node, choose: &flow::Choose) -> Kind {
        let mut conditions = Vec::with_capacity(choose.when.len());
        if choose.when.is_empty() {
            let message = format!("`{}` has no condition", node.name);
            let help = "write one below `when`, or let the others lead to the node behind it";
            self.error("condition", message, node.place.clone(), help);
        }
        for when in &choose.when {
            if let Some(condition) = self.condition(node, &when.condition) {
                conditions.push((condition, NodeId::of(&when.go)));
            }
        }
        Kind::Choose(conditions, NodeId::of(&choose.otherwise))
    }

    fn condition(&mut self, node: &flow::Node, source: &Name) -> Option<Condition> {
        match Condition::new(source) {
            Ok(condition) => Some(condition),
            Err(wrong) => {
                self.error("condition", wrong.message, node.at(source), wrong.help);
                None
            }
        }
    }
}

fn key_of(key: DocumentKey) -> Key {
    Key::from_char(key.char()).unwrap_or(Key::HASH)
}
