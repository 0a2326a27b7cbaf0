//! What came of an import: kept, dropped and why, and whether the file looks whole.

use std::{collections::BTreeMap, fmt};

use jiff::civil::Date;

use super::{Audience, CentreKind};

/// Places that are shown of each kind of fault; the others are counted.
const SHOWN: usize = 5;

/// Why a line, or an entry, could not be read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Fault {
    TooLong,
    OpenQuote,
    Fields,
    UnknownSection,
    NotFiness,
    NoCommune,
    NoDelivery,
    NoName,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fault::TooLong => "longer than any line of the list",
            Fault::OpenQuote => "a quotation mark that is never closed",
            Fault::Fields => "too few or too many fields",
            Fault::UnknownSection => "neither structureet nor geolocalisation",
            Fault::NotFiness => "no FINESS number",
            Fault::NoCommune => "no département or no commune that exists",
            Fault::NoDelivery => "no postal code and commune",
            Fault::NoName => "no name",
        })
    }
}

/// What a centre that is kept lacks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Lack {
    Telephone,
    OddTelephone,
    PremiumTelephone,
    Street,
    Place,
    Map,
    UnknownMap,
    Outside,
    PostalCode,
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Lack::Telephone => "no telephone",
            Lack::OddTelephone => "a telephone that is no number",
            Lack::PremiumTelephone => "a telephone that costs callers extra: left out",
            Lack::Street => "no street",
            Lack::Place => "no coordinates",
            Lack::Map => "coordinates without the name of their map",
            Lack::UnknownMap => "coordinates on a map that is not known",
            Lack::Outside => "coordinates that are no place in France",
            Lack::PostalCode => "a CEDEX in the place of a postal code",
        })
    }
}

/// A sign that a file is broken or cut short. It replaces no table, unless that is forced.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Damage {
    /// It does not begin as a list does.
    NotAList,
    /// It ends within a line, or within an entry.
    CutShort {
        /// Where, counted from 1.
        line: u64,
    },
    /// There are no coordinates at all.
    NoPlaces,
    /// Many coordinates are missing: the end of the file is.
    FewPlaces {
        /// Establishments.
        structures: u64,
        /// Of which have coordinates.
        places: u64,
    },
    /// Far fewer centres than in the table in place.
    Fewer {
        /// In the table in place.
        before: usize,
        /// Now.
        now: usize,
    },
    /// No centre at all.
    NoCentres,
}

impl Damage {
    /// Nothing of use is in it: no table can be made, not even where that is forced.
    pub fn is_fatal(&self) -> bool {
        matches!(self, Damage::NoCentres | Damage::NotAList)
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Damage::NotAList => f.write_str(
                "this is no list of establishments: its first line must begin with finess;etalab, or it must be the JSON of \
                 FINESS+",
            ),
            Damage::CutShort { line } => write!(f, "it is cut short: line {line} does not end"),
            Damage::NoPlaces => {
                f.write_str("it has no section geolocalisation: take the file etalab-cs1100507, and take it whole")
            }
            Damage::FewPlaces { structures, places } => {
                write!(f, "it has the coordinates of only {places} of {structures} establishments: its end is missing")
            }
            Damage::Fewer { before, now } => {
                write!(f, "it leads to {now} centres, and the table in place has {before}")
            }
            Damage::NoCentres => f.write_str("no centre is in it"),
        }
    }
}

/// How often something happened, and where first.
#[derive(Clone, Default, Debug)]
pub(super) struct Tally {
    count: u64,
    first: Vec<u64>,
}

/// What came of an import. Shown as text for whoever runs it.
#[derive(Clone, Default, Debug)]
pub struct Summary {
    pub(super) lines: u64,
    pub(super) bytes: u64,
    pub(super) written_in: Option<&'static str>,
    /// The day of the list, if it tells.
    pub state: Option<Date>,
    /// Signs that something is broken.
    pub damage: Vec<Damage>,
    pub(super) kept: BTreeMap<(CentreKind, Audience), u64>,
    pub(super) others: u64,
    pub(super) closed: u64,
    pub(super) twice: Tally,
    pub(super) faults: BTreeMap<Fault, Tally>,
    pub(super) lacks: BTreeMap<Lack, u64>,
}

impl Summary {
    /// How many centres were kept.
    pub fn kept(&self) -> u64 {
        self.kept.values().sum()
    }

    /// How many lines or entries could not be read.
    pub fn malformed(&self) -> u64 {
        self.faults.values().map(|tally| tally.count).sum()
    }

    pub(super) fn fault(&mut self, fault: Fault, line: u64) {
        self.faults.entry(fault).or_default().add(line);
    }

    pub(super) fn lack(&mut self, lack: Lack) {
        *self.lacks.entry(lack).or_default() += 1;
    }

    pub(super) fn damaged(&mut self, damage: Damage) {
        if !self.damage.contains(&damage) {
            self.damage.push(damage);
        }
    }
}

impl Tally {
    pub(super) fn add(&mut self, line: u64) {
        self.count += 1;
        if self.first.len() < SHOWN {
            self.first.push(line);
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.first.iter().map(u64::to_string).collect();
        let more = if self.count > self.first.len() as u64 { ", ..." } else { "" };
        let word = if self.count == 1 { "line" } else { "lines" };
        write!(f, "{word} {}{more}", lines.join(", "))
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state.map_or_else(|| "of an unknown day".to_owned(), |day| format!("of {day}"));
        let letters = self.written_in.map_or_else(String::new, |letters| format!(", {letters}"));
        writeln!(f, "read: {} lines, {} kB{letters}; list {state}", self.lines, self.bytes / 1000)?;
        writeln!(f, "kept: {} centres", self.kept())?;
        for kind in CentreKind::ALL {
            let of = |audience| self.kept.get(&(kind, audience)).copied().unwrap_or_default();
            let counts = Audience::ALL.map(|audience| (audience, of(audience)));
            let all: u64 = counts.iter().map(|(_, count)| count).sum();
            if all > 0 {
                let parts = counts.iter().map(|(audience, count)| format!("{} {count}", audience.word()));
                writeln!(f, "  {:6} {all:6}: {}", kind.word(), parts.collect::<Vec<_>>().join(", "))?;
            }
        }
        for (lack, count) in &self.lacks {
            writeln!(f, "  of which {count} with {lack}")?;
        }
        writeln!(f, "dropped: {} of other kinds, {} closed", self.others, self.closed)?;
        if self.twice.count > 0 {
            writeln!(f, "twice in the list, the last one kept: {} ({})", self.twice.count, self.twice)?;
        }
        writeln!(f, "malformed: {}", self.malformed())?;
        for (fault, tally) in &self.faults {
            writeln!(f, "  {} with {fault}: {tally}", tally.count)?;
        }
        self.damage.iter().try_for_each(|damage| writeln!(f, "DAMAGED: {damage}"))
    }
}
