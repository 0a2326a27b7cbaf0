//! Transfers: the place before the ring, the reservation, the ring, and what follows each outcome (T1, T2, T5, T7).

use super::{Phrase, ladder::END_UNPRESSED, turn::Turn, world::Kind};
use crate::call::{
    Address, Dial, DialOutcome, Effect, Fact, Lang, NodeId, Outcome, Phase, Step, Target, Transfer, Verb,
};

impl Turn<'_> {
    /// T1: silence after the announcement. A place on the line is reserved before it rings.
    pub(super) fn reserve(mut self, transfer: NodeId) -> Step {
        let Some(Kind::Transfer { line, capacity, ring, .. }) = self.world.node(transfer).map(|node| &node.kind) else {
            return self.again();
        };
        let effect = Effect::Reserve { line: *line, capacity: *capacity, ring: *ring, force: false };
        self.state.node = transfer;
        self.state.phase = Phase::Reserving;
        Step::Do { state: self.state, effect }
    }

    /// The reservation was tried.
    pub(super) fn reserved(mut self, outcome: Outcome) -> Step {
        let Some(Kind::Transfer { line, number, ring, .. }) = self.world.node(self.state.node).map(|node| &node.kind)
        else {
            return self.transfer_lost();
        };
        match outcome {
            // Not knowing who else is on the line is no reason to leave a caller alone.
            Outcome::Reserved | Outcome::Unknown => {
                self.facts.push(Fact::TransferTried(*line));
                self.state.phase = Phase::Ringing;
                let to = Address::Number(number.clone());
                let targets = vec![Target { to, lang: Lang::FR }];
                let dial = Dial { targets, ring: *ring, accept: false };
                self.answer(vec![Verb::Dial(dial)])
            }
            Outcome::Full | Outcome::Unhealthy | Outcome::Paused => self.transfer_failed(DialOutcome::Busy),
            Outcome::Unreachable => self.transfer_failed(DialOutcome::Failed),
        }
    }

    /// The two have talked, or nobody could be reached.
    pub(super) fn transfer_ended(mut self, transfer: Transfer) -> Step {
        let world = self.world;
        let Some(Kind::Transfer { line, then, .. }) = world.node(self.state.node).map(|node| &node.kind) else {
            return self.transfer_lost();
        };
        let Transfer { outcome, talked, .. } = transfer;
        self.facts.push(Fact::TransferEnded { line: *line, outcome, talked });
        if outcome != DialOutcome::Completed {
            return self.transfer_failed(outcome);
        }
        // T7: never the next line, never a farewell that was not chosen. A conversation ends a row of failures (L1).
        self.state.answered = true;
        self.state.ladder_answered |= self.state.by_ladder;
        self.state.failures = 0;
        self.unbound = true;
        self.enter(*then)
    }

    /// No word of the transfer came back, as when a provider goes on without telling.
    pub(super) fn transfer_lost(self) -> Step {
        self.transfer_failed(DialOutcome::Failed)
    }

    /// T5, L5: what happened, honestly; then the numbers, twice; then the place that the caller came from or the menu.
    fn transfer_failed(mut self, outcome: DialOutcome) -> Step {
        let world = self.world;
        self.unbound = true;
        self.phrase(match outcome {
            DialOutcome::Busy => Phrase::Busy,
            DialOutcome::NoAnswer | DialOutcome::Canceled => Phrase::NoAnswer,
            DialOutcome::Failed | DialOutcome::Completed => Phrase::NotReached,
        });
        if self.state.by_ladder {
            let place = self.pop_or_main_menu();
            self.stand_at(place);
            if !self.state.pressed && self.state.failures >= END_UNPRESSED {
                return self.ending();
            }
            self.phrase(Phrase::NumbersTwice);
            self.numbers();
            self.choices_only = true;
            return self.again();
        }
        let failed = match world.node(self.state.node).map(|node| &node.kind) {
            Some(Kind::Transfer { failed, .. }) => *failed,
            _ => world.roles.main_menu,
        };
        if failed == world.roles.numbers {
            self.phrase(Phrase::NumbersTwice);
        }
        self.enter(failed)
    }
}
