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

use super::{Text, hours::Hours, judge, times::Times};
use crate::{
    call::{E164, Lang, is_dialled_short, is_emergency},
    diagnostic::{Diagnostic, SourceFile},
    files::{At, Files, LINES_FILE, Located, Name, yaml_entries},
};

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
    #[schemars(range(min = 1))]
    pub capacity: Option<At<u32>>,
    /// A SIP address instead of a number, as in `sip:ecoute@example.org`.
    #[schemars(regex(pattern = "^sips?:[^@ ]+@[^@ ]+$"))]
    pub sip: Option<Name>,
    /// A short number that is dialled only through a provider that is declared able to.
    #[schemars(regex(pattern = "^[0-9]{3,6}$"))]
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
    /// During the conversation the caller's star key ends it and leads back to the line; the announcement says so.
    #[serde(default)]
    pub star_leaves: bool,
    /// Another way for those who can't hear or speak: a number for text messages, or a few words.
    pub text: Option<At<Text>>,
    /// `false`: nobody has verified its number; it is neither said nor called.
    #[serde(default = "yes")]
    pub verified: bool,
    /// For whom or for what it is, by language, in a few words.
    #[serde(default)]
    pub for_whom: BTreeMap<Lang, Name>,
    /// Where its number was read, for those who check it.
    pub source: Option<String>,
    /// It stands on the printed sheet.
    #[serde(default)]
    pub leaflet: bool,
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
        self.written_times().read(file)
    }

    pub(super) fn written_times(&self) -> Times<'_> {
        let (hours, holidays, zone) = (self.hours.as_ref(), self.holidays.as_ref(), self.zone.as_ref());
        Times { hours, closed: &self.closed, open: &self.open, holidays, zone, every: None }
    }

    /// Whether it is routed by where the calling telephone is: announced, and never called, whatever else is written.
    pub fn is_emergency(&self) -> bool {
        self.emergency || is_emergency(&only_digits(&self.announce))
    }

    /// Whether we can call it, at least through some provider.
    pub fn is_called(&self) -> bool {
        let written = self.dial.is_some() || self.sip.is_some() || self.dial_short.is_some();
        written && self.verified && !self.is_emergency()
    }

    /// Its short number, if it is one, and no emergency number.
    pub fn short_number(&self) -> Option<&str> {
        let short = self.dial_short.as_deref().map(String::as_str)?;
        is_dialled_short(short).then_some(short)
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
        for (name, line) in &lines.lines.value {
            diagnostics.extend(judge::line(name, line, &lines.lines.file));
        }
        (Some(lines), diagnostics)
    }

    /// The line called `name`.
    pub fn get(&self, name: &str) -> Option<&Line> {
        self.lines.value.iter().find(|(key, _)| key.as_str() == name).map(|(_, line)| line)
    }

    /// Whether some line is announced with exactly these digits.
    pub fn announces(&self, digits: &str) -> bool {
        self.announced(digits).next().is_some()
    }

    /// The lines that are announced with exactly these digits.
    pub fn announced(&self, digits: &str) -> impl Iterator<Item = (&Name, &Line)> {
        self.lines.value.iter().filter(move |(_, line)| only_digits(&line.announce) == digits)
    }
}

/// The digits of `text`, without the blanks between their groups.
pub fn only_digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
