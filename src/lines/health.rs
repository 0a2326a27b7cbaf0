//! Which lines are rested because they failed again and again: a circuit breaker for each.
//!
//! A failure is a line that the network could not reach: an invalid number, a broken trunk. Busy and no answer are signs
//! of life. Knows `call` alone, reads no clock, and remembers only lines that have failed since they were last reached.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::call::{CallKey, DialOutcome, LineId};

/// Failures in a row after which a line is rested: one is chance, two may be the same fault of a minute.
pub const FAILURES: u8 = 3;

/// Minutes of the first rest: what a network needs to mend itself, and short enough that no line is missed for long.
pub const FIRST_REST: u32 = 2;

/// Minutes of the longest rest. A line that is mended is tried again within half an hour, whoever sleeps.
pub const LONGEST_REST: u32 = 30;

/// Minutes for which one call alone tries a rested line. A failure is told within the ring time; after this the call
/// talks, or its end was lost, and neither must keep others away.
const TRIAL: u32 = 2;

/// Lines that are remembered at once, far more than anybody lists. Beyond it the one that was heard of least lately goes.
const MAX_LINES: usize = 4_096;

/// What is known of a line now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Condition {
    /// It is called.
    Well,
    /// It is passed over until this minute (UTC, since 1970).
    Resting(u32),
    /// Its rest is over: one call tries it.
    Tried,
}

/// The breakers of all lines. Shared by every webhook; only reservations and ends of transfers take its lock.
#[derive(Default)]
pub struct Health {
    book: Mutex<HashMap<LineId, Breaker>>,
}

impl Health {
    /// Whether `call` may try `line` at minute `now`. After a rest one call may, and asks again as often as it likes.
    pub fn may_try(&self, line: LineId, call: &CallKey, now: u32) -> bool {
        self.book().get_mut(&line).is_none_or(|breaker| breaker.may_try(call, now))
    }

    /// What became of a call to `line`. The minutes for which it is rested now, if this failure is why.
    pub fn ended(&self, line: LineId, call: &CallKey, outcome: DialOutcome, now: u32) -> Option<u32> {
        let mut book = self.book();
        match outcome {
            // Whoever is busy or does not answer has been reached.
            DialOutcome::Completed | DialOutcome::Busy | DialOutcome::NoAnswer => {
                book.remove(&line);
                None
            }
            DialOutcome::Canceled => {
                book.get_mut(&line)?.given_up(call, now);
                None
            }
            DialOutcome::Failed => {
                if !book.contains_key(&line) && book.len() >= MAX_LINES {
                    forget_one(&mut book);
                }
                book.entry(line).or_insert_with(|| Breaker::new(now)).failed(now)
            }
        }
    }

    /// `call` ended before anything was known of `line`: another one may try it.
    pub fn given_up(&self, line: LineId, call: &CallKey, now: u32) {
        if let Some(breaker) = self.book().get_mut(&line) {
            breaker.given_up(call, now);
        }
    }

    /// What is known of `line` at minute `now`.
    pub fn of(&self, line: LineId, now: u32) -> Condition {
        match self.book().get(&line).map(|breaker| breaker.phase) {
            None | Some(Phase::Closed) => Condition::Well,
            Some(Phase::Resting(until)) if now < until => Condition::Resting(until),
            Some(Phase::Resting(_) | Phase::Trying { .. }) => Condition::Tried,
        }
    }

    /// How many lines are rested at minute `now`.
    pub fn resting(&self, now: u32) -> usize {
        let rests = |breaker: &&Breaker| matches!(breaker.phase, Phase::Resting(until) if now < until);
        self.book().values().filter(rests).count()
    }

    fn book(&self) -> MutexGuard<'_, HashMap<LineId, Breaker>> {
        // A panic under the lock leaves at worst one breaker as it was.
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn forget_one(book: &mut HashMap<LineId, Breaker>) {
    let oldest = book.iter().min_by_key(|(line, breaker)| (breaker.heard, **line)).map(|(line, _)| *line);
    if let Some(line) = oldest {
        book.remove(&line);
    }
}

/// One line that has failed since it was last reached.
#[derive(Clone, Copy)]
struct Breaker {
    failures: u8,
    /// Minutes of the last rest.
    rest: u32,
    phase: Phase,
    /// The minute of the last failure.
    heard: u32,
}

#[derive(Clone, Copy)]
enum Phase {
    /// Calls go through.
    Closed,
    /// Nobody calls it before this minute.
    Resting(u32),
    /// Only this call does, until this minute.
    Trying { by: CallKey, until: u32 },
}

impl Breaker {
    fn new(now: u32) -> Breaker {
        Breaker { failures: 0, rest: 0, phase: Phase::Closed, heard: now }
    }

    fn may_try(&mut self, call: &CallKey, now: u32) -> bool {
        let free_at = match self.phase {
            Phase::Closed => return true,
            Phase::Trying { by, .. } if by == *call => return true,
            Phase::Resting(until) | Phase::Trying { until, .. } => until,
        };
        if now >= free_at {
            self.phase = Phase::Trying { by: *call, until: now.saturating_add(TRIAL) };
        }
        now >= free_at
    }

    fn failed(&mut self, now: u32) -> Option<u32> {
        self.heard = now;
        self.failures = self.failures.saturating_add(1);
        match self.phase {
            Phase::Closed if self.failures < FAILURES => return None,
            // A call that had begun before the rest says nothing new.
            Phase::Resting(until) if now < until => return None,
            Phase::Closed | Phase::Resting(_) | Phase::Trying { .. } => {}
        }
        self.rest = self.rest.saturating_mul(2).clamp(FIRST_REST, LONGEST_REST);
        self.phase = Phase::Resting(now.saturating_add(self.rest));
        Some(self.rest)
    }

    fn given_up(&mut self, call: &CallKey, now: u32) {
        if matches!(self.phase, Phase::Trying { by, .. } if by == *call) {
            self.phase = Phase::Resting(now);
        }
    }
}

#[cfg(test)]
#[path = "health_tests.rs"]
mod tests;
