//! Where a journal is, as `journal.url` says.

use std::{fmt, os::unix::fs::MetadataExt, path::PathBuf, str::FromStr};

use sqlx::{ConnectOptions, postgres::PgConnectOptions};

use super::super::StoreError;

/// Where a journal is. Prints itself without user and password.
#[derive(Clone)]
pub(super) enum Place {
    Sqlite(PathBuf),
    Postgres(Box<PgConnectOptions>),
}

impl Place {
    pub(super) fn of(url: &str) -> Result<Place, StoreError> {
        if url.starts_with("sqlite:") {
            let how = "journal.url names no file: write sqlite: and a file, as in sqlite:data/journal.db";
            let file = sqlite_file(url).filter(|_| !url.contains(['?', '\0']));
            return file.map(Place::Sqlite).ok_or_else(|| StoreError::Broken(how.to_owned()));
        }
        // What the reader of the URL says may repeat a part of it.
        let how = "journal.url can't be read: write postgres://user:password@host:5432/database";
        let server = ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
        let options = PgConnectOptions::from_str(url).ok().filter(|_| server);
        let options = options.ok_or_else(|| StoreError::Broken(how.to_owned()))?;
        let options = options.application_name("allo-cmp").disable_statement_logging();
        Ok(Place::Postgres(Box::new(options)))
    }
}

/// The file that `journal.url` names, if it names one.
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest).split('?').next().unwrap_or_default();
    let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    // `:memory:` is no file.
    (!path.is_empty() && !path.starts_with(':')).then(|| PathBuf::from(&*path))
}

/// Which file it is, whatever its name: the disk, and the number on it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct FileId(u64, u64);

impl Place {
    /// The file that is there now; none where there is none, and for a server.
    pub(super) fn file(&self) -> Option<FileId> {
        let Place::Sqlite(path) = self else { return None };
        path.metadata().ok().map(|found| FileId(found.dev(), found.ino()))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Sqlite(file) => write!(f, "the file {}", file.display()),
            Place::Postgres(options) => {
                let database = options.get_database().unwrap_or(options.get_username());
                match options.get_socket() {
                    Some(socket) => write!(f, "the database {database} at {}", socket.display()),
                    None => write!(f, "the database {database} at {}:{}", options.get_host(), options.get_port()),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_printed_without_its_password_and_an_odd_url_is_refused_without_its_text() {
        let place = |url: &str| Place::of(url).map_or_else(|error| error.to_string(), |place| place.to_string());
        assert_eq!(place("sqlite:data/journal.db"), "the file data/journal.db");
        assert_eq!(place("sqlite:///srv/journal.db"), "the file /srv/journal.db");
        assert_eq!(place("sqlite:my%20journal.db"), "the file my journal.db", "as the spool beside it");
        assert_eq!(place("postgres://me:hunter2@db:6543/line"), "the database line at db:6543");
        for odd in [
            "sqlite:",
            "sqlite::memory:",
            "sqlite:hunter2.db?mode=memory",
            "postgres://me:hunter2@db:hunter2/x",
            "mysql://hunter2@x",
        ] {
            let said = place(odd);
            assert!(said.contains("write") && !said.contains("hunter2"), "{odd}: {said}");
        }
    }
}
