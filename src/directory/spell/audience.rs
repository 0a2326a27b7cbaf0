//! Whom a centre receives, told from its names: the lists have no field for it.

use super::words::tokens;
use crate::directory::{Audience, CentreKind};

/// Words of centres for children; a word that begins so counts.
const CHILDREN: [&str; 10] =
    ["ENFAN", "ADOLESC", "INFANTO", "JUVENIL", "PEDOPSY", "PEDO", "CMPEA", "CMPIJ", "NOURRISSON", "BEBE"];
/// The same, of whole words.
const CHILDREN_WHOLE: [&str; 10] = ["ADO", "ADOS", "IJ", "JEUNE", "JEUNES", "CMPE", "ENF", "ENFTS", "MDA", "JEUNESSE"];
/// Words of centres for adults.
const ADULTS: [&str; 4] = ["ADULTE", "GERONTO", "AGEE", "SENIOR"];

/// Children or adults by the words of the names; not known where there are none, or both.
pub(in super::super) fn audience(kind: CentreKind, names: &[&str]) -> Audience {
    let tokens: Vec<String> = names.iter().flat_map(|name| tokens(name)).collect();
    let begins = |list: &[&str]| tokens.iter().any(|token| list.iter().any(|begin| token.starts_with(begin)));
    let ages = tokens.windows(2).any(|pair| pair[0] == "0" && ["16", "18", "20"].contains(&pair[1].as_str()));
    // `CMP-E` and `CMP E.A.`: single letters behind it.
    let short = tokens.windows(2).any(|pair| pair[0] == "CMP" && ["E", "EA"].contains(&pair[1].as_str()));
    let sector = |letter| tokens.iter().any(|token| is_sector(token, letter));
    let children = begins(&CHILDREN)
        || tokens.iter().any(|token| CHILDREN_WHOLE.contains(&token.as_str()))
        || ages
        || short
        || sector('I');
    let adults = begins(&ADULTS) || sector('G');
    match (kind, children, adults) {
        (_, true, false) => Audience::Children,
        (_, false, true) => Audience::Adults,
        (_, true, true) => Audience::Unknown,
        // What these are for is in what they are.
        (CentreKind::Cmpp | CentreKind::Mda, false, false) => Audience::Children,
        (_, false, false) => Audience::Unknown,
    }
}

/// `G04` and `75G04` are sectors of general psychiatry, for adults; `I02` of children's.
pub(super) fn is_sector(token: &str, letter: char) -> bool {
    sector(token).is_some_and(|(found, _)| found == letter)
}

/// Letter and number of a sector.
pub(super) fn sector(token: &str) -> Option<(char, u8)> {
    let token = token.get(token.len().checked_sub(3)?..).filter(|_| [3, 5].contains(&token.len()))?;
    let letter = token.chars().next().filter(|letter| ['G', 'I'].contains(letter))?;
    let digits = token.get(1..).filter(|digits| digits.bytes().all(|c| c.is_ascii_digit()))?;
    Some((letter, digits.parse().ok()?))
}
