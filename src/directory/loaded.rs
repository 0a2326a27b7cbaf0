//! The directory as callers hear it: the table with the operator's corrections over it.

use std::{path::Path, sync::Arc};

use jiff::civil::Date;

use super::{Centre, Corrections, Table};
use crate::diagnostic::{Diagnostic, SourceFile};

/// A directory that was loaded.
#[derive(Debug)]
pub struct Loaded {
    /// The day of the list.
    pub state: Date,
    /// The centres, without those that have closed.
    pub centres: Vec<Centre>,
    /// The table as it was read.
    pub file: Arc<SourceFile>,
    /// What is wrong with the corrections, and which of them the list has overtaken. None of it keeps the others from acting.
    pub diagnostics: Vec<Diagnostic>,
}

/// Older than this, a list is worth a new import, in days.
pub const OLD_DAYS: i32 = 90;

/// Days since the day of a list.
pub fn age(state: Date, today: Date) -> i32 {
    today.since(state).map_or(0, |age| age.get_days())
}

impl Loaded {
    /// Reads the table, and the corrections if there are any. Without a whole table there is no directory.
    pub fn read(table: &Path, corrections: Option<&Path>) -> Result<Loaded, Box<Diagnostic>> {
        let (Table { state, mut centres }, file) = Table::read(table)?;
        let mut diagnostics = Vec::new();
        if let Some(path) = corrections {
            let (corrections, found) = Corrections::read(path);
            diagnostics.extend(found);
            if let Some(corrections) = corrections {
                diagnostics.extend(corrections.apply(&mut centres));
            }
        }
        Ok(Loaded { state, centres, file, diagnostics })
    }
}
