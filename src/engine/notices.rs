//! Notices: what is announced for a time, at the greeting or where a line is called (A4).

use super::{Said, turn::Turn};

/// Something that is said for a time.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The first minute in which it is said.
    pub from: u32,
    /// The first minute in which it is no longer said.
    pub until: u32,
    /// Its words.
    pub said: Said,
}

impl Notice {
    /// Whether it is said in `minute`.
    pub fn is_said(&self, minute: u32) -> bool {
        (self.from..self.until).contains(&minute)
    }
}

impl Turn<'_> {
    /// Says those of `notices` that are said now.
    pub(super) fn notices(&mut self, notices: &[Notice]) {
        let minute = self.now.minute;
        notices.iter().filter(|notice| notice.is_said(minute)).for_each(|notice| self.say(&notice.said));
    }
}
