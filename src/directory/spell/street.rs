//! Numbers and streets.

use super::words::{begun, joined, phrase, street_kind, tokens};

/// An address as the lists write it, piece by piece.
#[derive(Clone, Copy, Default, Debug)]
pub(in super::super) struct Street<'t> {
    /// `12`.
    pub(in super::super) number: &'t str,
    /// `B`, `T`, `Q`, `C`, or a letter.
    pub(in super::super) suffix: &'t str,
    /// `R`, `RTE`.
    pub(in super::super) kind: &'t str,
    /// `DE L HOPITAL`.
    pub(in super::super) name: &'t str,
    /// A hamlet, or a box of the post office.
    pub(in super::super) place: &'t str,
}

/// "12 bis rue de l'hôpital", if there is a street or a hamlet.
pub(in super::super) fn street(written: &Street<'_>) -> Option<String> {
    let mut name = without_box(tokens(written.name));
    let mut number = written.number.trim().trim_start_matches('0').to_owned();
    // All of it may stand in the name: `12 R PASTEUR`.
    if number.is_empty() && name.len() > 1 && name[0].len() <= 4 && name[0].bytes().all(|c| c.is_ascii_digit()) {
        // A day is no number of a house: `8 MAI 1945`.
        let is_street = street_kind(&name[1]).is_some();
        if is_street {
            number = name.remove(0);
        }
    }
    let mut kind = written.kind.trim().to_uppercase();
    if kind.is_empty() && name.len() > 1 && street_kind(&name[0]).is_some() {
        kind = name.remove(0);
    }
    if name.is_empty() {
        let place = without_box(tokens(written.place));
        if place.is_empty() {
            return None;
        }
        name = place;
        if kind.is_empty() && street_kind(&name[0]).is_some() && name.len() > 1 {
            kind = name.remove(0);
        }
    }
    let mut words = Vec::new();
    if !number.is_empty() && number.bytes().all(|c| c.is_ascii_digit()) {
        words.push(number);
        words.extend(suffix(written.suffix));
    }
    let kind = street_kind(&kind).map_or_else(|| kind.to_lowercase(), str::to_owned);
    if !kind.is_empty() {
        words.push(kind);
    }
    let mut rest = phrase(&name);
    if words.is_empty()
        && let Some(first) = rest.first_mut()
    {
        *first = begun(first);
    }
    words.append(&mut rest);
    Some(joined(&words))
}

fn suffix(letter: &str) -> Option<String> {
    match letter.trim() {
        "" => None,
        "B" | "BIS" => Some("bis".to_owned()),
        "T" | "TER" => Some("ter".to_owned()),
        "Q" | "QUATER" => Some("quater".to_owned()),
        "C" => Some("quinquies".to_owned()),
        other => other.chars().next().filter(char::is_ascii_alphabetic).map(|letter| letter.to_string()),
    }
}

/// Without the boxes of the post office, which nobody can walk to: `BP 71`, `CS 11021`, `BP71`.
fn without_box(tokens: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|c| c.is_ascii_digit());
    while let Some(token) = tokens.next() {
        let is_box = ["BP", "CS", "TSA", "CE"].contains(&token.as_str());
        if is_box && tokens.peek().is_some_and(|next| is_number(next)) {
            while tokens.next_if(|next| is_number(next)).is_some() {}
        } else if !["BP", "CS", "TSA"].iter().any(|begin| token.strip_prefix(begin).is_some_and(is_number)) {
            kept.push(token);
        }
    }
    kept
}
