//! The report for a terminal.

use super::{About, Figure, Names, Report, Row, words::Words};
use crate::call::Lang;

/// Days of a longer time are not printed one by one.
const MOST_DAYS: usize = 62;
/// Rows that say only that they are few: more of them are only counted.
const MOST_FEW: usize = 8;

impl Report {
    /// As plain text.
    pub fn text(&self, lang: Lang, names: &Names) -> String {
        let words = Words::of(lang);
        let mut text = format!("{}\n{}\n", words.title(), words.period(self.from, self.to));
        if let Some(operator) = &names.operator {
            text += &format!("{}\n", words.run_by(operator));
        }
        text += &format!("\n{}\n\n{} {}\n", wrapped(&words.rule()), words.number(self.calls), words.calls(self.calls));
        for section in &self.sections {
            let long = section.about == About::Days && section.rows.len() > MOST_DAYS;
            // A table of 168 cells is for paper; where nobody counts callers there is nothing to say.
            if long || section.about == About::Week || section.about == About::Callers && section.rows.is_empty() {
                continue;
            }
            text += &format!("\n{}\n", words.heading(section.about));
            let (rows, more) = folded(&section.rows, section.about);
            let cells: Vec<[String; 2]> =
                rows.iter().map(|row| [label(words, names, section.about, row), words.figure(row.count)]).collect();
            text += &table(&cells);
            if more > 0 {
                text += &format!("  {}\n", words.others(more));
            }
            if rows.is_empty() && more == 0 {
                text += &format!("  {}\n", words.nothing());
            }
            if section.about == About::Left {
                text += &self.transfers_text(words, names);
            }
        }
        text
    }

    fn transfers_text(&self, words: Words, names: &Names) -> String {
        let mut text = format!("\n{}\n", words.transfers());
        if self.transfers.is_empty() {
            return text + &format!("  {}\n", words.nothing());
        }
        let few = self.transfers.iter().filter(|line| line.tried == Figure::Few).count();
        let folded = if few > MOST_FEW { few } else { 0 };
        let [name, tried] = words.line_heads();
        let times = words.time_heads();
        for line in self.transfers.iter().take(self.transfers.len() - folded) {
            let mut said = vec![format!("{tried} : {}", words.figure(line.tried))];
            if line.tried != Figure::Few {
                said.extend(
                    line.ended.iter().map(|(how, count)| format!("{} : {}", words.outcome(*how), words.figure(*count))),
                );
                for (head, seconds) in times.iter().zip([line.mean_wait, line.mean_talked, line.talked]) {
                    said.extend(seconds.map(|seconds| format!("{head} : {}", words.seconds(Some(seconds)))));
                }
            }
            let colon = words.say(" : ", ": ");
            let said = said.join(" · ").replace(" : ", colon);
            text += &format!("  {name} {}\n    {said}\n", Names::words(&names.lines, &line.line));
        }
        if folded > 0 {
            text += &format!("  {}\n", words.others(folded));
        }
        text
    }
}

/// Rows that say only that they are few are left out where there are many of them; how many.
pub(super) fn folded(rows: &[Row], about: About) -> (&[Row], usize) {
    let few = rows.iter().rev().take_while(|row| row.count == Figure::Few).count();
    match about {
        About::Goals | About::Heard | About::Left | About::LookUps if few > MOST_FEW => {
            (&rows[..rows.len() - few], few)
        }
        _ => (rows, 0),
    }
}

/// What a row is about, in words.
pub(super) fn label(words: Words, names: &Names, about: About, row: &Row) -> String {
    let subject = row.subject.as_str();
    let numbered = |name: &str| if name == subject { name.to_owned() } else { format!("{name} ({subject})") };
    match about {
        About::Days | About::Callers => row.day.map_or_else(String::new, |day| words.short_day(day)),
        About::Hours | About::Missed => row.hour.map_or_else(String::new, |hour| words.hour(hour)),
        About::Week => {
            let weekday = row.weekday.map_or("", |weekday| words.weekday(weekday));
            format!("{weekday} {}", row.hour.map_or_else(String::new, |hour| words.hour(hour)))
        }
        About::Languages => row.lang.map_or_else(|| words.no_language().to_owned(), |lang| names.language(lang)),
        About::Needs | About::Trouble => words.subject(subject).to_owned(),
        About::Goals => Names::words(&names.goals, subject).to_owned(),
        About::Heard => Names::words(&names.parts, subject).to_owned(),
        About::Left if subject.is_empty() => words.no_place().to_owned(),
        About::Left => Names::words(&names.places, subject).to_owned(),
        About::LookUps => numbered(Names::words(&names.departments, subject)),
        About::Reported => numbered(Names::words(&names.centres, subject)),
    }
}

/// Two columns, the numbers at the right.
fn table(rows: &[[String; 2]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let (left, right) = (width(0), width(1));
    rows.iter().map(|[name, count]| format!("  {name:<left$}  {count:>right$}\n")).collect()
}

/// In lines of some eighty characters.
fn wrapped(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + word.chars().count() < 88 => *line += &format!(" {word}"),
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}
