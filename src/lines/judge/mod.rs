//! What is wrong with lines, people and chains, each at its place. What could not be read was said when it was read, and
//! is missing nowhere else.

mod chain;
mod group;
mod line;
mod number;

pub use number::never_ours;

use std::sync::Arc;

use super::{Chains, Lines, MAX_RING_SECONDS, Responders, times::Times};
use crate::{
    diagnostic::{Diagnostic, Place, SourceFile},
    files::{At, Files, Name, RESPONDERS_FILE},
};

/// Everything that was read, to be judged together.
#[derive(Clone, Copy, Debug)]
pub struct Book<'a> {
    /// Every line; `None`: the file could not be read.
    pub lines: Option<&'a Lines>,
    /// The operator's own people, if there are any.
    pub responders: Option<&'a Responders>,
    /// The chains, if there are any.
    pub chains: Option<&'a Chains>,
}

impl Book<'_> {
    /// What is wrong between the files: names that nobody wrote, names that are taken twice, chains that can't be called.
    pub fn judge(&self, files: &Files) -> Vec<Diagnostic> {
        let mut found = self.same_names();
        if let Some(chains) = self.chains {
            let people_unread = files.unread.contains(RESPONDERS_FILE);
            found.extend(chain::judge(self, chains, people_unread));
        }
        found
    }

    /// A chain names lines and groups alike.
    fn same_names(&self) -> Vec<Diagnostic> {
        let (Some(lines), Some(responders)) = (self.lines, self.responders) else { return Vec::new() };
        let taken = responders.groups.value.keys().filter(|group| lines.get(group).is_some());
        taken
            .map(|group| {
                Diagnostic::error("name-collision", format!("`{}` is a line of lines.yaml, too", **group))
                    .at(group.place(&responders.groups.file))
                    .help("rename one of them: a chain names both in the same way")
            })
            .collect()
    }
}

pub(super) use group::group;
pub(super) use line::line;

/// The findings of one file.
struct Finder<'a> {
    file: &'a Arc<SourceFile>,
    found: Vec<Diagnostic>,
}

impl Finder<'_> {
    fn error(&mut self, code: &'static str, message: impl Into<String>, place: Place, help: impl Into<String>) {
        self.found.push(Diagnostic::error(code, message).at(place).help(help));
    }

    fn empty_words<'n>(&mut self, of: &Name, words: impl Iterator<Item = &'n Name>) {
        for empty in words.filter(|words| words.trim().is_empty()) {
            let message = format!("`{}` has empty words", **of);
            self.error("no-words", message, empty.place(self.file), "write them as they are to be spoken");
        }
    }

    fn ring(&mut self, seconds: Option<&At<u8>>) {
        if let Some(ring) = seconds.filter(|ring| !(5..=MAX_RING_SECONDS).contains(*ring)) {
            self.error(
                "ring-time",
                format!("{} seconds is no time to ring", **ring),
                ring.place(self.file),
                "between 5 and 25: while it rings, the caller's keys are not heard",
            );
        }
    }

    fn times(&mut self, times: &Times<'_>) {
        self.found.extend(times.read(self.file).1);
    }

    /// What is wrong with a number that is to be called, if something is.
    fn number(&mut self, wrong: Option<number::Wrong>, place: Place) {
        if let Some(wrong) = wrong {
            let (code, message, help) = wrong.words();
            self.error(code, message, place, help);
        }
    }
}
