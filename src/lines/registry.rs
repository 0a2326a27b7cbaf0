//! `lines.yaml`: every number that the line announces or dials.
//!
//! ```yaml
//! sos_amitie:
//!   name: { fr: SOS Amitié, en: SOS Amitié }
//!   announce: "09 72 39 40 50"     # as one writes it; scripts say it with {tel: 09 72 39 40 50}
//!   dial: "+33972394050"           # as a provider dials it; without it the line is only announced
//!   speaks: [fr]
//!   hours: "24/7"                  # as OpenStreetMap writes them; printed in words
//!   for_whom: { fr: pour être écouté, en: to be listened to }
//!   source: chat-accueil.org (SOS Amitié)
//! samu:
//!   name: { fr: le SAMU, en: medical emergency }
//!   announce: "15"
//!   emergency: true                # never dialled by us: it is routed by where the calling telephone is
//! ```

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use schemars::JsonSchema;
use serde::Deserialize;

use super::{hours::Hours, times::Times};
use crate::{
    call::{E164, Lang},
    diagnostic::{Diagnostic, Place, SourceFile},
    files::{At, Files, LINES_FILE, Located, Name, yaml_entries},
};

/// Numbers that are routed by where the calling telephone is: they are never dialled by us.
const EMERGENCY: [&str; 12] = ["15", "17", "18", "112", "114", "115", "119", "116000", "116117", "191", "196", "197"];

/// Rings at most so long: while it rings the provider gives us no key.
pub const MAX_RING_SECONDS: u8 = 25;

/// One line.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Its name as spoken, by language.
    pub name: BTreeMap<Lang, Name>,
    /// The number as callers dial it, in groups of digits, in quotation marks.
    #[schemars(regex(pattern = r"^ *[0-9][0-9 ]*$"))]
    pub announce: Name,
    /// The number as a provider dials it.
    pub dial: Option<At<E164>>,
    /// The languages that people speak there.
    #[serde(default)]
    pub speaks: Vec<Lang>,
    /// An emergency number: announced only.
    #[serde(default)]
    pub emergency: bool,
    /// Seconds that it rings at most: 5 to 25.
    #[schemars(range(min = 5, max = MAX_RING_SECONDS))]
    pub ring_seconds: Option<At<u8>>,
    /// How many of our calls it takes at once; not counted if absent.
    pub capacity: Option<At<u32>>,
    /// A SIP address instead of a number, as in `sip:ecoute@example.org`.
    pub sip: Option<Name>,
    /// A short number that is dialled only through a provider that is declared able to.
    pub dial_short: Option<Name>,
    /// What it costs the caller who dials it.
    pub price: Option<Price>,
    /// When people answer there, as OpenStreetMap writes opening hours: `24/7`, `Mo-Fr 09:00-18:00`. Without it, it is
    /// not known, and always tried.
    pub hours: Option<Name>,
    /// Days on which nobody answers: year-month-day.
    #[serde(default)]
    pub closed: Vec<Name>,
    /// Other times on one day, as in "2026-12-24 10:00-12:00".
    #[serde(default)]
    pub open: Vec<Name>,
    /// The clock of its hours; Europe/Paris without it.
    pub zone: Option<Name>,
    /// Whose public holidays `PH` means; those of the métropole without it.
    pub holidays: Option<Name>,
    /// Whoever answers must press 1: a voicemail can't.
    #[serde(default)]
    pub accept: bool,
    /// Another way for those who can't hear or speak: a number for text messages, or a few words.
    pub text: Option<Name>,
    /// `false`: nobody has verified its number; it is neither said nor called.
    #[serde(default = "yes")]
    pub verified: bool,
    /// For whom or for what it is, by language, in a few words.
    #[serde(default)]
    pub for_whom: BTreeMap<Lang, Name>,
    /// Where its number was read, for those who check it.
    pub source: Option<String>,
}

/// What a call costs whoever dials it. Premium numbers have no place here.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Price {
    /// Nothing.
    Free,
    /// As any call of the caller's plan.
    Ordinary,
}

fn yes() -> bool {
    true
}

impl Line {
    /// When people answer there, if it is written and could be understood, and what is wrong with it.
    pub fn times(&self, file: &Arc<SourceFile>) -> (Option<Arc<Hours>>, Vec<Diagnostic>) {
        let Some(hours) = &self.hours else { return (None, Vec::new()) };
        let (holidays, zone) = (self.holidays.as_ref(), self.zone.as_ref());
        Times { hours, closed: &self.closed, open: &self.open, holidays, zone, every: None }.read(file)
    }

    /// Seconds that it rings at most.
    pub fn ring(&self) -> u8 {
        self.ring_seconds.as_ref().map_or(MAX_RING_SECONDS, |seconds| **seconds)
    }
}

/// Every line by its name.
#[derive(Debug)]
pub struct Lines {
    /// The lines.
    pub lines: Located<BTreeMap<Name, Line>>,
    /// Lines that are written, and could not be understood.
    pub broken: BTreeSet<String>,
}

impl Lines {
    /// Reads `lines.yaml` among the flow files.
    pub fn parse(files: &Files) -> (Option<Lines>, Vec<Diagnostic>) {
        let Some(file) = files.files.iter().find(|file| file.name == LINES_FILE) else {
            if files.unread.contains(LINES_FILE) {
                return (None, Vec::new());
            }
            let missing = Diagnostic::error("no-lines-file", format!("the flows have no file {LINES_FILE}")).help(
                "it holds the numbers that the line announces and dials: copy the one that comes with the program",
            );
            return (None, vec![missing]);
        };
        let read = yaml_entries::<Line>(&file.source);
        let mut diagnostics = read.diagnostics;
        let lines = Lines { lines: Located { value: read.entries, file: file.source.clone() }, broken: read.broken };
        diagnostics.extend(lines.judge());
        (Some(lines), diagnostics)
    }

    /// The line called `name`.
    pub fn get(&self, name: &str) -> Option<&Line> {
        self.lines.value.iter().find(|(key, _)| key.as_str() == name).map(|(_, line)| line)
    }

    /// Whether some line is announced with exactly these digits.
    pub fn announces(&self, digits: &str) -> bool {
        self.lines.value.values().any(|line| only_digits(&line.announce) == digits)
    }

    fn judge(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (name, line) in &self.lines.value {
            found.extend(line.times(&self.lines.file).1);
            let mut error = |code, message: String, place: Place, help: &str| {
                found.push(Diagnostic::error(code, message).at(place).help(help));
            };
            let file = &self.lines.file;
            for spoken in line.name.values().chain(line.for_whom.values()).filter(|spoken| spoken.trim().is_empty()) {
                error(
                    "no-words",
                    format!("`{}` has empty words", **name),
                    spoken.place(file),
                    "write them as they are to be spoken",
                );
            }
            let wrong_number = only_digits(&line.announce).is_empty()
                || !line.announce.chars().all(|c| c.is_ascii_digit() || c == ' ');
            if wrong_number {
                error(
                    "not-a-number",
                    format!("`{}` is not a number to announce", *line.announce),
                    line.announce.place(file),
                    "write its digits in groups, in quotation marks, as in \"09 72 39 40 50\"",
                );
            }
            let emergency = line.emergency || EMERGENCY.contains(&only_digits(&line.announce).as_str());
            if let (true, Some(dial)) = (emergency, &line.dial) {
                error(
                    "emergency-dialled",
                    format!("`{}` is an emergency number: it can't be dialled for the caller", **name),
                    dial.place(file),
                    "remove `dial`: emergency calls are routed by where the calling telephone is, and ours is elsewhere",
                );
            }
            if let Some(ring) = line.ring_seconds.as_ref().filter(|ring| !(5..=MAX_RING_SECONDS).contains(*ring)) {
                error(
                    "ring-time",
                    format!("{} seconds is no time to ring", **ring),
                    ring.place(file),
                    "between 5 and 25: while it rings, the caller's keys are not heard",
                );
            }
        }
        found
    }
}

/// The digits of `text`, without the blanks between their groups.
pub fn only_digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
