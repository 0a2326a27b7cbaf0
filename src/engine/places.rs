//! What digits mean: the places of a postal code, and the département of a number, with their names as they are said.

use crate::{
    call::{Department, Origin, PostalCode},
    flow::Wanted,
};

/// A place that digits may mean.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Found {
    pub(super) origin: Origin,
    /// Its name, in French: said by the French voice alone.
    pub(super) name: String,
    /// The name of its département, to tell it from others of the same digits.
    pub(super) department: String,
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
    let mut found = match digits.len() {
        5 => of_code(digits),
        _ => of_number(digits),
    };
    found.truncate(MOST);
    found
}

/// Codes and départements until the table of all of them is there.
const CODES: [(&str, &str, &str); 9] = [
    ("01000", "Bourg-en-Bresse", "01"),
    ("01410", "Lélex", "01"),
    ("01410", "Septmoncel", "39"),
    ("15000", "Aurillac", "15"),
    ("20000", "Ajaccio", "2A"),
    ("31140", "Aucamville", "31"),
    ("75011", "Paris, onzième arrondissement", "75"),
    ("93100", "Montreuil", "93"),
    ("97400", "Saint-Denis", "974"),
];
const DEPARTMENTS: [(&str, &str); 9] = [
    ("01", "Ain"),
    ("15", "Cantal"),
    ("17", "Charente-Maritime"),
    ("18", "Cher"),
    ("2A", "Corse-du-Sud"),
    ("2B", "Haute-Corse"),
    ("39", "Jura"),
    ("75", "Paris"),
    ("974", "La Réunion"),
];

fn of_code(digits: &str) -> Vec<Found> {
    let code = PostalCode::parse(digits);
    let places = CODES.iter().filter(|(code, ..)| *code == digits);
    let found = places.filter_map(|(_, name, department)| {
        let origin = Origin { code, department: Department::parse(department)? };
        Some(Found { origin, name: (*name).to_owned(), department: name_of(department) })
    });
    found.collect()
}

fn of_number(digits: &str) -> Vec<Found> {
    let numbers: Vec<&str> = if digits == "20" { vec!["2A", "2B"] } else { vec![digits] };
    let known = numbers.into_iter().filter(|number| DEPARTMENTS.iter().any(|(known, _)| known == number));
    let found = known.filter_map(|number| {
        let origin = Origin { code: None, department: Department::parse(number)? };
        Some(Found { origin, name: name_of(number), department: name_of(number) })
    });
    found.collect()
}

fn name_of(number: &str) -> String {
    DEPARTMENTS.iter().find(|(known, _)| *known == number).map_or_else(|| number.to_owned(), |(_, name)| (*name).to_owned())
}
