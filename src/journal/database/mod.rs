//! Where facts are kept: SQLite, or PostgreSQL for several machines. The same statements for both; what differs stands in
//! `sqlite`, `postgres`, `link` and the migrations.

mod callers;
mod care;
mod copied;
mod counts;
mod course;
#[cfg(test)]
mod full_disk;
mod link;
mod migrate;
mod place;
mod postgres;
mod read;
mod rescue;
mod rules;
mod sqlite;
mod sweep;
mod trouble;
mod write;

use std::{fmt, time::Duration};

use jiff::civil::Date;

use self::{
    callers::Callers,
    counts::Dropped,
    link::Link,
    place::{FileId, Place},
    sweep::Sweep,
    trouble::Fault,
    write::Write,
};
use super::{Calling, Entry, Keep, StoreError, Swept, Tally, Written};

pub use self::{
    care::{CareError, Condition, backup, rescue, restore},
    place::sqlite_file,
    rescue::Rescued,
    rules::Rules,
};

/// How often a piece of work is begun anew that stood in the way of another writer's.
const COLLISIONS: usize = 5;
/// For the migrations of a large database, and for what reports read.
const LONG: Duration = Duration::from_secs(60);

/// A piece of work on a connection. It may be done twice, where the first time came to nothing.
trait Work: Send + Sync {
    type Done: Send;

    fn on(&self, link: &mut Link) -> impl Future<Output = Result<Self::Done, Fault>> + Send;
}

/// A database that keeps the journal. Connects by itself, again after each failure: what failed can be tried again later.
pub struct Store {
    place: Place,
    rules: Rules,
    read_only: bool,
    /// Taken out while work is under way, and put back when it went well: a connection in an unknown state is never used again.
    link: Option<Link>,
    /// The file that the connection is to.
    file: Option<FileId>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({})", self.place)
    }
}

impl Store {
    /// Opens the journal at `sqlite:file` or `postgres://...`, made or brought up to date where needed.
    pub async fn open(url: &str, rules: Rules) -> Result<Store, StoreError> {
        Store::at(url, rules, false).await
    }

    /// Opens a journal that is there, to read it. Nothing is made or changed.
    pub async fn read(url: &str) -> Result<Store, StoreError> {
        Store::at(url, Rules::default(), true).await
    }

    async fn at(url: &str, rules: Rules, read_only: bool) -> Result<Store, StoreError> {
        let mut store = Store { place: Place::of(url)?, rules, read_only, link: None, file: None };
        store.link = Some(store.connect().await?);
        Ok(store)
    }

    /// The tallies of some days, the last one among them, in order.
    pub async fn tallies(&mut self, from: Date, to: Date) -> Result<Vec<Tally>, StoreError> {
        self.work(LONG, read::Tallies(from, to)).await
    }

    /// The same for a report, summed up by the database: the day and the hour only of what is told by them, and all else as if it
    /// had happened on the first day of its week, or of a longer part of a long time.
    pub async fn sums(&mut self, from: Date, to: Date) -> Result<Vec<Tally>, StoreError> {
        self.work(LONG, read::Sums(from, to)).await
    }

    /// The first and the last day of which something is known.
    pub async fn days(&mut self) -> Result<Option<(Date, Date)>, StoreError> {
        self.work(LONG, read::Days).await
    }

    async fn connect(&mut self) -> Result<Link, StoreError> {
        let link = self.connected().await.map_err(|fault| fault.told(&self.place))?;
        self.file = self.place.file();
        Ok(link)
    }

    /// The connection, where its file is still that of the journal: one that was moved, removed or replaced would take all that
    /// comes, and nobody would find it there.
    async fn linked(&mut self) -> Result<Link, StoreError> {
        let Some(mut link) = self.link.take() else { return self.connect().await };
        if self.place.file() == self.file {
            return Ok(link);
        }
        // What is in the log beside it belongs to the old file, not to the one that comes in its place.
        let _ = link.run("PRAGMA wal_checkpoint(TRUNCATE)", &[]).await;
        link.close().await;
        Err(StoreError::Away(format!(
            "{} was moved, removed or replaced while it was written to: what was stored is in the old one, and the journal goes on \
             in the one that is there now, or in a new one",
            self.place
        )))
    }

    async fn connected(&self) -> Result<Link, Fault> {
        let mut link = match &self.place {
            Place::Sqlite(path) if self.read_only => sqlite::to_read(path).await?,
            Place::Sqlite(path) => sqlite::to_write(path).await?,
            Place::Postgres(options) => {
                self.within(postgres::PATIENCE, postgres::connect(options, self.read_only)).await?
            }
        };
        if self.read_only {
            let version = self.within(postgres::PATIENCE, migrate::version(&mut link)).await?;
            if !migrate::check(version, &self.place)? {
                let why = format!("{} is not up to date: `allo-cmp serve` brings it there", self.place);
                return Err(StoreError::Broken(why).into());
            }
        } else {
            let current = self.within(postgres::PATIENCE, migrate::version(&mut link)).await?;
            if !migrate::check(current, &self.place)? {
                self.within(LONG, migrate::up(&mut link, &self.place)).await?;
            }
        }
        Ok(link)
    }

    /// Waits no longer than that for a server. A file answers or fails by itself.
    async fn within<T>(
        &self,
        limit: Duration,
        work: impl Future<Output = Result<T, Fault>> + Send,
    ) -> Result<T, Fault> {
        if let Place::Sqlite(_) = self.place {
            return work.await;
        }
        tokio::time::timeout(limit, work).await.unwrap_or_else(|_| {
            let why = format!("{} does not answer within {} seconds", self.place, limit.as_secs());
            Err(StoreError::Away(why).into())
        })
    }

    /// Does a piece of work, which is begun anew where two writers stood in each other's way.
    async fn work<W: Work>(&mut self, limit: Duration, work: W) -> Result<W::Done, StoreError> {
        let mut link = self.linked().await?;
        for _ in 0..COLLISIONS {
            let fault = match self.within(limit, work.on(&mut link)).await {
                Ok(done) => {
                    self.link = Some(link);
                    return Ok(done);
                }
                Err(fault) => fault,
            };
            if !fault.is_collision() {
                return Err(fault.told(&self.place));
            }
            let rolled_back = async { link.roll_back().await.map_err(Fault::from) };
            self.within(postgres::PATIENCE, rolled_back).await.map_err(|fault| fault.told(&self.place))?;
        }
        Err(StoreError::Away(format!("{}: other writers are in the way", self.place)))
    }
}

impl Keep for Store {
    async fn write(&mut self, entries: &[Entry]) -> Result<Written, StoreError> {
        if entries.is_empty() {
            return Ok(Written::default());
        }
        self.work(postgres::PATIENCE, Write(entries)).await
    }

    async fn callers(&mut self, callers: &[Calling]) -> Result<(), StoreError> {
        if callers.is_empty() {
            return Ok(());
        }
        let fresh = callers::fresh_key().map_err(StoreError::Broken)?;
        self.work(postgres::PATIENCE, Callers(callers, fresh)).await
    }

    async fn sweep(&mut self, second: i64) -> Result<Swept, StoreError> {
        self.work(postgres::PATIENCE, Sweep(self.rules, second)).await
    }

    async fn lost(&mut self, second: i64, count: u64) -> Result<(), StoreError> {
        self.work(postgres::PATIENCE, Dropped(second, count)).await
    }
}
