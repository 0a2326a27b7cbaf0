//! `notices.yaml`: what is announced for a time, at the greeting or where a line is called.
//!
//! ```yaml
//! strike:
//!   at: greeting                 # or the name of a line of lines.yaml
//!   from: 2026-12-24T18:00       # Paris time; without it, at once
//!   until: 2026-12-26T08:00
//!   say: { fr: "Nous sommes en grève le 25 décembre.", en: "We are on strike on 25 December." }
//! ```

use std::{collections::BTreeMap, sync::Arc};

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    call::Lang,
    diagnostic::{Diagnostic, SourceFile},
    files::{Located, Name},
    lines::moment,
};

/// Where a notice is said that is for every caller.
pub const GREETING: &str = "greeting";

/// One notice.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// `greeting`, or a line of `lines.yaml`: then it is said wherever that line is announced, or said to be closed.
    pub at: Name,
    /// From when it is said: 2026-12-24T18:00, in Paris. Without it, at once.
    pub from: Option<Name>,
    /// Until when it is said: 2026-12-26T08:00, in Paris.
    pub until: Name,
    /// What is said, in each language of the line, with the markers of scripts.
    #[schemars(extend("minProperties" = 1))]
    pub say: BTreeMap<Lang, Name>,
}

/// Every notice by its name, and its file.
pub type Notices = Located<BTreeMap<Name, Notice>>;

impl Notice {
    /// The minutes (UTC, since 1970) from which and until which it is said; else what is wrong with them.
    pub fn minutes(&self, file: &Arc<SourceFile>) -> Result<(u32, u32), Box<Diagnostic>> {
        let from = self.from.as_ref().map_or(Ok(0), |from| minute(from, file))?;
        let until = minute(&self.until, file)?;
        if until > from {
            return Ok((from, until));
        }
        let error = Diagnostic::error("notice-time", "this notice ends before it begins");
        Err(Box::new(
            error.at(self.until.place(file)).help("write a later time under `until`, or an earlier one under `from`"),
        ))
    }
}

fn minute(time: &Name, file: &Arc<SourceFile>) -> Result<u32, Box<Diagnostic>> {
    let minute = moment::seconds(time).and_then(|seconds| u32::try_from(seconds.div_euclid(60)).ok());
    minute.ok_or_else(|| {
        let error = Diagnostic::error("notice-time", format!("there is no time `{}`", **time));
        Box::new(error.at(time.place(file)).help(moment::HOW))
    })
}
