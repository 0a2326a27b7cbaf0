//! What the program itself must know of a flow: the languages that are spoken, and the node of each role.

use super::Compiler;
use crate::{
    call::{Lang, NodeId},
    diagnostic::Diagnostic,
    engine::Roles,
    files::Name,
    flow,
};

impl Compiler<'_> {
    /// The languages, as the first node offers them.
    pub(super) fn languages(&mut self) -> Vec<Lang> {
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

    pub(super) fn roles(&mut self) -> Roles {
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
                "listener" => (matches!(&node.kind, flow::Kind::Transfer(_)), "a `transfer` node"),
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
            listener: id(&universal.listener),
            person: id(&universal.person),
            numbers: id(&universal.numbers),
            gentle_end: id(&universal.gentle_end),
        }
    }
}
