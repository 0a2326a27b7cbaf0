//! What happened on the line, and nothing about who called: facts, off the path of the calls, into SQLite or PostgreSQL.
//!
//! A webhook hands its facts to the [`Recorder`], which never waits. Behind it one writer gives them ids, gathers them and hands
//! them to the store in groups; what can't be stored waits in a file of its own, the spool. Reports are made of [`Tally`] rows,
//! which the store keeps up to date in the transaction that stores the facts. Knows `call` alone, and is the only room that knows SQL.

mod database;
mod entry;
mod recorder;
mod store;
mod tally;

pub use self::{
    database::{CareError, Condition, Rescued, Rules, Store, backup, rescue, restore},
    entry::{CallMark, Entry, EntryId, Kind, MOST_SUBJECT},
    recorder::{Batch, Happening, Recorder},
    store::{Keep, StoreError, Swept, Written},
    tally::{Tally, TallyKind},
};
