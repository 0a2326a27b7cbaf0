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
    found
}

/// The targets that a caller comes to without having chosen them. At the end of a document, key 1 may have been meant
/// for the next part.
fn unchosen(node: &Node) -> Vec<&Name> {
    match &node.kind {
        Kind::Menu(menu) => menu.silence.iter().map(|silence| &silence.go).chain(&menu.back).collect(),
        _ => node.targets(),
    }
}

/// Transfers that follow each other when they fail must come to a menu: a silent caller would ring for ever.
fn transfer_circle(flow: &Flow, node: &Node) -> Option<Diagnostic> {
    let Kind::Transfer(transfer) = &node.kind else { return None };
    let mut seen = BTreeSet::new();
    let mut todo = vec![transfer.failed.as_str()];
    while let Some(name) = todo.pop() {
        if name == node.name {
            let message = format!("when `{name}` fails, its way leads round in a circle");
            let help = "let it lead to the numbers, and from there to a menu";
            return Some(Diagnostic::error("rings-for-ever", message).at(node.at(&transfer.failed)).help(help));
        }
        if !seen.insert(name) {
            continue;
        }
        match flow.nodes.get(name).map(|node| &node.kind) {
            Some(Kind::Say(say)) => todo.push(&say.then),
            Some(Kind::Read(read)) => todo.push(&read.then),
            Some(Kind::Choose(choose)) => {
                todo.extend(choose.when.iter().map(|when| when.go.as_str()).chain([choose.otherwise.as_str()]));
            }
            Some(Kind::Transfer(next)) => todo.push(&next.failed),
            _ => {}
        }
    }
    None
}
