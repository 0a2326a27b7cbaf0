//! Looks after a journal: its condition, a copy while calls run, a copy put back.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use jiff::civil::Date;

use super::{
    super::StoreError,
    Store, Work,
    copied::{Copied, Part, parts},
    link::{Link, number},
    migrate,
    place::Place,
    read::Days,
    rescue::{self, Rescued},
    sqlite,
    trouble::Fault,
};

/// How a journal is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Condition {
    /// The version of its tables.
    pub version: i64,
    /// The first and the last day of which something is known.
    pub days: Option<(Date, Date)>,
    /// Calls begun on all those days.
    pub begun: u64,
    /// Single facts that are still kept.
    pub facts: u64,
    /// Calls that may go on.
    pub open: u64,
    /// What is damaged, in SQLite's words; PostgreSQL looks after that itself.
    pub damage: Vec<String>,
}

/// Why a journal was not copied.
#[derive(Debug, thiserror::Error)]
pub enum CareError {
    /// The journal itself.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was asked for would lose something, or can't be done.
    #[error("{0}")]
    Refused(String),
}

pub(super) fn refused<T>(why: String) -> Result<T, CareError> {
    Err(CareError::Refused(why))
}

/// Reads the condition of a journal.
struct Look;

impl Work for Look {
    type Done = Condition;

    async fn on(&self, link: &mut Link) -> Result<Condition, Fault> {
        let mut damage = Vec::new();
        if let Link::Sqlite(_) = link {
            match link.rows("PRAGMA integrity_check(20)", &[]).await {
                Ok(rows) => {
                    for row in rows {
                        damage.push(row.get::<String>(0)?);
                    }
                }
                // So damaged that it can't be looked through.
                Err(error) if rescue::is_damage(&error) => damage.push(error.to_string()),
                Err(error) => return Err(error.into()),
            }
            damage.retain(|line| line != "ok");
        }
        if !damage.is_empty() {
            // What can still be counted may be wrong.
            return Ok(Condition { version: 0, days: None, begun: 0, facts: 0, open: 0, damage });
        }
        let version = migrate::version(link).await?;
        if version == 0 {
            return Ok(Condition { version, days: None, begun: 0, facts: 0, open: 0, damage });
        }
        let days = Days.on(link).await?;
        let begun = "SELECT CAST(SUM(count) AS BIGINT) FROM tallies WHERE kind = 0";
        let mut counted = [0; 3];
        for (sum, sql) in counted.iter_mut().zip([
            begun,
            "SELECT COUNT(*) FROM facts",
            "SELECT COUNT(*) FROM calls WHERE counted IS NULL",
        ]) {
            *sum = u64::try_from(number(&link.rows(sql, &[]).await?)?).unwrap_or(0);
        }
        let [begun, facts, open] = counted;
        Ok(Condition { version, days, begun, facts, open, damage })
    }
}

impl Store {
    /// How the journal is. Reads all of it.
    pub async fn condition(&mut self) -> Result<Condition, StoreError> {
        self.work(super::LONG, Look).await
    }
}

/// Copies a SQLite journal into a new file, while others write to it. The copy does not tell which facts were of one call, nor which
/// callers of a day were the same.
pub async fn backup(url: &str, to: &Path) -> Result<Condition, CareError> {
    let from = file(url, "pg_dump makes a backup of a PostgreSQL journal")?;
    if to.exists() {
        return refused(format!("{} is there already: name a new file", to.display()));
    }
    let copy = Copied::beside(&from, to).await?;
    copy.becomes(to)
}

/// Puts a copy where the journal is to be. A journal that stands there is moved to `aside`, and nothing happens without.
pub async fn restore(url: &str, from: &Path, aside: Option<&Path>) -> Result<Condition, CareError> {
    let to = file(url, "psql or pg_restore puts back what pg_dump wrote")?;
    let found = look(from).await?;
    if let Some(damage) = found.damage.first() {
        return refused(format!("{} is damaged ({damage}): take another backup", from.display()));
    }
    let taken = parts(&to).any(|part| part.exists());
    if taken && aside.is_none() {
        return refused(format!("a journal is at {}: say with --aside FILE where it is to be kept", to.display()));
    }
    // First the copy, which may fail, then the place for it: what stands there stays until there is something better.
    let copy = Copied::beside(from, &to).await?;
    if let Err(error) = give_to_the_owner_of_its_folder(copy.file()) {
        return refused(format!("{} can't be made its folder's owner's: {error}", copy.file().display()));
    }
    if let Some(aside) = aside.filter(|_| taken) {
        put_aside(&to, aside).await?;
    }
    copy.becomes(&to)
}

/// What root has put in place must be written by the program, which is not root: `sudo allo-cmp journal restore` on a machine
/// where systemd runs it.
#[cfg(unix)]
fn give_to_the_owner_of_its_folder(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, chown};
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (folder, made) = (fs::metadata(folder)?, fs::metadata(file)?);
    if made.uid() == 0 && folder.uid() != 0 {
        chown(file, Some(folder.uid()), Some(folder.gid()))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn give_to_the_owner_of_its_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Writes what can be read of a damaged SQLite journal into a new one.
pub async fn rescue(url: &str, to: &Path) -> Result<Rescued, CareError> {
    let from = file(url, "the tools of PostgreSQL mend a PostgreSQL journal")?;
    if to.exists() {
        return refused(format!("{} is there already: name a new file", to.display()));
    }
    let place = Place::Sqlite(from.clone());
    let nothing = || {
        CareError::Refused(format!(
            "nothing can be read of {}: put a backup in its place by `allo-cmp journal restore --from BACKUP --aside FILE`, or \
             without one move it away: `allo-cmp serve` begins a new one",
            from.display()
        ))
    };
    let told = |fault: Fault| match fault {
        // `told` would advise what has just failed.
        Fault::Sql(error) if rescue::holds_nothing(&error) => nothing(),
        fault => CareError::from(fault.told(&place)),
    };
    let mut damaged = sqlite::to_rescue(&from).await.map_err(told)?;
    let part = Part::beside(to)?;
    let mut fresh = Store::open(&format!("sqlite:{}", part.file().display()), super::Rules::default()).await?;
    let Some(new) = &mut fresh.link else { return refused(format!("{} can't be written", to.display())) };
    let saved = rescue::rescue(&mut damaged, new, &part.place()).await.map_err(told)?;
    if saved.lost > 0 && saved.tallies + saved.facts == 0 {
        return Err(nothing());
    }
    // All of it in the one file, which is taken elsewhere without what lies beside it.
    let whole = new.script("PRAGMA journal_mode = DELETE").await;
    whole.map_err(|error| Fault::from(error).told(&part.place()))?;
    part.becomes(to)?;
    Ok(saved)
}

/// The file of a journal.
fn file(url: &str, otherwise: &str) -> Result<PathBuf, CareError> {
    match Place::of(url)? {
        Place::Sqlite(path) => Ok(path),
        Place::Postgres(_) => refused(format!("this is for SQLite alone: {otherwise}")),
    }
}

/// The condition of a file that may be of an earlier version.
pub(super) async fn look(path: &Path) -> Result<Condition, StoreError> {
    let place = Place::Sqlite(path.to_owned());
    let looked = async {
        let mut link = sqlite::to_read(path).await?;
        let condition = Look.on(&mut link).await?;
        if condition.version == 0 && condition.damage.is_empty() {
            return Err(StoreError::Broken(format!("{place} is empty: it is no journal")).into());
        }
        migrate::check(condition.version, &place)?;
        Ok(condition)
    };
    looked.await.map_err(|fault: Fault| fault.told(&place))
}

/// Moves a journal that nobody uses.
async fn put_aside(path: &Path, aside: &Path) -> Result<(), CareError> {
    if parts(aside).any(|part| part.exists()) {
        return refused(format!("{} is there already: name a new file", aside.display()));
    }
    let place = Place::Sqlite(path.to_owned());
    let alone = async {
        // Out of WAL: goes only where no other program has the file open.
        sqlite::plainly(path).await?.script("PRAGMA journal_mode = DELETE").await.map_err(Fault::from)
    };
    match alone.await.map_err(|fault| fault.told(&place)) {
        Err(StoreError::Away(why)) => return refused(format!("{why}; stop `allo-cmp serve` first")),
        // What is damaged is moved as it is.
        Ok(()) | Err(StoreError::Broken(_)) => {}
    }
    for (from, to) in parts(path).zip(parts(aside)).filter(|(from, _)| from.exists()) {
        moved(&from, &to).map_err(|error| {
            CareError::Refused(format!("{} can't be moved to {}: {error}", from.display(), to.display()))
        })?;
    }
    Ok(())
}

/// Moves a file, to another disk, too.
fn moved(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            let copied = fs::copy(from, to).and_then(|_| fs::File::open(to)?.sync_all());
            copied.inspect_err(|_| drop(fs::remove_file(to)))?;
            fs::remove_file(from)
        }
        moved => moved,
    }
}
