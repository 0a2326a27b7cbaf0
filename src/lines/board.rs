//! What is known of the lines at this moment, on one board: who is on them, which are rested, which are paused.
//!
//! The one question is [`Board::reserve`], and what becomes of a transfer comes back through [`Board::accepted`],
//! [`Board::ended`], [`Board::untold`] and [`Board::over`]. Today it is the memory of one process; several machines can share one
//! behind these.

use super::{
    health::Health,
    occupancy::{Claim, Occupancy},
    pauses::Pauses,
};
use crate::call::{CallKey, DialOutcome, LineId, Outcome};

/// The state of all lines.
#[derive(Default)]
pub struct Board {
    /// How many calls each line holds.
    pub occupancy: Occupancy,
    /// Which lines failed again and again.
    pub health: Health,
    /// Which lines the operator has paused.
    pub pauses: Pauses,
}

/// A line that is rested from now on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rested {
    /// The line.
    pub line: LineId,
    /// For how many minutes.
    pub minutes: u32,
}

impl Board {
    /// Takes a place on a line at minute `now`, or says why not. The same claim gets the same answer.
    pub fn reserve(&self, claim: &Claim, now: u32) -> Outcome {
        self.occupancy.reserve_if(claim, now, |free| {
            if self.pauses.is_paused(claim.name, now) {
                Outcome::Paused
            } else if !free {
                Outcome::Full
            } else if !self.health.may_try(claim.line, &claim.call, now) {
                // Asked last: whoever may try a rested line must have a place on it.
                Outcome::Unhealthy
            } else {
                Outcome::Reserved
            }
        })
    }

    /// Where all these lines are full by our count alone: takes the place on them that is held longest, and tells which line
    /// that is. The same claims get the same answer.
    pub fn last_hope(&self, claims: &[Claim], now: u32) -> Option<usize> {
        let is_ours = |claim: &Claim| self.occupancy.answer(claim) == Some(Outcome::Reserved);
        if let Some(before) = claims.iter().position(is_ours) {
            return Some(before);
        }
        let lines: Vec<LineId> = claims.iter().map(|claim| claim.line).collect();
        let oldest = self.occupancy.held_longest(&lines)?;
        let at = claims.iter().position(|claim| claim.line == oldest)?;
        (self.reserve(&Claim { force: true, ..claims[at] }, now) == Outcome::Reserved).then_some(at)
    }

    /// The transfer of `call` is over; the call is at its answer number `turn`, if that is known. Told twice, it counts once.
    pub fn ended(&self, call: &CallKey, turn: Option<u16>, outcome: DialOutcome, now: u32) -> Option<Rested> {
        let lines = match turn {
            Some(turn) => self.occupancy.release_before(call, turn),
            None => self.occupancy.release(call),
        };
        if let [line] = lines[..] {
            let minutes = self.health.ended(line, call, outcome, now)?;
            return Some(Rested { line, minutes });
        }
        // Of several that rang together we don't know which one failed, or was reached: none is blamed or praised.
        self.given_up(&lines, call, now);
        None
    }

    /// The transfer of `call`, which is at its answer number `turn`, is over, and nothing was told of its end.
    pub fn untold(&self, call: &CallKey, turn: u16, now: u32) {
        self.given_up(&self.occupancy.release_before(call, turn), call, now);
    }

    /// Somebody at `line` has taken `call`: those who rang together with them are free for other calls at once.
    pub fn accepted(&self, call: &CallKey, line: LineId, now: u32) {
        self.given_up(&self.occupancy.keep(call, line), call, now);
    }

    /// `call` is over.
    pub fn over(&self, call: &CallKey, now: u32) {
        self.given_up(&self.occupancy.release(call), call, now);
    }

    fn given_up(&self, lines: &[LineId], call: &CallKey, now: u32) {
        lines.iter().for_each(|line| self.health.given_up(*line, call, now));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        call::EffectId,
        lines::{health::FIRST_REST, occupancy::lease_until, pauses::Pause},
    };

    const NOW: u32 = 29_000_000;

    fn key(call: u8) -> CallKey {
        CallKey::of(Some(&call.to_string()))
    }

    fn claim(line: &str, call: u8, turn: u16) -> Claim {
        let mut effect = [call; 16];
        effect[..2].copy_from_slice(&turn.to_be_bytes());
        effect[2] = line.as_bytes()[0];
        Claim {
            line: LineId::of(line),
            name: LineId::of(line),
            capacity: Some(1),
            effect: EffectId(effect),
            call: key(call),
            turn,
            lease_until: lease_until(NOW, 25),
            force: false,
        }
    }

    /// Three calls in a row that fail.
    fn rested() -> Board {
        let board = Board::default();
        for call in 1..=3 {
            assert_eq!(board.reserve(&claim("a", call, 1), NOW), Outcome::Reserved);
            let rested = board.ended(&key(call), Some(2), DialOutcome::Failed, NOW);
            let line = LineId::of("a");
            assert_eq!(rested, (call == 3).then_some(Rested { line, minutes: FIRST_REST }));
        }
        board
    }

    #[test]
    fn a_failure_that_is_told_three_times_is_one() {
        let board = Board::default();
        board.reserve(&claim("a", 1, 1), NOW);
        for _ in 0..3 {
            assert_eq!(board.ended(&key(1), Some(2), DialOutcome::Failed, NOW), None);
        }
        assert_eq!(board.reserve(&claim("a", 2, 1), NOW), Outcome::Reserved);
    }

    #[test]
    fn ends_that_come_before_their_ring_or_after_the_call_change_nothing() {
        let board = Board::default();
        board.ended(&key(1), Some(1), DialOutcome::Failed, NOW);
        board.reserve(&claim("a", 1, 1), NOW);
        // An end of the transfer before this one, told late.
        board.ended(&key(1), Some(1), DialOutcome::Failed, NOW);
        assert_eq!(board.occupancy.held(LineId::of("a")), 1);
        board.over(&key(1), NOW);
        board.over(&key(1), NOW);
        board.ended(&key(1), Some(2), DialOutcome::Failed, NOW);
        assert_eq!(board.occupancy.held(LineId::of("a")), 0);
        for call in 2..=3 {
            board.reserve(&claim("a", call, 1), NOW);
            assert_eq!(board.ended(&key(call), Some(2), DialOutcome::Failed, NOW), None);
        }
    }

    #[test]
    fn a_lost_end_leaves_a_place_that_its_lease_gives_back() {
        let board = Board::default();
        board.reserve(&claim("a", 1, 1), NOW);
        assert_eq!(board.reserve(&claim("a", 2, 1), NOW + 30), Outcome::Full);
        assert_eq!(board.reserve(&claim("a", 3, 1), NOW + 31), Outcome::Reserved);
    }

    #[test]
    fn a_rested_line_is_unhealthy_and_after_the_rest_one_call_tries() {
        let board = rested();
        assert_eq!(board.reserve(&claim("a", 4, 1), NOW), Outcome::Unhealthy);
        let later = NOW + FIRST_REST;
        assert_eq!(board.reserve(&claim("a", 4, 1), later), Outcome::Unhealthy, "a copy hears the first outcome");
        let two = |call| Claim { capacity: Some(2), ..claim("a", call, 1) };
        assert_eq!(board.reserve(&two(5), later), Outcome::Reserved);
        assert_eq!(board.reserve(&two(6), later), Outcome::Unhealthy);
        board.ended(&key(5), Some(2), DialOutcome::Busy, later);
        assert_eq!(board.reserve(&two(7), later), Outcome::Reserved);
    }

    #[test]
    fn a_caller_who_hangs_up_during_the_trial_leaves_it_to_the_next() {
        let board = rested();
        let later = NOW + FIRST_REST;
        assert_eq!(board.reserve(&claim("a", 5, 1), later), Outcome::Reserved);
        board.over(&key(5), later);
        assert_eq!(board.reserve(&claim("a", 6, 1), later), Outcome::Reserved);
    }

    #[test]
    fn those_who_rang_together_are_neither_blamed_nor_praised() {
        let board = Board::default();
        for call in 1..=5 {
            for line in ["a", "b"] {
                assert_eq!(board.reserve(&claim(line, call, 1), NOW), Outcome::Reserved, "{call}");
            }
            assert_eq!(board.ended(&key(call), Some(2), DialOutcome::Failed, NOW), None);
        }
    }

    #[test]
    fn once_one_has_accepted_the_others_who_rang_can_be_called_by_others() {
        let board = Board::default();
        for line in ["a", "b", "c"] {
            assert_eq!(board.reserve(&claim(line, 1, 1), NOW), Outcome::Reserved);
        }
        // A number that is none of theirs changes nothing.
        board.accepted(&key(1), LineId::of("d"), NOW);
        board.accepted(&key(2), LineId::of("b"), NOW);
        assert_eq!(board.reserve(&claim("a", 2, 1), NOW), Outcome::Full);
        for _ in 0..2 {
            board.accepted(&key(1), LineId::of("b"), NOW);
        }
        let held = ["a", "b", "c"].map(|line| board.occupancy.held(LineId::of(line)));
        assert_eq!(held, [0, 1, 0]);
        assert_eq!(board.reserve(&claim("a", 3, 1), NOW), Outcome::Reserved);
        board.ended(&key(1), Some(2), DialOutcome::Completed, NOW);
        let held = ["a", "b", "c"].map(|line| board.occupancy.held(LineId::of(line)));
        assert_eq!(held, [1, 0, 0], "nothing is given back twice");
    }

    #[test]
    fn the_last_hope_is_the_line_held_longest_and_never_one_place_more() {
        let board = Board::default();
        for (line, call, minute) in [("a", 1, NOW + 1), ("b", 2, NOW)] {
            let until = lease_until(minute, 25);
            assert_eq!(board.reserve(&Claim { lease_until: until, ..claim(line, call, 1) }, NOW), Outcome::Reserved);
        }
        let hope = |call: u8| ["a", "b"].map(|line| Claim { lease_until: NOW + 40, ..claim(line, call, 1) });
        assert_eq!(board.last_hope(&hope(3), NOW + 2), Some(1));
        assert_eq!(board.last_hope(&hope(3), NOW + 2), Some(1), "the same webhook hears the same");
        assert_eq!(board.last_hope(&hope(4), NOW + 2), Some(0), "now the other one is held longest");
        for line in ["a", "b"] {
            assert_eq!(board.occupancy.held(LineId::of(line)), 1);
        }
        board.ended(&key(2), Some(2), DialOutcome::Completed, NOW + 3);
        assert_eq!(board.occupancy.held(LineId::of("b")), 1, "who lost the place gives none back");
        assert_eq!(Board::default().last_hope(&hope(5), NOW), None, "nobody holds a place");
    }

    #[test]
    fn a_paused_line_says_so_even_where_it_is_full_or_forced() {
        let board = Board::default();
        board.reserve(&claim("a", 1, 1), NOW);
        board.pauses.pause(&["a".to_owned()], &Pause { until: NOW + 5, reason: None }, NOW).unwrap();
        assert_eq!(board.reserve(&claim("a", 2, 1), NOW), Outcome::Paused);
        assert_eq!(board.reserve(&Claim { force: true, ..claim("a", 3, 1) }, NOW), Outcome::Paused);
        assert_eq!(board.occupancy.held(LineId::of("a")), 1, "who talks goes on talking");
        assert_eq!(board.reserve(&Claim { force: true, ..claim("a", 4, 1) }, NOW + 5), Outcome::Reserved);
    }
}
