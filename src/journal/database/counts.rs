//! What is to be added to the tallies: gathered in memory first, so that each row is touched once, in one order for all writers.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{
    super::TallyKind,
    Work,
    link::{Link, Value},
    trouble::Fault,
};
use crate::call::Lang;

/// What a row of the tallies is about. Its order is that of the locks: two writers never wait for each other in a circle.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Cell {
    pub(super) day: Date,
    pub(super) hour: i8,
    pub(super) kind: TallyKind,
    pub(super) lang: Option<Lang>,
    pub(super) subject: Arc<str>,
    pub(super) outcome: i64,
}

/// What is added to a row; what was counted wrongly is taken away again.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
struct Sums {
    count: i64,
    talked: i64,
    waited: i64,
}

/// What is to be added.
#[derive(Default, Debug)]
pub(super) struct Counts(BTreeMap<Cell, Sums>);

/// The day and the hour of a second, on the clocks of Paris.
pub(super) fn day_and_hour(second: i64) -> (Date, i8) {
    let zone = TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC);
    let paris = Timestamp::from_second(second).unwrap_or_default().to_zoned(zone);
    (paris.date(), paris.hour())
}

impl Counts {
    pub(super) fn add(&mut self, cell: Cell, count: i64, talked: i64, waited: i64) {
        let sums = self.0.entry(cell).or_default();
        sums.count += count;
        sums.talked += talked;
        sums.waited += waited;
    }

    /// Adds them to the tallies, within a transaction.
    pub(super) async fn store(self, link: &mut Link) -> Result<(), Fault> {
        let rows: Vec<(String, Cell, Sums)> = self
            .0
            .into_iter()
            .filter(|(_, sums)| *sums != Sums::default())
            .map(|(cell, sums)| (cell.day.to_string(), cell, sums))
            .collect();
        let values: Vec<Value<'_>> = rows
            .iter()
            .flat_map(|(day, cell, sums)| {
                [
                    Value::Text(day),
                    Value::Int(cell.hour.into()),
                    Value::Int(cell.kind.number()),
                    Value::Text(cell.lang.as_ref().map_or("", Lang::as_str)),
                    Value::Text(&cell.subject),
                    Value::Int(cell.outcome),
                    Value::Int(sums.count),
                    Value::Int(sums.talked),
                    Value::Int(sums.waited),
                ]
            })
            .collect();
        let head = "INSERT INTO tallies (day, hour, kind, lang, subject, outcome, count, talked, waited)";
        let tail = "ON CONFLICT (day, hour, kind, lang, subject, outcome) DO UPDATE SET \
                    count = tallies.count + excluded.count, talked = tallies.talked + excluded.talked, \
                    waited = tallies.waited + excluded.waited";
        link.insert(head, 9, tail, &values).await?;
        Ok(())
    }
}

/// Where there is no outcome.
pub(super) const NO_OUTCOME: i64 = -1;

/// Counts facts that were dropped: when, and how many.
pub(super) struct Dropped(pub(super) i64, pub(super) u64);

impl Work for Dropped {
    type Done = ();

    async fn on(&self, link: &mut Link) -> Result<(), Fault> {
        let (day, hour) = day_and_hour(self.0);
        let cell =
            Cell { day, hour, kind: TallyKind::Dropped, lang: None, subject: Arc::from(""), outcome: NO_OUTCOME };
        let mut counts = Counts::default();
        counts.add(cell, i64::try_from(self.1).unwrap_or(i64::MAX), 0, 0);
        link.begin().await?;
        counts.store(link).await?;
        Ok(link.commit().await?)
    }
}
