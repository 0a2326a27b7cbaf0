//! Every telephone that can be called, by name: what operators see, pause and resume.

use std::sync::Arc;

use super::{Lines, Responders, hours::Hours, responders::person_id};
use crate::call::{E164, LineId};

/// One telephone, as operators name it: `sos_amitie`, or a person of a group: `our_team/anne`.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Under which it is known and paused.
    pub line: LineId,
    /// Under which its calls and failures are counted.
    pub counted: LineId,
    /// The number that is dialled, where it is one.
    pub number: Option<E164>,
    /// How many of our calls it takes at once.
    pub capacity: Option<u32>,
    /// When somebody answers; `None`: not known, and always tried.
    pub hours: Option<Arc<Hours>>,
}

impl Listed {
    /// Every telephone that can be called, in the order of the names.
    pub fn all(lines: &Lines, responders: Option<&Responders>) -> Vec<Listed> {
        let mut all: Vec<Listed> = lines
            .lines
            .value
            .iter()
            .filter(|(_, line)| line.is_called())
            .map(|(name, line)| Listed {
                name: name.to_string(),
                line: LineId::of(name),
                counted: LineId::of(name),
                number: line.dial.as_deref().cloned(),
                capacity: line.capacity.as_deref().copied(),
                hours: line.times(&lines.lines.file).0,
            })
            .collect();
        let groups = responders.iter().flat_map(|responders| &responders.groups.value);
        let people = groups.flat_map(|(group, of)| of.people.iter().map(move |(name, person)| (group, name, person)));
        for (group, name, person) in people {
            let name = person_id(group, name);
            let hours = responders.and_then(|responders| person.times(&responders.groups.file).0);
            let number = Some(E164::clone(&person.dial));
            let line = LineId::of(&name);
            let counted = responders.and_then(|responders| responders.counted(&person.dial)).unwrap_or(line);
            all.push(Listed { line, counted, name, number, capacity: Some(1), hours });
        }
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }

    /// Whether `name` means this telephone: its own name, or that of its group.
    pub fn is_meant_by(&self, name: &str) -> bool {
        means(name, &self.name)
    }

    /// Whether somebody may answer at `minute`.
    pub fn is_open(&self, minute: u32) -> bool {
        self.hours.as_ref().is_none_or(|hours| hours.is_open(minute))
    }
}

/// Whether `name` means the telephone `telephone`: `our_team` means everyone in it.
pub fn means(name: &str, telephone: &str) -> bool {
    telephone.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
