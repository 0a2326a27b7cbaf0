//! Transfers: the reservation, the ring, and what follows each outcome, attempt after attempt (T2 to T5, T7). The places
//! in which the caller can press a key meanwhile stand in `chain`.

use super::{
    Phrase,
    chain::{seat, target, why},
    ladder::END_UNPRESSED,
    turn::Turn,
    world::{Attempt, Chain, Kind},
};
use crate::call::{
    Dial, DialOutcome, Effect, Fact, LineId, NodeId, Outcome, PartId, Passed, Phase, SoFar, Spot, Step, Target,
    Transfer, Verb,
};

/// A ring that would be shorter is not begun.
const LEAST_RING: u16 = 5;
/// Seconds of ringing after which the caller is asked whether to wait on.
const LONG_CHAIN: u16 = 45;
/// Seconds until the network says that a line is busy, or can't be reached.
const REFUSAL: u16 = 2;
/// People of one group are passed over without a word, but for every so many: a webhook has a few effects only.
const WITHOUT_A_WORD: usize = 6;
/// Lines among which the last hope is chosen: a bit each in the outcome.
const MOST_HOPES: usize = 16;

impl Turn<'_> {
    /// T1: silence after the announcement. A place on the line is reserved before it rings.
    pub(super) fn reserve(mut self, transfer: NodeId) -> Step {
        self.state.node = transfer;
        let Some((chain, attempt)) = self.at_hand() else {
            self.restart_chain();
            return self.again();
        };
        let seats = attempt.ready(self.now.minute).into_iter().map(seat).collect();
        let effect = Effect::Reserve { seats, ring: self.ring(chain, attempt.line.ring), force: false };
        self.state.phase = Phase::Reserving;
        Step::Do { state: self.state, effect }
    }

    /// T2, T5: a chain never rings longer than it may.
    fn ring(&self, chain: &Chain, ring: u8) -> u8 {
        let left = chain.most_seconds.saturating_sub(self.state.chain_seconds).max(LEAST_RING);
        ring.min(u8::try_from(left).unwrap_or(u8::MAX))
    }

    /// The reservation was tried.
    pub(super) fn reserved(self, outcome: Outcome) -> Step {
        if let Some(find) = self.at_find() {
            return self.centre_reserved(find, outcome);
        }
        let Some((chain, attempt)) = self.at_hand() else { return self.over(Passed::NotReached) };
        let places = match outcome {
            // Not knowing who else is on the line is no reason to leave a caller alone.
            Outcome::Reserved | Outcome::Unknown => u16::MAX,
            Outcome::Partly(places) => places,
            Outcome::Full => 0,
            Outcome::Unhealthy | Outcome::Paused => return self.passed_over(Passed::Resting),
            // We have no number to show: no line can be dialled.
            Outcome::Unreachable => return self.over(Passed::NotReached),
        };
        let ready = attempt.ready(self.now.minute).into_iter().enumerate();
        let reserved = ready.filter(|(at, _)| places >> at & 1 == 1);
        let targets: Vec<Target> = reserved.map(|(_, telephone)| target(telephone, &self.world.langs)).collect();
        if targets.is_empty() {
            return self.passed_over(Passed::Full);
        }
        self.dial(chain, attempt, targets)
    }

    fn dial(mut self, chain: &Chain, attempt: &Attempt, targets: Vec<Target>) -> Step {
        let dial = Dial {
            targets,
            ring: self.ring(chain, attempt.line.ring),
            accept: attempt.line.accept,
            star_leaves: self.star_leaves(attempt),
        };
        let tried = Fact::TransferTried(attempt.id());
        self.facts.push(tried);
        self.state.phase = Phase::Ringing;
        self.answer(vec![Verb::Dial(dial)])
    }

    /// A transfer is over. Where nobody took the call, the seconds are those of a voicemail.
    pub(super) fn transfer_fact(&mut self, line: LineId, transfer: Transfer, have_talked: Option<bool>) {
        let Transfer { outcome, talked, .. } = transfer;
        self.facts.push(match (outcome, have_talked) {
            (DialOutcome::Completed, Some(false)) => {
                Fact::TransferEnded { line, outcome: DialOutcome::NoAnswer, talked: None }
            }
            _ => Fact::TransferEnded { line, outcome, talked },
        });
    }

    /// The two have talked, or nobody could be reached.
    pub(super) fn transfer_ended(mut self, transfer: Transfer) -> Step {
        if let Some(find) = self.at_find() {
            return self.centre_call_ended(find, transfer);
        }
        let outcome = transfer.outcome;
        let Some((_, attempt)) = self.at_hand() else {
            // A reload has taken the line away meanwhile: the two may have talked all the same.
            let talked = have_talked(false, transfer) == Some(true);
            return if talked { self.conversation() } else { self.over(unanswered(outcome)) };
        };
        let (line, accept, ring) = (attempt.id(), attempt.line.accept, attempt.line.ring);
        let have_talked = have_talked(accept, transfer);
        self.transfer_fact(line, transfer, have_talked);
        match have_talked {
            Some(true) => self.conversation(),
            None => {
                self.state.chain_seconds = self.state.chain_seconds.saturating_add(u16::from(ring));
                self.state.phase = Phase::DidYouTalk;
                self.again()
            }
            Some(false) => {
                let passed = unanswered(outcome);
                let rung = if passed == Passed::NoAnswer { u16::from(ring) } else { REFUSAL };
                self.next_attempt(passed, rung)
            }
        }
    }

    /// T7: never the next line, never a farewell that was not chosen. A conversation ends a row of failures (L1).
    pub(super) fn conversation(mut self) -> Step {
        let world = self.world;
        let then = match world.node(self.state.node).map(|node| (node, &node.kind)) {
            Some((node, Kind::Transfer { then, .. })) => {
                self.reach_goals(&node.goals);
                *then
            }
            // A reload has made another place of it.
            _ => world.roles.main_menu,
        };
        self.state.answered = true;
        self.state.ladder_answered |= self.state.by_ladder;
        self.state.failures = 0;
        self.unbound = true;
        self.enter(then)
    }

    /// No word of the transfer came back, as when a provider goes on without telling: the two may have talked, so that
    /// nobody else is called.
    pub(super) fn transfer_lost(self) -> Step {
        self.over(Passed::NotReached)
    }

    /// A line that is full, paused or resting does not ring. Of other people of the same group nothing need be said.
    fn passed_over(mut self, passed: Passed) -> Step {
        if let Some((chain, attempt)) = self.at_hand()
            && let Some(next) = self.next_open(chain)
            && next % WITHOUT_A_WORD != 0
            && chain.at(next, self.now.turn_of).is_some_and(|other| self.sounds_alike(attempt, other))
        {
            self.stand_at_attempt(next, passed);
            let transfer = self.state.node;
            return self.reserve(transfer);
        }
        self.next_attempt(passed, 0)
    }

    /// T9: whether two people of one group need no other words: another language is announced before it is heard.
    fn sounds_alike(&self, one: &Attempt, other: &Attempt) -> bool {
        let mut langs = self.world.langs.iter().filter(|lang| self.state.lang.is_none_or(|own| own == **lang));
        one.line.name == other.line.name
            && langs.all(|lang| {
                let strange = other.line.other_language(*lang);
                strange.is_none() || strange == one.line.other_language(*lang)
            })
    }

    fn next_open(&self, chain: &Chain) -> Option<usize> {
        chain.next_open(usize::from(self.state.attempt) + 1, &self.now)
    }

    /// T3, T4: in a word why, then the next attempt; after long ringing a question; the numbers if none is left.
    pub(super) fn next_attempt(mut self, passed: Passed, rung: u16) -> Step {
        let before = self.state.chain_seconds;
        let seconds = before.saturating_add(rung);
        self.state.chain_seconds = seconds;
        let next = self.at_hand().and_then(|(chain, _)| {
            let may_ring = seconds.saturating_add(LEAST_RING) <= chain.most_seconds;
            self.next_open(chain).filter(|_| may_ring)
        });
        let Some(next) = next else {
            let all_full = passed == Passed::Full && matches!(self.state.so_far, SoFar::None | SoFar::Full);
            return if all_full { self.last_hope() } else { self.over(passed) };
        };
        self.stand_at_attempt(next, passed);
        let asks = before < LONG_CHAIN && seconds >= LONG_CHAIN;
        self.state.phase = if asks { Phase::WaitChoice } else { Phase::Between(passed) };
        self.again()
    }

    /// None has rung, and all are full by our count alone: the end of an older call may have been lost, so that the line
    /// held longest is tried once. Never people: they may be talking.
    fn last_hope(mut self) -> Step {
        let Some((chain, _)) = self.at_hand() else { return self.over(Passed::Full) };
        let hopes: Vec<&Attempt> = self.hopes(chain).filter_map(|at| chain.at(at, self.now.turn_of)).collect();
        let Some(ring) = hopes.iter().map(|attempt| attempt.line.ring).max() else {
            return self.over(Passed::Full);
        };
        let seats = hopes.iter().flat_map(|attempt| &attempt.line.telephones).map(seat).collect();
        let effect = Effect::Reserve { seats, ring, force: true };
        self.state.phase = Phase::LastHope;
        Step::Do { state: self.state, effect }
    }

    /// The lines of `chain` that can be called now, by their positions.
    fn hopes<'c>(&self, chain: &'c Chain) -> impl Iterator<Item = usize> + use<'c> {
        let now = self.now;
        let open = std::iter::successors(chain.next_open(0, &now), move |at| chain.next_open(at + 1, &now));
        open.filter(move |at| chain.at(*at, now.turn_of).is_some_and(Attempt::is_line)).take(MOST_HOPES)
    }

    /// Which of the full lines is tried, if any.
    pub(super) fn hoped(mut self, outcome: Outcome) -> Step {
        let Some((chain, _)) = self.at_hand() else { return self.over(Passed::NotReached) };
        let chosen = match outcome {
            Outcome::Reserved | Outcome::Unknown => 0,
            Outcome::Partly(places) => places.trailing_zeros(),
            Outcome::Unreachable => return self.over(Passed::NotReached),
            Outcome::Full | Outcome::Unhealthy | Outcome::Paused => return self.over(Passed::Full),
        };
        let position = usize::try_from(chosen).ok().and_then(|chosen| self.hopes(chain).nth(chosen));
        let attempt = position.and_then(|position| Some((position, chain.at(position, self.now.turn_of)?)));
        let Some((position, attempt)) = attempt else { return self.over(Passed::Full) };
        self.state.attempt = u8::try_from(position).unwrap_or(u8::MAX);
        let targets = attempt.line.telephones.iter().map(|telephone| target(telephone, &self.world.langs)).collect();
        self.dial(chain, attempt, targets)
    }

    fn stand_at_attempt(&mut self, next: usize, passed: Passed) {
        self.state.so_far = match (self.state.so_far, passed) {
            (SoFar::None | SoFar::Full, Passed::Full) => SoFar::Full,
            (SoFar::None | SoFar::Busy | SoFar::Full, Passed::Busy | Passed::Full) => SoFar::Busy,
            _ => SoFar::Mixed,
        };
        self.state.attempt = u8::try_from(next).unwrap_or(u8::MAX);
    }

    /// T5: the chain is over. What happened, honestly.
    pub(super) fn over(mut self, last: Passed) -> Step {
        if let Some(find) = self.at_find() {
            return self.centre_passed(find, last);
        }
        let phrase = match (self.state.so_far, last) {
            (SoFar::None, Passed::Full) => Phrase::Busy,
            (SoFar::None, last) => why(last).unwrap_or(Phrase::NoAnswer),
            (SoFar::Busy | SoFar::Full, Passed::Busy | Passed::Full) => Phrase::AllBusy,
            _ => Phrase::NoAnswer,
        };
        self.phrase(phrase);
        self.in_vain()
    }

    /// T5, L5: the numbers, twice; then the place that the caller came from or the menu.
    pub(super) fn in_vain(mut self) -> Step {
        let world = self.world;
        self.unbound = true;
        if self.state.by_ladder {
            let place = self.pop_or_main_menu();
            self.stand_at(place);
            self.state.by_ladder = false;
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
        // No goal: the caller did not call for it.
        self.come_back(Spot { node: failed, part: PartId::BEGINNING })
    }
}

/// Why nobody was reached, where none was. A voicemail that could not accept is nobody.
pub(super) fn unanswered(outcome: DialOutcome) -> Passed {
    match outcome {
        DialOutcome::Busy => Passed::Busy,
        DialOutcome::Failed => Passed::NotReached,
        DialOutcome::NoAnswer | DialOutcome::Canceled | DialOutcome::Completed => Passed::NoAnswer,
    }
}

/// Whether a person was on the line, as far as it is known. Where a key had to be pressed, an answer alone is none; who was
/// asked for one is known of the ring, whatever a reload has made of the line meanwhile.
pub(super) fn have_talked(accept: bool, transfer: Transfer) -> Option<bool> {
    let completed = transfer.outcome == DialOutcome::Completed;
    match (transfer.accepted, transfer.bridged) {
        (Some(accepted), _) => Some(accepted),
        (_, Some(true)) => Some(true),
        _ if !accept || !completed => Some(completed),
        (_, Some(false)) => Some(false),
        _ => None,
    }
}
