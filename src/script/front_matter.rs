//! The head of a script, between two lines of `---`: where its content comes from and who has read it.

use std::{ops::Range, sync::Arc};

use jiff::civil::Date;
use serde::Deserialize;

use crate::{
    diagnostic::{Diagnostic, Place, SourceFile},
    files::yaml_part,
};

/// The head of a script.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrontMatter {
    /// Ids of the source items that it carries, as in `S2.19`.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Whether someone has read it.
    pub status: Status,
    /// When it was last read.
    pub reviewed: Option<Date>,
    /// When it must be read again.
    pub review_by: Option<Date>,
    /// For those who edit it; never said.
    pub note: Option<String>,
}

/// How far a script is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Written, not yet read by someone who knows.
    Draft,
    /// Read and approved.
    Reviewed,
}

/// Splits a script file into its head and the bytes of what is said.
pub(super) fn split(file: &Arc<SourceFile>) -> Result<(FrontMatter, Range<usize>), Box<Diagnostic>> {
    let text = file.text.as_str();
    let missing = |message: &str| {
        Box::new(
            Diagnostic::error("front-matter", message)
                .at(Place::top(file))
                .help("begin the file with a line ---, then `status: draft`, then a second line ---"),
        )
    };
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    if first.trim_end() != "---" {
        return Err(missing("a script begins with its head, between two lines of ---"));
    }
    let mut at = first.len();
    for line in lines {
        if line.trim_end() == "---" {
            // The first line is left empty, so that positions in the head are those of the file.
            let head = format!("\n{}", &text[first.len()..at]);
            return Ok((yaml_part(file, &head)?, at + line.len()..text.len()));
        }
        at += line.len();
    }
    Err(missing("the head of this script has no end: the second line of --- is missing"))
}
