//! Words and choices of the program that lead round in a circle never come to a place where the caller can choose.

use std::collections::BTreeSet;

use super::Compiler;
use crate::{diagnostic::Diagnostic, flow};

impl Compiler<'_> {
    pub(super) fn circles(&mut self) {
        let found: Vec<Diagnostic> = self
            .flow
            .nodes
            .values()
            .filter(|node| self.leads_to_itself(&node.name))
            .map(|node| {
                Diagnostic::error("circle", format!("`{}` leads back to itself, and no key is ever awaited", node.name))
                    .at(node.place.clone())
                    .help("let one of the ways lead to a menu: a caller must be able to choose")
            })
            .collect();
        self.found.extend(found);
    }

    fn leads_to_itself(&self, name: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut todo = self.passed_through(name);
        while let Some(next) = todo.pop() {
            if next == name {
                return true;
            }
            if seen.insert(next) {
                todo.extend(self.passed_through(next));
            }
        }
        false
    }

    /// Where a node leads without awaiting a key.
    fn passed_through(&self, name: &str) -> Vec<&str> {
        match self.flow.nodes.get(name).map(|node| &node.kind) {
            Some(flow::Kind::Say(say)) => vec![say.then.as_str()],
            Some(flow::Kind::Choose(choose)) => {
                choose.when.iter().map(|when| when.go.as_str()).chain([choose.otherwise.as_str()]).collect()
            }
            _ => Vec::new(),
        }
    }
}
