//! The line as a graph: every place with its first words, and what leads from one to the other. `draw` makes it a picture.
//!
//! The words come from outside, as the scripts are not known here. Universal keys are no ways: they lead from everywhere to
//! the same few places, which are marked.

use std::collections::{BTreeSet, VecDeque};

use serde::Serialize;

use super::{Flow, Kind, Node};

/// Letters of a place's words that are shown.
const SHOWN: usize = 48;

/// The whole line.
#[derive(Debug, Serialize)]
pub struct Graph {
    /// The places, from the one where a call begins.
    pub nodes: Vec<GraphNode>,
    /// The ways between them.
    pub edges: Vec<GraphEdge>,
}

/// A place.
#[derive(Debug, Serialize)]
pub struct GraphNode {
    /// Its name.
    pub name: String,
    /// Its kind: menu, say, read, ask, find, choose, language, transfer, end.
    pub kind: &'static str,
    /// What is heard first there.
    pub words: String,
    /// The key that leads here from everywhere, and other roles.
    pub roles: Vec<&'static str>,
}

/// A way from one place to another.
#[derive(Debug, Serialize)]
pub struct GraphEdge {
    /// From this place.
    pub from: String,
    /// To that one.
    pub to: String,
    /// What makes the caller go: a key and its words, silence, the end of the words.
    pub label: String,
    /// Whether the caller chose it, by a key.
    pub chosen: bool,
}

impl Graph {
    /// Draws up `flow`; `words` gives the text of a script.
    pub fn new(flow: &Flow, words: impl Fn(&str) -> String) -> Graph {
        let nodes = in_order(flow);
        let edges = nodes.iter().flat_map(|node| edges(node, &words)).collect();
        let nodes = nodes.iter().map(|node| GraphNode {
            name: node.name.clone(),
            kind: kind(node),
            words: first_words(node, &words),
            roles: flow
                .roles()
                .filter(|(_, name)| name.as_str() == node.name)
                .map(|(role, _)| role_words(role))
                .collect(),
        });
        Graph { nodes: nodes.collect(), edges }
    }
}

/// The nodes as a caller comes to them; those that only a role leads to come after.
fn in_order(flow: &Flow) -> Vec<&Node> {
    let mut seen = BTreeSet::new();
    let mut order = Vec::new();
    let all = flow.roles().map(|(_, name)| name.as_str()).chain(flow.nodes.keys().map(String::as_str));
    for first in all {
        let mut todo = VecDeque::from([first]);
        while let Some(node) = todo.pop_front().and_then(|name| flow.nodes.get(name)) {
            if seen.insert(node.name.as_str()) {
                order.push(node);
                todo.extend(node.targets().iter().map(|name| name.as_str()));
            }
            // A name that leads nowhere ends no search.
            while todo.front().is_some_and(|name| !flow.nodes.contains_key(*name)) {
                todo.pop_front();
            }
        }
    }
    order
}

fn kind(node: &Node) -> &'static str {
    match node.kind {
        Kind::Menu(_) => "menu",
        Kind::Say(_) => "say",
        Kind::Read(_) => "read",
        Kind::Ask(_) => "ask",
        Kind::Find(_) => "find",
        Kind::Choose(_) => "choose",
        Kind::Language(_) => "language",
        Kind::Transfer(_) => "transfer",
        Kind::End(_) => "end",
    }
}

fn first_words(node: &Node, words: &impl Fn(&str) -> String) -> String {
    let text = match &node.kind {
        Kind::Menu(menu) => menu.intro.as_ref().map(|name| words(name)),
        Kind::Say(say) => say.scripts.first().map(|name| words(name)),
        Kind::Read(read) => Some(format!("{} ({} parts)", words(&read.title), read.parts.len())),
        Kind::Ask(ask) => Some(words(&ask.say)),
        Kind::Transfer(transfer) => transfer.calls().map(|name| format!("calls {}", name.replace('_', " "))),
        Kind::End(end) => Some(words(&end.say)),
        Kind::Find(find) => Some(format!("the {} nearest centres", find.most)),
        Kind::Choose(_) | Kind::Language(_) => None,
    };
    let text = text.unwrap_or_else(|| node.name.replace('_', " "));
    let text = text.trim();
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text.to_owned(),
    }
}

fn role_words(role: &'static str) -> &'static str {
    match role {
        "start" => "a call begins",
        "main_menu" => "key 0",
        "help" => "key 0 in the main menu",
        "urgent_help" => "key 9",
        "languages" => "key 8",
        "listener" => "key 4 in a document",
        "person" => "third failure",
        "numbers" => "nobody can be reached",
        "gentle_end" => "the very end",
        "crowded" => "too many calls",
        other => other,
    }
}

fn edges(node: &Node, words: &impl Fn(&str) -> String) -> Vec<GraphEdge> {
    let edge =
        |to: &str, label: String, chosen| GraphEdge { from: node.name.clone(), to: to.to_owned(), label, chosen };
    let by_itself = |to: &str, label: &str| edge(to, label.to_owned(), false);
    match &node.kind {
        Kind::Menu(menu) => {
            let choices = menu
                .keys
                .iter()
                .map(|(key, choice)| edge(&choice.go, format!("{} {}", **key, words(&choice.say)), true));
            let silence = menu.silence.iter().map(|silence| by_itself(&silence.go, "silence"));
            choices.chain(silence).collect()
        }
        Kind::Say(say) => vec![by_itself(&say.then, "then")],
        Kind::Read(read) => {
            vec![
                edge(&read.end.go, format!("1 {}", words(&read.end.say)), true),
                by_itself(&read.then, "silence at the end"),
            ]
        }
        Kind::Ask(ask) => {
            vec![edge(&ask.then, String::from("digits"), true), by_itself(&ask.unknown, "unknown twice")]
        }
        Kind::Find(find) => {
            vec![edge(&find.then, String::from("1 called"), true), edge(&find.none, String::from("2 no more"), true)]
        }
        Kind::Choose(choose) => {
            let when = choose.when.iter().map(|when| by_itself(&when.go, &when.condition));
            when.chain([by_itself(&choose.otherwise, "else")]).collect()
        }
        Kind::Language(language) => {
            language.then.iter().map(|then| edge(then, String::from("a language"), true)).collect()
        }
        Kind::Transfer(transfer) => {
            vec![by_itself(&transfer.then, "after they talked"), by_itself(&transfer.failed, "nobody could be reached")]
        }
        Kind::End(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Files;

    #[test]
    fn every_role_has_words_of_its_own() {
        let (flow, _) = Flow::parse(&Files::embedded_flows());
        let mut said: Vec<&str> = flow.roles().map(|(role, _)| role_words(role)).collect();
        assert!(said.len() > 8 && said.iter().all(|words| !words.contains('_')), "{said:?}");
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), flow.roles().count(), "two roles in the same words: {said:?}");
    }
}
