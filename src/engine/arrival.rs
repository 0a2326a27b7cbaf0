//! Language nodes: the arrival, and key 8. Each language names itself in its own voice; the emergency words come first.
//! Who leaves the arrival hears its words, then the notices, and comes to the main menu or where their number leads.

use super::{
    Phrase,
    turn::Turn,
    world::{Kind, Node},
};
use crate::call::{Fact, Lang, NodeId, Speech, Step};
use std::sync::Arc;

impl Turn<'_> {
    /// Whether the present place is the one where calls begin.
    pub(super) fn at_arrival(&self) -> bool {
        self.state.node == self.world.roles.start
    }

    /// A1: the emergency words, once; then the languages.
    pub(super) fn languages(&mut self, node: &Node) {
        let Kind::Language { intro, choices, .. } = &node.kind else { return };
        if self.at_crowded() {
            intro.iter().chain(choices.iter().map(|(_, _, speech)| speech)).for_each(|speech| self.speak(speech));
            return;
        }
        self.emergency_words(node.id, intro);
        choices.iter().for_each(|(_, _, speech)| self.speak(speech));
    }

    fn emergency_words(&mut self, id: NodeId, intro: &[Arc<Speech>]) {
        if !self.heard(id) {
            intro.iter().for_each(|speech| self.speak(speech));
            self.hear(id);
        }
    }

    /// The words with which a call begins.
    pub(super) fn arrive(self) -> Step {
        let start = self.world.roles.start;
        if self.state.lang.is_some() { self.arrive_in_language() } else { self.enter(start) }
    }

    /// A8: the number that was called has its own language. The emergency words come first all the same.
    fn arrive_in_language(mut self) -> Step {
        let world = self.world;
        let start = world.roles.start;
        if let Some(Kind::Language { intro, .. }) = world.node(start).map(|node| &node.kind) {
            self.emergency_words(start, intro);
        }
        self.leave_arrival()
    }

    /// The words that follow the arrival, then what is behind them. A3: `#` does not lead back.
    fn leave_arrival(mut self) -> Step {
        let world = self.world;
        self.arriving = true;
        match world.node(world.roles.start).map(|node| &node.kind) {
            Some(Kind::Language { then: Some(then), .. }) => self.enter(*then),
            _ => self.enter(world.roles.main_menu),
        }
    }

    /// Behind the words of the arrival: the notices (A4), once a call; and where the number that was called leads.
    pub(super) fn arrived(&mut self) -> Option<NodeId> {
        let world = self.world;
        self.arriving = false;
        self.notices(&world.greeting);
        let first = self.state.first.take().filter(|first| world.node(*first).is_some_and(|node| !node.is_end()))?;
        self.facts.push(Fact::Reached(first));
        self.state.node = self.behind_words_said_once(first);
        Some(self.state.node)
    }

    /// The caller chose a language; `then` follows, or the place before.
    pub(super) fn choose_language(mut self, lang: Lang, then: Option<NodeId>) -> Step {
        self.state.lang = Some(lang);
        self.state.failures = 0;
        self.facts.push(Fact::LanguageChosen(lang));
        if self.at_arrival() {
            return self.leave_arrival();
        }
        if let Some(then) = then {
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
        // Key 0 is the main menu, whatever number was called.
        self.state.first = None;
        self.leave_arrival()
    }
}
