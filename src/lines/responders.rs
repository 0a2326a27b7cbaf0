//! `responders.yaml`: the operator's own people, in groups. Whoever answers there must press a key to accept the call.
//!
//! ```yaml
//! our_team:
//!   name: { fr: notre équipe, en: our team }
//!   ring: in_order
//!   people:
//!     anne: { dial: "+33199000001", hours: "Mo-Fr 18:00-21:00", speaks: [fr, en] }
//! ```

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    hours::Hours,
    judge,
    times::{Every, Times},
};
use crate::{
    call::{E164, Lang, LineId},
    diagnostic::{Diagnostic, SourceFile},
    files::{At, Files, Located, Name, RESPONDERS_FILE, yaml_entries},
};

/// How the people of a group are rung.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ring {
    /// One after the other, in the order in which they are written.
    #[default]
    InOrder,
    /// One after the other, beginning with another one in each call.
    InTurn,
    /// All at once: who presses 1 first has the call.
    Together,
}

/// A group of people.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name as spoken, by language.
    pub name: BTreeMap<Lang, Name>,
    /// How they are rung.
    #[serde(default)]
    pub ring: Ring,
    /// Seconds that each rings at most: 5 to 25.
    #[schemars(range(min = 5, max = 25))]
    pub ring_seconds: Option<At<u8>>,
    /// The people by a name that is never spoken, in the order in which they are rung.
    #[schemars(extend("minProperties" = 1))]
    pub people: BTreeMap<Name, Person>,
}

/// Somebody who answers.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Their number as a provider dials it.
    pub dial: At<E164>,
    /// The languages that they speak.
    #[serde(default)]
    pub speaks: Vec<Lang>,
    /// When they answer, as OpenStreetMap writes opening hours; without it, always.
    pub hours: Option<Name>,
    /// Only every so many weeks.
    pub every: Option<Every>,
    /// Days on which they don't: year-month-day.
    #[serde(default)]
    pub closed: Vec<Name>,
    /// Other times on one day, as in "2026-12-24 10:00-12:00".
    #[serde(default)]
    pub open: Vec<Name>,
    /// The clock of their hours; Europe/Paris without it.
    pub zone: Option<Name>,
    /// Whose public holidays `PH` means; those of the métropole without it.
    pub holidays: Option<Name>,
}

impl Person {
    /// When they answer, if it is written and could be understood, and what is wrong with it.
    pub fn times(&self, file: &Arc<SourceFile>) -> (Option<Arc<Hours>>, Vec<Diagnostic>) {
        self.written_times().read(file)
    }

    pub(super) fn written_times(&self) -> Times<'_> {
        let (hours, every) = (self.hours.as_ref(), self.every.as_ref());
        let (holidays, zone) = (self.holidays.as_ref(), self.zone.as_ref());
        Times { hours, closed: &self.closed, open: &self.open, holidays, zone, every }
    }
}

/// A person as operators name them: `our_team/anne`.
pub(super) fn person_id(group: &str, person: &str) -> String {
    format!("{group}/{person}")
}

impl Group {
    /// The people in the order in which they are written.
    pub fn in_order(&self, file: &Arc<SourceFile>) -> Vec<(&Name, &Person)> {
        let mut people: Vec<_> = self.people.iter().collect();
        people.sort_by_key(|(person, _)| person.place(file).span.start);
        people
    }
}

/// Every group by its name.
#[derive(Debug)]
pub struct Responders {
    /// The groups.
    pub groups: Located<BTreeMap<Name, Group>>,
    /// Groups that are written, and could not be understood.
    pub broken: BTreeSet<String>,
}

impl Responders {
    /// Under which the person with this number is counted: whoever is in two groups has one telephone all the same.
    pub(super) fn counted(&self, number: &E164) -> Option<LineId> {
        let people = self.groups.value.iter().flat_map(|(group, of)| of.people.iter().map(move |one| (group, one)));
        let mut theirs = people.filter(|(_, (_, person))| *person.dial == *number);
        theirs.next().map(|(group, (person, _))| LineId::of(&person_id(group, person)))
    }

    /// Reads `responders.yaml` among the flow files. Nobody need have people of their own.
    pub fn parse(files: &Files) -> (Option<Responders>, Vec<Diagnostic>) {
        let Some(file) = files.files.iter().find(|file| file.name == RESPONDERS_FILE) else {
            return (None, Vec::new());
        };
        let read = yaml_entries::<Group>(&file.source);
        let mut diagnostics = read.diagnostics;
        for (name, group) in &read.entries {
            diagnostics.extend(judge::group(name, group, &file.source));
        }
        let groups = Located { value: read.entries, file: file.source.clone() };
        (Some(Responders { groups, broken: read.broken }), diagnostics)
    }
}
