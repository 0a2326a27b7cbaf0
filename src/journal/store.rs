//! What the writer asks of a store, whichever it is.

use std::future::Future;

use super::Entry;
use crate::call::E164;

/// Keeps entries.
pub trait Keep: Send {
    /// Stores the entries and what is counted of them, all or none. Those that are known already are passed over.
    fn write(&mut self, entries: &[Entry]) -> impl Future<Output = Result<Written, StoreError>> + Send;

    /// Counts who called, for the number of different callers of a day; a day that is over takes no more. Only marks of them are
    /// kept, and those until the sweep after midnight.
    fn callers(&mut self, callers: &[Calling]) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Closes calls that are over and removes what has been kept long enough; `second` is now.
    fn sweep(&mut self, second: i64) -> impl Future<Output = Result<Swept, StoreError>> + Send;

    /// Counts facts that were dropped, so that reports say how many are missing; `second` is now.
    fn lost(&mut self, second: i64, count: u64) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// A number that began a call. Never kept, never printed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Calling {
    /// When, in seconds since 1970.
    pub second: i64,
    /// Whose number.
    pub number: E164,
}

/// What became of entries.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Written {
    /// Stored now.
    pub new: usize,
    /// Known already.
    pub known: usize,
}

/// What a sweep did.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Swept {
    /// Calls whose end was counted.
    pub closed: u64,
    /// Facts that had been kept long enough.
    pub removed: u64,
    /// Days whose different callers were counted, and whose key is gone.
    pub days: u64,
}

/// Why a store keeps nothing now. Says nothing of what was to be kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It may be better later: a server that is away, a lock, a full disk.
    #[error("the journal can't be reached: {0}")]
    Away(String),
    /// Waiting mends nothing: a file that is damaged, a database of a later version, a password that is refused.
    #[error("the journal can't be used: {0}")]
    Broken(String),
}
