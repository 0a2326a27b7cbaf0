//! The loop around the engine: an effect is performed, its outcome goes back in, until there is an answer.
//!
//! The engine is pure and asks; this performs, within bounds of number and time that leave the provider's patience
//! intact. Knows no dialect and no request.

use std::{future::Future, time::Duration};

use tokio::time::{Instant, timeout};

use super::{app::App, panics::Panicked};
use crate::{
    call::{CallKey, CallState, E164, Effect, Fact, Outcome, Step, TokenError, Verb},
    engine::Now,
    lines::occupancy::{Claim, lease_until},
    provider::{ParseError, RenderError},
    telemetry::Skip,
};

/// Why a verified webhook is answered with an apology. Says nothing about the caller.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("the webhook can't be read: {0}")]
    Parse(#[from] ParseError),
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error(transparent)]
    Render(#[from] RenderError),
    #[error("the next URL would have {0} characters")]
    UrlTooLong(usize),
    #[error("the call has lost its place again and again")]
    LostAgain,
    #[error("a panic was caught")]
    Panic,
    #[error("the engine asked for too many effects in a row")]
    TooManyEffects,
    #[error("the answer took too long")]
    TooLate,
}

impl From<Panicked> for Failure {
    fn from(_: Panicked) -> Failure {
        Failure::Panic
    }
}

/// How long and how often effects may keep a caller waiting.
pub(super) struct Patience {
    /// Effects in a row.
    pub(super) effects: u8,
    /// For one effect; then its outcome is unknown.
    pub(super) each: Duration,
    /// For all of them; then it is a failure.
    pub(super) total: Duration,
}

/// Some providers give up after 2 s, and part of that is the network's.
pub(super) const PATIENCE: Patience =
    Patience { effects: 8, each: Duration::from_millis(600), total: Duration::from_millis(1200) };

/// Telephones that one effect may ask for: a bit each in its outcome.
const MOST_SEATS: u8 = 16;

/// Performs effects.
pub(super) trait Perform {
    /// Performs `effect`, number `ordinal` of this webhook.
    fn perform(&self, ordinal: u8, effect: &Effect) -> impl Future<Output = Outcome> + Send;
}

/// An answer of the engine.
pub(super) struct Answer {
    pub(super) state: CallState,
    pub(super) verbs: Vec<Verb>,
    pub(super) facts: Vec<Fact>,
}

/// Goes on from `first` until there is an answer; `resume` is the engine's step after an effect.
pub(super) async fn drive(
    first: Step,
    resume: impl Fn(CallState, Outcome) -> Step,
    perform: &impl Perform,
    patience: &Patience,
) -> Result<Answer, Failure> {
    // Most webhooks have no effect, and don't look at the clock.
    let mut began = None;
    let mut step = first;
    for ordinal in 0..=patience.effects {
        let (state, effect) = match step {
            Step::Answer { state, verbs, facts } => return Ok(Answer { state, verbs, facts }),
            Step::Do { state, effect } => (state, effect),
        };
        if ordinal == patience.effects {
            return Err(Failure::TooManyEffects);
        }
        let end = *began.get_or_insert_with(Instant::now) + patience.total;
        let left = end.saturating_duration_since(Instant::now()).min(patience.each);
        let outcome = timeout(left, perform.perform(ordinal, &effect)).await.unwrap_or(Outcome::Unknown);
        if Instant::now() >= end {
            return Err(Failure::TooLate);
        }
        step = resume(state, outcome);
    }
    Err(Failure::TooManyEffects)
}

/// Performs the effects of one webhook.
pub(super) struct Effects<'a> {
    pub(super) app: &'a App,
    pub(super) call: CallKey,
    /// The minute in which the call began, as far as it is known.
    pub(super) started: u32,
    /// Answers given before this webhook.
    pub(super) turn: u16,
    /// Our number, presented to the lines that we dial.
    pub(super) caller_id: Option<&'a E164>,
    pub(super) now: Now,
}

impl Perform for Effects<'_> {
    async fn perform(&self, ordinal: u8, effect: &Effect) -> Outcome {
        let Effect::Reserve { seats, ring, force } = effect;
        // The caller's own number is never presented, so there is nothing to dial with.
        if self.caller_id.is_none() {
            self.app.metrics.skip(Skip::NoNumber);
            return Outcome::Unreachable;
        }
        let claims = (0_u8..MOST_SEATS).zip(seats).map(|(at, seat)| Claim {
            line: seat.counted,
            name: seat.line,
            capacity: seat.capacity,
            // Each telephone has its own id, whatever number of them each effect asks for.
            effect: self.app.tokens.effect(&self.call, self.started, self.turn, ordinal * MOST_SEATS + at),
            call: self.call,
            turn: self.turn,
            lease_until: lease_until(self.now.minute, *ring),
            force: *force,
        });
        if *force {
            let claims: Vec<Claim> = claims.collect();
            let chosen = self.app.board.last_hope(&claims, self.now.minute);
            return chosen.map_or(Outcome::Full, |at| Outcome::Partly(1 << at));
        }
        let outcomes: Vec<Outcome> = claims.map(|claim| self.app.board.reserve(&claim, self.now.minute)).collect();
        for why in outcomes.iter().filter_map(|outcome| Skip::of(*outcome)) {
            self.app.metrics.skip(why);
        }
        together(&outcomes)
    }
}

/// What became of several telephones that were asked for at once. Where none is free, why: full is what may change soonest.
fn together(outcomes: &[Outcome]) -> Outcome {
    let bits = outcomes.iter().enumerate().filter(|(_, outcome)| **outcome == Outcome::Reserved);
    let places: u16 = bits.map(|(at, _)| 1 << at).sum();
    let all = |wanted: &[Outcome]| outcomes.iter().all(|outcome| wanted.contains(outcome));
    match places {
        _ if outcomes.is_empty() => Outcome::Full,
        _ if all(&[Outcome::Reserved]) => Outcome::Reserved,
        _ if all(&[Outcome::Paused]) => Outcome::Paused,
        _ if all(&[Outcome::Paused, Outcome::Unhealthy]) => Outcome::Unhealthy,
        0 => Outcome::Full,
        places => Outcome::Partly(places),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::call::{LineId, NodeId, Seat};

    /// Each effect takes so long.
    struct Slow(Duration);

    impl Perform for Slow {
        async fn perform(&self, _: u8, _: &Effect) -> Outcome {
            tokio::time::sleep(self.0).await;
            Outcome::Reserved
        }
    }

    fn state() -> CallState {
        CallState::new(0, NodeId::of("menu"))
    }

    fn effect() -> Step {
        let seats = vec![Seat { line: LineId::of("a"), counted: LineId::of("a"), capacity: None }];
        Step::Do { state: state(), effect: Effect::Reserve { seats, ring: 25, force: false } }
    }

    fn answer() -> Step {
        Step::Answer { state: state(), verbs: vec![Verb::Hangup], facts: vec![] }
    }

    fn patience(each: u64, total: u64) -> Patience {
        Patience { effects: 8, each: Duration::from_millis(each), total: Duration::from_millis(total) }
    }

    /// Asks for `wanted` effects in all; gives the end and the outcomes seen.
    async fn run(wanted: usize, takes: u64, patience: Patience) -> (Result<Answer, Failure>, Vec<Outcome>) {
        let seen = Cell::new(Vec::new());
        let next = |done: usize| if done < wanted { effect() } else { answer() };
        let resume = |_, outcome| {
            let mut outcomes = seen.take();
            outcomes.push(outcome);
            let step = next(outcomes.len());
            seen.set(outcomes);
            step
        };
        let end = drive(next(0), resume, &Slow(Duration::from_millis(takes)), &patience).await;
        (end, seen.take())
    }

    #[test]
    fn what_is_reserved_of_several_is_told_and_else_why_none_is() {
        use Outcome::{Full, Partly, Paused, Reserved, Unhealthy};
        let cases: [(&[Outcome], Outcome); 8] = [
            (&[], Full),
            (&[Reserved, Reserved], Reserved),
            (&[Full, Reserved, Paused, Reserved], Partly(0b1010)),
            (&[Paused, Paused], Paused),
            (&[Unhealthy], Unhealthy),
            (&[Paused, Unhealthy], Unhealthy),
            (&[Paused, Full], Full),
            (&[Full], Full),
        ];
        for (outcomes, wanted) in cases {
            assert_eq!(together(outcomes), wanted, "{outcomes:?}");
        }
    }

    #[tokio::test]
    async fn eight_effects_are_performed_and_nine_are_a_failure() {
        assert!(run(0, 0, patience(600, 1200)).await.0.is_ok());
        let (end, outcomes) = run(8, 0, patience(600, 1200)).await;
        assert!(end.is_ok());
        assert_eq!(outcomes, [Outcome::Reserved; 8]);
        let (end, outcomes) = run(9, 0, patience(600, 1200)).await;
        assert!(matches!(end, Err(Failure::TooManyEffects)));
        assert_eq!(outcomes.len(), 8);
    }

    #[tokio::test]
    async fn a_late_effect_is_unknown_and_a_late_answer_a_failure() {
        let (end, outcomes) = run(1, 500, patience(20, 300)).await;
        assert!(end.is_ok());
        assert_eq!(outcomes, [Outcome::Unknown]);
        let (end, outcomes) = run(8, 500, patience(30, 70)).await;
        assert!(matches!(end, Err(Failure::TooLate)));
        assert!(outcomes.len() <= 2, "{outcomes:?}");
    }
}
