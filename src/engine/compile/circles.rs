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
            .filter_map(|node| {
                let (why, help) = if self.leads_to_itself(&node.name, false) {
                    (
                        "and no key is ever awaited",
                        "let one of the ways lead to a menu: a caller must be able to choose",
                    )
                } else if self.leads_to_itself(&node.name, true) {
                    ("and a caller who presses nothing goes round for ever", "let `then` lead to a menu")
                } else {
                    return None;
                };
                let message = format!("`{}` leads back to itself, {why}", node.name);
                Some(Diagnostic::error("circle", message).at(node.place.clone()).help(help))
            })
            .collect();
        self.found.extend(found);
    }

    /// Whether it does without a key; `silently`: also through documents, which await keys and need none.
    fn leads_to_itself(&self, name: &str, silently: bool) -> bool {
        let mut seen = BTreeSet::new();
        let mut todo = self.passed_through(name, silently);
        while let Some(next) = todo.pop() {
            if next == name {
                return true;
            }
            if seen.insert(next) {
                todo.extend(self.passed_through(next, silently));
            }
        }
        false
    }

    /// Where a node leads without a key.
    fn passed_through(&self, name: &str, silently: bool) -> Vec<&str> {
        match self.flow.nodes.get(name).map(|node| &node.kind) {
            Some(flow::Kind::Say(say)) => vec![say.then.as_str()],
            Some(flow::Kind::Find(find)) => vec![find.none.as_str()],
            Some(flow::Kind::Read(read)) if silently => vec![read.then.as_str()],
            Some(flow::Kind::Choose(choose)) => {
                choose.when.iter().map(|when| when.go.as_str()).chain([choose.otherwise.as_str()]).collect()
            }
            _ => Vec::new(),
        }
    }
}
