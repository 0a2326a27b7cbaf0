//! What a voice says, in one language: text, numbers with the way to say them, pauses. No dialect's markup.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use super::{Lang, Pace, Recording};

/// Words a minute of an unhurried synthetic voice. Source: the public's need, 120 to 140, kept at the middle.
const WORDS_PER_MINUTE: f32 = 130.0;

/// A stretch of speech in one voice, made once when the line is loaded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Speech {
    /// The language, and so the voice. Never spoken by another's voice.
    pub lang: Lang,
    /// What is said, in order.
    pub pieces: Vec<Piece>,
    /// Whether the caller writes it down: it is then spoken slowly, whatever pace the caller chose.
    pub dictated: Option<Reading>,
    /// What is played in place of the pieces, if somebody has recorded them.
    pub recorded: Option<Recorded>,
    written_out: WrittenOut,
}

/// A recording, and the voices that it takes the place of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recorded {
    /// What is played.
    pub sound: Arc<Recording>,
    /// The same in the dialect's voices: for callers who asked for a slower pace, since no recording can be slowed.
    pub words: Vec<Speech>,
}

/// Which reading of a dictated phrase a speech is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reading {
    /// The first one, in one go.
    Whole,
    /// The second one, a few words at a time.
    InGroups,
}

/// How a dialect writes a speech, once it has been written: a speech never changes, and is said in a hundred thousand calls.
#[derive(Default)]
struct WrittenOut([[OnceLock<Box<str>>; 2]; Speech::DIALECTS]);

/// A part of a [`Speech`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    /// Plain words.
    Text(String),
    /// Something whose written form a voice could misread: `09 72`, said "zéro neuf, soixante-douze".
    Spelled {
        /// As one writes it.
        written: String,
        /// As it must be heard.
        spoken: String,
    },
    /// Silence, in milliseconds.
    Pause(u16),
}

impl Speech {
    /// How many ways of writing a speech can be kept.
    pub const DIALECTS: usize = 5;

    /// A speech of these pieces.
    pub fn new(lang: Lang, pieces: Vec<Piece>) -> Speech {
        Speech { lang, pieces, dictated: None, recorded: None, written_out: WrittenOut::default() }
    }

    /// A reading of a phrase that the caller writes down.
    pub fn dictated(lang: Lang, pieces: Vec<Piece>, reading: Reading) -> Speech {
        Speech { dictated: Some(reading), ..Speech::new(lang, pieces) }
    }

    /// What somebody has recorded of `words`. Its pieces are theirs, for those who read.
    pub fn recorded(lang: Lang, sound: Arc<Recording>, words: Vec<Speech>) -> Speech {
        let mut pieces: Vec<Piece> = Vec::new();
        for speech in &words {
            let begins_blank = matches!(speech.pieces.first(), Some(Piece::Text(words)) if words.starts_with(' '));
            if !pieces.is_empty() && !begins_blank {
                // Two voices: between them stands a blank.
                pieces.push(Piece::Pause(0));
            }
            pieces.extend(speech.pieces.iter().cloned());
        }
        let dictated = words.iter().find_map(|speech| speech.dictated);
        Speech { dictated, recorded: Some(Recorded { sound, words }), ..Speech::new(lang, pieces) }
    }

    /// What `write` makes of this speech at `pace`, made once for each `dialect`, a number below [`Speech::DIALECTS`].
    pub fn written_out(&self, dialect: usize, pace: Pace, write: impl FnOnce() -> String) -> &str {
        self.written_out.0[dialect % Speech::DIALECTS][pace as usize].get_or_init(|| write().into_boxed_str())
    }

    /// The speech as one would write it down.
    pub fn written(&self) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(words) | Piece::Spelled { written: words, .. } => text.push_str(words),
                Piece::Pause(_) => {
                    if !text.is_empty() && !text.ends_with(' ') {
                        text.push(' ');
                    }
                }
            }
        }
        text.trim().to_owned()
    }

    /// Seconds at normal pace: those of the recording, else estimated.
    pub fn seconds(&self) -> f32 {
        if let Some(recorded) = &self.recorded {
            return recorded.sound.seconds();
        }
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(words) | Piece::Spelled { spoken: words, .. } => Speech::seconds_of(words),
                Piece::Pause(ms) => f32::from(*ms) / 1000.0,
            })
            .sum()
    }

    /// Estimated seconds to say `text`: its words at [`WORDS_PER_MINUTE`]. A lone punctuation mark is no word.
    pub fn seconds_of(text: &str) -> f32 {
        let words =
            text.split(|c: char| c.is_whitespace() || c == '-').filter(|w| w.contains(char::is_alphanumeric)).count();
        words as f32 / WORDS_PER_MINUTE * 60.0
    }
}

impl Clone for WrittenOut {
    fn clone(&self) -> WrittenOut {
        WrittenOut::default()
    }
}

// What was written out follows from the pieces: two speeches are the same whether or not one was said before.
impl PartialEq for WrittenOut {
    fn eq(&self, _: &WrittenOut) -> bool {
        true
    }
}

impl Eq for WrittenOut {}

impl fmt::Debug for WrittenOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_count_numbers_as_they_are_spoken() {
        let text = |t: &str| Piece::Text(t.into());
        let speech = |pieces| Speech::new(Lang::FR, pieces);
        assert_eq!(speech(vec![text("un deux trois"), Piece::Pause(500)]).seconds(), 3.0 / 130.0 * 60.0 + 0.5);
        let spelled = Piece::Spelled { written: "09 72".into(), spoken: "zéro neuf, soixante-douze".into() };
        assert_eq!(speech(vec![spelled]).seconds(), 4.0 / 130.0 * 60.0);
        assert_eq!(Speech::seconds_of("Urgence ? Appelez."), 2.0 / 130.0 * 60.0);
    }

    #[test]
    fn written_joins_the_pieces_with_one_blank_for_a_pause() {
        let pieces = vec![
            Piece::Text("Le numéro :".into()),
            Piece::Pause(600),
            Piece::Spelled { written: "3114".into(), spoken: "trente et un, quatorze".into() },
            Piece::Text(".".into()),
        ];
        assert_eq!(Speech::new(Lang::FR, pieces).written(), "Le numéro : 3114.");
    }
}
