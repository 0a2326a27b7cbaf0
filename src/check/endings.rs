//! Ways that end otherwise than they may: a call ends by a goodbye that the caller chose, and by nothing else (L10).

use std::collections::BTreeSet;

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
    for (role, name) in flow.universal.value.roles() {
        if role != "gentle_end" && matches!(flow.nodes.get(name.as_str()), Some(Node { kind: Kind::End(_), .. })) {
            found.push(
                Diagnostic::error("ends-the-call", format!("{role} can't be a goodbye"))
                    .at(name.place(&flow.universal.file))
                    .help("name a node that goes on"),
            );
        }
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
    let mut seen = BTreeSet::from([node.name.as_str()]);
    let mut name = transfer.failed.as_str();
    loop {
        name = match &flow.nodes.get(name)?.kind {
            Kind::Say(say) => say.then.as_str(),
            Kind::Choose(choose) => choose.otherwise.as_str(),
            Kind::Transfer(next) => next.failed.as_str(),
            _ => return None,
        };
        if !seen.insert(name) {
            return Some(
                Diagnostic::error(
                    "rings-for-ever",
                    format!("when `{}` fails, its way leads round to where it was", node.name),
                )
                .at(node.at(&transfer.failed))
                .help("let it lead to the numbers, and from there to a menu"),
            );
        }
    }
}
