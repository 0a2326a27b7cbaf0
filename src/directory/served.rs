//! The directory, ready to be asked: the centres by number, and the nearest ones for a caller, with the sectors that the
//! operator knows.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use jiff::civil::Date;

use super::{Centre, Finess, Found, Index, Loaded, Origin, Wanted};

/// The directory as calls ask it. Never changed: a new one takes its place.
#[derive(Debug)]
pub struct Directory {
    /// The day of the national list.
    pub state: Date,
    centres: Vec<Centre>,
    by_number: HashMap<Finess, usize>,
    index: Index,
    /// By postal code: centres that go first there.
    also_for: HashMap<String, Vec<usize>>,
    /// By postal code: centres that are not for it.
    not_for: HashMap<String, HashSet<usize>>,
}

impl Directory {
    /// Prepares everything that a call may ask.
    pub fn new(loaded: Loaded) -> Directory {
        let Loaded { state, centres, .. } = loaded;
        Directory::of(state, centres)
    }

    /// The same, of these centres.
    pub fn of(state: Date, centres: Vec<Centre>) -> Directory {
        let mut also_for: HashMap<String, Vec<usize>> = HashMap::new();
        let mut not_for: HashMap<String, HashSet<usize>> = HashMap::new();
        for (at, centre) in centres.iter().enumerate() {
            for code in &centre.more.also_for {
                also_for.entry(code.clone()).or_default().push(at);
            }
            for code in &centre.more.not_for {
                not_for.entry(code.clone()).or_default().insert(at);
            }
        }
        let by_number = centres.iter().enumerate().map(|(at, centre)| (centre.finess, at)).collect();
        let index = Index::new(&centres);
        Directory { state, by_number, index, also_for, not_for, centres }
    }

    /// Every centre, in the order of the table.
    pub fn centres(&self) -> &[Centre] {
        &self.centres
    }

    /// The centre with this number.
    pub fn centre(&self, finess: Finess) -> Option<&Centre> {
        self.by_number.get(&finess).and_then(|at| self.centres.get(*at))
    }

    /// The centres for a caller, in order: those of `page`, counted from 0. Where the caller's postal code is known, those that
    /// the operator names for it go first.
    pub fn nearest(
        &self,
        origin: &Origin,
        code: Option<&str>,
        wanted: Wanted,
        page: Range<usize>,
    ) -> Vec<(&Centre, Found)> {
        let first = code.and_then(|code| self.also_for.get(code)).map_or(&[][..], Vec::as_slice);
        let not = code.and_then(|code| self.not_for.get(code));
        let first: Vec<Found> = first
            .iter()
            .filter(|at| wanted.takes(&self.centres[**at]))
            .filter_map(|at| self.index.found_at(*at, origin))
            .collect();
        let is_left_out = |found: &Found| {
            not.is_some_and(|not| not.contains(&found.centre)) || first.iter().any(|own| own.centre == found.centre)
        };
        let beside = first.len() + not.map_or(0, HashSet::len);
        let near = self.index.nearest(origin, wanted, 0..page.end + beside);
        let all = first.iter().copied().chain(near.into_iter().filter(|found| !is_left_out(found)));
        let page = all.skip(page.start).take(page.len());
        page.filter_map(|found| Some((self.centres.get(found.centre)?, found))).collect()
    }
}
