//! How words are written: three small lists, embedded, and the rules for what is in none of them.

use std::{collections::HashMap, sync::LazyLock};

static WORDS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| read(include_str!("words.tsv")));
static SHORT: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| read(include_str!("short.tsv")));
static STREETS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| read(include_str!("streets.tsv")));

/// Numbers of kings: the rest of what looks like one is a word.
const ROMAN: [&str; 16] =
    ["II", "III", "IV", "VI", "VII", "VIII", "IX", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVIII", "XX", "XXIII"];

fn read(text: &'static str) -> HashMap<&'static str, &'static str> {
    text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t')).collect()
}

/// Articles and prepositions: small inside a name.
pub(super) fn is_small(word: &str) -> bool {
    let small = [
        "A", "AU", "AUX", "CHEZ", "D", "DE", "DES", "DU", "EN", "ET", "L", "LA", "LE", "LES", "LES-", "OU", "PAR",
        "POUR", "SOUS", "SUR",
    ];
    small.contains(&word)
}

pub(super) fn is_article(word: &str) -> bool {
    ["LA", "LE", "LES", "L"].contains(&word)
}

/// What a kind of street stands for: `RTE` is "route".
pub(super) fn street_kind(word: &str) -> Option<&'static str> {
    STREETS.get(word).copied()
}

/// What an abbreviation stands for.
pub(super) fn short(word: &str) -> Option<&'static str> {
    SHORT.get(word).copied()
}

/// Capitals without accents, as the lists write: so that words can be looked up however they are written.
pub(super) fn capitals(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            'œ' | 'Œ' => plain.push_str("OE"),
            'æ' | 'Æ' => plain.push_str("AE"),
            '’' | '`' | '´' => plain.push('\''),
            letter => plain.extend(bare(letter).to_uppercase()),
        }
    }
    plain
}

fn bare(letter: char) -> char {
    match letter {
        'à' | 'â' | 'ä' | 'á' | 'ã' | 'À' | 'Â' | 'Ä' | 'Á' | 'Ã' => 'a',
        'ç' | 'Ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => 'e',
        'î' | 'ï' | 'í' | 'Î' | 'Ï' | 'Í' => 'i',
        'ñ' | 'Ñ' => 'n',
        'ô' | 'ö' | 'ó' | 'õ' | 'Ô' | 'Ö' | 'Ó' | 'Õ' => 'o',
        'ù' | 'û' | 'ü' | 'ú' | 'Ù' | 'Û' | 'Ü' | 'Ú' => 'u',
        'ÿ' | 'Ÿ' => 'y',
        letter => letter,
    }
}

/// The words of a text in capitals: letters and digits; all else only parts them.
pub(super) fn tokens(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(capitals).collect()
}

/// One word as it is written: "hôpital", "République", "Tilleuls". Numbers stay as they are.
pub(super) fn written(word: &str) -> String {
    if let Some(known) = WORDS.get(word) {
        return (*known).to_owned();
    }
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return ordinal(word);
    }
    if ROMAN.contains(&word) || word.chars().count() == 1 { word.to_owned() } else { capitalised(word) }
}

/// `1ER` is "1er", `3EME` is "3e"; other numbers stay as they are.
fn ordinal(word: &str) -> String {
    let end = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
    match &word[end..] {
        "ER" | "ERE" => word.to_lowercase(),
        "E" | "EME" | "IEME" => format!("{}e", &word[..end]),
        _ => word.to_owned(),
    }
}

/// A capital, then small letters.
pub(super) fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.flat_map(char::to_lowercase)).collect()
}

/// The first letter a capital, the rest as it is.
pub(super) fn begun(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// Whether "de" and "la" lose their vowel before this word.
pub(super) fn elides(word: &str) -> bool {
    capitals(word).starts_with(['A', 'E', 'I', 'O', 'U'])
}

/// Words with blanks between them, but none behind "l'" and "d'".
pub(super) fn joined(words: &[String]) -> String {
    let mut text = String::new();
    for word in words {
        if !text.is_empty() && !text.ends_with(['\'', '-']) {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

/// Words inside of a name: small ones small, "l'" and "d'", abbreviations in full, Saint with its hyphen.
pub(super) fn phrase(tokens: &[String]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let is_last = at + 1 == tokens.len();
        let token = token.as_str();
        let word = match token {
            "L" | "D" if !is_last => format!("{}'", token.to_lowercase()),
            // "rue du Parc", and "centre Le Parc".
            "LE" | "LA" | "LES" if at > 0 && !is_small(&tokens[at - 1]) => capitalised(token),
            "A" if !is_last => "à".to_owned(),
            "GAULLE" if words.last().is_some_and(|last| last == "de") => "Gaulle".to_owned(),
            _ if is_small(token) => token.to_lowercase(),
            "ST" | "STE" | "STS" | "STES" | "SAINT" | "SAINTE" | "SAINTS" | "SAINTES" => {
                let whole = short(token).map_or_else(|| capitalised(token), str::to_owned);
                if is_last { whole } else { format!("{whole}-") }
            }
            _ => short(token).map_or_else(|| written(token), str::to_owned),
        };
        // What stands behind Saint is a name, whatever it means elsewhere.
        let after_saint = words.last().is_some_and(|last| last.ends_with('-'));
        words.push(if after_saint { begun(&word) } else { word });
    }
    words
}
