//! Postal codes: which communes each of them stands for, and where these are. Read from tables inside the program.
//!
//! `departments` the départements and how they are spoken, `make` how the table of codes is made anew. The table is one text
//! sorted by code: only where each code begins is looked for, once; its communes are read when somebody asks.

mod departments;
mod fold;
mod make;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, collections::BTreeMap, sync::OnceLock};

pub use departments::{Department, Reach, departments};
pub(super) use make::middle;
pub use make::{MadeOf, make};

use super::Point;
use crate::call::Lang;

/// The table of postal codes.
#[derive(Debug)]
pub struct PostalCodes {
    text: Cow<'static, str>,
    /// Each code, and where its first line begins; sorted.
    codes: Vec<(u32, u32)>,
    /// Each commune, packed, and where its line begins; sorted.
    communes: OnceLock<Vec<(u32, u32)>>,
    /// Where most people of each département live.
    middles: OnceLock<BTreeMap<&'static str, Point>>,
}

/// One commune, or one arrondissement of Paris, Lyon or Marseille.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct CommuneRef<'t> {
    /// In the statistics: `01053`, `2A004`, `75111`.
    pub insee: &'t str,
    /// As it is written: "Bourg-en-Bresse".
    pub name: &'t str,
    /// Its département.
    pub department: &'static str,
    /// How many people live there, in hundreds, rounded up.
    pub hundreds: u32,
    /// Where it is.
    pub point: Point,
    /// How well that is known.
    pub precision: Precision,
}

/// How well the place of a commune is known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Precision {
    /// The place itself.
    Exact,
    /// The middle of the communes with the same postal code: some kilometres off.
    Code,
    /// The middle of the communes with the postal codes beside it: up to some ten kilometres off.
    Around,
    /// Where most people of the département live: no distance can be told.
    Department,
}

/// What is known of a postal code.
#[derive(Clone, PartialEq, Debug)]
pub enum Lookup<'t> {
    /// Its communes, those with most people first.
    Known(Vec<CommuneRef<'t>>),
    /// None of ours, as a code of one company or office (CEDEX) or a slip of the finger.
    Unknown {
        /// The département of the code that is nearest in number, where the first digits are those of one.
        department: Option<&'static str>,
    },
}

impl PostalCodes {
    /// The table inside the program.
    pub fn shipped() -> &'static PostalCodes {
        static SHIPPED: OnceLock<PostalCodes> = OnceLock::new();
        SHIPPED.get_or_init(|| PostalCodes::read(include_str!("../data/postal_codes.tsv").into()))
    }

    /// Reads a table as `make` writes it. Lines that are none are passed over.
    pub fn read(text: Cow<'static, str>) -> PostalCodes {
        let codes = lines(&text).filter_map(|(at, line)| Some((number(line.split('\t').next()?)?, at))).collect();
        PostalCodes { text, codes, communes: OnceLock::new(), middles: OnceLock::new() }
    }

    /// What is known of a code of five digits.
    pub fn get(&self, code: &str) -> Lookup<'_> {
        let Some(wanted) = number(code) else { return Lookup::Unknown { department: None } };
        match self.codes.binary_search_by_key(&wanted, |(code, _)| *code) {
            Ok(found) => Lookup::Known(self.communes_from(found)),
            Err(after) => Lookup::Unknown { department: self.department_near(wanted, after) },
        }
    }

    /// Every postal code, in order.
    pub fn codes(&self) -> impl Iterator<Item = String> {
        self.codes.iter().map(|(code, _)| format!("{code:05}"))
    }

    /// Every commune of every code: one that has several codes comes once for each.
    pub fn communes(&self) -> impl Iterator<Item = CommuneRef<'_>> {
        lines(&self.text).filter_map(|(_, line)| commune(line))
    }

    /// The commune with this number in the statistics. Paris, Lyon and Marseille have none: their arrondissements have.
    pub fn commune(&self, insee: &str) -> Option<CommuneRef<'_>> {
        let communes = self.communes.get_or_init(|| {
            let packed = |(at, line)| Some((pack(commune(line)?.insee)?, at));
            let mut all: Vec<_> = lines(&self.text).filter_map(packed).collect();
            all.sort_unstable();
            all
        });
        let wanted = pack(insee)?;
        let first = communes.partition_point(|(insee, _)| *insee < wanted);
        let (_, at) = communes.get(first).filter(|(insee, _)| *insee == wanted)?;
        commune(self.text.get(*at as usize..)?.lines().next()?)
    }

    /// The département with this code: `01`, `2A`, `974`.
    pub fn department(&self, code: &str) -> Option<&'static Department> {
        departments::get(code)
    }

    /// The middle of the people of a département.
    pub fn middle_of(&self, department: &str) -> Option<Point> {
        let middles = self.middles.get_or_init(|| {
            let mut places: BTreeMap<&str, Vec<(Point, f64)>> = BTreeMap::new();
            for commune in self.communes() {
                let place = (commune.point, f64::from(commune.hundreds.max(1)));
                places.entry(commune.department).or_default().push(place);
            }
            places
                .into_iter()
                .filter_map(|(department, places)| Some((department, middle(places.into_iter())?)))
                .collect()
        });
        middles.get(department).copied()
    }

    fn communes_from(&self, code: usize) -> Vec<CommuneRef<'_>> {
        let begins = |code: usize| self.codes.get(code).map_or(self.text.len(), |(_, at)| *at as usize);
        self.text.get(begins(code)..begins(code + 1)).unwrap_or_default().lines().filter_map(commune).collect()
    }

    /// The département of the code nearest to `wanted`, which would stand at `after`; only within its first digits.
    fn department_near(&self, wanted: u32, after: usize) -> Option<&'static str> {
        let area = |code: u32| if code >= 97_000 { code / 100 } else { code / 1_000 };
        let near = [after.checked_sub(1), Some(after)].into_iter().flatten();
        let near = near.filter(|at| self.codes.get(*at).is_some_and(|(code, _)| area(*code) == area(wanted)));
        let nearest = near.min_by_key(|at| self.codes.get(*at).map(|(code, _)| code.abs_diff(wanted)))?;
        self.communes_from(nearest).first().map(|commune| commune.department)
    }
}

impl CommuneRef<'_> {
    /// As it is spoken: "Paris, onzième arrondissement".
    pub fn spoken(&self, lang: Lang) -> Cow<'_, str> {
        const FRENCH: [&str; 20] = [
            "premier",
            "deuxième",
            "troisième",
            "quatrième",
            "cinquième",
            "sixième",
            "septième",
            "huitième",
            "neuvième",
            "dixième",
            "onzième",
            "douzième",
            "treizième",
            "quatorzième",
            "quinzième",
            "seizième",
            "dix-septième",
            "dix-huitième",
            "dix-neuvième",
            "vingtième",
        ];
        let arrondissement = self.name.strip_suffix(" arrondissement").and_then(|name| name.rsplit_once(' '));
        let Some((city, ordinal)) = arrondissement else { return self.name.into() };
        let number: usize = ordinal.trim_end_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or_default();
        let Some(french) = number.checked_sub(1).and_then(|at| FRENCH.get(at)) else { return self.name.into() };
        if lang == Lang::FR {
            return format!("{city}, {french} arrondissement").into();
        }
        let ending = match number {
            1 => "st",
            2 => "nd",
            3 => "rd",
            _ => "th",
        };
        format!("{city}, {number}{ending} arrondissement").into()
    }
}

/// A line without what it is introduced by: the code, number in the statistics, name, people, latitude and longitude in
/// thousandths of a degree, and a sign where the place is not quite known. The département stands in the number.
fn commune(line: &str) -> Option<CommuneRef<'_>> {
    let mut fields = line.split('\t').skip(1);
    let (insee, name, hundreds) = (fields.next()?, fields.next()?, fields.next()?.parse().ok()?);
    let (latitude, longitude) = (thousandths(fields.next()?)?, thousandths(fields.next()?)?);
    let precision = match fields.next() {
        None => Precision::Exact,
        Some("~") => Precision::Code,
        Some("?") => Precision::Around,
        Some(_) => Precision::Department,
    };
    let department = departments::of_commune(insee)?;
    Some(CommuneRef { insee, name, department, hundreds, point: Point { latitude, longitude }, precision })
}

fn thousandths(text: &str) -> Option<f64> {
    text.parse::<i32>().ok().map(|thousandths| f64::from(thousandths) / 1_000.0)
}

/// The lines of a table and where they begin, without its head.
fn lines(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let mut at = 0;
    let all = text.split_inclusive('\n').map(move |line| {
        let begins = at;
        at += line.len();
        (u32::try_from(begins).unwrap_or(u32::MAX), line.trim_end_matches('\n'))
    });
    all.filter(|(_, line)| !line.starts_with('#'))
}

/// Five digits as a number.
fn number(code: &str) -> Option<u32> {
    (code.len() == 5 && code.bytes().all(|digit| digit.is_ascii_digit())).then(|| code.parse().ok()).flatten()
}

/// A number of the statistics in 32 bits.
pub(super) fn pack(insee: &str) -> Option<u32> {
    (insee.len() == 5).then(|| u32::from_str_radix(insee, 36).ok()).flatten()
}
