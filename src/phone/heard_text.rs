//! What was heard, as one plain text that knows its seconds: for those who look for words in it.

use std::borrow::Cow;

use super::{Heard, HeardWhat, Spoken, recording};

/// What is heard at once.
enum Sounding<'a> {
    Voice(&'a Spoken),
    /// It lasts so many seconds, and is told by its name: `(recording 3f9a21c7)`.
    Recording(f64),
}

/// All that was said, as one plain text that knows its seconds.
pub(super) struct Track<'a> {
    pub(super) text: String,
    /// Where each speech begins in `text`, when, and for each of its bytes the byte of the written text.
    speeches: Vec<(usize, f64, Sounding<'a>, Vec<usize>)>,
}

impl<'a> Track<'a> {
    pub(super) fn of(heard: &'a [Heard]) -> Track<'a> {
        let mut track = Track { text: String::new(), speeches: Vec::new() };
        for Heard { at, what } in heard {
            let (text, sounding) = match what {
                HeardWhat::Say(spoken) => (Cow::Borrowed(spoken.text()), Sounding::Voice(spoken)),
                HeardWhat::Play { url, seconds } => (Cow::Owned(recording::shown(url)), Sounding::Recording(*seconds)),
                _ => continue,
            };
            let (text, origins) = plain(&text);
            track.speeches.push((track.text.len(), *at, sounding, origins));
            track.text.push_str(&text);
            track.text.push(' ');
        }
        track
    }

    /// The second at which the byte before `end` had been said.
    pub(super) fn second_at(&self, end: usize) -> Option<f64> {
        let (start, at, sounding, origins) = self.speeches.iter().rev().find(|(start, ..)| *start < end)?;
        Some(match sounding {
            Sounding::Voice(spoken) => {
                let origin = origins.get(end - start - 1).copied().unwrap_or(spoken.text().len());
                at + spoken.seconds_to(origin)
            }
            Sounding::Recording(seconds) => at + seconds,
        })
    }
}

/// The text with plain apostrophes and single blanks, and for each byte the end of its origin in `text`.
pub(super) fn plain(text: &str) -> (String, Vec<usize>) {
    let mut plain = String::new();
    let mut origins = Vec::new();
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let c = match c {
            '’' => '\'',
            c if c.is_whitespace() => ' ',
            c => c,
        };
        if c == ' ' && (plain.is_empty() || plain.ends_with(' ')) {
            continue;
        }
        plain.push(c);
        origins.resize(plain.len(), end);
    }
    if plain.ends_with(' ') {
        plain.pop();
        origins.pop();
    }
    (plain, origins)
}
