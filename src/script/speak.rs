//! From a script to a speech: markers become words, numbers get the way they are said.

use crate::call::{Lang, Piece, Speech};

use super::{Language, Part, Script, Variable, digit_by_digit, in_groups};

/// What the scripts of one language need beside their text.
#[derive(Clone, Copy)]
pub struct Speaker<'a> {
    /// The language.
    pub lang: Lang,
    /// Its words for keys.
    pub words: &'a Language,
    /// Who runs the line.
    pub operator: &'a str,
    /// How to reach them.
    pub contact: &'a str,
    /// The name of the line that is called, in a transfer.
    pub line: &'a str,
    /// What is spoken there, if it is not this language.
    pub speaks: Option<&'a Script>,
    /// Whether the call is free.
    pub call_is_free: bool,
}

impl Speaker<'_> {
    /// The pieces of a script.
    pub fn pieces(&self, script: &Script) -> Vec<Piece> {
        let mut pieces = Vec::with_capacity(script.parts.len());
        for part in &script.parts {
            match (part, self.speaks) {
                (Part::Variable(Variable::Speaks), Some(speaks)) => pieces.extend(self.pieces(speaks)),
                _ => match self.piece(part) {
                    Some(piece) => pieces.push(piece),
                    None => trim_end(&mut pieces),
                },
            }
        }
        pieces
    }

    /// The whole script as a speech.
    pub fn speech(&self, script: &Script) -> Speech {
        Speech { lang: self.lang, pieces: self.pieces(script) }
    }

    /// A choice of a menu: the action, then its key. A short rest stands before it.
    pub fn choice(&self, action: &Script, key: char) -> Speech {
        let (before, after) = self.words.choice(key);
        let mut pieces = vec![Piece::Pause(super::markup::PARAGRAPH_PAUSE), Piece::Text(before)];
        pieces.extend(self.pieces(action));
        pieces.push(Piece::Text(after));
        pieces.retain(|piece| *piece != Piece::Text(String::new()));
        Speech { lang: self.lang, pieces }
    }

    /// This language naming itself and its key.
    pub fn language_choice(&self, key: char) -> Speech {
        let pause = Piece::Pause(super::markup::PARAGRAPH_PAUSE / 2);
        Speech { lang: self.lang, pieces: vec![pause, Piece::Text(self.words.language_choice(key))] }
    }

    fn piece(&self, part: &Part) -> Option<Piece> {
        Some(match part {
            Part::Text(words) => Piece::Text(words.clone()),
            Part::Pause(ms) => Piece::Pause(*ms),
            Part::Number(number) => Piece::Spelled {
                written: number.written.clone(),
                spoken: match number.one_by_one {
                    true => digit_by_digit(self.lang, &number.written),
                    false => in_groups(self.lang, &number.written),
                },
            },
            Part::Press(key) => Piece::Text(self.words.press(key.char())),
            Part::Key(key) => Piece::Text(self.words.key(key.char())),
            Part::Variable(Variable::Operator) => Piece::Text(self.operator.to_owned()),
            Part::Variable(Variable::Contact) => Piece::Text(self.contact.to_owned()),
            Part::Variable(Variable::Line) => Piece::Text(self.line.to_owned()),
            Part::Free(words) if self.call_is_free => Piece::Text(words.clone()),
            Part::Free(_) | Part::Variable(Variable::Speaks) => return None,
        })
    }
}

/// Where a part says nothing, one of the two blanks around it goes.
fn trim_end(pieces: &mut [Piece]) {
    if let Some(Piece::Text(words)) = pieces.last_mut() {
        words.truncate(words.trim_end().len());
    }
}
