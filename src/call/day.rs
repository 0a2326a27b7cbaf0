//! A day as one writes it.

use jiff::civil::Date;

use super::Lang;

/// The months in French, from January on.
pub(crate) const FRENCH_MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
/// The months in English.
pub(crate) const ENGLISH_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// "24 novembre 2026", "24 November 2026". `None` where the program doesn't know the months of the language.
pub(crate) fn written_day(lang: Lang, date: Date) -> Option<String> {
    let months = match lang {
        Lang::FR => FRENCH_MONTHS,
        Lang::EN => ENGLISH_MONTHS,
        _ => return None,
    };
    let month = months.get(usize::from(date.month().unsigned_abs()).checked_sub(1)?)?;
    let first = if lang == Lang::FR && date.day() == 1 { "er" } else { "" };
    Some(format!("{}{first} {month} {}", date.day(), date.year()))
}
