//! Communes: hyphens, articles, saints.

use super::words::{begun, capitalised, elides, is_article, is_small, phrase, tokens, written};

/// "Bourg-en-Bresse" from `BOURG EN BRESSE`, "La Courneuve" from `LA COURNEUVE`. Only where no list has the right name.
///
/// Communes are written with hyphens throughout, but for an article at the beginning.
pub(in super::super) fn place(capitals: &str) -> String {
    let mut tokens = tokens(capitals);
    // The number of a district of Paris, Lyon or Marseille.
    let district = tokens.last().filter(|_| tokens.len() > 1).and_then(|last| number(last));
    if district.is_some() {
        tokens.pop();
    }
    let mut name = String::new();
    let begin = usize::from(tokens.len() > 1 && is_article(&tokens[0]));
    if begin == 1 {
        name = if tokens[0] == "L" { "L'".to_owned() } else { format!("{} ", capitalised(&tokens[0])) };
    }
    for (at, token) in tokens[begin..].iter().enumerate() {
        if at > 0 && !name.ends_with('\'') {
            name.push('-');
        }
        let word = match token.as_str() {
            "L" | "D" if begin + at + 1 < tokens.len() => format!("{}'", token.to_lowercase()),
            "ST" => "Saint".to_owned(),
            "STE" => "Sainte".to_owned(),
            "S" | "SUR" if at > 0 => "sur".to_owned(),
            "A" if at > 0 => "à".to_owned(),
            small if at > 0 && is_small(small) => small.to_lowercase(),
            other => begun(&written(other)),
        };
        name.push_str(&word);
    }
    match district {
        Some(1) => format!("{name}, 1er arrondissement"),
        Some(number) => format!("{name}, {number}e arrondissement"),
        None => name,
    }
}

fn number(word: &str) -> Option<u8> {
    let end = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
    let is_ordinal = ["", "E", "ER", "EME"].contains(&&word[end..]);
    word[..end].parse().ok().filter(|number| is_ordinal && (1..=20).contains(number))
}

/// "de Viriat", "d'Ambérieu", "du Mans", "des Lilas", "de La Courneuve".
pub(super) fn of(place: &str) -> String {
    match place.split_once(' ') {
        Some(("Le", rest)) => format!("du {rest}"),
        Some(("Les", rest)) => format!("des {rest}"),
        _ if elides(place) => format!("d'{place}"),
        _ => format!("de {place}"),
    }
}

/// The words of a text as one compares communes: Saint in full, no articles apart.
pub(super) fn comparable(token: &str) -> &str {
    match token {
        "ST" => "SAINT",
        "STE" => "SAINTE",
        "S" => "SUR",
        other => other,
    }
}

/// Where the words of `commune` stand in `tokens`, if they do.
pub(super) fn found_in(tokens: &[String], commune: &str) -> Option<std::ops::Range<usize>> {
    let wanted: Vec<String> = super::words::tokens(commune);
    if wanted.is_empty() || wanted.len() > tokens.len() {
        return None;
    }
    let is_at = |at: &usize| {
        let here = &tokens[*at..*at + wanted.len()];
        here.iter().zip(&wanted).all(|(a, b)| comparable(a) == comparable(b))
    };
    (0..=tokens.len() - wanted.len()).find(is_at).map(|at| at..at + wanted.len())
}

/// The words of a phrase that are no commune.
pub(super) fn rest(tokens: &[String]) -> Vec<String> {
    let mut words = phrase(tokens);
    if let Some(first) = words.first_mut() {
        let is_small_word = tokens.first().is_some_and(|token| is_small(token) && !is_article(token));
        if !is_small_word {
            *first = begun(first);
        }
    }
    words
}
