//! The mouth of the journal: takes the facts of a webhook and never waits.

use std::sync::{Arc, atomic::Ordering};

use tokio::sync::mpsc::{self, error::TrySendError};

use super::{
    Kind,
    state::{Board, Health, StoreState},
};
use crate::call::{CallKey, Caller, DialOutcome, Lang};

/// The facts of one webhook, in their order.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Of which call.
    pub call: CallKey,
    /// Answers given before in that call; `u16::MAX` where it is over. A call that has lost its place counts on from a high one.
    pub turn: u16,
    /// When, in seconds since 1970.
    pub second: i64,
    /// The language of the call behind this webhook, once one is chosen.
    pub lang: Option<Lang>,
    /// Who calls, where different callers are to be counted and the call begins. Never kept.
    pub caller: Option<Caller>,
    /// What happened.
    pub facts: Vec<Happening>,
}

/// One fact of a batch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Happening {
    /// What.
    pub kind: Kind,
    /// Of what, as in [`Entry`](super::Entry).
    pub subject: Arc<str>,
    /// How a transfer ended.
    pub outcome: Option<DialOutcome>,
    /// Seconds of conversation.
    pub talked: Option<u32>,
}

/// Takes facts. Cheap to clone; without a journal it drops them.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    queue: Option<mpsc::Sender<Batch>>,
    counts_callers: bool,
    board: Arc<Board>,
}

impl Recorder {
    /// A recorder whose batches come out at the other end, `capacity` of them at most at a time.
    pub fn new(capacity: usize) -> (Recorder, mpsc::Receiver<Batch>) {
        let (queue, facts) = mpsc::channel(capacity);
        (Recorder { queue: Some(queue), counts_callers: false, board: Arc::default() }, facts)
    }

    /// The same, and it is told who begins a call, so that different callers can be counted.
    pub fn counting_callers(self) -> Recorder {
        Recorder { counts_callers: true, ..self }
    }

    /// Whether it is told who begins a call.
    pub fn counts_callers(&self) -> bool {
        self.counts_callers
    }

    /// Whether somebody keeps what is recorded.
    pub fn is_on(&self) -> bool {
        self.queue.is_some()
    }

    /// Takes a batch. Where the queue is full, its facts are lost and counted: a caller never waits.
    pub fn record(&self, batch: Batch) {
        let Some(queue) = &self.queue else { return };
        if let Err(TrySendError::Full(batch) | TrySendError::Closed(batch)) = queue.try_send(batch) {
            self.lose(batch.facts.len());
        }
    }

    /// Facts that were lost: because the queue was full, or could neither be stored nor spooled.
    pub fn lost(&self) -> u64 {
        self.board.lost.load(Ordering::Relaxed)
    }

    /// How the journal stands now.
    pub fn health(&self) -> Health {
        let mut health = self.board.read(self.waiting() as u64);
        // The writer is gone: it was stopped, or a fault ended it.
        if self.queue.as_ref().is_some_and(mpsc::Sender::is_closed) {
            health.store = StoreState::Broken;
        }
        health
    }

    /// Counts facts that are lost.
    pub(super) fn lose(&self, facts: usize) {
        self.board.lost.fetch_add(facts as u64, Ordering::Relaxed);
    }

    /// Where the writer writes down how things stand.
    pub(super) fn board(&self) -> &Board {
        &self.board
    }

    /// Batches that wait in the queue.
    pub fn waiting(&self) -> usize {
        self.queue.as_ref().map_or(0, |queue| queue.max_capacity() - queue.capacity())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_keeps_nobody_waiting_and_counts_what_it_lost() {
        let fact = Happening { kind: Kind::Began, subject: "".into(), outcome: None, talked: None };
        let facts = vec![fact.clone(), fact];
        let batch = Batch { call: CallKey::of(Some("a")), turn: 0, second: 0, lang: None, caller: None, facts };
        let (recorder, mut facts) = Recorder::new(2);
        (0..5).for_each(|_| recorder.record(batch.clone()));
        assert_eq!((recorder.waiting(), recorder.lost()), (2, 6));
        assert!(facts.try_recv().is_ok());
        assert_eq!((recorder.waiting(), recorder.health().waiting), (1, 1));
        drop(facts);
        assert_eq!(recorder.health().store, StoreState::Broken);
        assert!(!Recorder::default().is_on() && Recorder::default().health().store == StoreState::Off);
    }
}
