//! Doors: what stands behind a question is come to by nobody who has not passed it (`only_behind`).
//!
//! The ways are those along the targets of nodes, from every place that the program itself leads to. The keys `#` and 8 lead
//! back to places that the caller has been in already: who never passed the door finds nothing behind it by them.

use std::collections::{BTreeMap, VecDeque};

use crate::{
    diagnostic::Diagnostic,
    files::{Name, nearest},
    flow::{Flow, Node},
};

pub(super) fn check(flow: &Flow) -> Vec<Diagnostic> {
    let doors = flow.nodes.values().filter_map(|node| Some((node, node.only_behind()?)));
    doors.filter_map(|(node, door)| judge(flow, node, door)).collect()
}

fn judge(flow: &Flow, node: &Node, door: &Name) -> Option<Diagnostic> {
    let way_around = |message: String, help: &str| {
        Some(Diagnostic::error("way-around", message).at(node.at(door)).help(help.to_owned()))
    };
    if !flow.nodes.contains_key(door.as_str()) {
        return unknown(flow, door).map(|diagnostic| diagnostic.at(node.at(door)));
    }
    if door.as_str() == node.name {
        return way_around(
            format!("`{}` can't be the door to itself", node.name),
            "name the node of the question that must be passed before",
        );
    }
    let way = way(flow, &node.name, door)?;
    way_around(
        format!("a way leads to `{}` that does not pass `{}`: {}", node.name, **door, way.join(" -> ")),
        "let that way lead to the door first, or take `only_behind` away",
    )
}

/// A shortest way from any place of the program to `node` that does not pass `door`.
fn way<'f>(flow: &'f Flow, node: &str, door: &str) -> Option<Vec<&'f str>> {
    let mut from: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    let mut todo: VecDeque<(&str, Option<&str>)> = flow.beginnings().map(|name| (name.as_str(), None)).collect();
    while let Some((name, before)) = todo.pop_front() {
        let Some(here) = flow.nodes.get(name).filter(|here| here.name != door && !from.contains_key(name)) else {
            continue;
        };
        from.insert(here.name.as_str(), before);
        if name == node {
            let mut way: Vec<&str> =
                std::iter::successors(Some(name), |name| from.get(name).copied().flatten()).collect();
            way.reverse();
            return Some(way);
        }
        todo.extend(here.targets().into_iter().map(|target| (target.as_str(), Some(name))));
    }
    None
}

/// A name that no node has. Without its place; nothing where the node may be written and could not be read.
pub(super) fn unknown(flow: &Flow, name: &Name) -> Option<Diagnostic> {
    let nearest = nearest(name, flow.nodes.keys().map(String::as_str));
    if flow.nodes.contains_key(name.as_str()) || flow.is_broken(name) || (nearest.is_none() && flow.incomplete) {
        return None;
    }
    let help = nearest.map_or_else(
        || "write that node, or name another one".to_owned(),
        |nearest| format!("did you mean `{nearest}`? Else write that node"),
    );
    Some(Diagnostic::error("unknown-node", format!("no node is called `{}`", **name)).help(help))
}
