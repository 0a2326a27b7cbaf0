//! Menus that stand behind too many keys: whoever must choose again and again forgets what they were looking for.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

use super::Found;
use crate::{
    diagnostic::Diagnostic,
    flow::{Flow, Kind, Node},
    script::Scripts,
};

/// So many keys at most lead from the main menu to any other.
const MOST_KEYS: usize = 3;

/// At the node. The script that begins the menu may give the reason.
pub(super) fn menus<'a>(scripts: &'a Scripts, flow: &Flow) -> Vec<Found<'a>> {
    let depths = depths(flow);
    let mut found = Vec::new();
    for node in flow.nodes.values() {
        let Kind::Menu(menu) = &node.kind else { continue };
        // What nobody comes to is said elsewhere.
        let Some(depth) = depths.get(node.name.as_str()).filter(|depth| **depth > MOST_KEYS) else { continue };
        let first = menu.intro.as_ref().or_else(|| menu.keys.values().next().map(|choice| &choice.say));
        for script in first.into_iter().flat_map(|name| scripts.scripts.values().filter_map(|of| of.get(name.as_str())))
        {
            let message = format!("`{}` stands {depth} keys behind the main menu", node.name);
            let help = "three at most: let a menu nearer to the main menu lead here";
            let diagnostic = Diagnostic::warning("menu-depth", message).at(node.place.clone()).help(help);
            found.push(Found { script, diagnostic });
        }
    }
    found
}

/// The fewest keys to every node. What the program leads to by itself costs none, a key that means the same everywhere one.
fn depths(flow: &Flow) -> BTreeMap<&str, usize> {
    let mut depths: BTreeMap<&str, usize> = BTreeMap::new();
    let mut todo: BinaryHeap<Reverse<(usize, &str)>> = flow
        .roles()
        .map(|(role, name)| {
            let by_key = matches!(role, "help" | "urgent_help" | "languages" | "listener");
            Reverse((usize::from(by_key), name.as_str()))
        })
        .collect();
    while let Some(Reverse((depth, name))) = todo.pop() {
        let Some(node) = flow.nodes.get(name) else { continue };
        if depths.get(name).is_none_or(|known| depth < *known) {
            depths.insert(node.name.as_str(), depth);
            todo.extend(ways(flow, node).into_iter().map(|(cost, to)| Reverse((depth + cost, to))));
        }
    }
    depths
}

/// Where a node leads, and whether by a key.
fn ways<'f>(flow: &'f Flow, node: &'f Node) -> Vec<(usize, &'f str)> {
    let key = usize::from(!flow.is_uncounted(&node.name));
    match &node.kind {
        Kind::Menu(menu) => {
            let choices = menu.keys.values().map(|choice| (key, choice.go.as_str()));
            choices.chain(menu.silence.iter().map(|silence| (0, silence.go.as_str()))).collect()
        }
        Kind::Read(read) => vec![(key, read.end.go.as_str()), (0, read.then.as_str())],
        Kind::Say(say) => vec![(0, say.then.as_str())],
        Kind::Transfer(transfer) => vec![(0, transfer.then.as_str()), (0, transfer.failed.as_str())],
        _ => node.targets().into_iter().map(|to| (0, to.as_str())).collect(),
    }
}
