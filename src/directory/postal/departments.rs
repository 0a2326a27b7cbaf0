//! The départements and overseas territories: how they are spoken, their clock and holidays, and who can reach whom.

use std::sync::OnceLock;

use crate::call::Lang;

/// One département or overseas territory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Department {
    /// `01`, `2A`, `974`; `980` is Monaco.
    pub code: &'static str,
    /// "Rhône".
    pub name: &'static str,
    /// "dans le Rhône".
    pub within_fr: &'static str,
    /// "in Rhône".
    pub within_en: &'static str,
    /// Its clock: "Europe/Paris".
    pub zone: &'static str,
    /// Whose holidays it keeps: "metropole", "alsace-moselle", "la-reunion".
    pub holidays: &'static str,
}

/// Land that is reached without crossing the sea.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Reach {
    /// The mainland in Europe, with the small islands along its coasts; and Monaco, whose neighbours are there.
    Mainland,
    /// Both départements of Corsica.
    Corsica,
    /// One territory overseas.
    Overseas(u16),
}

impl Department {
    /// "dans le Rhône", "in Rhône": French, or English for all other languages.
    pub fn within(&self, lang: Lang) -> &'static str {
        if lang == Lang::FR { self.within_fr } else { self.within_en }
    }

    /// Which others are on the same land.
    pub fn reach(&self) -> Reach {
        match self.code {
            "2A" | "2B" => Reach::Corsica,
            "980" => Reach::Mainland,
            code if code.len() == 3 => code.parse().map_or(Reach::Mainland, Reach::Overseas),
            _ => Reach::Mainland,
        }
    }
}

/// All of them, sorted by code.
pub fn departments() -> &'static [Department] {
    static ALL: OnceLock<Vec<Department>> = OnceLock::new();
    ALL.get_or_init(|| {
        let lines = include_str!("../data/departments.tsv").lines().filter(|line| !line.starts_with('#'));
        lines.filter_map(department).collect()
    })
}

/// The one with this code.
pub(super) fn get(code: &str) -> Option<&'static Department> {
    let all = departments();
    all.binary_search_by_key(&code, |department| department.code).ok().and_then(|at| all.get(at))
}

/// The code of the one in which a commune is, by the beginning of its number in the statistics.
pub(super) fn of_commune(insee: &str) -> Option<&'static str> {
    let length = match insee.get(..2)? {
        "97" | "98" => 3,
        "99" => return Some("980").filter(|_| insee == "99138"),
        _ => 2,
    };
    get(insee.get(..length)?).map(|department| department.code)
}

fn department(line: &'static str) -> Option<Department> {
    let mut fields = line.split('\t');
    let mut next = || fields.next();
    Some(Department {
        code: next()?,
        name: next()?,
        within_fr: next()?,
        within_en: next()?,
        zone: next()?,
        holidays: next()?,
    })
}
