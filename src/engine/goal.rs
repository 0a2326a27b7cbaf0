//! Goals: when a caller has what they called for. A document or a part of one, when silence has led on behind its last word;
//! a transfer, when the two have talked; any other place, when its words are said on arrival. What is said again there, and
//! what `#` leads back to, doesn't count again; who comes anew counts anew, for a call doesn't remember its goals.

use super::{
    turn::Turn,
    world::{Document, Node},
};
use crate::call::Fact;
use std::sync::Arc;

impl Turn<'_> {
    /// The words of a place are being said. They are no goal where they are only said again, or cut by the end of the call.
    pub(super) fn told(&mut self, node: &Node) {
        if self.coming && !self.cut_short() {
            self.reach_goals(&node.goals);
        }
    }

    /// Silence has led on behind the part at `position`.
    pub(super) fn heard_part(&mut self, node: &Node, document: &Document, position: usize) {
        if let Some(part) = document.names.get(position) {
            self.facts.push(Fact::Heard(part.script.clone()));
            self.reach_goals(&part.goals);
        }
        if position + 1 == document.parts.len() {
            self.reach_goals(&node.goals);
        }
    }

    pub(super) fn reach_goals(&mut self, goals: &[Arc<str>]) {
        self.facts.extend(goals.iter().cloned().map(Fact::Goal));
    }
}
