//! Ways that end otherwise than they may: a call ends by a goodbye that the caller chose, and by nothing else (L10).

use crate::{
    diagnostic::Diagnostic,
    files::Name,
    flow::{Flow, Kind, Node},
};

pub(super) fn check(flow: &Flow) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for node in flow.nodes.values() {
        for target in unchosen(node) {
            if matches!(flow.nodes.get(target.as_str()), Some(Node { kind: Kind::End(_), .. })) {
                found.push(
                    Diagnostic::error(
                        "ends-the-call",
                        format!("`{}` would hang up on a caller who did not choose it", node.name),
                    )
                    .at(node.at(target))
                    .help("only a choice of a menu may lead to a goodbye: lead to a menu here"),
                );
            }
        }
        found.extend(transfer_circle(flow, node));
    }
    found
}

/// The targets that a caller comes to without having chosen them.
fn unchosen(node: &Node) -> Vec<&Name> {
    match &node.kind {
        Kind::Read(read) => [&read.then].into_iter().chain(&read.back).collect(),
        Kind::Menu(menu) => menu.silence.iter().map(|silence| &silence.go).chain(&menu.back).collect(),
        _ => node.targets(),
    }
}

/// Transfers that follow each other when they fail must come to a menu: a silent caller would ring for ever.
fn transfer_circle(flow: &Flow, node: &Node) -> Option<Diagnostic> {
    let Kind::Transfer(transfer) = &node.kind else { return None };
    let mut way = vec![node.name.as_str()];
    let mut name = transfer.failed.as_str();
    // Words alone that go round are said to do so elsewhere.
    let rings = |way: &[&str]| way.iter().any(|name| matches!(flow.nodes[*name].kind, Kind::Transfer(_)));
    loop {
        if let Some(first) = way.iter().position(|passed| *passed == name) {
            return rings(&way[first..]).then(|| {
                Diagnostic::error(
                    "rings-for-ever",
                    format!("when `{}` fails, its way leads round in a circle", node.name),
                )
                .at(node.at(&transfer.failed))
                .help("let it lead to the numbers, and from there to a menu")
            });
        }
        way.push(name);
        name = match &flow.nodes.get(name)?.kind {
            Kind::Say(say) => say.then.as_str(),
            Kind::Choose(choose) => choose.otherwise.as_str(),
            Kind::Transfer(next) => next.failed.as_str(),
            _ => return None,
        };
    }
}
