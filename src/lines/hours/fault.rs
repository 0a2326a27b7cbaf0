//! What is wrong in written hours: where in which text, and how to mend it.

use std::{fmt, ops::Range};

use crate::diagnostic::Severity;

/// Which of the texts of [`Written`](super::Written).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field {
    /// The hours.
    Hours,
    /// So many-th of the closed days, from 0.
    Closed(usize),
    /// So many-th of the days that open, from 0.
    Open(usize),
    /// The territory.
    Territory,
    /// The time zone.
    TimeZone,
    /// The weeks that count.
    Every,
}

/// What sort of fault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FaultKind {
    /// Nothing is written.
    Empty,
    /// It can't be read.
    Unreadable,
    /// It can be read, and this line can't keep it.
    Unsupported,
    /// A date, a number or a time that doesn't exist.
    Impossible,
    /// No such territory.
    UnknownTerritory,
    /// No such time zone.
    UnknownTimeZone,
    /// Two stretches of time overlap.
    Overlap,
    /// It means something else than it seems to.
    Trap,
}

/// One thing that is wrong, or doubtful.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// An error: these hours can't be used. A warning: they can, and someone should look.
    pub severity: Severity,
    /// What sort.
    pub kind: FaultKind,
    /// In which text.
    pub field: Field,
    /// Where in that text, in bytes.
    pub span: Range<usize>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// How to mend it.
    pub help: String,
}

impl Fault {
    pub(super) fn error(kind: FaultKind, span: Range<usize>, message: impl Into<String>, help: &str) -> Fault {
        let (message, help) = (message.into(), help.into());
        Fault { severity: Severity::Error, kind, field: Field::Hours, span, message, help }
    }

    pub(super) fn warning(kind: FaultKind, span: Range<usize>, message: impl Into<String>, help: &str) -> Fault {
        Fault { severity: Severity::Warning, ..Fault::error(kind, span, message, help) }
    }

    pub(super) fn on(self, field: Field) -> Fault {
        Fault { field, ..self }
    }

    /// Whether the hours can't be used.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.help)
    }
}

impl std::error::Error for Fault {}
