//! What the operator knows better than the list, in a file beside the table: it is applied when the table is loaded, so that
//! each import keeps it.
//!
//! ```yaml
//! "010007300":                      # the FINESS number, in quotation marks
//!   date: 2026-10-01                # when you learnt it
//!   telephone: "+33199000001"
//!   hours: "Mo-Fr 09:00-17:00"      # as OpenStreetMap writes them
//!   languages: [fr, ar]
//!   also_for: ["01440"]             # this centre goes first for these postal codes
//!   note: told by the secretary
//! "010007318":
//!   date: 2026-09-15
//!   closed: true
//! ```

use std::{collections::BTreeMap, path::Path, sync::Arc};

use jiff::civil::Date;
use serde::Deserialize;

use super::{Audience, Centre, Finess, telephone::is_premium_abroad};
use crate::{
    call::{E164, Lang},
    diagnostic::{Diagnostic, Place, Severity, SourceFile},
    files::{At, Files, Name, yaml_entries},
    lines::judged_hours,
};

/// What is known better of one centre. What is not written stays as the list has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// The day on which it was learnt.
    pub date: Name,
    /// The right number.
    pub telephone: Option<At<E164>>,
    /// It is no longer there: it is never said.
    #[serde(default)]
    pub closed: bool,
    /// When people answer, as OpenStreetMap writes it.
    pub hours: Option<Name>,
    /// The languages that are spoken there.
    #[serde(default)]
    pub languages: Vec<Lang>,
    /// Whom it receives.
    pub audience: Option<At<Audience>>,
    /// Whether they come to people's homes.
    pub home_visits: Option<bool>,
    /// Weeks until a first appointment.
    pub waiting_weeks: Option<u16>,
    /// Its name as spoken.
    pub name: Option<Name>,
    /// Postal codes for which this centre goes first.
    #[serde(default)]
    pub also_for: Vec<Name>,
    /// Postal codes that it does not serve.
    #[serde(default)]
    pub not_for: Vec<Name>,
    /// For whoever reads the file.
    pub note: Option<String>,
}

/// The corrections that can be used, by number.
#[derive(Debug)]
pub struct Corrections {
    file: Arc<SourceFile>,
    entries: BTreeMap<Finess, Judged>,
}

/// An entry, and where it stands.
#[derive(Debug)]
struct Judged {
    place: Place,
    date: Date,
    correction: Correction,
}

impl Corrections {
    /// Reads the file at `path`, and says all that is wrong in it. A wrong entry hides none of the others.
    pub fn read(path: &Path) -> (Option<Corrections>, Vec<Diagnostic>) {
        let shown = path.display().to_string();
        match std::fs::read(path) {
            Ok(bytes) => Corrections::parse(&Files::from_texts([(shown.as_str(), &*String::from_utf8_lossy(&bytes))])),
            Err(error) => {
                let found = Diagnostic::error("unreadable", format!("{shown} can't be read: {error}"))
                    .help("write it, or mend the setting directory.corrections");
                (None, vec![found])
            }
        }
    }

    /// The same, of a file that was read.
    pub fn parse(files: &Files) -> (Option<Corrections>, Vec<Diagnostic>) {
        let mut found = files.diagnostics.clone();
        let Some(file) = files.files.first().map(|file| file.source.clone()) else { return (None, found) };
        let read = yaml_entries::<Correction>(&file);
        found.extend(read.diagnostics);
        let mut entries = BTreeMap::new();
        for (name, correction) in read.entries {
            let place = name.place(&file);
            let finess = name.parse::<Finess>().map_err(|wrong| {
                let help = "write the nine characters in quotation marks, as in \"010007300\"";
                found.push(Diagnostic::error("correction", wrong.to_string()).at(place.clone()).help(help));
            });
            let before = found.len();
            let date = judge(&correction, &file, &place, &mut found);
            let is_right = found[before..].iter().all(|found| found.severity == Severity::Warning);
            if let (Ok(finess), Some(date), true) = (finess, date, is_right) {
                entries.insert(finess, Judged { place, date, correction });
            }
        }
        (Some(Corrections { file, entries }), found)
    }

    /// Changes what it knows better, takes out what is closed, and says which entries the list has overtaken.
    pub fn apply(&self, centres: &mut Vec<Centre>) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let at: BTreeMap<Finess, usize> = centres.iter().enumerate().map(|(at, centre)| (centre.finess, at)).collect();
        for (finess, judged) in &self.entries {
            match at.get(finess).and_then(|at| centres.get_mut(*at)) {
                Some(centre) => self.correct(centre, judged, &mut found),
                None => found.push(
                    Diagnostic::warning("correction-old", format!("no centre of the list has the number {finess}"))
                        .at(judged.place.clone())
                        .help("it may have closed for good: remove the entry, or mend the number"),
                ),
            }
        }
        centres.retain(|centre| !self.entries.get(&centre.finess).is_some_and(|judged| judged.correction.closed));
        found
    }

    fn correct(&self, centre: &mut Centre, judged: &Judged, found: &mut Vec<Diagnostic>) {
        let Judged { place, date, correction } = judged;
        let mut same = |what: &str, place: Place| {
            found.push(
                Diagnostic::warning(
                    "correction-old",
                    format!("the list says the same now: this {what} corrects nothing"),
                )
                .at(place)
                .help("remove the line"),
            );
        };
        if let Some(number) = &correction.telephone {
            if centre.telephone.as_ref() == Some(&**number) {
                same("telephone", number.place(&self.file));
            }
            centre.telephone = Some((**number).clone());
        }
        if let Some(audience) = &correction.audience {
            if centre.audience == **audience {
                same("audience", audience.place(&self.file));
            }
            centre.audience = **audience;
        }
        if let Some(name) = &correction.name {
            if centre.name == **name {
                same("name", name.place(&self.file));
            }
            centre.name.clone_from(name);
        }
        let contests = correction.telephone.is_some()
            || correction.audience.is_some()
            || correction.name.is_some()
            || correction.closed;
        if let Some(updated) = centre.more.updated.filter(|updated| contests && updated > date) {
            let message = format!("the list changed what it says of this centre on {updated}, after this correction");
            found.push(
                Diagnostic::warning("correction-old", message)
                    .at(place.clone())
                    .help("find out which is right; then remove the entry, or give it the day on which you asked"),
            );
        }
        let more = &mut centre.more;
        more.hours = correction.hours.as_ref().map(|hours| hours.to_string());
        more.languages.clone_from(&correction.languages);
        more.home_visits = correction.home_visits;
        more.waiting_weeks = correction.waiting_weeks;
        let codes = |codes: &[Name]| codes.iter().map(|code| code.to_string()).collect();
        (more.also_for, more.not_for) = (codes(&correction.also_for), codes(&correction.not_for));
    }
}

/// The day of an entry, and what is wrong in it.
fn judge(correction: &Correction, file: &Arc<SourceFile>, place: &Place, found: &mut Vec<Diagnostic>) -> Option<Date> {
    let mut wrong = |message: String, place: Place, help: &str| {
        found.push(Diagnostic::error("correction", message).at(place).help(help));
    };
    let date = correction.date.parse().ok();
    if date.is_none() {
        let message = format!("`{}` is no day", *correction.date);
        wrong(message, correction.date.place(file), "write year, month and day, as in 2026-10-01");
    }
    let codes = correction.also_for.iter().chain(&correction.not_for);
    for code in codes.filter(|code| code.len() != 5 || !code.bytes().all(|c| c.is_ascii_digit())) {
        wrong(format!("`{}` is no postal code", **code), code.place(file), "write its five digits, in quotation marks");
    }
    for code in correction.not_for.iter().filter(|code| correction.also_for.contains(code)) {
        wrong(format!("`{}` stands under `also_for`, too", **code), code.place(file), "remove one of the two");
    }
    if let Some(number) = correction.telephone.as_ref().filter(|number| is_premium_abroad(number)) {
        let message = "this number costs callers more than any call".to_owned();
        wrong(message, number.place(file), "find an ordinary number of the centre, or of its hospital");
    }
    if let Some(name) = correction.name.as_ref().filter(|name| name.trim().is_empty()) {
        wrong("the name is empty".to_owned(), name.place(file), "write it as it is to be spoken, or remove the line");
    }
    let Correction { telephone, hours, audience, name, home_visits, waiting_weeks, .. } = correction;
    let lists = [correction.languages.is_empty(), correction.also_for.is_empty(), correction.not_for.is_empty()];
    let says_nothing = telephone.is_none() && hours.is_none() && audience.is_none() && name.is_none();
    if says_nothing && home_visits.is_none() && waiting_weeks.is_none() && lists == [true; 3] && !correction.closed {
        wrong("this entry corrects nothing".to_owned(), place.clone(), "write what you know better, or remove it");
    }
    if let Some(hours) = hours {
        found.extend(judged_hours(hours, file).1);
    }
    date
}

#[cfg(test)]
mod tests;
