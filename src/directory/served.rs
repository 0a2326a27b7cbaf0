//! The directory, ready to be asked: the centres by number, the nearest ones for a caller with the sectors that the operator
//! knows, when they are open, and until when all of it is believed.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use jiff::{ToSpan, civil::Date};

use super::{
    Centre, Finess, Found, Index, Loaded, Origin, Wanted,
    hours::{AllHours, CentreHours},
};
use crate::lines::moment::midnight;

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
    hours: AllHours,
    /// The minute from which it is too old to be believed, if ever.
    stale_from: Option<u32>,
    /// Its centres don't exist.
    is_example: bool,
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
        let hours = AllHours::of(&centres, midnight(state).unwrap_or_default());
        Directory { state, by_number, index, also_for, not_for, hours, stale_from: None, is_example: false, centres }
    }

    /// The same, believed for so many days from that of the list on.
    pub fn good_for(self, days: u32) -> Directory {
        let last = self.state.checked_add(i64::from(days).days()).ok();
        let stale_from = last.and_then(|last| last.tomorrow().ok()).and_then(midnight);
        Directory { stale_from, ..self }
    }

    /// The same, said to be an example: its centres don't exist.
    pub fn as_example(self) -> Directory {
        Directory { is_example: true, ..self }
    }

    /// Whether it is an example.
    pub fn is_example(&self) -> bool {
        self.is_example
    }

    /// Whether it is too old to be believed.
    pub fn is_stale(&self, minute: u32) -> bool {
        self.stale_from.is_some_and(|from| minute >= from)
    }

    /// Whole days since the beginning of the day of the list.
    pub fn age_days(&self, minute: u32) -> u32 {
        midnight(self.state).map_or(0, |began| minute.saturating_sub(began) / (24 * 60))
    }

    /// When a centre of this directory is open.
    pub fn hours(&self, centre: &Centre) -> Option<CentreHours<'_>> {
        self.hours.get(centre)
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

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_list_is_believed_through_its_last_day() {
        let directory = Directory::of(date(2026, 11, 2), Vec::new()).good_for(10);
        let at = |day| midnight(date(2026, 11, day)).unwrap();
        assert!(!directory.is_stale(at(13) - 1));
        assert!(directory.is_stale(at(13)));
        assert!(!Directory::of(date(1990, 1, 1), Vec::new()).is_stale(at(2)));
    }
}
