//! The ladder of failures, the same in every place: patience, then slowness, then a person, then the numbers (L1 to L7).

use super::{
    Phrase,
    place::{LONG_WAIT, SHORT_WAIT, WAIT},
    turn::Turn,
    world::Kind,
};
use crate::call::{Fact, PartId, Phase, Spot, Step, Verb};

/// The failure at which the ladder ends (L7).
pub const END: u8 = 12;
/// The failure at which it ends in a call in which no key was ever pressed.
pub const END_UNPRESSED: u8 = 6;

/// How a wait failed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    Silence,
    WrongKey,
}

impl Turn<'_> {
    /// A wait ended without a key.
    pub(super) fn silence(mut self) -> Step {
        let awaited = self.world.node(self.state.awaits);
        if awaited.is_none_or(|node| node.keymap != self.state.keymap) {
            // Silence, too, means what the words have promised.
            return self.choices_changed();
        }
        if self.at_crowded() {
            return self.crowded_again();
        }
        if let Some(node) = awaited
            && let Kind::Ask(ask) = &node.kind
        {
            return self.ask_silence(node, ask);
        }
        match awaited.map(|node| (node, &node.kind)) {
            // L8: silence leads towards help, as the words have just promised, however long the call has lasted.
            Some((_, Kind::Menu { silence: Some((_, go)), .. })) => {
                self.unbound = true;
                self.go(*go)
            }
            Some((transfer, Kind::Transfer { .. })) => self.chain_silence(transfer.id),
            Some((_, Kind::Find(_))) if self.state.phase == Phase::BeforeCentre => self.reserve_centre(),
            Some((node, Kind::Read(document))) => self.document_silence(node, document),
            Some((_, Kind::End { .. })) => self.answer(vec![Verb::Hangup]),
            _ => self.failure(Failure::Silence),
        }
    }

    pub(super) fn failure(mut self, failure: Failure) -> Step {
        self.state.failures = self.state.failures.saturating_add(1).min(END);
        self.facts.push(Fact::Failure);
        self.choices_only = true;
        match self.state.failures {
            1 | 4 | 7 | 10 => self.first_failure(failure),
            2 | 5 | 8 | 11 => self.second_failure(failure),
            failures if self.calls_person_at(failures) => self.call_person(),
            END => self.ending(),
            // L7: with a key never pressed, the sixth is the end.
            END_UNPRESSED if !self.state.pressed => self.ending(),
            _ => {
                self.phrase(Phrase::NumbersTwice);
                self.numbers();
                self.again()
            }
        }
    }

    /// L2: gently, then the place again.
    fn first_failure(mut self, failure: Failure) -> Step {
        match failure {
            Failure::Silence => self.phrase(Phrase::TakeYourTime),
            Failure::WrongKey => self.phrase(Phrase::WrongKey),
        }
        // At arrival the languages come slower from the first silence on, and later with more time.
        self.slowly = self.at_arrival() && failure == Failure::Silence;
        let wait = if self.at_arrival() && self.state.failures > 3 { LONG_WAIT } else { WAIT };
        self.place(wait)
    }

    /// L3: slowly, with more time, and the word that a person comes next, if that is true.
    fn second_failure(mut self, failure: Failure) -> Step {
        self.slowly = true;
        let silent_at_arrival = self.at_arrival() && failure == Failure::Silence;
        if failure == Failure::WrongKey {
            self.phrase(Phrase::WrongKey);
        }
        if silent_at_arrival {
            self.phrase(Phrase::CannotSpeak);
        } else if !self.at_arrival() {
            // A6: at arrival whoever pressed a key looks for a language, and hears them again.
            self.phrase(Phrase::MoreSlowly);
        }
        if self.calls_person_at(self.state.failures + 1) && !self.silence_reads_on() {
            self.phrase(Phrase::PersonNext);
        }
        if silent_at_arrival && self.state.failures == 2 {
            // The languages have just been said twice: what counts now is the way for those who can't speak.
            return self.bounded(SHORT_WAIT);
        }
        self.place(LONG_WAIT)
    }

    /// R2, L8: in a document, and behind a read-back, nobody is called for pressing nothing: it goes on.
    fn silence_reads_on(&self) -> bool {
        self.world.node(self.state.awaits).is_some_and(|node| match &node.kind {
            Kind::Read(_) => true,
            Kind::Ask(_) => self.reads_back(node),
            _ => false,
        })
    }

    /// L4, L6: whether this failure calls a person. A telephone left open does not ring volunteers again and again.
    fn calls_person_at(&self, failures: u8) -> bool {
        match failures {
            3 => !self.state.ladder_answered,
            6 => !self.state.answered,
            _ => false,
        }
    }

    /// L4: the announcement of the transfer to a person. Any key during it stays here.
    fn call_person(mut self) -> Step {
        let person = self.world.roles.person;
        self.leave_mark();
        self.stand_at(Spot { node: person, part: PartId::BEGINNING });
        self.state.by_ladder = true;
        self.facts.push(Fact::Reached(person));
        self.again()
    }
}
