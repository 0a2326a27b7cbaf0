//! What a script is made of once its markers are read.

use std::ops::Range;

use super::facts::Value;
use crate::call::Lang;

/// A part of a script.
#[derive(Clone, PartialEq, Debug)]
pub enum Part {
    /// Words.
    Text(String),
    /// Silence, in milliseconds.
    Pause(u16),
    /// A telephone number.
    Number(Number),
    /// What `facts.yaml` says: the fact's name, and where the marker stands, in bytes of the file.
    Fact {
        /// The name.
        name: String,
        /// From brace to brace.
        span: Range<usize>,
    },
    /// A value that stands in the script itself: money, a time, a day, a rank.
    Value {
        /// The value.
        value: Value,
        /// From brace to brace.
        span: Range<usize>,
    },
    /// "appuyez sur la touche 9".
    Press(char),
    /// "touche 9".
    Key(char),
    /// Words of another language, said in its own voice.
    Foreign(Lang, String),
    /// A phrase that the caller writes down.
    Dictate(Dictated),
    /// Something that only the settings or the flow know.
    Variable(Variable),
    /// Said only where the call is free.
    Free(String),
}

impl Part {
    /// Whether a caller always hears something of it.
    pub fn is_heard(&self) -> bool {
        match self {
            Part::Text(words) | Part::Foreign(_, words) => words.chars().any(char::is_alphanumeric),
            Part::Pause(_) | Part::Free(_) | Part::Variable(Variable::Speaks) => false,
            Part::Number(_)
            | Part::Fact { .. }
            | Part::Value { .. }
            | Part::Press(_)
            | Part::Key(_)
            | Part::Variable(_)
            | Part::Dictate(_) => true,
        }
    }
}

/// A telephone number in a script.
#[derive(Clone, PartialEq, Debug)]
pub struct Number {
    /// As written, in groups of digits.
    pub written: String,
    /// Digit by digit, or in its groups.
    pub one_by_one: bool,
    /// Where it stands, in bytes of the file.
    pub span: Range<usize>,
}

/// A phrase that the caller writes down.
#[derive(Clone, PartialEq, Debug)]
pub struct Dictated {
    /// The words and signs, in French.
    pub text: String,
    /// Where the marker stands, in bytes of the file.
    pub span: Range<usize>,
}

/// What a script leaves open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Variable {
    /// Who runs the line.
    Operator,
    /// How to reach them.
    Contact,
    /// The line that is called.
    Line,
    /// What is spoken there, if it is not the caller's language.
    Speaks,
    /// What the caller's language is called.
    Language,
    /// How many parts the document has.
    Count,
    /// When a closed line opens: the hour.
    Hour,
    /// When a closed line opens: the day of the week.
    Weekday,
    /// When a closed line opens: the day.
    Date,
    /// The digits that the caller has typed.
    Code,
    /// The name of a place, in French.
    Place,
    /// The name of a centre, in French.
    Centre,
    /// Its number and street, in French.
    Street,
    /// Its commune, in French.
    Commune,
    /// How many kilometres away it is.
    Km,
    /// Its number, in groups.
    Number,
    /// Its number, digit by digit.
    NumberSlowly,
    /// The languages that are spoken there.
    Languages,
    /// How long one waits for a first appointment.
    Weeks,
}

impl Variable {
    /// Whether it is a name in French, which no other voice says.
    pub(super) fn is_french(self) -> bool {
        matches!(self, Variable::Place | Variable::Centre | Variable::Street | Variable::Commune)
    }

    /// As it is written in a script.
    pub fn name(self) -> &'static str {
        match self {
            Variable::Operator => "operator",
            Variable::Contact => "contact",
            Variable::Line => "line",
            Variable::Speaks => "speaks",
            Variable::Language => "language",
            Variable::Count => "count",
            Variable::Hour => "hour",
            Variable::Weekday => "weekday",
            Variable::Date => "date",
            Variable::Code => "code",
            Variable::Place => "place",
            Variable::Centre => "centre",
            Variable::Street => "street",
            Variable::Commune => "commune",
            Variable::Km => "km",
            Variable::Number => "number",
            Variable::NumberSlowly => "number_slowly",
            Variable::Languages => "languages",
            Variable::Weeks => "weeks",
        }
    }
}
