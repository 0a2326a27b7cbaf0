//! Language nodes: the arrival, and key 8. Each language names itself in its own voice; the emergency words come first.

use super::{
    Phrase,
    turn::Turn,
    world::{Kind, Node},
};
use crate::call::{Fact, Key, NodeId, Step};

impl Turn<'_> {
    /// Whether the present place is the one where calls begin.
    pub(super) fn at_arrival(&self) -> bool {
        self.state.node == self.world.roles.start
    }

    /// A1: the emergency words, once; then the languages.
    pub(super) fn languages(&mut self, node: &Node) {
        let Kind::Language { intro, choices, .. } = &node.kind else { return };
        if !self.heard(node.id) {
            intro.iter().for_each(|speech| self.speak(speech));
            self.hear(node.id);
        }
        choices.iter().for_each(|(_, _, speech)| self.speak(speech));
    }

    /// A key at a language node: `Err` gives the turn back where the key has no role.
    pub(super) fn choose_language(mut self, node: NodeId, key: Key) -> Result<Step, Self> {
        let world = self.world;
        let Some(Kind::Language { choices, then, .. }) = world.node(node).map(|node| &node.kind) else {
            return Err(self);
        };
        let Some((_, lang, _)) = choices.iter().find(|(k, ..)| *k == key) else { return Err(self) };
        self.state.lang = Some(*lang);
        self.facts.push(Fact::LanguageChosen(*lang));
        Ok(match then {
            // A3: the arrival is not a place that `#` leads back to.
            Some(then) => self.enter(*then),
            None => {
                self.phrase(Phrase::LanguageChanged);
                let place = self.pop().unwrap_or(world.roles.main_menu);
                self.enter(place)
            }
        })
    }

    /// A5: key 0 at arrival goes on in the first language.
    pub(super) fn main_menu_from_arrival(mut self) -> Step {
        let world = self.world;
        self.state.lang = self.state.lang.or(world.langs.first().copied());
        match world.node(world.roles.start).map(|node| &node.kind) {
            Some(Kind::Language { then: Some(then), .. }) => self.enter(*then),
            _ => self.enter(world.roles.main_menu),
        }
    }
}
