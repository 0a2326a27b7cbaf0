//! One group of `responders.yaml`.

use std::{collections::BTreeSet, sync::Arc};

use super::{Finder, number};
use crate::{
    diagnostic::{Diagnostic, SourceFile},
    files::Name,
    lines::{Group, Ring},
};

/// As many telephones as a provider rings at once for one call.
const MOST_TOGETHER: usize = 10;

/// What is wrong with the group called `name`.
pub(in crate::lines) fn group(name: &Name, group: &Group, file: &Arc<SourceFile>) -> Vec<Diagnostic> {
    let mut finder = Finder { file, found: Vec::new() };
    finder.empty_words(name, group.name.values());
    finder.ring(group.ring_seconds.as_ref());
    if group.people.is_empty() {
        let message = format!("nobody is in the group `{}`", **name);
        finder.error(
            "no-people",
            message,
            name.place(file),
            "write at least one person below `people`, or remove the group",
        );
    }
    let people = group.in_order(file);
    let mut numbers = BTreeSet::new();
    for (person, who) in &people {
        finder.times(&who.written_times());
        finder.number(number::international(who.dial.as_str()), who.dial.place(file));
        if !numbers.insert(who.dial.as_str()) {
            finder.error(
                "number-twice",
                format!("`{}` has the number of somebody else in this group", ***person),
                who.dial.place(file),
                "write their own number; hours of one person stand in one entry, as in \"Mo 09:00-12:00; We 18:00-21:00\"",
            );
        }
    }
    if let (Ring::Together, Some((person, _))) = (group.ring, people.get(MOST_TOGETHER)) {
        finder.error(
            "too-many-together",
            format!("{} people can't ring at once", people.len()),
            person.place(file),
            format!("at most {MOST_TOGETHER}: make two groups of them, or write `ring: in_turn`"),
        );
    }
    finder.found
}
