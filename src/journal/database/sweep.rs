//! Closes calls and days that are over, and removes what has been kept long enough. In portions: no sweep takes long.

use super::{
    super::Swept,
    Work, callers,
    counts::Counts,
    course::{COLUMNS, Course},
    link::{Link, Value},
    rules::Rules,
    trouble::Fault,
};

/// A call of which nothing was heard for so long is over: its provider does not say so.
const SILENCE: i64 = 2 * 3_600;
/// How long it is known which facts were of one call, after its end.
const MEMORY: i64 = 24 * 3_600;
/// How long a call stays that was closed late, for its facts came late: others of it may be on their way.
const LATE: i64 = 3_600;
/// Calls, and facts, of one sweep.
const PORTION: i64 = 5_000;

/// A sweep: what is kept how long, and when it is now.
pub(super) struct Sweep(pub(super) Rules, pub(super) i64);

impl Work for Sweep {
    type Done = Swept;

    async fn on(&self, link: &mut Link) -> Result<Swept, Fault> {
        let Sweep(rules, second) = *self;
        let closed = close(link, second).await?;
        let (calls, removed) = remove(link, rules, second).await?;
        let days = callers::close_days(link, second).await?;
        if let Link::Sqlite(_) = link {
            if calls + removed + days > 0 {
                link.run("PRAGMA incremental_vacuum(2000)", &[]).await?;
            }
            // What is removed is gone from the disk: overwritten in the file, and no longer in the log beside it. At each sweep,
            // for a reader may have stood in the way at the last one.
            link.run("PRAGMA wal_checkpoint(TRUNCATE)", &[]).await?;
        }
        Ok(Swept { closed, removed, days })
    }
}

/// Counts how calls ended. Only one of several machines gets each call: the row changes hands once.
async fn close(link: &mut Link, second: i64) -> Result<u64, Fault> {
    link.begin().await?;
    let sql = format!(
        "UPDATE calls SET counted = $1 WHERE counted IS NULL AND mark IN (SELECT mark FROM calls \
         WHERE counted IS NULL AND (ended IS NOT NULL OR seen <= $2) ORDER BY mark LIMIT $3) RETURNING {COLUMNS}"
    );
    let values = [Value::Int(second), Value::Int(second - SILENCE), Value::Int(PORTION)];
    let rows = link.rows(sqlx::AssertSqlSafe(sql), &values).await?;
    let mut counts = Counts::default();
    for row in &rows {
        Course::of(row)?.count(&mut counts, 1);
    }
    counts.store(link).await?;
    link.commit().await?;
    Ok(rows.len() as u64)
}

/// Removes calls and facts that have been kept long enough. Returns how many of each.
async fn remove(link: &mut Link, rules: Rules, second: i64) -> Result<(u64, u64), Fault> {
    let kept = i64::from(rules.keep_days) * 24 * 3_600;
    link.begin().await?;
    let sql = "DELETE FROM calls WHERE counted <= $1 AND COALESCE(ended, seen) <= $2";
    let calls = link.run(sql, &[Value::Int(second - LATE), Value::Int(second - MEMORY)]).await?;
    let sql = "DELETE FROM facts WHERE id IN (SELECT id FROM facts WHERE second < $1 ORDER BY second LIMIT $2)";
    let facts = link.run(sql, &[Value::Int(second - kept), Value::Int(PORTION)]).await?;
    link.commit().await?;
    Ok((calls, facts))
}
