//! What stands at one place of a text: numbers as they are written, and the words around them.

use super::Kind;

/// One place of a text.
pub(super) struct Here<'t> {
    /// All before it.
    pub(super) before: &'t str,
    /// All from it on.
    pub(super) rest: &'t str,
}

/// Something that is said in other words than it is written.
pub(super) struct Heard {
    /// How many bytes of it are written.
    pub(super) len: usize,
    pub(super) kind: Kind,
    pub(super) spoken: String,
}

pub(super) fn said(len: usize, kind: Kind, spoken: impl Into<String>) -> Option<Heard> {
    Some(Heard { len, kind, spoken: spoken.into() })
}

/// A number as it is written.
pub(super) struct Amount<'t> {
    /// How many bytes it takes.
    pub(super) len: usize,
    /// Its digits before the decimal sign, with nothing between.
    pub(super) digits: String,
    /// What stands behind the decimal sign.
    pub(super) decimals: Option<&'t str>,
    /// Thousands are set apart: no telephone and no postal code is.
    pub(super) grouped: bool,
}

impl Amount<'_> {
    /// Its value, if it is not too large to be said as one.
    pub(super) fn whole(&self) -> Option<u32> {
        self.digits.parse().ok().filter(|n| *n <= crate::script::numbers::MOST)
    }

    /// Hundredths: "5" is 50.
    pub(super) fn cents(&self) -> Option<u32> {
        match self.decimals {
            None => Some(0),
            Some(one) if one.len() == 1 => one.parse::<u32>().ok().map(|n| n * 10),
            Some(two) => two.parse().ok().filter(|_| two.len() == 2),
        }
    }
}

pub(super) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\n' | '\u{a0}' | '\u{202f}')
}

/// How many digits `text` begins with.
pub(super) fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Without the blank that it begins with.
pub(super) fn without_blank(text: &str) -> &str {
    text.strip_prefix(is_blank).unwrap_or(text)
}

/// The letters that `text` begins with.
pub(super) fn word(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len())]
}

/// The letters that `text` ends with, blanks behind them aside.
pub(super) fn last_word(text: &str) -> &str {
    let text = text.trim_end_matches(is_blank);
    let start = text.char_indices().rev().take_while(|(_, c)| c.is_alphabetic()).last();
    &text[start.map_or(text.len(), |(at, _)| at)..]
}

/// Whether `text` does not go on with a letter or a digit.
pub(super) fn ends_word(text: &str) -> bool {
    !text.starts_with(char::is_alphanumeric)
}

/// A number with its thousands (`apart` between them) and its decimals.
pub(super) fn amount<'t>(text: &'t str, apart: &[char], point: &[char]) -> Option<Amount<'t>> {
    let mut len = digits(text);
    if len == 0 {
        return None;
    }
    let mut whole = text[..len].to_owned();
    let mut grouped = false;
    while len <= 7 && !whole.starts_with('0') && (grouped || len <= 3) {
        let Some(next) = text[len..].strip_prefix(apart) else { break };
        if digits(next) != 3 {
            break;
        }
        whole.push_str(&next[..3]);
        len = text.len() - next.len() + 3;
        grouped = true;
    }
    let decimals = text[len..].strip_prefix(point).map(|next| &next[..digits(next)]).filter(|next| !next.is_empty());
    // `24.11.2026` is no decimal.
    let decimals = decimals.filter(|decimals| {
        let behind = &text[len + 1 + decimals.len()..];
        !behind.strip_prefix(point).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()))
    });
    len += decimals.map_or(0, |decimals| decimals.len() + 1);
    Some(Amount { len, digits: whole, decimals, grouped })
}

/// A telephone number with its ten digits, in groups or not, or one with a country's code: its length, and its digits in
/// their groups.
pub(super) fn telephone(text: &str) -> Option<(usize, String)> {
    let bare = text.strip_prefix('+').unwrap_or(text);
    let is_foreign = bare.len() < text.len();
    let mut groups = String::new();
    let (mut count, mut end) = (0, 0);
    for (at, c) in bare.char_indices() {
        if c.is_ascii_digit() {
            groups.push(c);
            count += 1;
            end = at + 1;
        } else if (is_blank(c) || matches!(c, '.' | '-'))
            && bare[at + c.len_utf8()..].starts_with(|c: char| c.is_ascii_digit())
        {
            if !is_foreign && count == 10 {
                break;
            }
            groups.push(' ');
        } else {
            break;
        }
    }
    let right = if is_foreign { (8..=15).contains(&count) } else { count == 10 && bare.starts_with('0') };
    let europe = || bare.strip_prefix("116").map(without_blank).filter(|rest| digits(rest) == 3);
    if right {
        return Some((text.len() - bare.len() + end, groups.trim_end().to_owned()));
    }
    let rest = europe().filter(|_| !is_foreign)?;
    Some((text.len() - rest.len() + 3, format!("116 {}", &rest[..3])))
}

/// A time with a colon: `9:30`.
pub(super) fn clock(text: &str) -> Option<(usize, u8, u8)> {
    let hour = digits(text);
    let minutes = text[hour..].strip_prefix(':')?;
    let right = (1..=2).contains(&hour) && digits(minutes) == 2;
    let (hour_of_day, minute) = (text[..hour].parse().ok()?, minutes.get(..2)?.parse().ok()?);
    (right && hour_of_day <= 24 && minute < 60).then_some((hour + 3, hour_of_day, minute))
}

/// A day in digits: `2026-11-24`, `24/11/2026`, `24.11.2026`. Its length, the day, the month from 1, the year.
pub(super) fn date(text: &str) -> Option<(usize, u32, usize, u32)> {
    let mut parts = [""; 3];
    let mut at = 0;
    let mut sign = None;
    for (number, part) in parts.iter_mut().enumerate() {
        if number > 0 {
            let next = text[at..].chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
            if *sign.get_or_insert(next) != next {
                return None;
            }
            at += 1;
        }
        *part = &text[at..at + digits(&text[at..])];
        at += part.len();
    }
    let [day, month, year] = if parts[0].len() == 4 { [parts[2], parts[1], parts[0]] } else { parts };
    let short = |part: &str| (1..=2).contains(&part.len());
    if year.len() != 4 || !short(day) || !short(month) {
        return None;
    }
    let (day, month, year) = (day.parse().ok()?, month.parse().ok()?, year.parse().ok()?);
    ((1..=31).contains(&day) && (1..=12).contains(&month)).then_some((at, day, month, year))
}

/// An article of law: `L. 3212-1`, `R1111-5`, `R.*4127-4`. Its length, its letter, its numbers.
pub(super) fn article(text: &str) -> Option<(usize, char, Vec<String>)> {
    let letter = text.chars().next().filter(|c| matches!(c, 'L' | 'R' | 'D' | 'A'))?;
    let behind = text[1..].strip_prefix('.').unwrap_or(&text[1..]);
    let behind = without_blank(behind);
    let behind = behind.strip_prefix('*').unwrap_or(behind);
    let first = digits(behind);
    if !(3..=5).contains(&first) {
        return None;
    }
    let mut numbers = vec![behind[..first].to_owned()];
    let mut rest = &behind[first..];
    while let Some(next) = rest.strip_prefix('-').filter(|next| digits(next) > 0) {
        let (number, more) = next.split_at(digits(next));
        numbers.push(number.to_owned());
        rest = more;
    }
    (numbers.len() > 1).then_some((text.len() - rest.len(), letter, numbers))
}

/// The entry of a table of abbreviations with which `text` begins, as a word of its own.
pub(super) fn entry(table: &[(&'static str, &'static str)], text: &str) -> Option<(usize, &'static str)> {
    // Asked for each word of each script at every start: most entries begin with another letter.
    let first = text.as_bytes().first();
    let is_here = |written: &str| {
        written.as_bytes().first() == first
            && text.strip_prefix(written).is_some_and(|behind| written.ends_with(['.', '°', 'º']) || ends_word(behind))
    };
    table.iter().find(|(written, _)| is_here(written)).map(|(written, spoken)| (written.len(), *spoken))
}

/// Kings and popes: a single letter behind one of these is a number.
pub(super) fn is_king(word: &str) -> bool {
    const KINGS: [&str; 22] = [
        "Albert",
        "Alexandre",
        "Alphonse",
        "Benoît",
        "Charles",
        "Clément",
        "Édouard",
        "Élisabeth",
        "François",
        "George",
        "Georges",
        "Guillaume",
        "Henri",
        "Henry",
        "Jean",
        "Léopold",
        "Louis",
        "Napoléon",
        "Paul",
        "Philippe",
        "Pie",
        "Urbain",
    ];
    KINGS.contains(&word)
}
