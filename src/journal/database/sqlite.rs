//! Opens a SQLite file: makes it where it is missing, refuses what is not ours, and sets how it is written.

use std::{
    fs::{DirBuilder, OpenOptions},
    io,
    path::Path,
    time::Duration,
};

use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};

use super::{
    super::StoreError,
    link::{Link, number},
    trouble::Fault,
};

/// "ALCM", as the first migration writes it.
const APPLICATION: i64 = 1_095_517_005;
/// How long another program may hold its lock.
const PATIENCE: Duration = Duration::from_secs(1);

/// How a file is written.
///
/// WAL: readers (reports, backups) and the writer don't wait for each other. `synchronous = FULL`: every group of facts is on the
/// disk when `write` returns, so that a killed program loses nothing of it, and neither does a cut of the power; NORMAL would
/// lose, at a cut, all since the last checkpoint, which on a quiet line is hours. It costs one `fsync` a group, away from
/// the calls. `secure_delete`: what is removed is overwritten.
const SETTINGS: &str = "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                        PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 16777216;";

/// A connection that writes; the file and its folder are made where they are missing.
pub(super) async fn to_write(path: &Path) -> Result<Link, Fault> {
    make(path).map_err(|error| cannot_make(path, &error))?;
    let mut link = connect(path, false).await?;
    belongs(&mut link, path).await?;
    link.script(SETTINGS).await?;
    Ok(link)
}

/// A connection that reads only.
pub(super) async fn to_read(path: &Path) -> Result<Link, Fault> {
    let mut link = found(path).await?;
    belongs(&mut link, path).await?;
    Ok(link)
}

async fn found(path: &Path) -> Result<Link, Fault> {
    if !path.exists() {
        let why = format!("there is no file {}: `allo-cmp serve` makes it, where journal.url names it", path.display());
        return Err(StoreError::Broken(why).into());
    }
    connect(path, true).await
}

/// A connection that reads what is left of a damaged file: also of one that is shorter than its head says.
pub(super) async fn to_rescue(path: &Path) -> Result<Link, Fault> {
    let mut link = found(path).await?;
    // SQLite's own way to be let into such a file; nothing is written.
    link.script("PRAGMA writable_schema = ON").await?;
    belongs(&mut link, path).await?;
    Ok(link)
}

/// A connection to a file that is there, without settings: for what is done to a file that nobody else uses.
pub(super) async fn plainly(path: &Path) -> Result<Link, Fault> {
    connect(path, false).await
}

async fn connect(path: &Path, read_only: bool) -> Result<Link, Fault> {
    let options = SqliteConnectOptions::new().filename(path).read_only(read_only).busy_timeout(PATIENCE);
    Ok(Link::Sqlite(Box::new(options.disable_statement_logging().connect().await?)))
}

/// Refuses a file that another program made.
async fn belongs(link: &mut Link, path: &Path) -> Result<(), Fault> {
    // In this order: what another machine of ours makes between the two comes as a whole, with our id.
    let tables = number(&link.rows("SELECT COUNT(*) FROM sqlite_master", &[]).await?)?;
    let application = number(&link.rows("PRAGMA application_id", &[]).await?)?;
    if application == APPLICATION || (application == 0 && tables == 0) {
        return Ok(());
    }
    let why = format!("the file {} belongs to another program: name another one in journal.url", path.display());
    Err(StoreError::Broken(why).into())
}

/// Makes an empty file that only its owner may read, and its folder.
pub(super) fn make(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(folder)?;
    }
    match private().create_new(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}

/// How a file is made that only its owner may read.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn cannot_make(path: &Path, error: &io::Error) -> StoreError {
    let text = format!("the file {} can't be made: {error}", path.display());
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Away(format!("{text}; make room")),
        _ => StoreError::Broken(format!("{text}; its folder must be one that this user may write to")),
    }
}
