//! Documents: read part by part, and silence is listening (R1 to R5 of the call tree).

use super::{
    Phrase,
    ladder::Failure,
    place::{SHORT_WAIT, WAIT},
    turn::Turn,
    world::{Document, Node},
};
use crate::call::{DocumentKey, Key, NodeId, PartId, Step};

impl Turn<'_> {
    /// Speaks the present part of a document; gives the seconds to wait after it.
    pub(super) fn part(&mut self, node: &Node, document: &Document) -> u8 {
        if !self.cut_short() {
            self.state.node = node.id;
        }
        if matches!(self.state.part, PartId::END | PartId::END_AGAIN) {
            self.phrase(Phrase::ReadEnd);
            document.end_choices.iter().for_each(|said| self.say_once(said));
            return WAIT;
        }
        // A part that a reload has removed: the document from its beginning.
        let position = document.parts.iter().position(|(id, _)| *id == self.state.part).unwrap_or_else(|| {
            self.say_once(&document.title);
            self.say_once(&document.begins);
            0
        });
        let (id, said) = &document.parts[position];
        if !self.cut_short() {
            // Else it begins with its title when the caller goes on.
            self.state.part = *id;
        }
        self.say_once(said);
        // R3: the hint comes once a call, after a first part.
        let hint = NodeId::of(Phrase::ReadHint.script());
        if position == 0 && !self.heard(hint) {
            self.phrase(Phrase::ReadHint);
            self.hear(hint);
        }
        SHORT_WAIT
    }

    /// R1, R4: a key in a document.
    pub(super) fn document_key(mut self, node: &Node, document: &Document, key: Key) -> Step {
        let at_end = matches!(self.state.part, PartId::END | PartId::END_AGAIN);
        let position = document.parts.iter().position(|(id, _)| *id == self.state.part);
        match DocumentKey::of(key) {
            Some(DocumentKey::Next) if at_end => {
                self.state.failures = 0;
                self.go(document.follow)
            }
            Some(DocumentKey::Next) => {
                self.state.failures = 0;
                self.turn_to(document, position.map(|at| at + 1))
            }
            Some(DocumentKey::Previous) => {
                self.state.failures = 0;
                let at = if at_end { Some(document.parts.len()) } else { position };
                self.turn_to(document, at.map(|at| at.saturating_sub(1)))
            }
            Some(DocumentKey::Person) => {
                self.state.failures = 0;
                self.state.node = node.id;
                let listener = self.world.roles.listener;
                self.go(listener)
            }
            None => self.failure(Failure::WrongKey),
        }
    }

    /// R2, R4: silence goes on; at the end it says so once more, then leads to the menu that the document belongs to.
    pub(super) fn document_silence(mut self, document: &Document) -> Step {
        match self.state.part {
            PartId::END => {
                self.state.part = PartId::END_AGAIN;
                self.again()
            }
            PartId::END_AGAIN => self.enter(document.then),
            part => {
                let position = document.parts.iter().position(|(id, _)| *id == part);
                self.turn_to(document, position.map(|at| at + 1))
            }
        }
    }

    /// To the part at `position`, behind the last one the end. Without one, as after a part that a reload has removed:
    /// the document from its beginning, and its title says so.
    fn turn_to(mut self, document: &Document, position: Option<usize>) -> Step {
        self.state.part = position
            .map_or(PartId::BEGINNING, |position| document.parts.get(position).map_or(PartId::END, |(id, _)| *id));
        self.again()
    }
}
