//! Brings a database up to the version of this program, step by step, and refuses one that is ahead of it.

use super::{
    super::StoreError,
    link::{Link, Value, number},
    place::Place,
    trouble::Fault,
};

/// One step: what it is for, and its statements for SQLite and for PostgreSQL.
struct Step(&'static str, &'static str, &'static str);

macro_rules! step {
    ($name:literal) => {
        Step(
            $name,
            include_str!(concat!("migrations/sqlite/", $name, ".sql")),
            include_str!(concat!("migrations/postgres/", $name, ".sql")),
        )
    };
}

/// Every step, the first of which makes version 1. Add at the end, never change one that was shipped.
const STEPS: [Step; 3] = [step!("0001_facts"), step!("0002_retention"), step!("0003_callers")];

/// The version of this program.
pub(super) const VERSION: i64 = STEPS.len() as i64;

/// The version from which on different callers can be counted.
pub(super) const WITH_CALLERS: i64 = 3;

/// Any number that nobody else locks: the first digits of the application id of the file.
const LOCK: &str = "SELECT pg_advisory_xact_lock(1095517005)";

/// The version of a database; 0 for an empty one.
pub(super) async fn version(link: &mut Link) -> Result<i64, Fault> {
    let table = match link {
        Link::Sqlite(_) => "SELECT COUNT(*) FROM sqlite_master WHERE name = 'journal'",
        // Read as any table is, so that what another machine has just made is seen.
        Link::Postgres(_) => {
            "SELECT COUNT(*) FROM pg_tables WHERE tablename = 'journal' AND schemaname = ANY (current_schemas(false))"
        }
    };
    match number(&link.rows(table, &[]).await?)? {
        0 => Ok(0),
        _ => Ok(number(&link.rows("SELECT MAX(version) FROM journal", &[]).await?)?),
    }
}

/// Brings a database up to the version of this program.
pub(super) async fn up(link: &mut Link, place: &Place) -> Result<(), Fault> {
    if check(version(link).await?, place)? {
        return Ok(());
    }
    link.begin().await?;
    if let Link::Postgres(_) = link {
        // Several machines may start at once: one goes up, the others find it done.
        link.run(LOCK, &[]).await?;
    }
    let from = version(link).await?;
    check(from, place)?;
    for (version, Step(name, sqlite, postgres)) in (1..).zip(&STEPS).skip_while(|(version, _)| *version <= from) {
        link.script(if matches!(link, Link::Sqlite(_)) { sqlite } else { postgres }).await?;
        let values = [Value::Int(version), Value::Text(name)];
        link.run("INSERT INTO journal (version, step) VALUES ($1, $2)", &values).await?;
    }
    Ok(link.commit().await?)
}

/// Whether a version is that of this program. A later one is an error.
pub(super) fn check(version: i64, place: &Place) -> Result<bool, StoreError> {
    if version > VERSION {
        let wrong = format!(
            "{place} was made by a later version of this program (its tables have version {version}, this one knows {VERSION})"
        );
        return Err(StoreError::Broken(format!("{wrong}: start that version, or restore a backup of this one's time")));
    }
    Ok(version == VERSION)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_go_up_by_the_same_numbered_steps() {
        for (at, Step(name, sqlite, postgres)) in STEPS.iter().enumerate() {
            assert!(name.starts_with(&format!("{:04}_", at + 1)), "{name}");
            let made = |text: &str| {
                let mut made: Vec<String> = text
                    .lines()
                    .filter(|line| line.starts_with("CREATE"))
                    .map(|line| line.split_whitespace().take(3).collect::<Vec<_>>().join(" "))
                    .collect();
                made.sort();
                made
            };
            assert_eq!(made(sqlite), made(postgres), "{name}");
        }
    }
}
