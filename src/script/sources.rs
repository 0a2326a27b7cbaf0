//! `sources.yaml`: what the source texts say, item by item, so that `check` can tell what the line carries and what it lacks.
//!
//! ```yaml
//! S2.1: { says: title and date of the page, left_out: the line says the date of its own last check }
//! S2.2: { says: a centre costs nothing }
//! S1.14: { says: the rights hold by video too, not_said: "a number of consultations: no source found" }
//! ```

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde::Deserialize;

use crate::{
    diagnostic::{Diagnostic, SourceFile},
    files::{Name, yaml_entries},
};

/// The file of the source items, at the top of the scripts' folder.
pub const SOURCES_FILE: &str = "sources.yaml";

/// One item of a source text, or one correction of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What it says, in a few words.
    pub says: String,
    /// It is carried, and this of it is not said: what, and why.
    pub not_said: Option<String>,
    /// It is not carried on purpose: why.
    pub left_out: Option<String>,
}

/// All items by their id.
#[derive(Debug)]
pub struct Sources {
    /// The items that could be understood.
    pub items: BTreeMap<Name, Source>,
    /// The ids of the others: only where there are none can something be said to be missing.
    pub broken: BTreeSet<String>,
    /// Their file.
    pub file: Arc<SourceFile>,
}

impl Sources {
    pub(super) fn parse(file: &Arc<SourceFile>) -> (Sources, Vec<Diagnostic>) {
        let read = yaml_entries::<Source>(file);
        let mut broken = read.broken;
        if !read.diagnostics.is_empty() && read.entries.is_empty() {
            broken.insert(SOURCES_FILE.to_owned());
        }
        (Sources { items: read.entries, broken, file: file.clone() }, read.diagnostics)
    }

    /// The items as a reader counts them: S1.2 before S1.10.
    pub fn in_order(&self) -> Vec<(&Name, &Source)> {
        let mut items: Vec<_> = self.items.iter().collect();
        items.sort_by(|(a, _), (b, _)| natural(a, b));
        items
    }
}

/// Compares ids by their letters and by the value of their numbers.
fn natural(a: &str, b: &str) -> Ordering {
    pieces(a).cmp(&pieces(b)).then_with(|| a.cmp(b))
}

fn pieces(id: &str) -> Vec<(&str, u64)> {
    let mut pieces = Vec::new();
    let mut rest = id;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (letters, after) = rest.split_at(digits);
        let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        pieces.push((letters, after[..end].parse().unwrap_or(0)));
        rest = &after[end..];
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_ordered_as_a_reader_counts() {
        let mut ids = ["S2.1", "S1.10", "C2", "S1.2", "C10", "S1.1"];
        ids.sort_by(|a, b| natural(a, b));
        assert_eq!(ids, ["C2", "C10", "S1.1", "S1.2", "S1.10", "S2.1"]);
    }
}
