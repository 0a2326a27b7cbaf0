//! The changes of the next 400 days and more, laid out when files are loaded: a call costs one binary search.

use std::sync::Arc;

use super::Hours;
use crate::lines::holidays::Holiday;

/// Days that are laid out. Files are loaded again long before they have run out.
pub const PREPARED_DAYS: u32 = 420;

/// Days that a search goes on past what is laid out.
const LOOK_AHEAD_DAYS: u32 = 60;

const DAY: u32 = 24 * 60;

/// Hours, and their changes from one minute to another.
///
/// Outside these minutes every answer is still right: it is worked out from the rules, more slowly.
/// [`Prepared::prepared_until`] tells when to prepare anew.
#[derive(Clone, Debug)]
pub struct Prepared {
    hours: Arc<Hours>,
    from: u32,
    until: u32,
    open_at_first: bool,
    changes: Vec<u32>,
}

impl Hours {
    /// Lays out the changes of [`PREPARED_DAYS`] from `minute` on.
    pub fn prepare(self: &Arc<Hours>, minute: u32) -> Prepared {
        let until = minute.saturating_add(PREPARED_DAYS * DAY);
        let stretches = self.stretches(minute, until);
        let open_at_first = stretches.first().is_some_and(|stretch| stretch.start == minute);
        let bounds = stretches.iter().flat_map(|stretch| [stretch.start, stretch.end]);
        // What is cut off at either end is no change.
        let changes = bounds.filter(|bound| *bound != minute && *bound != until).collect();
        Prepared { hours: self.clone(), from: minute, until, open_at_first, changes }
    }
}

impl Prepared {
    /// Whether the line is open in `minute`.
    pub fn is_open(&self, minute: u32) -> bool {
        if self.is_prepared(minute) { self.open_after(self.passed(minute)) } else { self.hours.is_open(minute) }
    }

    /// The first change after `minute`, and whether the line is open from then on.
    ///
    /// `None`: nothing changes as far as was looked, 60 days at the least and 420 when just prepared.
    pub fn next_change(&self, minute: u32) -> Option<(u32, bool)> {
        if !self.is_prepared(minute) {
            return self.hours.next_change(minute, minute.saturating_add(PREPARED_DAYS * DAY));
        }
        let passed = self.passed(minute);
        if let Some(change) = self.changes.get(passed) {
            return Some((*change, self.open_after(passed + 1)));
        }
        let look_until = minute.saturating_add(LOOK_AHEAD_DAYS * DAY);
        if look_until > self.until { self.hours.next_change(minute, look_until) } else { None }
    }

    /// The first minute that is not laid out.
    pub fn prepared_until(&self) -> u32 {
        self.until
    }

    /// Whether the answer for `minute` is laid out.
    pub fn is_prepared(&self, minute: u32) -> bool {
        (self.from..self.until).contains(&minute)
    }

    /// Every change that is laid out: the minute, and whether the line is open from then on.
    pub fn changes(&self) -> impl Iterator<Item = (u32, bool)> {
        self.changes.iter().enumerate().map(|(at, change)| (*change, self.open_after(at + 1)))
    }

    /// Whether the line isn't open in any minute that is laid out: hours that someone should look at.
    pub fn never_opens(&self) -> bool {
        !self.open_at_first && self.changes.is_empty()
    }

    /// The hours themselves.
    pub fn hours(&self) -> &Hours {
        &self.hours
    }

    /// The holiday that `minute` falls on by the line's clock.
    pub fn holiday(&self, minute: u32) -> Option<Holiday> {
        self.hours.holiday(minute)
    }

    fn passed(&self, minute: u32) -> usize {
        self.changes.partition_point(|change| *change <= minute)
    }

    /// Each change turns it round.
    fn open_after(&self, passed: usize) -> bool {
        self.open_at_first ^ (passed % 2 == 1)
    }
}
