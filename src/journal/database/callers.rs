//! Different callers of a day, without their numbers: each is a mark made with the random key of the day, which all machines of
//! a line share through the store. After midnight the marks are counted, then they and the key are gone.

use std::collections::{BTreeMap, BTreeSet};

use hmac::Mac;
use jiff::civil::Date;

use super::{
    super::{Calling, TallyKind},
    Work,
    counts::{Cell, Counts, NO_OUTCOME, day_and_hour},
    link::{Link, Value, number},
    trouble::Fault,
};
use crate::call::keyed;

/// How long after midnight a day is closed: what was told in its last moments is stored by then.
const GRACE: i64 = 60;

/// The key of a day.
type Key = [u8; 32];
/// What stands for a caller: too short to be a number in disguise, long enough that no two of a day have the same.
type Mark = [u8; 16];

/// A random key, for a day that has none yet.
pub(super) fn fresh_key() -> Result<Key, String> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|error| format!("the system gives no randomness: {error}"))?;
    Ok(key)
}

/// Keeps marks of these callers; the key is for a day that has none.
pub(super) struct Callers<'a>(pub(super) &'a [Calling], pub(super) Key);

impl Work for Callers<'_> {
    type Done = ();

    async fn on(&self, link: &mut Link) -> Result<(), Fault> {
        let mut days: BTreeMap<Date, BTreeSet<&str>> = BTreeMap::new();
        for calling in self.0 {
            days.entry(day_and_hour(calling.second).0).or_default().insert(calling.number.as_str());
        }
        link.begin().await?;
        for (day, numbers) in days {
            let day = day.to_string();
            // Whoever comes first makes the key. The row is locked until the end, also where it was there: nobody closes the day.
            let sql = "INSERT INTO day_keys (day, key) VALUES ($1, $2) \
                       ON CONFLICT (day) DO UPDATE SET day = excluded.day RETURNING key";
            let rows = link.rows(sql, &[Value::Text(&day), Value::Bytes(&self.1)]).await?;
            let key = rows.first().map(|row| row.get::<Vec<u8>>(0)).transpose()?;
            let counted = "SELECT COUNT(*) FROM tallies WHERE day = $1 AND kind = $2";
            let kind = Value::Int(TallyKind::Callers.number());
            if number(&link.rows(counted, &[Value::Text(&day), kind]).await?)? > 0 {
                // The day is over and counted. Under a new key its callers would count twice.
                link.run("DELETE FROM day_keys WHERE day = $1", &[Value::Text(&day)]).await?;
                continue;
            }
            let Some(key) = key else { continue };
            // In one order for all writers: they never wait for each other in a circle.
            let marks: BTreeSet<Mark> = numbers.into_iter().map(|number| mark(&key, number)).collect();
            let values: Vec<Value<'_>> =
                marks.iter().flat_map(|mark| [Value::Text(&day), Value::Bytes(mark)]).collect();
            let tail = "ON CONFLICT (day, mark) DO NOTHING RETURNING 1";
            link.insert("INSERT INTO day_callers (day, mark)", 2, tail, &values).await?;
        }
        Ok(link.commit().await?)
    }
}

fn mark(key: &[u8], number: &str) -> Mark {
    let whole = keyed(key).chain_update(number.as_bytes()).finalize().into_bytes();
    std::array::from_fn(|at| whole[at])
}

/// Counts the different callers of the days that are over at `second`, and destroys their keys and marks. Returns how many days.
pub(super) async fn close_days(link: &mut Link, second: i64) -> Result<u64, Fault> {
    let today = day_and_hour(second - GRACE).0.to_string();
    link.begin().await?;
    // Only one of several machines gets the key of a day: whoever comes second finds none.
    let rows = link.rows("DELETE FROM day_keys WHERE day < $1 RETURNING day", &[Value::Text(&today)]).await?;
    let mut counts = Counts::default();
    for row in &rows {
        let day: String = row.get(0)?;
        let found = "SELECT COUNT(*) FROM day_callers WHERE day = $1";
        let different = number(&link.rows(found, &[Value::Text(&day)]).await?)?;
        link.run("DELETE FROM day_callers WHERE day = $1", &[Value::Text(&day)]).await?;
        if let Ok(day) = day.parse() {
            let (kind, subject) = (TallyKind::Callers, "".into());
            counts.add(Cell { day, hour: 0, kind, lang: None, subject, outcome: NO_OUTCOME }, different, 0, 0);
        }
    }
    counts.store(link).await?;
    link.commit().await?;
    Ok(rows.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_tells_callers_apart_and_nothing_without_the_key() {
        let (monday, tuesday) = (fresh_key().unwrap(), fresh_key().unwrap());
        let (anne, basil) = ("+33639980001", "+33639980002");
        assert_eq!(mark(&monday, anne), mark(&monday, anne));
        assert_ne!(mark(&monday, anne), mark(&monday, basil));
        assert_ne!(mark(&monday, anne), mark(&tuesday, anne), "the next day it is another");
    }
}
