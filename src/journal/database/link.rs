//! A connection to either kind of database, which the statements don't tell apart: values in, rows out.

use sqlx::{
    AssertSqlSafe, Connection, Decode, Error, PgConnection, Postgres, Row as _, SqlSafeStr, Sqlite, SqliteConnection,
    Type, postgres::PgRow, sqlite::SqliteRow,
};

/// Rows in one statement, from many to one: few texts, so that each is prepared once.
const PORTIONS: [usize; 3] = [64, 8, 1];

/// A connection.
pub(super) enum Link {
    Sqlite(Box<SqliteConnection>),
    Postgres(Box<PgConnection>),
}

/// What is handed to a statement.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    Int(i64),
    MaybeInt(Option<i64>),
    Text(&'a str),
    MaybeText(Option<&'a str>),
    Bytes(&'a [u8]),
}

/// What a statement hands back.
pub(super) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

macro_rules! with_values {
    ($sql:expr, $values:expr) => {
        $values.iter().fold(sqlx::query($sql), |query, value| match *value {
            Value::Int(number) => query.bind(number),
            Value::MaybeInt(number) => query.bind(number),
            Value::Text(text) => query.bind(text),
            Value::MaybeText(text) => query.bind(text),
            Value::Bytes(bytes) => query.bind(bytes),
        })
    };
}

impl Link {
    /// Runs one statement; how many rows it touched.
    pub(super) async fn run(&mut self, sql: impl SqlSafeStr, values: &[Value<'_>]) -> Result<u64, Error> {
        Ok(match self {
            Link::Sqlite(link) => with_values!(sql, values).execute(&mut **link).await?.rows_affected(),
            Link::Postgres(link) => with_values!(sql, values).execute(&mut **link).await?.rows_affected(),
        })
    }

    /// Runs one statement and takes its rows.
    pub(super) async fn rows(&mut self, sql: impl SqlSafeStr, values: &[Value<'_>]) -> Result<Vec<Row>, Error> {
        Ok(match self {
            Link::Sqlite(link) => {
                with_values!(sql, values).fetch_all(&mut **link).await?.into_iter().map(Row::Sqlite).collect()
            }
            Link::Postgres(link) => {
                with_values!(sql, values).fetch_all(&mut **link).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// Runs several statements that take nothing and give nothing.
    pub(super) async fn script(&mut self, sql: &'static str) -> Result<(), Error> {
        match self {
            Link::Sqlite(link) => sqlx::raw_sql(sql).execute(&mut **link).await.map(drop),
            Link::Postgres(link) => sqlx::raw_sql(sql).execute(&mut **link).await.map(drop),
        }
    }

    /// Runs `head VALUES (...), (...) tail` for rows of so many columns, in the order of the values, and takes what it returns.
    pub(super) async fn insert(
        &mut self,
        head: &str,
        columns: usize,
        tail: &str,
        mut values: &[Value<'_>],
    ) -> Result<Vec<Row>, Error> {
        let mut returned = Vec::new();
        for portion in PORTIONS {
            while let Some((now, rest)) = values.split_at_checked(portion * columns).filter(|(now, _)| !now.is_empty())
            {
                let sql = format!("{head} VALUES {} {tail}", places(portion, columns));
                returned.append(&mut self.rows(AssertSqlSafe(sql), now).await?);
                values = rest;
            }
        }
        Ok(returned)
    }

    /// Closes it. Whatever goes wrong in that, it is gone.
    pub(super) async fn close(self) {
        let _ = match self {
            Link::Sqlite(link) => link.close().await,
            Link::Postgres(link) => link.close().await,
        };
    }

    /// Begins a transaction that writes.
    pub(super) async fn begin(&mut self) -> Result<(), Error> {
        // SQLite takes the lock for writing at once: it can't be refused half-way.
        let sql = if matches!(self, Link::Sqlite(_)) { "BEGIN IMMEDIATE" } else { "BEGIN" };
        self.run(sql, &[]).await.map(drop)
    }

    pub(super) async fn commit(&mut self) -> Result<(), Error> {
        self.run("COMMIT", &[]).await.map(drop)
    }

    pub(super) async fn roll_back(&mut self) -> Result<(), Error> {
        self.run("ROLLBACK", &[]).await.map(drop)
    }
}

/// `($1, $2), ($3, $4)`.
fn places(rows: usize, columns: usize) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(rows * columns * 6);
    for at in 0..rows * columns {
        let before = match (at, at % columns) {
            (0, _) => "(",
            (_, 0) => "), (",
            _ => ", ",
        };
        // Writing into a String can't fail.
        let _ = write!(text, "{before}${}", at + 1);
    }
    text + ")"
}

impl Row {
    /// What stands in a column.
    pub(super) fn get<T>(&self, column: usize) -> Result<T, Error>
    where
        T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>,
    {
        match self {
            Row::Sqlite(row) => row.try_get(column),
            Row::Postgres(row) => row.try_get(column),
        }
    }
}

/// The number in the first column of the first row; 0 without one.
pub(super) fn number(rows: &[Row]) -> Result<i64, Error> {
    rows.first().map_or(Ok(0), |row| Ok(row.get::<Option<i64>>(0)?.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::places;

    #[test]
    fn places_are_numbered_row_by_row() {
        assert_eq!(places(1, 1), "($1)");
        assert_eq!(places(2, 3), "($1, $2, $3), ($4, $5, $6)");
    }
}
