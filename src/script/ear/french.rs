//! What a French voice may misread, and how French says it.

use super::{
    Kind,
    here::{
        Amount, Heard, Here, amount, article, clock, date, digits, ends_word, entry, is_blank, is_king, last_word,
        said, telephone, without_blank, word,
    },
};
use crate::{
    call::{FRENCH_MONTHS as MONTHS, Lang},
    script::numbers::{cardinal, digit_by_digit, in_groups, is_singular, ordinal, roman},
};

/// Words before which one is "une". Streets are not among them: the number of a house is "vingt et un, rue".
const FEMININE: [&str; 36] = [
    "année",
    "années",
    "carte",
    "cartes",
    "consultation",
    "consultations",
    "copie",
    "copies",
    "étape",
    "étapes",
    "feuille",
    "feuilles",
    "fois",
    "heure",
    "heures",
    "journée",
    "journées",
    "ligne",
    "lignes",
    "lettre",
    "lettres",
    "minute",
    "minutes",
    "nuit",
    "nuits",
    "page",
    "pages",
    "partie",
    "parties",
    "personne",
    "personnes",
    "photo",
    "photos",
    "seconde",
    "semaine",
    "semaines",
];

/// What is short for a unit behind a number: one, many, whether it is feminine.
const UNITS: [(&str, &str, &str, bool); 12] = [
    ("km", "kilomètre", "kilomètres", false),
    ("m", "mètre", "mètres", false),
    ("cm", "centimètre", "centimètres", false),
    ("kg", "kilo", "kilos", false),
    ("g", "gramme", "grammes", false),
    ("mg", "milligramme", "milligrammes", false),
    ("min", "minute", "minutes", true),
    ("mn", "minute", "minutes", true),
    ("h", "heure", "heures", true),
    ("j", "jour", "jours", false),
    ("°C", "degré", "degrés", false),
    ("°", "degré", "degrés", false),
];

/// Abbreviations, and short names that are spelled; the longest first.
const SHORT: [(&str, &str); 64] = [
    ("et/ou", "et ou"),
    ("km", "kilomètre"),
    ("n°", "numéro"),
    ("N°", "numéro"),
    ("nº", "numéro"),
    ("Nº", "numéro"),
    ("n°s", "numéros"),
    ("bd.", "boulevard"),
    ("Bd.", "boulevard"),
    ("bd", "boulevard"),
    ("Bd", "boulevard"),
    ("BD", "boulevard"),
    ("bld", "boulevard"),
    ("Bld", "boulevard"),
    ("blvd", "boulevard"),
    ("av.", "avenue"),
    ("Av.", "avenue"),
    ("AV", "avenue"),
    ("rte", "route"),
    ("Rte", "route"),
    ("imp.", "impasse"),
    ("Imp.", "impasse"),
    ("pl.", "place"),
    ("Pl.", "place"),
    ("all.", "allée"),
    ("Dr.", "docteur"),
    ("Dr", "docteur"),
    ("Drs", "docteurs"),
    ("Pr.", "professeur"),
    ("Pr", "professeur"),
    ("Mmes", "mesdames"),
    ("Mme", "madame"),
    ("Mlle", "mademoiselle"),
    ("MM.", "messieurs"),
    ("St", "Saint"),
    ("Ste", "Sainte"),
    ("art.", "article"),
    ("Art.", "article"),
    ("tél.", "téléphone"),
    ("Tél.", "téléphone"),
    ("tel.", "téléphone"),
    ("etc.", "et cetera"),
    ("ex.", "exemple"),
    ("rdv", "rendez-vous"),
    ("RDV", "rendez-vous"),
    ("c/o", "chez"),
    ("bât.", "bâtiment"),
    ("Bât.", "bâtiment"),
    ("CEDEX", "cédex"),
    ("Cedex", "cédex"),
    ("BP", "boîte postale"),
    ("AME", "A-M-E"),
    ("ARS", "A-R-S"),
    ("ASE", "A-S-E"),
    ("CATTP", "C-A-T-T-P"),
    ("CDU", "C-D-U"),
    ("CMP", "C-M-P"),
    ("CMPP", "C-M-P-P"),
    ("CMPEA", "C-M-P-E-A"),
    ("CPAM", "C-P-A-M"),
    ("UMD", "U-M-D"),
    ("IJ", "I-J"),
    ("ZA", "zone d'activités"),
    ("ZAC", "zone d'activités"),
];

const SIGNS: [(char, &str); 13] = [
    ('€', "euros"),
    ('%', "pour cent"),
    ('‰', "pour mille"),
    ('&', "et"),
    ('@', "arobase"),
    ('§', "paragraphe"),
    ('+', "plus"),
    ('=', "égale"),
    ('°', "degrés"),
    ('#', "dièse"),
    ('*', "étoile"),
    ('_', "tiret bas"),
    ('½', "un demi"),
];

pub(super) fn heard(here: &Here<'_>) -> Option<Heard> {
    let next = here.rest.chars().next()?;
    if next.is_ascii_digit() || next == '+' && digits(&here.rest[1..]) > 0 {
        return number(here);
    }
    if next.is_alphabetic() {
        return if here.before.ends_with(char::is_alphanumeric) { None } else { letters(here) };
    }
    if next == '/' {
        return slash(here);
    }
    let (_, spoken) = SIGNS.iter().find(|(sign, _)| *sign == next)?;
    said(next.len_utf8(), Kind::Sign, *spoken)
}

fn say(n: u32, feminine: bool) -> String {
    cardinal(Lang::FR, n, feminine)
}

/// "un jour sur sept", "et ou".
fn slash(here: &Here<'_>) -> Option<Heard> {
    let behind = here.rest[1..].chars().next()?;
    let before = here.before.chars().next_back()?;
    match (before.is_alphanumeric(), behind) {
        (true, next) if next.is_ascii_digit() => said(1, Kind::Sign, "sur"),
        (true, next) if next.is_alphabetic() && before.is_alphabetic() => said(1, Kind::Sign, "ou"),
        _ => None,
    }
}

fn number(here: &Here<'_>) -> Option<Heard> {
    let rest = here.rest;
    if let Some((len, groups)) = telephone(rest) {
        let plus = if rest.starts_with('+') { "plus " } else { "" };
        return said(len, Kind::Telephone, format!("{plus}{}", in_groups(Lang::FR, &groups)));
    }
    if let Some((len, day, month, year)) = date(rest) {
        return said(len, Kind::Date, format!("{} {} {}", day_of_month(day), MONTHS[month - 1], say(year, false)));
    }
    if let Some((len, hour, minute)) = clock(rest) {
        return said(len, Kind::Time, time(hour.into(), Some(minute.into())));
    }
    let amount = amount(rest, &[' ', '.', '\u{a0}', '\u{202f}'], &[',', '.'])?;
    let behind = &rest[amount.len..];
    if let Some(found) =
        of_a_clock(&amount, behind).or_else(|| rank(&amount, behind)).or_else(|| range(&amount, behind))
    {
        return Some(found);
    }
    if let Some(found) = with_unit(&amount, behind) {
        return Some(found);
    }
    let next = word(without_blank(behind));
    if amount.decimals.is_none() && amount.digits == "1" && MONTHS.contains(&next) {
        return said(amount.len, Kind::Date, "premier");
    }
    let kind = if MONTHS.contains(&next) { Kind::Date } else { Kind::Number };
    said(amount.len, kind, plain(&amount, FEMININE.contains(&next))?)
}

fn day_of_month(day: u32) -> String {
    if day == 1 { ordinal(Lang::FR, 1, false) } else { say(day, false) }
}

/// "vingt et une heures cinq".
fn time(hour: u32, minute: Option<u32>) -> String {
    let hours = if is_singular(Lang::FR, hour) { "heure" } else { "heures" };
    let minutes = minute.filter(|minute| *minute > 0).map(|minute| format!(" {}", say(minute, true)));
    format!("{} {hours}{}", say(hour, true), minutes.unwrap_or_default())
}

/// `21 h 30`, `9h`, `9 h`.
fn of_a_clock(amount: &Amount<'_>, behind: &str) -> Option<Heard> {
    let hour = amount.whole().filter(|hour| amount.decimals.is_none() && *hour <= 24 && amount.digits.len() <= 2)?;
    let after = without_blank(behind).strip_prefix(['h', 'H'])?;
    let minutes = without_blank(after);
    let minute =
        minutes.get(..2).filter(|_| digits(minutes) == 2 && ends_word(&minutes[2..])).and_then(|two| two.parse().ok());
    if let Some(minute) = minute.filter(|minute: &u32| *minute < 60) {
        let len = amount.len + behind.len() - minutes.len() + 2;
        return said(len, Kind::Time, time(hour, Some(minute)));
    }
    ends_word(after).then_some(())?;
    said(amount.len + behind.len() - after.len(), Kind::Time, time(hour, None))
}

/// `1er`, `2e`, `3ème`.
fn rank(amount: &Amount<'_>, behind: &str) -> Option<Heard> {
    let suffix = word(behind);
    let n = amount.whole().filter(|_| amount.decimals.is_none() && ends_word(&behind[suffix.len()..]))?;
    let spoken = match suffix {
        "nd" => "second".to_owned(),
        "nde" => "seconde".to_owned(),
        "re" | "ère" | "ere" => ordinal(Lang::FR, n, true),
        "er" | "e" | "è" | "ème" | "eme" | "ième" | "ieme" => ordinal(Lang::FR, n, false),
        _ => return None,
    };
    said(amount.len + suffix.len(), Kind::Rank, spoken)
}

/// `18-25`: "dix-huit à", and then what stands behind the dash.
fn range(amount: &Amount<'_>, behind: &str) -> Option<Heard> {
    let end = behind.strip_prefix(['-', '–'])?;
    let sign = behind.len() - end.len();
    let len = digits(end);
    let goes_on = end[len..].starts_with(['-', '–']) && digits(&end[len + 1..]) > 0;
    (len > 0 && !goes_on).then_some(())?;
    said(amount.len + sign, Kind::Number, format!("{} à", plain(amount, false)?))
}

/// Money, percent, and units that are written short.
fn with_unit(amount: &Amount<'_>, behind: &str) -> Option<Heard> {
    let unit = without_blank(behind);
    let blank = behind.len() - unit.len();
    let many = |n: u32, one, many| if is_singular(Lang::FR, n) { one } else { many };
    let euro = ["euros", "euro"].into_iter().find(|name| word(unit) == *name && amount.decimals.is_some());
    if let Some(len) = euro.map(str::len).or(unit.starts_with('€').then_some('€'.len_utf8())) {
        let (whole, cents) = (amount.whole()?, amount.cents()?);
        let spoken = match (whole, cents) {
            (0, cents) if cents > 0 => format!("{} {}", say(cents, false), many(cents, "centime", "centimes")),
            (whole, 0) => format!("{} {}", say(whole, false), many(whole, "euro", "euros")),
            (whole, cents) => format!("{} {} {}", say(whole, false), many(whole, "euro", "euros"), say(cents, false)),
        };
        return said(amount.len + blank + len, Kind::Money, spoken);
    }
    if unit.starts_with('%') {
        return said(amount.len + blank + 1, Kind::Percent, format!("{} pour cent", plain(amount, false)?));
    }
    let short = |written: &str| unit.strip_prefix(written).is_some_and(ends_word);
    let (written, one, more, feminine) = UNITS.iter().find(|(written, ..)| short(written))?;
    let name = many(amount.whole().unwrap_or(2), one, more);
    said(amount.len + blank + written.len(), Kind::Number, format!("{} {name}", plain(amount, *feminine)?))
}

/// The number alone.
fn plain(amount: &Amount<'_>, feminine: bool) -> Option<String> {
    let digits = &amount.digits;
    if let Some(decimals) = amount.decimals {
        return Some(format!("{} virgule {}", say(amount.whole()?, false), in_groups(Lang::FR, decimals)));
    }
    let short_number = digits.len() == 4 && digits.starts_with('3') && !digits.ends_with("00");
    Some(match amount.whole() {
        _ if amount.grouped && amount.whole().is_none() => in_groups(Lang::FR, digits),
        _ if digits.starts_with('0') && digits.len() > 1 || short_number => in_groups(Lang::FR, digits),
        Some(n) if amount.grouped || digits.len() < 5 => say(n, feminine),
        _ => one_by_one(digits),
    })
}

/// "sept, cinq, zéro, un, deux": a postal code, or what is too long to be a number.
fn one_by_one(digits: &str) -> String {
    digit_by_digit(Lang::FR, &digits.chars().flat_map(|c| [c, ' ']).collect::<String>())
}

fn letters(here: &Here<'_>) -> Option<Heard> {
    if let Some((len, letter, numbers)) = article(here.rest) {
        let mut numbers = numbers.iter();
        let first = numbers.next().map(|first| in_groups(Lang::FR, first)).unwrap_or_default();
        let more = numbers.map(|n| format!(", tiret {}", n.parse().map_or_else(|_| n.clone(), |n| say(n, false))));
        return said(len, Kind::Article, format!("{letter}, {first}{}", more.collect::<String>()));
    }
    if let Some((len, spoken)) = entry(&SHORT, here.rest) {
        return said(len, Kind::Sign, spoken);
    }
    if let Some(name) = here.rest.strip_prefix("M.").filter(|name| name.starts_with(is_blank)) {
        let is_name = without_blank(name).starts_with(char::is_uppercase);
        return is_name.then_some(()).and_then(|()| said(2, Kind::Sign, "monsieur"));
    }
    numeral(here)
}

/// `XIXe`, `Henri IV`, `Ier`.
fn numeral(here: &Here<'_>) -> Option<Heard> {
    let text = word(here.rest);
    ends_word(&here.rest[text.len()..]).then_some(())?;
    let figures = &text[..text.find(|c| !matches!(c, 'I' | 'V' | 'X')).unwrap_or(text.len())];
    let n = roman(figures)?;
    let spoken = match (&text[figures.len()..], n) {
        ("er", 1) => "premier".to_owned(),
        ("re" | "ère", 1) => "première".to_owned(),
        ("e" | "ème" | "ième", 2..) => ordinal(Lang::FR, n, false),
        ("", 1) if is_king(last_word(here.before)) => "premier".to_owned(),
        ("", _) if figures.len() > 1 || is_king(last_word(here.before)) => say(n, false),
        _ => return None,
    };
    said(text.len(), Kind::Rank, spoken)
}
