//! What digits mean: the places of a postal code, and the département of a number, with their names as they are said.

use crate::{
    call::{self, Lang, Origin, PostalCode},
    directory::{CommuneRef, Department, Lookup, PostalCodes},
    flow::Wanted,
};

/// A place that digits may mean.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) origin: Origin,
    /// Its name, in French: said by the French voice alone.
    pub(super) name: String,
    /// Its département, to tell it from others of the same digits.
    pub(super) department: &'static Department,
}

/// The most that a caller can choose from.
const MOST: usize = 4;

/// Entries of each sort, for whoever walks the line: one place, several départements, none.
pub(crate) fn examples(wanted: Wanted) -> [&'static str; 3] {
    match wanted {
        Wanted::PostalCode => ["75011", "01410", "00000"],
        Wanted::Department => ["75", "20", "00"],
    }
}

/// The places that these digits may mean: one a département. None: unknown.
pub(super) fn of(digits: &str) -> Vec<Found> {
    let codes = PostalCodes::shipped();
    let mut found = match (PostalCode::parse(digits), digits) {
        (Some(code), _) => match codes.get(digits) {
            Lookup::Known(communes) => of_communes(codes, code, &communes),
            Lookup::Unknown { .. } => Vec::new(),
        },
        // Corsica has one number in postal codes, and two départements.
        (None, "20") => ["2A", "2B"].into_iter().filter_map(|number| of_number(codes, number)).collect(),
        (None, number) => of_number(codes, number).into_iter().collect(),
    };
    found.truncate(MOST);
    found
}

/// The largest commune names the place. Where there are others, that is said: nobody must believe their code was misheard.
fn of_communes(codes: &PostalCodes, code: PostalCode, communes: &[CommuneRef<'_>]) -> Vec<Found> {
    let mut found: Vec<(CommuneRef<'_>, usize)> = Vec::new();
    for commune in communes {
        match found.iter_mut().find(|(other, _)| other.department == commune.department) {
            Some((largest, count)) => {
                *count += 1;
                if commune.hundreds > largest.hundreds {
                    *largest = *commune;
                }
            }
            None => found.push((*commune, 1)),
        }
    }
    let place = |(commune, count): (CommuneRef<'_>, usize)| {
        let department = codes.department(commune.department)?;
        let origin = Origin { code: Some(code), department: call::Department::parse(department.code)? };
        let around = if count > 1 { " et ses environs" } else { "" };
        Some(Found { origin, name: format!("{}{around}", commune.spoken(Lang::FR)), department })
    };
    found.into_iter().filter_map(place).collect()
}

fn of_number(codes: &PostalCodes, number: &str) -> Option<Found> {
    let department = codes.department(number)?;
    let origin = Origin { code: None, department: call::Department::parse(department.code)? };
    Some(Found { origin, name: department.name.to_owned(), department })
}
