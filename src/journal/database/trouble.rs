//! What went wrong with a database, told as somebody can act on it: whether waiting may mend it, and without a password.

use sqlx::Error;

use super::{super::StoreError, place::Place};

/// SQLite's number where the file beside a database that programs share can't grow.
const SHARED_MEMORY: u32 = 10 | 19 << 8;

/// What ends a piece of work.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// The database says so.
    #[error(transparent)]
    Sql(#[from] Error),
    /// We say so.
    #[error(transparent)]
    Told(#[from] StoreError),
}

impl Fault {
    /// Two writers stood in each other's way: the same once more may go through.
    pub(super) fn is_collision(&self) -> bool {
        // Serialization failure, deadlock, and a key that another transaction has just made.
        let Fault::Sql(error) = self else { return false };
        code(error).is_some_and(|code| ["40001", "40P01", "23505"].contains(&code.as_str()))
    }

    /// As it is told.
    pub(super) fn told(self, place: &Place) -> StoreError {
        match self {
            Fault::Told(error) => error,
            Fault::Sql(error) => match place {
                Place::Sqlite(_) => sqlite(place, &error),
                Place::Postgres(_) => postgres(place, &error),
            },
        }
    }
}

fn code(error: &Error) -> Option<String> {
    Some(error.as_database_error()?.code()?.into_owned())
}

/// SQLite's number of an error: the last byte is its kind, the others its details.
pub(super) fn sqlite_number(error: &Error) -> Option<u32> {
    code(error)?.parse().ok()
}

/// What a database says, in one line.
fn said(error: &Error) -> String {
    let text = match error.as_database_error() {
        Some(error) => error.message().to_owned(),
        None => error.to_string(),
    };
    text.lines().next().unwrap_or_default().to_owned()
}

fn sqlite(place: &Place, error: &Error) -> StoreError {
    use StoreError::{Away, Broken};
    // A full disk is told so where the memory that programs share can't grow, too.
    let number = sqlite_number(error).map(|code| if code == SHARED_MEMORY { 13 } else { code & 0xff });
    let said = said(error);
    match number {
        Some(5 | 6) => Away(format!("{place} is locked: close the other program that writes to it")),
        Some(13) => Away(format!("no room is left for {place}: make room on its disk")),
        Some(7 | 9 | 10 | 17) => Away(format!("{place}: {said}; look at its disk")),
        Some(8) => Broken(format!(
            "{place} can't be written: give the user of this program the right to, and mount its disk for writing"
        )),
        Some(3 | 14 | 23) => Broken(format!(
            "{place} can't be opened: the folder must be there, and this user must be allowed to write to it"
        )),
        Some(11) => Broken(format!(
            "{place} is damaged: `allo-cmp journal rescue` saves what can be read, `allo-cmp journal restore` takes a backup"
        )),
        Some(26) => {
            Broken(format!("{place} is no SQLite database: name another file in journal.url, or put this one aside"))
        }
        Some(_) => Broken(format!("{place}: {said}")),
        None => Away(format!("{place}: {said}")),
    }
}

fn postgres(place: &Place, error: &Error) -> StoreError {
    use StoreError::{Away, Broken};
    let said = said(error);
    let Some(code) = code(error) else {
        return match error {
            Error::Configuration(_) | Error::Tls(_) | Error::ColumnDecode { .. } | Error::Decode(_) => {
                Broken(format!("{place}: {said}; look at journal.url"))
            }
            _ => Away(format!("{place} does not answer: {said}; it comes back by itself once the server runs")),
        };
    };
    match code.as_str() {
        "53300" => Away(format!("{place} takes no more connections: raise max_connections")),
        "53100" => Away(format!("no room is left for {place}: make room on its disk")),
        "57P03" | "57P01" | "57P02" => Away(format!("{place} is starting or stopping: {said}")),
        "57014" | "55P03" => Away(format!("{place} is too slow: {said}")),
        "3D000" => Broken(format!("{place}: {said}; make it with `createdb`")),
        "42501" => Broken(format!("{place}: {said}; GRANT the user of journal.url the right to make and write tables")),
        "25006" => Broken(format!("{place} can't be written: {said}; name the server that takes writes")),
        "42P07" => {
            Broken(format!("{place} holds tables of another program: {said}; give the journal a database of its own"))
        }
        code => match &code[..code.len().min(2)] {
            "08" | "25" | "40" | "53" | "57" | "58" => Away(format!("{place}: {said}")),
            "28" => Broken(format!("{place} refuses the user or the password of journal.url")),
            "XX" => Broken(format!("{place}: {said}; ask its administrator")),
            _ => Broken(format!("{place}: {said}")),
        },
    }
}
