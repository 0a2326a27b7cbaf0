//! What is known of one call while it may go on, and what it counts for once it is over. Knows no database.

use std::sync::Arc;

use super::{
    super::{Entry, Kind, TallyKind, entry::kept},
    counts::{Cell, Counts, NO_OUTCOME, day_and_hour},
    link::{Row, Value},
};
use crate::call::{DialOutcome, Lang};

/// What is known of one call. Facts may come late and in any order: what has a higher turn is later.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Course {
    pub(super) began: Option<i64>,
    /// The latest second of any of its facts.
    pub(super) seen: i64,
    pub(super) ended: Option<i64>,
    /// The place that was reached last, and when.
    turn: i64,
    place: Arc<str>,
    lang_turn: i64,
    lang: Option<Lang>,
    /// When a line was dialled last.
    dialled_turn: i64,
    dialled: Option<i64>,
    tried: bool,
    answered: bool,
    /// When its end was counted.
    pub(super) counted: Option<i64>,
}

/// How a statement names what [`Course::of`] reads.
pub(super) const COLUMNS: &str =
    "began, seen, ended, turn, place, lang_turn, lang, dialled_turn, dialled, tried, answered, counted, mark";

impl Course {
    /// Reads a row of [`COLUMNS`].
    pub(super) fn of(row: &Row) -> Result<Course, sqlx::Error> {
        Ok(Course {
            began: row.get(0)?,
            seen: row.get(1)?,
            ended: row.get(2)?,
            turn: row.get(3)?,
            place: row.get::<String>(4)?.into(),
            lang_turn: row.get(5)?,
            lang: row.get::<String>(6)?.parse().ok(),
            dialled_turn: row.get(7)?,
            dialled: row.get(8)?,
            tried: row.get::<i64>(9)? != 0,
            answered: row.get::<i64>(10)? != 0,
            counted: row.get(11)?,
        })
    }

    /// The values of [`COLUMNS`], but for the mark.
    pub(super) fn values(&self) -> [Value<'_>; 12] {
        [
            Value::MaybeInt(self.began),
            Value::Int(self.seen),
            Value::MaybeInt(self.ended),
            Value::Int(self.turn),
            Value::Text(&self.place),
            Value::Int(self.lang_turn),
            Value::Text(self.lang.as_ref().map_or("", Lang::as_str)),
            Value::Int(self.dialled_turn),
            Value::MaybeInt(self.dialled),
            Value::Int(self.tried.into()),
            Value::Int(self.answered.into()),
            Value::MaybeInt(self.counted),
        ]
    }

    /// Takes a fact of the call. Returns how long the caller waited, where it is the end of a transfer.
    pub(super) fn take(&mut self, entry: &Entry) -> i64 {
        let turn = i64::from(entry.turn);
        self.seen = self.seen.max(entry.second);
        if let Some(lang) = entry.lang.filter(|_| turn >= self.lang_turn) {
            (self.lang, self.lang_turn) = (Some(lang), turn);
        }
        match entry.kind {
            Kind::Began => self.began = Some(self.began.map_or(entry.second, |began| began.min(entry.second))),
            Kind::Ended => self.ended = Some(self.ended.map_or(entry.second, |ended| ended.min(entry.second))),
            Kind::Reached if turn >= self.turn => (self.place, self.turn) = (kept(&entry.subject), turn),
            Kind::Tried => {
                self.tried = true;
                if turn >= self.dialled_turn {
                    (self.dialled, self.dialled_turn) = (Some(entry.second), turn);
                }
            }
            Kind::Transferred => {
                self.answered |= entry.outcome == Some(DialOutcome::Completed);
                return self.waited(entry);
            }
            _ => {}
        }
        0
    }

    /// Seconds of ringing: from the dialling to the end of the transfer, less those of conversation. 0 where that can't be known.
    fn waited(&self, entry: &Entry) -> i64 {
        let unknown = entry.outcome == Some(DialOutcome::Completed) && entry.talked.is_none();
        match self.dialled {
            Some(dialled) if self.dialled_turn < i64::from(entry.turn) && !unknown => {
                entry.second.saturating_sub(dialled).saturating_sub(entry.talked.map_or(0, i64::from)).max(0)
            }
            _ => 0,
        }
    }

    /// Adds what the call counts for by its end, `times` 1, or takes it away again, `times` -1. Only of calls whose beginning
    /// was seen: each call is counted once.
    pub(super) fn count(&self, counts: &mut Counts, times: i64) {
        let Some(began) = self.began else { return };
        let cell = |kind, second, subject| {
            let (day, hour) = day_and_hour(second);
            Cell { day, hour, kind, lang: self.lang, subject, outcome: NO_OUTCOME }
        };
        counts.add(cell(TallyKind::Left, self.ended.unwrap_or(self.seen), self.place.clone()), times, 0, 0);
        if self.tried && !self.answered {
            counts.add(cell(TallyKind::Missed, began, Arc::from("")), times, 0, 0);
        }
    }
}
