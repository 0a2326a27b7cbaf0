//! While there are too many new calls: short words, the numbers among them, and then the whole line for whoever presses a key.
//!
//! Nobody is kept out: a person presses any key and is where each call begins, or already behind it with a language; a
//! machine that presses nothing hears the numbers twice and a last wait, and the call ends gently. No person is called
//! for silence here, so that a flood rings nobody.

use super::{Phrase, turn::Turn, world::Kind};
use crate::call::{Fact, Keys, PartId, Phase, Spot, Step, UniversalKey};

const LAST_WAIT: u8 = 10;

impl Turn<'_> {
    /// Whether the present place is the one with the short words.
    pub(super) fn at_crowded(&self) -> bool {
        self.state.node == self.world.roles.crowded
    }

    /// The first silence: the same words once more and slowly, then a last wait in which any key goes on.
    pub(super) fn crowded_again(mut self) -> Step {
        self.facts.push(Fact::Failure);
        self.state.failures = 1;
        self.state.phase = Phase::Ending;
        if let Some(node) = self.world.node(self.world.roles.crowded) {
            self.slowly = true;
            self.languages(node);
            self.slowly = false;
            self.state.awaits = node.id;
            self.state.keymap = node.keymap;
        }
        self.phrase(Phrase::AnyKeyGoesOn);
        self.listen(LAST_WAIT)
    }

    /// Somebody is there: the whole line, as if the call began now. A language that was just offered is taken at once.
    pub(super) fn leave_crowded(mut self, keys: &Keys) -> Step {
        let world = self.world;
        let key = keys.first();
        let spoken = world.node(self.state.node).filter(|node| node.keymap == self.state.keymap);
        let lang = match spoken.map(|node| &node.kind) {
            Some(Kind::Language { choices, .. }) => {
                choices.iter().find(|(k, ..)| Some(*k) == key).map(|(_, lang, _)| *lang)
            }
            _ => None,
        };
        self.state.pressed = true;
        self.state.failures = 0;
        self.stand_at(Spot { node: world.roles.start, part: PartId::BEGINNING });
        match (key.and_then(UniversalKey::of), lang) {
            (Some(UniversalKey::Urgent), _) => self.urgent(),
            (Some(UniversalKey::Main), _) => self.main_menu_from_arrival(),
            (Some(UniversalKey::Slower), _) => self.change_pace(),
            (None, Some(lang)) => self.choose_language(lang, None),
            _ => self.arrive(),
        }
    }
}
