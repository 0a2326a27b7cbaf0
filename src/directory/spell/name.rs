//! Names of centres: what they are in full, for whom, and where.

use super::{
    audience::sector,
    place::{found_in, of, rest},
    words::{joined, tokens},
};
use crate::directory::CentreKind;

/// What a name is made of.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Said<'t> {
    /// What the list says that it is.
    pub(in super::super) kind: CentreKind,
    /// Its name in the list: `CMP ADULTES LES TILLEULS`.
    pub(in super::super) name: &'t str,
    /// The commune as written: "Bourg-en-Bresse".
    pub(in super::super) commune: &'t str,
}

const AND: &str = "et";

/// What stands for a kind of centre; the longest first. The second is how it is said, with whom it is for.
const HEADS: [(&[&str], CentreKind, &str); 23] = [
    (&["CENTRE", "MEDICO", "PSYCHO", "PEDAGOGIQUE"], CentreKind::Cmpp, ""),
    (&["CTRE", "MEDICO", "PSYCHO", "PEDAGOGIQUE"], CentreKind::Cmpp, ""),
    (&["CMPP"], CentreKind::Cmpp, ""),
    (&["C", "M", "P", "P"], CentreKind::Cmpp, ""),
    (&["CENTRE", "D", "ACCUEIL", "THERAPEUTIQUE", "A", "TEMPS", "PARTIEL"], CentreKind::Cattp, ""),
    (&["CENTRE", "ACCUEIL", "THERAPEUTIQUE", "TEMPS", "PARTIEL"], CentreKind::Cattp, ""),
    (&["CATTP"], CentreKind::Cattp, ""),
    (&["C", "A", "T", "T", "P"], CentreKind::Cattp, ""),
    (&["CSAPA"], CentreKind::Csapa, ""),
    (&["C", "S", "A", "P", "A"], CentreKind::Csapa, ""),
    (&["MAISON", "DES", "ADOLESCENTS"], CentreKind::Mda, ""),
    (&["MAISON", "DE", "L", "ADOLESCENT"], CentreKind::Mda, ""),
    (&["MDA"], CentreKind::Mda, ""),
    (&["CMPEA"], CentreKind::Cmp, CHILDREN),
    (&["CMPIJ"], CentreKind::Cmp, CHILDREN),
    (&["CMPE"], CentreKind::Cmp, "pour enfants"),
    (&["CMP", "EA"], CentreKind::Cmp, CHILDREN),
    (&["CMP", "E"], CentreKind::Cmp, "pour enfants"),
    (&["CENTRE", "MEDICO", "PSYCHOLOGIQUE"], CentreKind::Cmp, ""),
    (&["CTRE", "MEDICO", "PSYCHOLOGIQUE"], CentreKind::Cmp, ""),
    (&["CENTRE", "MEDICO", "PSYCHO"], CentreKind::Cmp, ""),
    (&["CMP"], CentreKind::Cmp, ""),
    (&["C", "M", "P"], CentreKind::Cmp, ""),
];

const CHILDREN: &str = "pour enfants et adolescents";
const OLD: &str = "pour personnes âgées";

/// For whom; the longest first. A "pour" or "de" before it belongs to it.
const FOR_WHOM: [(&[&str], &str); 25] = [
    (&["ENFANTS", "ET", "ADOLESCENTS"], CHILDREN),
    (&["ENFANTS", "ADOLESCENTS"], CHILDREN),
    (&["ENFANT", "ET", "ADOLESCENT"], CHILDREN),
    (&["ENFANT", "ADOLESCENT"], CHILDREN),
    (&["ENFANTS", "ET", "ADOS"], CHILDREN),
    (&["ENFANTS", "ADOS"], CHILDREN),
    (&["ENFANT", "ADO"], CHILDREN),
    (&["INFANTO", "JUVENILE"], CHILDREN),
    (&["IJ"], CHILDREN),
    (&["PEDOPSYCHIATRIE"], CHILDREN),
    (&["PEDOPSYCHIATRIQUE"], CHILDREN),
    (&["PEDOPSY"], CHILDREN),
    (&["JEUNES", "ADULTES"], "pour jeunes adultes"),
    (&["ADULTES"], "pour adultes"),
    (&["ADULTE"], "pour adultes"),
    (&["ADOLESCENTS"], "pour adolescents"),
    (&["ADOLESCENT"], "pour adolescents"),
    (&["ADOS"], "pour adolescents"),
    (&["ADO"], "pour adolescents"),
    (&["ENFANTS"], "pour enfants"),
    (&["ENFANT"], "pour enfants"),
    (&["ENF"], "pour enfants"),
    (&["GERONTOPSYCHIATRIE"], OLD),
    (&["GERONTOPSYCHIATRIQUE"], OLD),
    (&["PERSONNES", "AGEES"], OLD),
];

/// "Centre médico-psychologique pour adultes, Les Tilleuls" from `CMP ADULTES LES TILLEULS`.
pub(in super::super) fn name(said: &Said<'_>) -> String {
    let tokens = tokens(said.name);
    let mut kinds: Vec<CentreKind> = Vec::new();
    let mut whom: Vec<&str> = Vec::new();
    let mut sectors: Vec<String> = Vec::new();
    let mut left: Vec<String> = Vec::new();
    // What a name begins with is taken off it, piece by piece; for whom it is may stand anywhere.
    let mut rest_of = tokens.as_slice();
    while let Some(first) = rest_of.first() {
        let head = HEADS.iter().find(|(words, ..)| begins(rest_of, words));
        let whose = FOR_WHOM.iter().find(|(words, _)| begins(rest_of, words));
        if let Some((words, kind, of_whom)) = head.filter(|_| left.is_empty() || left == [AND.to_uppercase()]) {
            left.clear();
            add(&mut kinds, *kind);
            if !of_whom.is_empty() {
                add(&mut whom, *of_whom);
            }
            rest_of = &rest_of[words.len()..];
        } else if let Some((words, for_whom)) = whose.filter(|_| !kinds.contains(&CentreKind::Mda)) {
            while left.last().is_some_and(|last| ["POUR", "DE", "D", "L", "DES", "ET", "LES"].contains(&last.as_str()))
            {
                left.pop();
            }
            add(&mut whom, *for_whom);
            rest_of = &rest_of[words.len()..];
        } else if ["SECTEUR", "SECT", "INTERSECTEUR"].contains(&first.as_str())
            && let Some((letter, number)) = rest_of.get(1).and_then(|next| sector(next))
        {
            sectors.push(format!("secteur {letter} {number}"));
            rest_of = &rest_of[2..];
        } else if let Some((letter, number)) = sector(first) {
            sectors.push(format!("secteur {letter} {number}"));
            rest_of = &rest_of[1..];
        } else {
            left.push(first.clone());
            rest_of = &rest_of[1..];
        }
    }
    // A name that does not say what the centre is gets it said first.
    if !kinds.contains(&said.kind) {
        kinds.insert(0, said.kind);
    }
    assemble(&kinds, &whom, left, sectors, said.commune)
}

fn assemble(kinds: &[CentreKind], whom: &[&str], left: Vec<String>, sectors: Vec<String>, commune: &str) -> String {
    let small = |kind: &CentreKind| {
        let mut letters = kind.in_full().chars();
        letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect::<String>()
    };
    let mut text = kinds.first().map_or("", |kind| kind.in_full()).to_owned();
    for kind in kinds.iter().skip(1) {
        text += &format!(" {AND} {}", small(kind));
    }
    for (at, whom) in whom.iter().enumerate() {
        text += &if at == 0 { format!(" {whom}") } else { format!(" {AND} {whom}") };
    }
    let left = trimmed(left);
    match found_in(&left, commune) {
        // Nothing but the commune is left: "de Viriat".
        Some(range) if range.len() == left.len() => text += &format!(" {}", of(commune)),
        Some(range) => {
            let before = trimmed(left[..range.start].to_vec());
            let behind = trimmed(left[range.end..].to_vec());
            text = followed(text, &before);
            text = if before.is_empty() { format!("{text} {}", of(commune)) } else { format!("{text}, {commune}") };
            text = followed(text, &behind);
        }
        None => text = followed(text, &left),
    }
    for sector in sectors {
        text += &format!(", {sector}");
    }
    text
}

/// A name behind a comma; what begins with "de" or "du" without one.
fn followed(text: String, tokens: &[String]) -> String {
    let Some(first) = tokens.first() else { return text };
    let words = joined(&rest(tokens));
    let is_bound = ["DE", "DU", "DES", "D"].contains(&first.as_str());
    if is_bound { format!("{text} {words}") } else { format!("{text}, {words}") }
}

/// Without small words at the end, which lead nowhere, and without "et" at the beginning.
fn trimmed(mut tokens: Vec<String>) -> Vec<String> {
    while tokens
        .last()
        .is_some_and(|last| ["DE", "DU", "DES", "D", "L", "ET", "POUR", "A", "SECTEUR"].contains(&last.as_str()))
    {
        tokens.pop();
    }
    let begin = tokens.iter().take_while(|token| ["ET", "POUR"].contains(&token.as_str())).count();
    tokens.drain(..begin);
    tokens
}

fn begins(tokens: &[String], words: &[&str]) -> bool {
    tokens.len() >= words.len() && tokens.iter().zip(words).all(|(token, word)| token == word)
}

fn add<T: PartialEq>(list: &mut Vec<T>, value: T) {
    if !list.contains(&value) {
        list.push(value);
    }
}
