//! Language nodes: the arrival, and key 8. Each language names itself in its own voice; the emergency words come first.

use super::{
    Phrase,
    turn::Turn,
    world::{Kind, Node},
};
use crate::call::{Fact, Lang, NodeId, Step};

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

    /// The caller chose a language; `then` follows, or the place before.
    pub(super) fn choose_language(mut self, lang: Lang, then: Option<NodeId>) -> Step {
        self.state.lang = Some(lang);
        self.state.failures = 0;
        self.facts.push(Fact::LanguageChosen(lang));
        if let Some(then) = then {
            // A3: the arrival is not a place that `#` leads back to.
            return self.enter(then);
        }
        self.phrase(Phrase::LanguageChanged);
        let place = self.pop_or_main_menu();
        self.come_back(place)
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
