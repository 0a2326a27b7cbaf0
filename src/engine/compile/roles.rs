//! What the program itself must know of a flow: the languages that are spoken, and the node of each role.

use super::Compiler;
use crate::{
    call::{Lang, NodeId},
    diagnostic::{Diagnostic, Place},
    engine::Roles,
    files::Name,
    flow::{self, Kind},
    script::{Part, Script},
};

impl Compiler<'_> {
    /// The languages, as the first node offers them; where that is not known, all that have scripts, to judge the rest.
    pub(super) fn languages(&mut self) -> Vec<Lang> {
        let all = || self.scripts.languages.keys().copied().collect();
        let Some(universal) = &self.flow.universal else { return all() };
        let start = &universal.value.start;
        match self.flow.nodes.get(start.as_str()).map(|node| &node.kind) {
            Some(Kind::Language(language)) => {
                let langs: Vec<Lang> = language.keys.values().map(|lang| **lang).collect();
                langs
                    .iter()
                    .enumerate()
                    .filter(|(i, lang)| !langs[..*i].contains(lang))
                    .map(|(_, lang)| *lang)
                    .collect()
            }
            Some(_) => {
                let langs = all();
                let place = start.place(&universal.file);
                self.error(
                    "role",
                    "a call must begin at a `language` node".into(),
                    place,
                    "name one here: the caller hears the emergency words and chooses a language",
                );
                langs
            }
            None => all(),
        }
    }

    /// `None` where the file of the universal keys could not be read.
    pub(super) fn roles(&mut self) -> Option<Roles> {
        let universal = self.flow.universal.as_ref()?;
        for (role, name) in universal.value.roles() {
            let place = name.place(&universal.file);
            let Some(node) = self.flow.nodes.get(name.as_str()) else {
                self.unknown_node(name, place);
                continue;
            };
            if let Some(wanted) = wanted(role, &node.kind) {
                self.error(
                    "role",
                    format!("`{}` can't be the node of `{role}`: that must be {wanted}", **name),
                    place,
                    "name another node here, or change that one",
                );
            } else if role == "numbers" {
                self.says_numbers(node);
            } else if role == "crowded" {
                self.says_a_number(node, &universal.value, &place);
            }
        }
        let id = |name: &Name| NodeId::of(name);
        let universal = &universal.value;
        Some(Roles {
            start: id(&universal.start),
            main_menu: id(&universal.main_menu),
            help: id(&universal.help),
            urgent_help: id(&universal.urgent_help),
            languages: id(&universal.languages),
            listener: id(&universal.listener),
            person: id(&universal.person),
            numbers: id(&universal.numbers),
            gentle_end: id(&universal.gentle_end),
            crowded: id(&universal.crowded),
        })
    }

    /// While there are too many calls, a caller hears a number all the same, at a place that is no other one.
    fn says_a_number(&mut self, node: &flow::Node, universal: &flow::Universal, place: &Place) {
        if [&universal.start, &universal.languages].iter().any(|name| name.as_str() == node.name) {
            let help = "write a `language` node of its own for it, with short words before the languages";
            self.error("role", format!("`{}` can't be the node of `crowded`, too", node.name), place.clone(), help);
            return;
        }
        let Kind::Language(language) = &node.kind else { return };
        let mut scripts =
            language.intro.iter().flat_map(|intro| &intro.0).map(|(lang, name)| self.scripts.get(**lang, name));
        // A script that is missing is said to be missing, and may hold the numbers.
        if scripts.all(|script| script.is_some_and(|script| !says_one(script))) {
            self.found.push(
                Diagnostic::error("no-numbers", format!("`{}` says no number before the languages", node.name))
                    .at(node.place.clone())
                    .help(
                        "write one into a script of its `intro`, as in {tel: 112}: callers may hear no more than that",
                    ),
            );
        }
    }

    /// When nobody can be reached, a caller hears at least one number, in every language.
    fn says_numbers(&mut self, node: &flow::Node) {
        for lang in self.langs.clone() {
            let scripts: Vec<_> = node.scripts().into_iter().map(|name| self.scripts.get(lang, name)).collect();
            // A script that is missing is said to be missing, and may hold the numbers.
            if !scripts.is_empty() && scripts.iter().all(|script| script.is_some_and(|script| !says_one(script))) {
                self.found.push(
                    Diagnostic::error("no-numbers", format!("`{}` says no number in `{lang}`", node.name))
                        .at(node.place.clone())
                        .help("write at least one in its scripts, as in {tel: 112}: it is said when nobody can be reached"),
                );
            }
        }
    }
}

fn says_one(script: &Script) -> bool {
    script.parts.iter().any(|part| matches!(part, Part::Number(_)))
}

/// What the node of a role must be, if this one is something else.
fn wanted(role: &str, kind: &Kind) -> Option<&'static str> {
    let (right, wanted) = match role {
        "languages" | "crowded" => {
            (matches!(kind, Kind::Language(l) if l.then.is_none()), "a `language` node without `then`")
        }
        "person" => {
            (matches!(kind, Kind::Transfer(t) if t.any_key_stays), "a `transfer` node with `any_key_stays: true`")
        }
        "listener" => (matches!(kind, Kind::Transfer(_)), "a `transfer` node"),
        "numbers" => (matches!(kind, Kind::Say(say) if !say.once), "a `say` node without `once`"),
        "gentle_end" => (matches!(kind, Kind::End(_)), "an `end` node"),
        "main_menu" | "help" => (matches!(kind, Kind::Menu(_)), "a `menu` node"),
        "urgent_help" => (
            matches!(kind, Kind::Menu(_)) || matches!(kind, Kind::Say(say) if !say.once),
            "a `menu` node, or a `say` node without `once`",
        ),
        _ => (true, ""),
    };
    (!right).then_some(wanted)
}
