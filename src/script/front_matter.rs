//! The head of a script, between two lines of `---`: where its content comes from and who has read it.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de};

use crate::{
    diagnostic::{Diagnostic, Place, SourceFile},
    files::{At, Name, yaml_part},
};

/// The head of a script.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrontMatter {
    /// Ids of the source items that it carries, as in `S2.19`.
    #[serde(default)]
    pub sources: Vec<Name>,
    /// Whether someone has read it.
    pub status: Status,
    /// When it was last read.
    pub reviewed: Option<Day>,
    /// When it must be read again.
    pub review_by: Option<At<Day>>,
    /// Which warnings `check` does not give here, each with the reason.
    #[serde(default)]
    pub allow: BTreeMap<Name, String>,
    /// The fingerprint of the text that it was translated from.
    pub translates: Option<Name>,
    /// The caller writes something of their own here: where a document is dictated, this part waits for the hand, too.
    #[serde(default)]
    pub writes: bool,
    /// The fingerprint of the text that was recorded.
    pub recorded: Option<Name>,
    /// For those who edit it; never said.
    pub note: Option<String>,
}

impl FrontMatter {
    /// Of words that have no head.
    pub(super) fn draft() -> FrontMatter {
        FrontMatter {
            sources: Vec::new(),
            status: Status::Draft,
            reviewed: None,
            review_by: None,
            allow: BTreeMap::new(),
            translates: None,
            writes: false,
            recorded: None,
            note: None,
        }
    }
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
            if text[first.len()..at].trim().is_empty() {
                return Err(missing("the head of this script is empty"));
            }
            // The first line is left empty, so that positions in the head are those of the file.
            let head = format!("\n{}", &text[first.len()..at]);
            return Ok((yaml_part(file, &head)?, at + line.len()..text.len()));
        }
        at += line.len();
    }
    Err(missing("the head of this script has no end: the second line of --- is missing"))
}

/// A day, written as in 2026-03-31.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Day(pub Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Day, D::Error> {
        let text = String::deserialize(d)?;
        let right = (text.len() == "2026-03-31".len()).then(|| text.parse().ok()).flatten();
        let wrong =
            || de::Error::custom(format!("`{text}` is not a date: write year, month and day, as in 2026-03-31"));
        right.map(Day).ok_or_else(wrong)
    }
}
