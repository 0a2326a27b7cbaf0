//! What happened on the line in some days, for those who run it and those who pay for it. Made of tallies alone, and of no
//! number that could tell of few people: see [`Figure`].
//!
//! [`Report::of`] counts; `text`, `csv`, `json` and `html` write. Knows neither the flows nor the directory: how things are
//! called is given as [`Names`].

mod chart;
mod count;
mod csv;
mod figure;
mod html;
mod json;
mod names;
mod text;
mod words;

use jiff::civil::Date;

use crate::call::{DialOutcome, Lang};

pub use self::{
    figure::{Figure, LEAST},
    names::Names,
};

/// What happened from one day to another.
#[derive(Clone, PartialEq, Debug)]
pub struct Report {
    /// The first day.
    pub from: Date,
    /// The last day, which is in it.
    pub to: Date,
    /// Calls begun: the one number that is always said, and always exact.
    pub calls: u64,
    /// What was counted, in the order in which it is read.
    pub sections: Vec<Section>,
    /// The lines that were called, those most called first.
    pub transfers: Vec<LineCalls>,
}

/// One kind of thing that was counted.
#[derive(Clone, PartialEq, Debug)]
pub struct Section {
    /// What.
    pub about: About,
    /// How often.
    pub rows: Vec<Row>,
}

/// What a section is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum About {
    /// Calls begun, day by day.
    Days,
    /// Calls begun, by the hour.
    Hours,
    /// Calls begun, by the day of the week and the hour; in tens.
    Week,
    /// Calls, by the language spoken last.
    Languages,
    /// What callers needed: urgent help and the like.
    Needs,
    /// What callers called for, and reached.
    Goals,
    /// Parts of documents heard to their end.
    Heard,
    /// The place that a call reached last.
    Left,
    /// Calls in which a line was tried and nobody answered, by the hour in which they began.
    Missed,
    /// Searches for a centre, by département.
    LookUps,
    /// Centres whose number did not work.
    Reported,
    /// Different callers, day by day.
    Callers,
    /// Where the line failed.
    Trouble,
}

/// How often one thing happened.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Row {
    /// On which day.
    pub day: Option<Date>,
    /// On which day of the week: 1 is Monday.
    pub weekday: Option<i8>,
    /// In which hour.
    pub hour: Option<u8>,
    /// What, by its name in flows, lines and lists. Empty where there is nothing to say.
    pub subject: String,
    /// In which language.
    pub lang: Option<Lang>,
    /// How often.
    pub count: Figure,
}

/// How calls to one line went.
#[derive(Clone, PartialEq, Debug)]
pub struct LineCalls {
    /// The line, by its name.
    pub line: String,
    /// How often it was dialled.
    pub tried: Figure,
    /// How these calls ended, in the order of [`DialOutcome::ALL`].
    pub ended: [(DialOutcome, Figure); 5],
    /// Seconds of conversation, all together.
    pub talked: Option<u64>,
    /// Seconds of one conversation, on average.
    pub mean_talked: Option<u64>,
    /// Seconds of ringing, on average.
    pub mean_wait: Option<u64>,
}

impl About {
    /// Its name in CSV and JSON.
    pub fn name(self) -> &'static str {
        match self {
            About::Days => "by_day",
            About::Hours => "by_hour",
            About::Week => "by_weekday_and_hour",
            About::Languages => "languages",
            About::Needs => "needs",
            About::Goals => "goals",
            About::Heard => "heard",
            About::Left => "left",
            About::Missed => "missed_by_hour",
            About::LookUps => "lookups",
            About::Reported => "reported",
            About::Callers => "callers_by_day",
            About::Trouble => "trouble",
        }
    }
}

impl LineCalls {
    /// How often it ended so.
    pub fn outcome(&self, outcome: DialOutcome) -> Figure {
        self.ended.iter().find(|(known, _)| *known == outcome).map_or(Figure::Few, |(_, figure)| *figure)
    }
}

impl Report {
    /// A section. One that has no rows is there all the same.
    pub fn section(&self, about: About) -> &[Row] {
        self.sections.iter().find(|section| section.about == about).map_or(&[], |section| &section.rows)
    }
}

/// An outcome in CSV and JSON.
fn outcome_name(outcome: DialOutcome) -> &'static str {
    match outcome {
        DialOutcome::Completed => "answered",
        DialOutcome::Busy => "busy",
        DialOutcome::NoAnswer => "no_answer",
        DialOutcome::Failed => "failed",
        DialOutcome::Canceled => "cancelled",
    }
}
