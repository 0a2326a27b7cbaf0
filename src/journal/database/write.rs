//! Stores facts: those that are new, what is counted of them, and how far their calls have come. All in one transaction.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    super::{
        CallMark, Entry, EntryId, Kind, TallyKind, Written,
        entry::{kept, outcome_number},
    },
    Work,
    counts::{Cell, Counts, NO_OUTCOME, day_and_hour},
    course::{COLUMNS, Course},
    link::{Link, Value},
    trouble::Fault,
};
use crate::call::Lang;

/// Stores the entries that are not known yet.
pub(super) struct Write<'a>(pub(super) &'a [Entry]);

impl Work for Write<'_> {
    type Done = Written;

    async fn on(&self, link: &mut Link) -> Result<Written, Fault> {
        let entries = self.0;
        link.begin().await?;
        let new = facts(link, entries).await?;
        let mut by_call: BTreeMap<[u8; 8], Vec<&Entry>> = BTreeMap::new();
        let mut taken = HashSet::new();
        for entry in entries.iter().filter(|entry| new.contains(&entry.id)) {
            if taken.insert(entry.id) {
                by_call.entry(entry.call.0).or_default().push(entry);
            }
        }
        if !by_call.is_empty() {
            let mut counts = Counts::default();
            let mut courses = courses(link, by_call.keys()).await?;
            for (mark, mut entries) in by_call {
                // Those of one turn stay in the order in which they came.
                entries.sort_by_key(|entry| entry.turn);
                if let Some(course) = courses.get_mut(&CallMark(mark)) {
                    take(course, &entries, &mut counts);
                }
            }
            go_on(link, courses).await?;
            counts.store(link).await?;
        }
        link.commit().await?;
        Ok(Written { new: new.len(), known: entries.len() - new.len() })
    }
}

/// Counts the facts of one call. Where its end was counted already, that is put right.
fn take(course: &mut Course, entries: &[&Entry], counts: &mut Counts) {
    let before = course.clone();
    for entry in entries {
        let waited = course.take(entry);
        let (day, hour) = day_and_hour(entry.second);
        let cell = Cell {
            day,
            hour,
            kind: TallyKind::Of(entry.kind),
            lang: entry.lang,
            subject: kept(&entry.subject),
            outcome: entry.outcome.map_or(NO_OUTCOME, outcome_number),
        };
        let talked = entry.talked.filter(|_| entry.kind == Kind::Transferred).map_or(0, i64::from);
        counts.add(cell, 1, talked, waited);
    }
    if course.counted.is_some() {
        before.count(counts, -1);
        course.count(counts, 1);
    }
}

/// Stores single facts, in the order of their ids: two writers with the same facts never wait for each other in a circle.
/// Returns which were new.
async fn facts(link: &mut Link, entries: &[Entry]) -> Result<HashSet<EntryId>, Fault> {
    let mut sorted: Vec<&Entry> = entries.iter().collect();
    sorted.sort_by_key(|entry| entry.id);
    sorted.dedup_by_key(|entry| entry.id);
    let subjects: Vec<_> = sorted.iter().map(|entry| kept(&entry.subject)).collect();
    let values: Vec<Value<'_>> = sorted
        .iter()
        .zip(&subjects)
        .flat_map(|(entry, subject)| {
            [
                Value::Bytes(&entry.id.0),
                Value::Int(entry.second),
                Value::MaybeText(entry.lang.as_ref().map(Lang::as_str)),
                Value::Int(entry.kind.number()),
                Value::Text(subject),
                Value::MaybeInt(entry.outcome.map(outcome_number)),
                Value::MaybeInt(entry.talked.map(i64::from)),
            ]
        })
        .collect();
    let head = "INSERT INTO facts (id, second, lang, kind, subject, outcome, talked)";
    let rows = link.insert(head, 7, "ON CONFLICT (id) DO NOTHING RETURNING id", &values).await?;
    let mut new = HashSet::with_capacity(rows.len());
    for row in rows {
        new.extend(<[u8; 16]>::try_from(row.get::<Vec<u8>>(0)?).map(EntryId));
    }
    Ok(new)
}

/// What is known of some calls. Their rows are made where they are missing, and belong to this transaction from now on.
async fn courses(link: &mut Link, marks: impl Iterator<Item = &[u8; 8]>) -> Result<HashMap<CallMark, Course>, Fault> {
    let marks: Vec<Value<'_>> = marks.map(|mark| Value::Bytes(mark)).collect();
    let columns: Vec<String> = COLUMNS.split(", ").map(|column| format!("calls.{column}")).collect();
    let tail = format!("ON CONFLICT (mark) DO UPDATE SET seen = calls.seen RETURNING {}", columns.join(", "));
    let rows = link.insert("INSERT INTO calls (mark)", 1, &tail, &marks).await?;
    let mut courses = HashMap::with_capacity(rows.len());
    for row in rows {
        if let Ok(mark) = row.get::<Vec<u8>>(12)?.try_into() {
            courses.insert(CallMark(mark), Course::of(&row)?);
        }
    }
    Ok(courses)
}

/// Stores how far calls have come.
async fn go_on(link: &mut Link, courses: HashMap<CallMark, Course>) -> Result<(), Fault> {
    let columns: Vec<&str> = COLUMNS.split(", ").filter(|&column| column != "mark").collect();
    let values: Vec<Value<'_>> =
        courses.iter().flat_map(|(mark, course)| course.values().into_iter().chain([Value::Bytes(&mark.0)])).collect();
    let set: Vec<String> = columns.iter().map(|column| format!("{column} = excluded.{column}")).collect();
    let tail = format!("ON CONFLICT (mark) DO UPDATE SET {}", set.join(", "));
    link.insert(&format!("INSERT INTO calls ({COLUMNS})"), 13, &tail, &values).await?;
    Ok(())
}
