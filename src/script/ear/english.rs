//! What an English voice may misread, and how British English says it.

use super::{
    Kind,
    here::{
        Amount, Heard, Here, amount, article, clock, date, digits, ends_word, entry, is_king, last_word, said,
        telephone, without_blank, word,
    },
};
use crate::{
    call::{ENGLISH_MONTHS as MONTHS, Lang},
    script::numbers::{cardinal, digit_by_digit, in_groups, minutes, ordinal, roman, year},
};

/// What is short for a unit behind a number: one, many.
const UNITS: [(&str, &str, &str); 9] = [
    ("km", "kilometre", "kilometres"),
    ("m", "metre", "metres"),
    ("cm", "centimetre", "centimetres"),
    ("kg", "kilo", "kilos"),
    ("g", "gram", "grams"),
    ("mg", "milligram", "milligrams"),
    ("min", "minute", "minutes"),
    ("h", "hour", "hours"),
    ("°", "degree", "degrees"),
];

/// Abbreviations, and short names that are spelled; the longest first.
const SHORT: [(&str, &str); 17] = [
    ("and/or", "and or"),
    ("km", "kilometre"),
    ("n°", "number"),
    ("N°", "number"),
    ("No.", "number"),
    ("Dr.", "doctor"),
    ("Dr", "doctor"),
    ("e.g.", "for example"),
    ("i.e.", "that is"),
    ("etc.", "et cetera"),
    ("c/o", "care of"),
    ("AME", "A-M-E"),
    ("ARS", "A-R-S"),
    ("CATTP", "C-A-T-T-P"),
    ("CMP", "C-M-P"),
    ("CMPP", "C-M-P-P"),
    ("CPAM", "C-P-A-M"),
];

const SIGNS: [(char, &str); 12] = [
    ('€', "euros"),
    ('£', "pounds"),
    ('%', "per cent"),
    ('&', "and"),
    ('@', "at"),
    ('§', "section"),
    ('+', "plus"),
    ('=', "equals"),
    ('°', "degrees"),
    ('#', "hash"),
    ('*', "star"),
    ('_', "underscore"),
];

pub(super) fn heard(here: &Here<'_>) -> Option<Heard> {
    let next = here.rest.chars().next()?;
    if next.is_ascii_digit() || next == '+' && digits(&here.rest[1..]) > 0 {
        return number(here);
    }
    if let Some(behind) = here.rest.strip_prefix(['€', '£']).map(without_blank).filter(|behind| digits(behind) > 0) {
        let amount = number_at(behind)?;
        let (one, many) = if next == '€' { ("euro", "euros") } else { ("pound", "pounds") };
        return said(here.rest.len() - behind.len() + amount.len, Kind::Money, money(&amount, one, many)?);
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

fn say(n: u32) -> String {
    cardinal(Lang::EN, n, false)
}

fn number_at(text: &str) -> Option<Amount<'_>> {
    amount(text, &[',', ' ', '\u{a0}', '\u{202f}'], &['.'])
}

/// "three out of four", "his or hers".
fn slash(here: &Here<'_>) -> Option<Heard> {
    let behind = here.rest[1..].chars().next()?;
    let before = here.before.chars().next_back()?;
    match (before, behind) {
        (before, next) if before.is_ascii_digit() && next.is_ascii_digit() => said(1, Kind::Sign, "out of"),
        (before, next) if before.is_alphabetic() && next.is_alphabetic() => said(1, Kind::Sign, "or"),
        _ => None,
    }
}

fn number(here: &Here<'_>) -> Option<Heard> {
    let rest = here.rest;
    if rest.strip_prefix("24/7").is_some_and(ends_word) {
        return said(4, Kind::Time, "twenty-four seven");
    }
    if let Some((len, groups)) = telephone(rest) {
        let plus = if rest.starts_with('+') { "plus " } else { "" };
        return said(len, Kind::Telephone, format!("{plus}{}", in_groups(Lang::EN, &groups)));
    }
    if let Some((len, day, month, of)) = date(rest) {
        let spoken = format!("the {} of {} {}", ordinal(Lang::EN, day, false), MONTHS[month - 1], year(Lang::EN, of));
        return said(len, Kind::Date, spoken);
    }
    let amount = number_at(rest)?;
    let behind = &rest[amount.len..];
    let found = of_a_clock(rest, &amount, behind).or_else(|| rank(here, &amount, behind));
    if let Some(found) = found.or_else(|| range(&amount, behind)).or_else(|| with_unit(&amount, behind)) {
        return Some(found);
    }
    if let Some(found) = day(here, &amount, behind) {
        return Some(found);
    }
    said(amount.len, Kind::Number, plain(&amount, behind)?)
}

/// `9:30`, `9 am`, `9.30 p.m.`
fn of_a_clock(rest: &str, amount: &Amount<'_>, behind: &str) -> Option<Heard> {
    let (len, hour, minute) = match clock(rest) {
        Some(found) => found,
        None => {
            let hour = amount.digits.parse().ok().filter(|hour| *hour <= 12)?;
            let minute =
                amount.decimals.map_or(Some(0), |two| two.parse().ok().filter(|n| *n < 60 && two.len() == 2))?;
            half_of_the_day(behind)?;
            (amount.len, hour, minute)
        }
    };
    let half = half_of_the_day(&rest[len..]);
    let hour_of_day = match half {
        Some((_, false)) => hour % 12,
        Some((_, true)) => hour % 12 + 12,
        None => hour % 24,
    };
    let len = len + half.map_or(0, |(len, _)| len);
    let clear = half.is_some() || !(1..=12).contains(&hour);
    said(len, Kind::Time, time(hour_of_day, minute, clear))
}

/// The length of " am" or " p.m.", and whether it is the second half.
fn half_of_the_day(behind: &str) -> Option<(usize, bool)> {
    let text = without_blank(behind);
    let halves = [("a.m.", false), ("p.m.", true), ("am", false), ("pm", true)];
    let is_here = |written: &str| text.strip_prefix(written).is_some_and(ends_word);
    let (written, second) = halves.into_iter().find(|(written, _)| is_here(written))?;
    Some((behind.len() - text.len() + written.len(), second))
}

/// "nine thirty in the morning"; without the half of the day where it is not `clear`.
fn time(hour: u8, minute: u8, clear: bool) -> String {
    match (hour, minute) {
        (0, 0) => return "midnight".to_owned(),
        (12, 0) => return "noon".to_owned(),
        _ => {}
    }
    let half = match hour {
        _ if !clear => "",
        0..=11 => " in the morning",
        12..=17 => " in the afternoon",
        _ => " in the evening",
    };
    let behind = match minute {
        0 if clear => String::new(),
        0 => " o'clock".to_owned(),
        _ => format!(" {}", minutes(Lang::EN, minute.into(), false)),
    };
    format!("{}{behind}{half}", say(u32::from((hour + 11) % 12 + 1)))
}

/// `1st`, `24th`; "the twenty-fourth" behind a month.
fn rank(here: &Here<'_>, amount: &Amount<'_>, behind: &str) -> Option<Heard> {
    let suffix = word(behind);
    let right = matches!(suffix, "st" | "nd" | "rd" | "th") && ends_word(&behind[suffix.len()..]);
    let n = amount.whole().filter(|_| right && amount.decimals.is_none())?;
    let the = if MONTHS.contains(&last_word(here.before)) { "the " } else { "" };
    said(amount.len + suffix.len(), Kind::Rank, format!("{the}{}", ordinal(Lang::EN, n, false)))
}

/// `18-25`: "eighteen to", and then what stands behind the dash.
fn range(amount: &Amount<'_>, behind: &str) -> Option<Heard> {
    let end = behind.strip_prefix(['-', '–'])?;
    let len = digits(end);
    let goes_on = end[len..].starts_with(['-', '–']) && digits(&end[len + 1..]) > 0;
    (len > 0 && !goes_on).then_some(())?;
    said(amount.len + behind.len() - end.len(), Kind::Number, format!("{} to", plain(amount, behind)?))
}

fn money(amount: &Amount<'_>, one: &str, many: &str) -> Option<String> {
    let (whole, cents) = (amount.whole()?, amount.cents()?);
    let of = |n: u32, one: &str, many: &str| format!("{} {}", say(n), if n == 1 { one } else { many });
    Some(match (whole, cents) {
        (0, cents) if cents > 0 => of(cents, "cent", "cents"),
        (whole, 0) => of(whole, one, many),
        (whole, cents) => format!("{} {}", of(whole, one, many), say(cents)),
    })
}

/// Money, percent, and units that are written short.
fn with_unit(amount: &Amount<'_>, behind: &str) -> Option<Heard> {
    let unit = without_blank(behind);
    let blank = behind.len() - unit.len();
    let euro = ["euros", "euro"].into_iter().find(|name| word(unit) == *name && amount.decimals.is_some());
    if let Some(len) = euro.map(str::len).or(unit.starts_with('€').then_some('€'.len_utf8())) {
        return said(amount.len + blank + len, Kind::Money, money(amount, "euro", "euros")?);
    }
    if unit.starts_with('%') {
        return said(amount.len + blank + 1, Kind::Percent, format!("{} per cent", plain(amount, behind)?));
    }
    let short = |written: &str| unit.strip_prefix(written).is_some_and(ends_word);
    let (written, one, many) = UNITS.iter().find(|(written, ..)| short(written))?;
    let name = if amount.digits == "1" && amount.decimals.is_none() { one } else { many };
    said(amount.len + blank + written.len(), Kind::Number, format!("{} {name}", plain(amount, unit)?))
}

/// `24 November` is "the twenty-fourth of November", `November 24` "November the twenty-fourth".
fn day(here: &Here<'_>, amount: &Amount<'_>, behind: &str) -> Option<Heard> {
    let day = amount.whole().filter(|day| (1..=31).contains(day) && amount.decimals.is_none())?;
    let spoken = ordinal(Lang::EN, day, false);
    if MONTHS.contains(&last_word(here.before)) {
        return said(amount.len, Kind::Date, format!("the {spoken}"));
    }
    MONTHS.contains(&word(without_blank(behind))).then_some(())?;
    let the = if last_word(here.before) == "the" { "" } else { "the " };
    said(amount.len, Kind::Date, format!("{the}{spoken} of"))
}

/// The number alone.
fn plain(amount: &Amount<'_>, behind: &str) -> Option<String> {
    let digits = &amount.digits;
    if let Some(decimals) = amount.decimals {
        return Some(format!("{} point {}", say(amount.whole()?), in_groups(Lang::EN, decimals)));
    }
    let short_number = digits.len() == 4 && digits.starts_with('3') && !digits.ends_with("00");
    let emergency = digits.len() == 3 && digits.starts_with("11");
    let is_year = digits.len() == 4 && ["19", "20"].iter().any(|century| digits.starts_with(century));
    Some(match amount.whole() {
        _ if digits.starts_with('0') && digits.len() > 1 || short_number || emergency => in_groups(Lang::EN, digits),
        Some(n) if is_year && !amount.grouped && !is_counted(behind) => year(Lang::EN, n),
        Some(n) if amount.grouped || digits.len() < 5 => say(n),
        _ => digit_by_digit(Lang::EN, &digits.chars().flat_map(|c| [c, ' ']).collect::<String>()),
    })
}

/// Whether a unit stands behind a number: then it is no year.
fn is_counted(behind: &str) -> bool {
    let unit = without_blank(behind);
    unit.starts_with(['€', '%']) || ["euros", "people", "days", "hours", "pounds"].contains(&word(unit))
}

fn letters(here: &Here<'_>) -> Option<Heard> {
    if let Some((len, letter, numbers)) = article(here.rest) {
        let mut numbers = numbers.iter();
        let first = numbers.next().map(|first| in_groups(Lang::EN, first)).unwrap_or_default();
        let more = numbers.map(|n| format!(", dash {}", n.parse().map_or_else(|_| n.clone(), say)));
        return said(len, Kind::Article, format!("{letter}, {first}{}", more.collect::<String>()));
    }
    if let Some((len, spoken)) = entry(&SHORT, here.rest) {
        return said(len, Kind::Sign, spoken);
    }
    let text = word(here.rest);
    let n = roman(text).filter(|_| ends_word(&here.rest[text.len()..]))?;
    if is_king(last_word(here.before)) {
        return said(text.len(), Kind::Rank, format!("the {}", ordinal(Lang::EN, n, false)));
    }
    (text.len() > 1).then_some(())?;
    said(text.len(), Kind::Rank, say(n))
}
