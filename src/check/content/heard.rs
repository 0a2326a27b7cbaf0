//! Which scripts are heard in a row: what stands before a script in the same node, and where a choice leads.

use std::collections::BTreeSet;

use crate::flow::{Choice, Flow, Kind, Node};

/// The scripts of one node, in the order in which they are heard.
pub(super) struct Row<'a> {
    pub(super) scripts: Vec<Said<'a>>,
    pub(super) of: Of,
}

/// A script in its row.
pub(super) struct Said<'a> {
    pub(super) id: &'a str,
    /// What a title or a choice announces: heard right behind it.
    pub(super) behind: Vec<&'a str>,
}

/// What kind of node says it.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Of {
    Say,
    Menu,
    Other,
}

pub(super) fn rows(flow: &Flow) -> Vec<Row<'_>> {
    flow.nodes.values().flat_map(|node| of_node(flow, node)).collect()
}

/// The scripts of urgent help itself: the two places of it, and what it leads on to.
pub(super) fn urgent_help(flow: &Flow) -> BTreeSet<&str> {
    let Some(universal) = &flow.universal else { return BTreeSet::new() };
    let [help, numbers] =
        [&universal.value.urgent_help, &universal.value.numbers].map(|name| flow.nodes.get(name.as_str()));
    let then = help.and_then(|node| match &node.kind {
        Kind::Say(say) => flow.nodes.get(say.then.as_str()),
        _ => None,
    });
    // What follows may be the main menu, where everyone comes by.
    let then = then.filter(|node| node.name != *universal.value.main_menu.as_str());
    [help, numbers, then].into_iter().flatten().flat_map(Node::scripts).map(|name| name.as_str()).collect()
}

fn of_node<'a>(flow: &'a Flow, node: &'a Node) -> Vec<Row<'a>> {
    let plain = |id: &'a str| Said { id, behind: Vec::new() };
    let choice = |choice: &'a Choice| Said { id: &choice.say, behind: announced(flow, &choice.go) };
    let (scripts, of) = match &node.kind {
        Kind::Say(say) => (say.scripts.iter().map(|id| plain(id)).collect(), Of::Say),
        Kind::Menu(menu) => {
            let intro = menu.intro.iter().map(|id| plain(id));
            let once = menu.once.iter().map(|id| plain(id));
            (intro.chain(menu.keys.values().map(choice)).chain(once).collect(), Of::Menu)
        }
        Kind::Read(read) => {
            let first = read.parts.iter().take(1).map(|id| id.as_str());
            let title = Said { id: &read.title, behind: first.collect() };
            let parts = read.parts.iter().map(|id| plain(id));
            ([title].into_iter().chain(parts).chain([choice(&read.end)]).collect(), Of::Other)
        }
        _ => {
            let alone = node.scripts().into_iter().map(|id| Row { scripts: vec![plain(id)], of: Of::Other });
            return alone.collect();
        }
    };
    vec![Row { scripts, of }]
}

/// What is said where `node` leads; the program may choose between several places there.
fn announced<'a>(flow: &'a Flow, node: &str) -> Vec<&'a str> {
    let Some(node) = flow.nodes.get(node) else { return Vec::new() };
    let nodes = match &node.kind {
        Kind::Choose(_) => node.targets().into_iter().filter_map(|name| flow.nodes.get(name.as_str())).collect(),
        _ => vec![node],
    };
    nodes.into_iter().flat_map(Node::scripts).map(|name| name.as_str()).collect()
}
