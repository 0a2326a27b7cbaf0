//! The report as one tidy table for spreadsheets and programs.

use super::{Figure, Report, Row, outcome_name};
use crate::call::{DialOutcome, Lang};

const HEAD: &str = "section,day,weekday,hour,subject,lang,outcome,count,seconds,note";

impl Report {
    /// One row a number. What is not said is empty, and `note` says why.
    pub fn csv(&self) -> String {
        let all = Row { count: Figure::Exact(self.calls), ..Row::default() };
        let mut table = format!("{HEAD}\n{}", line("calls", &all, "", None));
        for section in &self.sections {
            table.extend(section.rows.iter().map(|row| line(section.about.name(), row, "", None)));
        }
        for calls in &self.transfers {
            let row = |count| Row { subject: calls.line.clone(), count, ..Row::default() };
            table += &line("transfers", &row(calls.tried), "tried", calls.mean_wait);
            for (outcome, count) in calls.ended {
                let talked = calls.talked.filter(|_| outcome == DialOutcome::Completed);
                table += &line("transfers", &row(count), outcome_name(outcome), talked);
            }
        }
        table
    }
}

fn line(section: &str, row: &Row, outcome: &str, seconds: Option<u64>) -> String {
    let note = match row.count {
        Figure::Exact(_) => "",
        Figure::UpTo(_) => "rounded up",
        Figure::Few => "suppressed: fewer than 11",
        Figure::Withheld => "suppressed: not given",
    };
    let cells = [
        section.to_owned(),
        row.day.map_or_else(String::new, |day| day.to_string()),
        row.weekday.map_or_else(String::new, |weekday| weekday.to_string()),
        row.hour.map_or_else(String::new, |hour| hour.to_string()),
        quoted(&row.subject),
        row.lang.as_ref().map_or("", Lang::as_str).to_owned(),
        outcome.to_owned(),
        row.count.known().map_or_else(String::new, |count| count.to_string()),
        seconds.map_or_else(String::new, |seconds| seconds.to_string()),
        note.to_owned(),
    ];
    cells.join(",") + "\n"
}

/// A name that has a comma is still one cell, and one that a spreadsheet would reckon with is only a name.
fn quoted(name: &str) -> String {
    let name = if name.starts_with(['=', '+', '-', '@']) { format!("'{name}") } else { name.to_owned() };
    if name.contains([',', '"', '\n', '\r']) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name }
}
