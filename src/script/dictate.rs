//! A phrase that the caller writes down: said whole, then in short groups, its punctuation named (R6 of the call tree).
//!
//! Letters in France are written in French: so is what is dictated, whatever the language around it. What a sign is called
//! stands in that language's `language.yaml`, never here.

use std::collections::BTreeMap;

use super::ear;
use crate::{
    call::{Lang, Piece, Reading, Speech},
    files::Name,
};

/// The language of what is dictated.
pub const DICTATED_IN: Lang = Lang::FR;

/// What each sign is called.
pub type Punctuation = BTreeMap<char, Name>;

/// The rest between two groups, in milliseconds. Dictation is always slow: 750 are heard.
const GROUP_REST: u16 = 500;
/// The rest before the second reading; 1500 are heard.
const READING_REST: u16 = 1000;
/// A hand keeps up with so many words.
const MOST_WORDS: usize = 4;
/// Signs that belong to the word behind them.
const OPENING: [char; 3] = ['«', '“', '('];

/// Both readings of a phrase.
pub(super) fn readings(phrase: &str, names: &Punctuation) -> [Speech; 2] {
    let tokens = tokens(phrase);
    let mut in_groups = vec![Piece::Pause(READING_REST)];
    for (i, group) in groups(&tokens).into_iter().enumerate() {
        if i > 0 {
            in_groups.push(Piece::Pause(GROUP_REST));
        }
        in_groups.extend(pieces(group, names));
    }
    [
        Speech::dictated(DICTATED_IN, pieces(&tokens, names), Reading::Whole),
        Speech::dictated(DICTATED_IN, in_groups, Reading::InGroups),
    ]
}

/// The first sign of a phrase that has no name: nobody would write it down.
pub fn unnamed_sign(phrase: &str, names: &Punctuation) -> Option<char> {
    tokens(phrase).into_iter().find_map(|token| token.sign().filter(|sign| !names.contains_key(sign)))
}

/// A word, or a sign that stands before, behind or between words.
#[derive(Clone, Copy)]
struct Token<'a> {
    text: &'a str,
    /// A blank stands before it.
    blank: bool,
}

impl Token<'_> {
    fn sign(&self) -> Option<char> {
        self.text.chars().next().filter(|c| !c.is_alphanumeric())
    }

    fn is_opening(&self) -> bool {
        self.sign().is_some_and(|sign| OPENING.contains(&sign))
    }
}

/// Signs inside of a word are part of it: "C-M-P", "l'adresse".
fn tokens(phrase: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    for between in phrase.split_whitespace() {
        let start = between.find(char::is_alphanumeric).unwrap_or(between.len());
        let end = between.trim_end_matches(|c: char| !c.is_alphanumeric()).len().max(start);
        let (before, word, behind) = (&between[..start], &between[start..end], &between[end..]);
        let signs = |text| str::split_inclusive(text, |_| true);
        let all = signs(before).chain([word].into_iter().filter(|word| !word.is_empty())).chain(signs(behind));
        tokens.extend(all.enumerate().map(|(i, text)| Token { text, blank: i == 0 }));
    }
    tokens
}

/// Cut at signs, and what lies between them into even groups of [`MOST_WORDS`] at most.
fn groups<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    // Behind a sign, and before one that opens something.
    let is_seam = |a: &Token<'_>, b: &Token<'_>| {
        let closed = a.sign().is_some() && !a.is_opening();
        closed && b.sign().is_none() || b.is_opening() && !a.is_opening()
    };
    let mut groups = Vec::new();
    for mut rest in tokens.chunk_by(|a, b| !is_seam(a, b)) {
        let is_word = |token: &&Token<'_>| token.sign().is_none();
        let mut words = rest.iter().filter(is_word).count();
        for left in (1..=words.div_ceil(MOST_WORDS)).rev() {
            let take = words.div_ceil(left);
            words -= take;
            // Up to the word that begins the next group; the last one takes all that is left.
            let next = rest.iter().enumerate().filter(|(_, token)| token.sign().is_none()).nth(take);
            let (group, behind) = rest.split_at(next.map_or(rest.len(), |(at, _)| at));
            groups.push(group);
            rest = behind;
        }
        if !rest.is_empty() {
            groups.push(rest);
        }
    }
    groups
}

/// Words as they are, signs by their names; a comma on either side lets the voice take a breath.
fn pieces(tokens: &[Token<'_>], names: &Punctuation) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    for (i, token) in tokens.iter().enumerate() {
        if token.blank && i > 0 {
            text.push(' ');
        }
        match token.sign().and_then(|sign| names.get(&sign)) {
            Some(name) => {
                if !text.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                }
                let breath = if i > 0 { ", " } else { "" };
                pieces.push(Piece::Spelled {
                    written: token.text.to_owned(),
                    spoken: format!("{breath}{},", name.as_str()),
                });
            }
            None => text.push_str(token.text),
        }
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    ear::pieces(DICTATED_IN, pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Punctuation {
        let signs = [
            (',', "virgule"),
            ('.', "point"),
            (':', "deux points"),
            ('«', "ouvrez les guillemets"),
            ('»', "fermez les guillemets"),
        ];
        signs.into_iter().map(|(sign, name)| (sign, Name::new(name.to_owned(), 1, 1, 1))).collect()
    }

    /// What is heard: names for signs, `|` for a rest.
    fn heard(speech: &Speech) -> String {
        let said = speech.pieces.iter().map(|piece| match piece {
            Piece::Text(words) | Piece::Spelled { spoken: words, .. } => words.as_str(),
            Piece::Pause(_) => " | ",
        });
        said.collect()
    }

    #[test]
    fn a_phrase_is_read_whole_and_then_in_short_groups() {
        for (phrase, whole, in_groups) in [
            (
                "Je vous informe de ma décision,",
                "Je vous informe de ma décision, virgule,",
                " | Je vous informe | de ma décision, virgule,",
            ),
            ("Bien à vous.", "Bien à vous, point,", " | Bien à vous, point,"),
            (
                "Objet : l'arrêt de mon suivi au C-M-P",
                "Objet , deux points, l'arrêt de mon suivi au C-M-P",
                " | Objet , deux points, | l'arrêt de mon | suivi au C-M-P",
            ),
            (
                "Dites : « oui ». Merci.",
                "Dites , deux points, , ouvrez les guillemets, oui , fermez les guillemets,, point, Merci, point,",
                " | Dites , deux points, | ouvrez les guillemets, oui , fermez les guillemets,, point, | Merci, point,",
            ),
            ("un deux trois quatre cinq", "un deux trois quatre cinq", " | un deux trois | quatre cinq"),
        ] {
            let [first, second] = readings(phrase, &names());
            assert_eq!((heard(&first).as_str(), heard(&second).as_str()), (whole, in_groups));
        }
    }

    #[test]
    fn both_readings_are_french_and_written_as_one_writes() {
        for phrase in ["Objet : ma décision, et « la suite ».", "« Non », dit-il.", "Je mets fin à mon suivi"] {
            for (speech, reading) in readings(phrase, &names()).into_iter().zip([Reading::Whole, Reading::InGroups]) {
                assert_eq!((speech.lang, speech.dictated), (Lang::FR, Some(reading)));
                assert_eq!(speech.written(), phrase);
            }
        }
    }

    #[test]
    fn a_sign_without_a_name_is_found() {
        assert_eq!(unnamed_sign("C-M-P de l'est, etc.", &names()), None);
        assert_eq!(unnamed_sign("Non ; oui", &names()), Some(';'));
        assert_eq!(unnamed_sign("Je suis né le…", &names()), Some('…'));
    }
}
