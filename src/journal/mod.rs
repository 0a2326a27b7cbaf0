//! What happened on the line, and nothing about who called: facts, off the path of the calls, into SQLite or PostgreSQL.
//!
//! A webhook hands its facts to the [`Recorder`], which never waits. Behind it one writer gives them ids, gathers them and hands
//! them to the store in groups; what can't be stored waits in a file of its own, the spool. Reports are made of [`Tally`] rows,
//! which the store keeps up to date in the transaction that stores the facts. Knows `call` alone, and is the only room that knows SQL.

mod database;
mod entry;
mod gather;
mod handle;
mod job;
#[cfg(test)]
mod kill_tests;
mod line;
mod open;
mod outage;
mod recorder;
mod report;
mod running;
mod spool;
mod spooling;
mod state;
mod store;
mod tally;
#[cfg(test)]
mod testing;
mod writer;
#[cfg(test)]
mod writer_tests;

pub use self::{
    database::{CareError, Condition, Rescued, Rules, Store, backup, rescue, restore, sqlite_file},
    entry::{CallMark, Entry, EntryId, Kind, MOST_SUBJECT},
    handle::{Journal, Options},
    open::{StoreOptions, open_store},
    recorder::{Batch, Happening, Recorder},
    report::{About, Figure, LEAST, LineCalls, Names, Report, Row, Section},
    state::{Health, StoreState},
    store::{Calling, Keep, StoreError, Swept, Written},
    tally::{Tally, TallyKind},
};
