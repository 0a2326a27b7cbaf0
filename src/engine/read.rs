//! Documents: read part by part, and silence is listening (R1 to R6 of the call tree).

use super::{
    Phrase,
    ladder::Failure,
    place::{DICTATION_WAIT, SHORT_WAIT, WAIT},
    turn::Turn,
    world::{Document, Node, Said},
};
use crate::call::{DocumentKey, Key, NodeId, PartId, Step};

/// How often a dictated phrase comes again in silence.
pub const MOST_REPEATS: u8 = 3;

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
        let words = self.words_once(said);
        let dictated = self.dictated_from(document, *id, said);
        let from = dictated.filter(|_| self.dictated_only).unwrap_or(0);
        self.speak_all(&words[from..]);
        // R3: the hint comes once a call, after a first part.
        let hint = NodeId::of(Phrase::ReadHint.script());
        if position == 0 && !self.heard(hint) {
            self.phrase(Phrase::ReadHint);
            self.hear(hint);
        }
        if dictated.is_some() { DICTATION_WAIT } else { SHORT_WAIT }
    }

    /// R6: where among the words of a part those begin that are said again to a hand that writes: the dictated ones, or
    /// all of them where callers write something of their own.
    fn dictated_from(&self, document: &Document, part: PartId, said: &Said) -> Option<usize> {
        let position = self.words_once(said).iter().position(|speech| speech.dictated.is_some());
        position.or_else(|| document.written.contains(&part).then_some(0)).filter(|_| document.dictation)
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

    /// R2, R4, R6: silence goes on, behind dictated words only after their repeats; at the end it says so once more, then leads to the menu that the document belongs to.
    pub(super) fn document_silence(mut self, node: &Node, document: &Document) -> Step {
        match self.state.part {
            PartId::END => {
                self.state.part = PartId::END_AGAIN;
                self.again()
            }
            PartId::END_AGAIN => self.enter(document.then),
            part => {
                let position = document.parts.iter().position(|(id, _)| *id == part);
                let is_dictated =
                    position.is_some_and(|at| self.dictated_from(document, part, &document.parts[at].1).is_some());
                if is_dictated && self.state.repeats < MOST_REPEATS {
                    self.state.repeats += 1;
                    self.dictated_only = true;
                    return self.again();
                }
                if let Some(at) = position {
                    self.heard_part(node, document, at);
                }
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
