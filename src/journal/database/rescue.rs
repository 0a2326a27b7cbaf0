//! Reads what can be read of a damaged file: row by row around the places that can't.

use sqlx::AssertSqlSafe;

use super::{
    link::{Link, Row, Value, number},
    place::Place,
    trouble::{Fault, sqlite_number},
};

/// What was saved.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Rescued {
    /// Rows of tallies.
    pub tallies: u64,
    /// Single facts.
    pub facts: u64,
    /// Rows, or places for rows, that could not be read.
    pub lost: u64,
}

/// Rows read at once.
const PORTION: i64 = 500;
/// Tries in one table, after which the rest is given up.
const MOST_TRIES: u32 = 200_000;
/// Rows that are given up together where some of them are missing.
const NEAR: i64 = 16;
/// Where the end of a table can't be read.
const FAR: i64 = 1 << 40;

/// SQLite's numbers of what a disk does not give: a page, the rest of one, what has another sum, what the file system lost.
const READING: [u32; 5] = [10, 10 | 1 << 8, 10 | 2 << 8, 10 | 32 << 8, 10 | 33 << 8];

/// What a column holds.
#[derive(Clone, Copy)]
enum Column {
    Int,
    Text,
    Bytes,
}

use Column::{Bytes, Int, Text};

/// A table that is saved.
struct Table {
    name: &'static str,
    columns: &'static [(&'static str, Column)],
}

const TALLIES: Table = Table {
    name: "tallies",
    columns: &[
        ("day", Text),
        ("hour", Int),
        ("kind", Int),
        ("lang", Text),
        ("subject", Text),
        ("outcome", Int),
        ("count", Int),
        ("talked", Int),
        ("waited", Int),
    ],
};

const FACTS: Table = Table {
    name: "facts",
    columns: &[
        ("id", Bytes),
        ("second", Int),
        ("lang", Text),
        ("kind", Int),
        ("subject", Text),
        ("outcome", Int),
        ("talked", Int),
    ],
};

/// A value on its way from one file to the other.
enum Cell {
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Vec<u8>),
}

/// Copies tallies and facts from a damaged file into a fresh one, which is at `place`.
pub(super) async fn rescue(damaged: &mut Link, fresh: &mut Link, place: &Place) -> Result<Rescued, Fault> {
    let (tallies, lost_tallies) = table(damaged, fresh, place, &TALLIES).await?;
    let (facts, lost_facts) = table(damaged, fresh, place, &FACTS).await?;
    Ok(Rescued { tallies, facts, lost: lost_tallies + lost_facts })
}

/// Copies a table. Returns how many rows were saved, and how many could not be read.
async fn table(damaged: &mut Link, fresh: &mut Link, place: &Place, table: &Table) -> Result<(u64, u64), Fault> {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    let (name, names) = (table.name, names.join(", "));
    let sql =
        format!("SELECT rowid, {names} FROM {name} WHERE rowid >= $1 AND rowid <= $2 ORDER BY rowid LIMIT {PORTION}");
    let last = format!("SELECT MAX(rowid) FROM {name}");
    let last = damaged.rows(AssertSqlSafe(last), &[]).await.and_then(|rows| number(&rows)).ok();
    // Where the last row is known, reading that ends before it was led astray by a damaged number.
    let (known, last) = (last.is_some(), last.unwrap_or(FAR));
    let (mut saved, mut lost, mut tries) = (0, 0, 0);
    let mut ranges = vec![(1, last)];
    while let Some((from, to)) = ranges.pop().filter(|_| tries < MOST_TRIES) {
        tries += 1;
        match damaged.rows(AssertSqlSafe(sql.clone()), &[Value::Int(from), Value::Int(to)]).await {
            Ok(rows) => {
                let next = rows.last().map_or(Ok(from), |row| row.get::<i64>(0).map(|row| row.saturating_add(1)))?;
                if i64::try_from(rows.len()).unwrap_or(0) == PORTION {
                    ranges.push((next, to));
                } else if known && next <= to {
                    match to - next {
                        0..NEAR => lost += to.abs_diff(next) + 1,
                        between => ranges.extend([(next + between / 2 + 1, to), (next, next + between / 2)]),
                    }
                }
                let whole: Vec<Vec<Cell>> = rows.iter().filter_map(|row| cells(row, table)).collect();
                lost += (rows.len() - whole.len()) as u64;
                let stored = store(fresh, &format!("INSERT INTO {name} ({names})"), &whole).await;
                // Not the fault of the file that is read.
                saved += stored.map_err(|fault| fault.told(place))?;
            }
            Err(error) if !is_damage(&error) => return Err(error.into()),
            Err(_) if from >= to => lost += 1,
            Err(_) => {
                let middle = from + (to - from) / 2;
                ranges.extend([(middle + 1, to), (from, middle)]);
            }
        }
    }
    Ok((saved, lost))
}

/// A damaged page, or one that the disk does not give.
pub(super) fn is_damage(error: &sqlx::Error) -> bool {
    // Of the errors of a disk only those of reading: a full one damages nothing.
    sqlite_number(error).is_some_and(|number| number & 0xff == 11 || READING.contains(&number))
}

/// A file from which nothing can be read: its beginning is damaged or not that of a database, or it has no tables.
pub(super) fn holds_nothing(error: &sqlx::Error) -> bool {
    is_damage(error) || sqlite_number(error).is_some_and(|number| matches!(number & 0xff, 1 | 26))
}

/// The values of a row; none where one of them is not what it should be.
fn cells(row: &Row, table: &Table) -> Option<Vec<Cell>> {
    let cell = |(at, (_, column)): (usize, &(_, Column))| match column {
        Column::Int => row.get(at + 1).map(Cell::Int),
        Column::Text => row.get(at + 1).map(Cell::Text),
        Column::Bytes => row.get(at + 1).map(Cell::Bytes),
    };
    table.columns.iter().enumerate().map(cell).collect::<Result<_, _>>().ok()
}

async fn store(fresh: &mut Link, head: &str, rows: &[Vec<Cell>]) -> Result<u64, Fault> {
    let value = |cell| match cell {
        &Cell::Int(number) => Value::MaybeInt(number),
        Cell::Text(text) => Value::MaybeText(text.as_deref()),
        Cell::Bytes(bytes) => Value::Bytes(bytes),
    };
    let Some(columns) = rows.first().map(Vec::len) else { return Ok(0) };
    let values: Vec<Value<'_>> = rows.iter().flatten().map(value).collect();
    fresh.begin().await?;
    let kept = fresh.insert(head, columns, "ON CONFLICT DO NOTHING RETURNING 1", &values).await?.len();
    fresh.commit().await?;
    Ok(kept as u64)
}
