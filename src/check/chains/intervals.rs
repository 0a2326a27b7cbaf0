//! Time, cut where something changes.

use std::{collections::BTreeSet, ops::Range};

/// The stretches of `span` in which `holds` is true, which changes at the `cuts` alone: in order,
/// apart from one another.
pub(super) fn stretches(
    span: &Range<u32>,
    cuts: impl Iterator<Item = u32>,
    holds: impl Fn(u32) -> bool,
) -> Vec<Range<u32>> {
    let cuts: BTreeSet<u32> = cuts.filter(|cut| span.contains(cut)).chain([span.start]).collect();
    let mut found: Vec<Range<u32>> = Vec::new();
    let mut begun = None;
    for cut in cuts {
        match (holds(cut), begun) {
            (true, None) => begun = Some(cut),
            (false, Some(start)) => {
                found.push(start..cut);
                begun = None;
            }
            _ => {}
        }
    }
    found.extend(begun.map(|start| start..span.end));
    found
}
