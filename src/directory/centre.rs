//! What is known of one centre. Names, streets and communes are spelt for the ear.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Point;
use crate::call::{E164, Finess, Lang};

/// One centre that people can call.
#[derive(Clone, PartialEq, Debug)]
pub struct Centre {
    /// Its number in the national list.
    pub finess: Finess,
    /// What it is.
    pub kind: CentreKind,
    /// Whom it receives.
    pub audience: Audience,
    /// Its name as spoken: "Centre médico-psychologique des Tilleuls".
    pub name: String,
    /// Number and street as spoken, if known: "12 rue Victor Hugo".
    pub street: Option<String>,
    /// The commune's name: "Bourg-en-Bresse".
    pub commune: String,
    /// The commune in the statistics: five characters, as in `01053`, `2A004`, `97411`.
    pub insee: String,
    /// Its postal code, without CEDEX: five digits.
    pub postal_code: String,
    /// Its département: `01`, `2A`, `974`.
    pub department: String,
    /// Where it is, if known.
    pub point: Option<Point>,
    /// How it is called, if known.
    pub telephone: Option<E164>,
    /// Whom to call where it has no telephone of its own: its hospital.
    pub switchboard: Option<E164>,
    /// What else is known of it.
    pub more: More,
}

/// What few centres have: notes of the import, and what the operator's corrections tell.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct More {
    /// The postal code is that of a CEDEX: no caller has it.
    pub cedex: bool,
    /// When the list last changed what it says of this centre.
    pub updated: Option<Date>,
    /// When people answer, as OpenStreetMap writes it, by the clock of the département.
    pub hours: Option<String>,
    /// The languages that are spoken there.
    pub languages: Vec<Lang>,
    /// Whether they come to people's homes, if known.
    pub home_visits: Option<bool>,
    /// Weeks until a first appointment, if known.
    pub waiting_weeks: Option<u16>,
    /// Postal codes for which this centre goes first.
    pub also_for: Vec<String>,
    /// Postal codes that this centre does not serve.
    pub not_for: Vec<String>,
}

/// What a centre is, of those that the line knows.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CentreKind {
    /// Centre médico-psychologique: category 156.
    Cmp,
    /// Centre médico-psycho-pédagogique: category 189.
    Cmpp,
    /// Centre d'accueil thérapeutique à temps partiel: category 425.
    Cattp,
    /// Centre de soins, d'accompagnement et de prévention en addictologie.
    Csapa,
    /// Maison des adolescents.
    Mda,
}

impl CentreKind {
    /// All kinds, in the order of summaries.
    pub const ALL: [CentreKind; 5] =
        [CentreKind::Cmp, CentreKind::Cmpp, CentreKind::Cattp, CentreKind::Csapa, CentreKind::Mda];

    /// The word of tables and summaries: `cmp`.
    pub fn word(self) -> &'static str {
        match self {
            CentreKind::Cmp => "cmp",
            CentreKind::Cmpp => "cmpp",
            CentreKind::Cattp => "cattp",
            CentreKind::Csapa => "csapa",
            CentreKind::Mda => "mda",
        }
    }

    /// What it is called in French, in full.
    pub fn in_full(self) -> &'static str {
        match self {
            CentreKind::Cmp => "Centre médico-psychologique",
            CentreKind::Cmpp => "Centre médico-psycho-pédagogique",
            CentreKind::Cattp => "Centre d'accueil thérapeutique à temps partiel",
            CentreKind::Csapa => "Centre de soins, d'accompagnement et de prévention en addictologie",
            CentreKind::Mda => "Maison des adolescents",
        }
    }
}

/// Whom a centre receives. The national list does not say it: it is read from names, and often not known.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Adults.
    Adults,
    /// Children and teenagers.
    Children,
    /// Not known: "demandez".
    Unknown,
}

impl Audience {
    /// All of them, in the order of summaries.
    pub const ALL: [Audience; 3] = [Audience::Adults, Audience::Children, Audience::Unknown];

    /// The word of tables and summaries: `adults`.
    pub fn word(self) -> &'static str {
        match self {
            Audience::Adults => "adults",
            Audience::Children => "children",
            Audience::Unknown => "unknown",
        }
    }
}
