//! What reports read.

use jiff::{ToSpan, civil::Date};

use super::{
    super::{Kind, Tally, TallyKind, entry::outcome_numbered},
    Work,
    link::{Link, Row, Value},
    trouble::Fault,
};

/// The tallies from one day to another.
pub(super) struct Tallies(pub(super) Date, pub(super) Date);

impl Work for Tallies {
    type Done = Vec<Tally>;

    async fn on(&self, link: &mut Link) -> Result<Vec<Tally>, Fault> {
        let sql = "SELECT day, hour, kind, lang, subject, outcome, count, talked, waited FROM tallies \
               WHERE day >= $1 AND day <= $2 AND count > 0 ORDER BY day, hour, kind, lang, subject, outcome";
        let (from, to) = (self.0.to_string(), self.1.to_string());
        let rows = link.rows(sql, &[Value::Text(&from), Value::Text(&to)]).await?;
        let mut tallies = Vec::with_capacity(rows.len());
        for row in rows {
            // A kind of a program that knew more is passed over.
            tallies.extend(tally(&row)?);
        }
        Ok(tallies)
    }
}

/// The sums of the tallies from one day to another.
pub(super) struct Sums(pub(super) Date, pub(super) Date);

/// Days that are summed up at once: sorting a few rows many times is faster than many rows once.
const AT_ONCE: i32 = 7;
/// Portions of a long time at most.
const PORTIONS: i32 = 100;

impl Work for Sums {
    type Done = Vec<Tally>;

    async fn on(&self, link: &mut Link) -> Result<Vec<Tally>, Fault> {
        let by_hour = [TallyKind::Of(Kind::Began), TallyKind::Missed, TallyKind::Callers].map(TallyKind::number);
        let [began, missed, callers] = by_hour.map(Value::Int);
        let sums = "CAST(SUM(count) AS BIGINT), CAST(SUM(talked) AS BIGINT), CAST(SUM(waited) AS BIGINT)";
        let days = "FROM tallies WHERE day >= $1 AND day <= $2 AND count > 0 AND kind";
        let of_hours = format!(
            "SELECT day, CAST(hour AS BIGINT), CAST(kind AS BIGINT), '', '', CAST(-1 AS BIGINT), {sums} {days} IN ($3, $4, $5) \
             GROUP BY day, hour, kind ORDER BY day, hour, kind"
        );
        let of_all = format!(
            "SELECT CAST($1 AS TEXT), CAST(0 AS BIGINT), CAST(kind AS BIGINT), lang, subject, CAST(outcome AS BIGINT), {sums} {days} \
             NOT IN ($3, $4, $5) GROUP BY kind, lang, subject, outcome ORDER BY kind, lang, subject, outcome"
        );
        let length = (self.1 - self.0).get_days();
        let step = AT_ONCE.max(length / PORTIONS).days();
        let mut tallies = Vec::new();
        for first in self.0.series(step).take_while(|day| *day <= self.1) {
            let last = first.saturating_add(step).saturating_sub(1.day()).min(self.1);
            let (first, last) = (first.to_string(), last.to_string());
            let values = [Value::Text(&first), Value::Text(&last), began, missed, callers];
            for sql in [&of_hours, &of_all] {
                for row in link.rows(sqlx::AssertSqlSafe(sql.clone()), &values).await? {
                    tallies.extend(tally(&row)?);
                }
            }
        }
        Ok(tallies)
    }
}

/// A row as it was selected by [`Tallies`].
fn tally(row: &Row) -> Result<Option<Tally>, sqlx::Error> {
    let sum = |column| row.get::<i64>(column).map(|sum| u64::try_from(sum).unwrap_or(0));
    let (day, kind) = (row.get::<String>(0)?.parse(), TallyKind::numbered(row.get(2)?));
    let (Ok(day), Ok(hour), Some(kind)) = (day, u8::try_from(row.get::<i64>(1)?), kind) else { return Ok(None) };
    Ok(Some(Tally {
        day,
        hour,
        kind,
        lang: row.get::<String>(3)?.parse().ok(),
        subject: row.get(4)?,
        outcome: outcome_numbered(row.get(5)?),
        count: sum(6)?,
        talked: sum(7)?,
        waited: sum(8)?,
    }))
}

/// The first and the last day of which something is known.
pub(super) struct Days;

impl Work for Days {
    type Done = Option<(Date, Date)>;

    async fn on(&self, link: &mut Link) -> Result<Option<(Date, Date)>, Fault> {
        let rows = link.rows("SELECT MIN(day), MAX(day) FROM tallies WHERE count > 0", &[]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let day = |column| Ok::<_, Fault>(row.get::<Option<String>>(column)?.and_then(|day| day.parse().ok()));
        Ok(day(0)?.zip(day(1)?))
    }
}
