//! Words for the ear: digits, signs and abbreviations that a voice may misread become words, wherever they come from: a
//! script, the settings, the name of a line, the address of a centre. What is written stays as it is, for those who read.
//!
//! One file a language knows its ways: `french`, `english`. A language without one is left as it is; `check` refuses it.

mod english;
mod french;
mod here;
#[cfg(test)]
mod tests;

use std::ops::Range;

use here::Here;

use super::numbers::ordinal;
use crate::call::{Lang, Piece, Speech};

/// What kind of thing a voice may misread.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A number alone.
    Number,
    /// An amount of money.
    Money,
    /// So many in a hundred.
    Percent,
    /// A time of day.
    Time,
    /// A day.
    Date,
    /// A rank: `1er`, `XIXe`.
    Rank,
    /// An article of law.
    Article,
    /// A telephone number.
    Telephone,
    /// A sign or an abbreviation.
    Sign,
}

/// Something that a voice may misread, and how it is said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Misread {
    /// Where it stands in the text, in bytes.
    pub span: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// As it must be heard.
    pub spoken: String,
}

/// Everything in `text` that a voice of this language may misread, in order.
pub fn misread(lang: Lang, text: &str) -> Vec<Misread> {
    let rules = match lang {
        Lang::FR => french::heard,
        Lang::EN => english::heard,
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = text[at..].chars().next() {
        if next == '{'
            && let Some(close) = text[at..].find('}')
        {
            // A blank, which is filled in during a call.
            at += close + 1;
            continue;
        }
        let here = Here { before: &text[..at], rest: &text[at..] };
        match rules(&here) {
            Some(heard) if heard.len > 0 => {
                let end = at + heard.len;
                let spoken = apart(here.before, &heard.spoken, &text[end..]);
                found.push(Misread { span: at..end, kind: heard.kind, spoken });
                at = end;
            }
            _ => at += next.len_utf8(),
        }
    }
    found
}

/// With a blank where letters or digits stand right beside it: `G12` is "G douze".
fn apart(before: &str, spoken: &str, behind: &str) -> String {
    let blank = |touches: bool| if touches { " " } else { "" };
    let (left, right) = (before.ends_with(char::is_alphanumeric), behind.starts_with(char::is_alphanumeric));
    format!("{}{spoken}{}", blank(left), blank(right))
}

/// The same pieces, and each that a voice may misread with the words that it says.
pub fn pieces(lang: Lang, pieces: Vec<Piece>) -> Vec<Piece> {
    let mut clear = Vec::with_capacity(pieces.len());
    let mut text = String::new();
    for piece in pieces {
        match piece {
            // A whole blank stays a piece of its own.
            Piece::Text(words) if !words.starts_with('{') => text.push_str(&words),
            piece => {
                split(lang, std::mem::take(&mut text), &mut clear);
                clear.push(piece);
            }
        }
    }
    split(lang, text, &mut clear);
    clear
}

fn split(lang: Lang, text: String, clear: &mut Vec<Piece>) {
    let found = misread(lang, &text);
    if found.is_empty() {
        if !text.is_empty() {
            clear.push(Piece::Text(text));
        }
        return;
    }
    let mut at = 0;
    for Misread { span, spoken, .. } in found {
        if span.start > at {
            clear.push(Piece::Text(text[at..span.start].to_owned()));
        }
        at = span.end;
        clear.push(Piece::Spelled { written: text[span].to_owned(), spoken });
    }
    if at < text.len() {
        clear.push(Piece::Text(text[at..].to_owned()));
    }
}

/// A rank as one writes it, and as one says it: "2e", "deuxième".
pub(super) fn rank(lang: Lang, n: u32) -> Option<(String, String)> {
    let suffix = match (lang, n, n % 10, n % 100) {
        (Lang::FR, 1, ..) => "er",
        (Lang::FR, ..) => "e",
        (Lang::EN, _, _, 11..=13) => "th",
        (Lang::EN, _, 1, _) => "st",
        (Lang::EN, _, 2, _) => "nd",
        (Lang::EN, _, 3, _) => "rd",
        (Lang::EN, ..) => "th",
        _ => return None,
    };
    Some((format!("{n}{suffix}"), ordinal(lang, n, false)))
}

/// A speech of these pieces, in words for the ear.
pub fn speech(lang: Lang, all: Vec<Piece>) -> Speech {
    Speech::new(lang, pieces(lang, all))
}

/// `text` as a voice says it.
pub fn spoken(lang: Lang, text: &str) -> String {
    let said = pieces(lang, vec![Piece::Text(text.to_owned())]).into_iter().map(|piece| match piece {
        Piece::Text(words) | Piece::Spelled { spoken: words, .. } => words,
        Piece::Pause(_) => String::new(),
    });
    said.collect()
}
