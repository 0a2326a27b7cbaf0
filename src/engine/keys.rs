//! What keys do: the choices of a place, and those that mean the same everywhere (K1 to K10 of the call tree).

use super::{Phrase, ladder::Failure, turn::Turn, world::Kind};
use crate::call::{Fact, Keys, NodeId, PartId, Spot, Step, UniversalKey};

impl Turn<'_> {
    /// Keys were pressed at a place. One key is awaited: the first one counts.
    pub(super) fn keys(mut self, keys: &Keys) -> Step {
        self.state.pressed = true;
        if self.at_crowded() {
            return self.leave_crowded(keys);
        }
        if self.is_goodbye() {
            // Whoever presses a key is still there: the place before the goodbye.
            let place = self.pop_or_main_menu();
            self.stand_at(place);
            return self.go_on(keys);
        }
        let world = self.world;
        if let Some(node) = world.node(self.state.awaits)
            && let Kind::Ask(ask) = &node.kind
        {
            let changed = node.keymap != self.state.keymap;
            return self.ask_keys(node, ask, keys, changed);
        }
        let Some(key) = keys.first() else { return self.failure(Failure::WrongKey) };
        let meaning = UniversalKey::of(key);
        if meaning == Some(UniversalKey::Urgent) {
            return self.urgent();
        }
        let awaited = world.node(self.state.awaits).filter(|node| node.keymap == self.state.keymap);
        if awaited.is_none() && meaning != Some(UniversalKey::Main) {
            return self.choices_changed();
        }
        if let Some(node) = awaited
            && let Kind::Find(find) = &node.kind
        {
            return self.find_key(node, find, key);
        }
        if self.answers_in_chain(key) {
            return self.answer_in_chain(key);
        }
        if self.is_unchosen_transfer() {
            return self.stay();
        }
        if let Some(meaning) = meaning {
            let awaits = self.state.awaits;
            return self.universal(meaning, awaits);
        }
        let Some(node) = awaited else { return self.again() };
        match &node.kind {
            Kind::Menu { choices, .. } => match choices.iter().find(|choice| choice.key == key) {
                Some(choice) => {
                    self.state.failures = 0;
                    self.go(choice.go)
                }
                None => self.failure(Failure::WrongKey),
            },
            Kind::Language { choices, then, .. } => match choices.iter().find(|(k, ..)| *k == key) {
                Some((_, lang, _)) => self.choose_language(*lang, *then),
                None => self.failure(Failure::WrongKey),
            },
            Kind::Read(document) => self.document_key(node, document, key),
            Kind::Say { .. }
            | Kind::Ask(_)
            | Kind::Find(_)
            | Kind::Choose(..)
            | Kind::Transfer { .. }
            | Kind::End { .. } => self.failure(Failure::WrongKey),
        }
    }

    /// The words that the caller answers to are no longer true: a reload has changed them.
    pub(super) fn choices_changed(mut self) -> Step {
        self.phrase(Phrase::MenuChanged);
        self.restart_chain();
        self.again()
    }

    pub(super) fn universal(mut self, meaning: UniversalKey, awaiting: NodeId) -> Step {
        let roles = self.world.roles;
        self.state.failures = 0;
        match meaning {
            UniversalKey::Urgent => self.urgent(),
            // K3
            UniversalKey::Main if self.at_arrival() => self.main_menu_from_arrival(),
            UniversalKey::Main if awaiting == roles.main_menu => self.go(roles.help),
            UniversalKey::Main => self.go(roles.main_menu),
            // A5: at arrival these three give the languages again.
            UniversalKey::Repeat | UniversalKey::Language | UniversalKey::Back if self.at_arrival() => self.again(),
            UniversalKey::Repeat => {
                self.phrase(Phrase::Repeat);
                self.again()
            }
            UniversalKey::Language => self.go(roles.languages),
            UniversalKey::Back => self.back(),
            UniversalKey::Slower => self.change_pace(),
        }
    }

    /// K2: urgent help, at once; `#` there leads back to the very place.
    pub(super) fn urgent(mut self) -> Step {
        let urgent = self.world.roles.urgent_help;
        if self.is_unchosen_transfer()
            && let Some(place) = self.pop()
        {
            // The caller did not come here: `#` leads to where they were.
            self.stand_at(place);
        }
        self.state.failures = 0;
        self.state.pressed = true;
        // Whoever needs urgent help is not cut short at the next key, either.
        self.lift_bound();
        self.unbound = true;
        self.facts.push(Fact::UrgentHelp);
        self.go(urgent)
    }

    /// K5: one step back on the path really taken.
    fn back(mut self) -> Step {
        if let Some(place) = self.pop() {
            self.phrase(Phrase::Back);
            return self.come_back(place);
        }
        let here = self.state.node;
        let main_menu = self.world.roles.main_menu;
        match self.world.node(here).and_then(|node| node.back).filter(|back| *back != here && *back != main_menu) {
            Some(place) => {
                self.phrase(Phrase::Back);
                self.enter(place)
            }
            None => {
                self.phrase(Phrase::AtMainMenu);
                self.untitled = true;
                self.enter(main_menu)
            }
        }
    }

    fn is_goodbye(&self) -> bool {
        self.world.node(self.state.node).is_some_and(|node| matches!(node.kind, Kind::End { .. }))
    }

    pub(super) fn is_unchosen_transfer(&self) -> bool {
        let node = self.world.node(self.state.node);
        matches!(node.map(|node| &node.kind), Some(Kind::Transfer { any_key_stays: true, .. }))
    }

    /// Any key cancels a transfer that the caller did not choose, and only gives the place back.
    fn stay(mut self) -> Step {
        self.state.failures = 0;
        let place = self.pop_or_main_menu();
        self.come_back(place)
    }

    /// The last place behind this one that still exists, and has not become a goodbye.
    pub(super) fn pop(&mut self) -> Option<Spot> {
        while let Some(mut spot) = self.state.back.pop() {
            spot.node = self.behind_words_said_once(spot.node);
            let node = self.world.node(spot.node);
            if spot.node != self.state.node && node.is_some_and(|node| !node.is_end()) {
                return Some(spot);
            }
        }
        None
    }

    pub(super) fn pop_or_main_menu(&mut self) -> Spot {
        self.pop().unwrap_or(Spot { node: self.world.roles.main_menu, part: PartId::BEGINNING })
    }
}
