//! When somebody answers, as a line or a person of `lines.yaml` and `responders.yaml` says it, read with its mistakes
//! where they stand.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::hours::{self, Fault, FaultKind, Field, Hours, Written};
use crate::{
    diagnostic::{Diagnostic, Place, Severity, SourceFile},
    files::{At, Name},
};

/// Only every so many weeks.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Every {
    /// 2: every other week.
    #[schemars(range(min = 2, max = 52))]
    pub weeks: At<u8>,
    /// A day in a week that counts: year-month-day.
    pub from: Name,
}

/// Hours that are written outside of `lines.yaml`, read in the same way and with the same findings.
pub fn judged_hours(hours: &Name, file: &Arc<SourceFile>) -> (Option<Arc<Hours>>, Vec<Diagnostic>) {
    let times = Times { hours: Some(hours), closed: &[], open: &[], holidays: None, zone: None, every: None };
    times.read(file)
}

/// What is written of it.
#[derive(Clone, Copy)]
pub(super) struct Times<'a> {
    pub(super) hours: Option<&'a Name>,
    pub(super) closed: &'a [Name],
    pub(super) open: &'a [Name],
    pub(super) holidays: Option<&'a Name>,
    pub(super) zone: Option<&'a Name>,
    pub(super) every: Option<&'a Every>,
}

impl Times<'_> {
    /// The hours, if they could be understood, and what is wrong with them.
    pub(super) fn read(&self, file: &Arc<SourceFile>) -> (Option<Arc<Hours>>, Vec<Diagnostic>) {
        let Some(hours) = self.hours else { return (None, self.without_hours(file)) };
        let texts = |names: &[Name]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
        let (closed, open) = (texts(self.closed), texts(self.open));
        let closed: Vec<&str> = closed.iter().map(String::as_str).collect();
        let open: Vec<&str> = open.iter().map(String::as_str).collect();
        let every = self.every.map(|every| hours::Every { weeks: *every.weeks, from: &every.from });
        let (read, faults) = Hours::read(&Written {
            hours,
            closed: &closed,
            open: &open,
            territory: self.holidays.map(|name| name.as_str()),
            time_zone: self.zone.map(|name| name.as_str()),
            every,
        });
        (read.map(Arc::new), faults.iter().map(|fault| self.diagnostic(hours, fault, file)).collect())
    }

    /// Days and weeks change hours: without any, they would mean nothing.
    fn without_hours(&self, file: &Arc<SourceFile>) -> Vec<Diagnostic> {
        let days = self.closed.first().or(self.open.first());
        let Some(first) = days.or(self.every.map(|every| &every.from)) else { return Vec::new() };
        let missing = Diagnostic::error("missing-field", "this changes hours, and no hours are written")
            .at(first.place(file))
            .help("add a line `hours:`, as in \"Mo-Fr 09:00-18:00\"; always is \"24/7\"");
        vec![missing]
    }

    fn diagnostic(&self, hours: &Name, fault: &Fault, file: &Arc<SourceFile>) -> Diagnostic {
        let whole = match fault.field {
            Field::Hours => hours.place(file),
            Field::Closed(at) => self.closed.get(at).unwrap_or(hours).place(file),
            Field::Open(at) => self.open.get(at).unwrap_or(hours).place(file),
            Field::Territory => self.holidays.unwrap_or(hours).place(file),
            Field::TimeZone => self.zone.unwrap_or(hours).place(file),
            Field::Every => self.every.map_or(hours, |every| &every.from).place(file),
        };
        let (code, message) = match (fault.severity, fault.kind) {
            (Severity::Warning, _) => ("hours-doubt", fault.message.clone()),
            (_, FaultKind::UnknownTerritory | FaultKind::UnknownTimeZone) => ("unknown-zone", fault.message.clone()),
            _ => ("hours", fault.message.clone()),
        };
        let diagnostic = match fault.severity {
            Severity::Error => Diagnostic::error(code, message),
            Severity::Warning => Diagnostic::warning(code, message),
        };
        diagnostic.at(within(whole, fault)).help(fault.help.clone())
    }
}

/// The words of the fault in the value that holds them; the whole value where it is not written as it is read.
fn within(whole: Place, fault: &Fault) -> Place {
    let written = &whole.file.text[whole.span.clone()];
    let quote = usize::from(written.starts_with(['"', '\'']));
    let span = whole.span.start + quote + fault.span.start..whole.span.start + quote + fault.span.end;
    let fits = span.end <= whole.span.end
        && !span.is_empty()
        && whole.file.text.is_char_boundary(span.start)
        && whole.file.text.is_char_boundary(span.end);
    if fits { Place { span, ..whole } } else { whole }
}
