//! What the tests of this room share: entries by number, and a store that is well, slow, away or broken as it is told.

use std::{
    collections::HashSet,
    ops::Range,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use super::{CallMark, Calling, Entry, EntryId, Keep, Kind, StoreError, Swept, Written};
use crate::call::Lang;

/// Entry number `n`.
pub(super) fn entry(n: usize) -> Entry {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&n.to_be_bytes());
    Entry {
        id: EntryId(id),
        call: CallMark([7; 8]),
        turn: 3,
        second: 1_764_633_600,
        lang: Some(Lang::FR),
        kind: Kind::Reached,
        subject: format!("node {n}").into(),
        outcome: None,
        talked: Some(5),
    }
}

/// Entries with these numbers.
pub(super) fn entries(numbers: Range<usize>) -> Vec<Entry> {
    numbers.map(entry).collect()
}

/// How a store answers.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) enum Mood {
    #[default]
    Well,
    Away,
    Broken,
    /// It answers after a while.
    Slow(Duration),
    /// It has a fault.
    Panics,
}

/// What a store has seen.
#[derive(Default, Debug)]
pub(super) struct Seen {
    pub(super) mood: Mood,
    pub(super) ids: HashSet<EntryId>,
    /// The size of each group that was stored.
    pub(super) groups: Vec<usize>,
    /// Entries that came again.
    pub(super) known: usize,
    pub(super) opened: usize,
    pub(super) sweeps: usize,
    pub(super) lost: u64,
    /// Those that it was told of.
    pub(super) callers: Vec<String>,
}

/// A store in memory. Its clones share what they see.
#[derive(Clone, Default, Debug)]
pub(super) struct Desk(Arc<Mutex<Seen>>);

impl Desk {
    pub(super) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap()
    }

    pub(super) fn is(&self, mood: Mood) {
        self.seen().mood = mood;
    }

    pub(super) async fn open(self) -> Result<Desk, StoreError> {
        self.answer().await?;
        self.seen().opened += 1;
        Ok(self)
    }

    async fn answer(&self) -> Result<(), StoreError> {
        let mood = self.seen().mood;
        match mood {
            Mood::Well => Ok(()),
            Mood::Away => Err(StoreError::Away("gone".to_owned())),
            Mood::Broken => Err(StoreError::Broken("damaged".to_owned())),
            Mood::Slow(time) => {
                tokio::time::sleep(time).await;
                Ok(())
            }
            Mood::Panics => panic!("a fault"),
        }
    }
}

impl Keep for Desk {
    async fn write(&mut self, entries: &[Entry]) -> Result<Written, StoreError> {
        self.answer().await?;
        let mut seen = self.seen();
        let new = entries.iter().filter(|entry| seen.ids.insert(entry.id)).count();
        seen.groups.push(entries.len());
        seen.known += entries.len() - new;
        Ok(Written { new, known: entries.len() - new })
    }

    async fn callers(&mut self, callers: &[Calling]) -> Result<(), StoreError> {
        self.answer().await?;
        self.seen().callers.extend(callers.iter().map(|calling| calling.number.as_str().to_owned()));
        Ok(())
    }

    async fn sweep(&mut self, _: i64) -> Result<Swept, StoreError> {
        self.answer().await?;
        self.seen().sweeps += 1;
        Ok(Swept::default())
    }

    async fn lost(&mut self, _: i64, count: u64) -> Result<(), StoreError> {
        self.answer().await?;
        self.seen().lost += count;
        Ok(())
    }
}
