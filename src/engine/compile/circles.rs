//! Words that lead round in a circle never come to a place where the caller can choose.

use super::Compiler;
use crate::{diagnostic::Diagnostic, flow};

impl Compiler<'_> {
    /// Words that lead round in a circle never come to a place where the caller can choose.
    pub(super) fn circles(&mut self) {
        let then = |name: &str| match self.flow.nodes.get(name).map(|node| &node.kind) {
            Some(flow::Kind::Say(say)) => Some(&say.then),
            _ => None,
        };
        let mut found = Vec::new();
        for node in self.flow.nodes.values() {
            let mut next = then(&node.name);
            for _ in 0..self.flow.nodes.len() {
                match next {
                    Some(name) if **name == node.name => {
                        found.push(
                            Diagnostic::error(
                                "circle",
                                format!("the words of `{}` lead back to themselves", node.name),
                            )
                            .at(node.place.clone())
                            .help("let one of them lead to a menu: a caller must be able to choose"),
                        );
                        break;
                    }
                    Some(name) => next = then(name),
                    None => break,
                }
            }
        }
        self.found.extend(found);
    }
}
