//! What nobody can come to: nodes that no choice leads to, scripts that no node says.

use std::collections::BTreeSet;

use super::reachable;
use crate::{
    diagnostic::{Diagnostic, Place},
    engine::Phrase,
    files::nearest,
    flow::Flow,
    script::Scripts,
};

pub(super) fn check(flow: &Flow) -> Vec<Diagnostic> {
    let reached = reachable(flow);
    let lost = flow.nodes.values().filter(|node| !reached.contains(node.name.as_str()));
    lost.map(|node| {
        Diagnostic::error("unreachable-node", format!("no choice leads to `{}`", node.name))
            .at(node.place.clone())
            .help("let a menu lead there, or remove the node")
    })
    .collect()
}

pub(super) fn unused_scripts(flow: &Flow, scripts: &Scripts) -> Vec<Diagnostic> {
    let mut used: BTreeSet<&str> = Phrase::scripts().collect();
    let named = || flow.nodes.values().flat_map(|node| node.scripts()).map(|name| name.as_str());
    used.extend(named());
    used.extend(named().filter_map(|name| scripts.plain_name(name)));
    let all = scripts.scripts.values().flatten();
    all.filter(|(id, _)| !used.contains(id.as_str()) && !id.starts_with("speaks/"))
        .map(|(id, script)| {
            let in_folder = || used.iter().copied().find(|used| used.rsplit('/').next() == Some(id.as_str()));
            let help = match nearest(id.as_str(), used.iter().copied()).or_else(in_folder) {
                Some(meant) => format!("did you mean `{meant}`? Else name it in a flow, or remove the file"),
                None => "name it in a flow, or remove the file".to_owned(),
            };
            Diagnostic::warning("unused-script", format!("no node says `{id}`")).at(Place::top(&script.file)).help(help)
        })
        .collect()
}
