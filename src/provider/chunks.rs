//! Cuts a speech into parts that a provider's voice takes in one go: at the end of a sentence, else at a blank.
//!
//! Knows no dialect: the limits are given. Something spelled out is never cut, nor is a word that fits at all. Most
//! speeches fit whole, and are then passed on piece by piece without being looked at closely.

use crate::call::{Pace, Piece, Speech};

/// What one spoken element may hold.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Characters of text and of what is said in its place.
    pub chars: usize,
    /// Length of all of it, markup included, once it is encoded for a URL.
    pub encoded: usize,
}

/// A part of a chunk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part<'a> {
    /// Words.
    Text(&'a str),
    /// Something written one way and said another.
    Spelled { written: &'a str, spoken: &'a str },
    /// Silence, in milliseconds, at most [`MAX_BREAK`].
    Break(u32),
}

/// The longest silence that SSML knows, in milliseconds.
pub(super) const MAX_BREAK: u32 = 10_000;

/// What the markup of a part may cost, encoded: `<sub alias=""></sub>` or `<break time="10000ms"/>`, amply.
const MARKUP: usize = 48;

/// The chunks of a speech, none of them without something to say or a silence to keep.
pub(super) fn of<'a>(speech: &'a Speech, pace: Pace, limits: Limits) -> Vec<Vec<Part<'a>>> {
    let mut parts = Vec::with_capacity(speech.pieces.len());
    speech.pieces.iter().for_each(|piece| push_parts(piece, pace, limits, &mut parts));
    let sizes = parts.iter().map(Part::size).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    if sizes.0 > limits.chars || sizes.1 > limits.encoded {
        return split(&parts, limits).into_iter().filter_map(trimmed).collect();
    }
    trimmed(parts).into_iter().collect()
}

fn push_parts<'a>(piece: &'a Piece, pace: Pace, limits: Limits, parts: &mut Vec<Part<'a>>) {
    match piece {
        Piece::Text(text) => parts.push(Part::Text(text)),
        Piece::Spelled { written, spoken } => {
            let part = Part::Spelled { written, spoken };
            let (chars, encoded) = part.size();
            // Too long even alone: what must be heard is what matters, and as plain words it can be cut.
            let whole = chars <= limits.chars && encoded <= limits.encoded;
            parts.push(if whole { part } else { Part::Text(spoken) });
        }
        Piece::Pause(ms) => {
            let mut left = match pace {
                Pace::Normal => u32::from(*ms),
                Pace::Slow => u32::from(*ms) * 3 / 2,
            };
            while left > 0 {
                parts.push(Part::Break(left.min(MAX_BREAK)));
                left = left.saturating_sub(MAX_BREAK);
            }
        }
    }
}

impl Part<'_> {
    /// Characters, and length once encoded for a URL.
    fn size(&self) -> (usize, usize) {
        match self {
            Part::Text(text) => size_of(text),
            Part::Spelled { written, spoken } => {
                let (written, spoken) = (size_of(written), size_of(spoken));
                (written.0 + spoken.0, written.1 + spoken.1 + MARKUP)
            }
            Part::Break(_) => (0, MARKUP),
        }
    }

    /// How good it is to cut after this part.
    fn seam(&self) -> Seam {
        match self {
            Part::Text(text) if !text.ends_with(ends_word) => Seam::Word,
            Part::Text(text) => {
                let words = text.trim_end_matches(|c: char| c.is_whitespace() || CLOSERS.contains(&c));
                if words.ends_with(ENDS) { Seam::Sentence } else { Seam::Blank }
            }
            Part::Spelled { .. } => Seam::Word,
            Part::Break(_) => Seam::Sentence,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Seam {
    Word,
    Blank,
    Sentence,
}

/// The sentences of a text, each with what follows it up to the next; a text without an end is one.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut end = 0;
        for word in rest.split_inclusive(ends_word) {
            end += word.len();
            if matches!(Part::Text(word).seam(), Seam::Sentence) {
                break;
            }
        }
        let (first, others) = rest.split_at(end);
        rest = others;
        Some(first)
    })
}

/// How sentences end in the languages of the line.
const ENDS: [char; 10] = ['.', '!', '?', '…', '؟', '۔', '।', '。', '！', '？'];

/// What may stand between the end of a sentence and the blank.
const CLOSERS: [char; 5] = ['»', '”', '’', '"', ')'];

/// A blank that may be broken, or punctuation that no blank follows: Chinese has none. French binds its own to the word
/// with a blank that must not be broken.
fn ends_word(c: char) -> bool {
    let bound = matches!(c, '\u{a0}' | '\u{2007}' | '\u{202f}');
    c.is_whitespace() && !bound || matches!(c, '。' | '！' | '？' | '，' | '、')
}

fn size_of(text: &str) -> (usize, usize) {
    let encoded = text.bytes().map(|c| if c.is_ascii_alphanumeric() { 1 } else { 3 }).sum();
    (text.chars().count(), encoded)
}

/// Fills one chunk after the other with words; a full one is cut at its last best seam.
fn split<'a>(parts: &[Part<'a>], limits: Limits) -> Vec<Vec<Part<'a>>> {
    let words: Vec<Part<'a>> = parts.iter().flat_map(|part| words(*part, limits)).collect();
    let mut chunks = Vec::new();
    let mut start = 0;
    while start < words.len() {
        let end = full(&words[start..], limits);
        let cut = if start + end == words.len() { end } else { best_cut(&words[start..start + end]) };
        chunks.push(words[start..start + cut].to_vec());
        start += cut;
    }
    chunks
}

/// How many of these fit, at least one.
fn full(words: &[Part<'_>], limits: Limits) -> usize {
    let (mut chars, mut encoded) = (0, 0);
    let fits = words.iter().take_while(|word| {
        let size = word.size();
        (chars, encoded) = (chars + size.0, encoded + size.1);
        chars <= limits.chars && encoded <= limits.encoded
    });
    fits.count().max(1)
}

fn best_cut(words: &[Part<'_>]) -> usize {
    let after = |seam| words.iter().rposition(|word| word.seam() == seam).map(|at| at + 1);
    after(Seam::Sentence).or_else(|| after(Seam::Blank)).unwrap_or(words.len())
}

/// The words of a text, each with the blanks that follow it. A word beyond the limits is cut where it must be.
fn words<'a>(part: Part<'a>, limits: Limits) -> Vec<Part<'a>> {
    let Part::Text(text) = part else { return vec![part] };
    let mut words = Vec::new();
    for word in text.split_inclusive(ends_word) {
        let mut rest = word;
        while !rest.is_empty() {
            let end = rest.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| {
                let (chars, encoded) = size_of(&rest[..*end]);
                chars <= limits.chars && encoded <= limits.encoded
            });
            let (first, others) = rest.split_at(end.last().unwrap_or(rest.len()));
            words.push(Part::Text(first));
            rest = others;
        }
    }
    words
}

/// The chunk without blanks at its edges; nothing if nothing is left.
fn trimmed(mut chunk: Vec<Part<'_>>) -> Option<Vec<Part<'_>>> {
    let is_blank = |part: &Part<'_>| matches!(part, Part::Text(text) if text.trim().is_empty());
    while chunk.last().is_some_and(is_blank) {
        chunk.pop();
    }
    let blanks = chunk.iter().take_while(|part| is_blank(part)).count();
    chunk.drain(..blanks);
    if let Some(Part::Text(text)) = chunk.first_mut() {
        *text = text.trim_start();
    }
    if let Some(Part::Text(text)) = chunk.last_mut() {
        *text = text.trim_end();
    }
    (!chunk.is_empty()).then_some(chunk)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::Lang;

    const LIMITS: Limits = Limits { chars: 40, encoded: 400 };

    fn chunks(pieces: Vec<Piece>, pace: Pace) -> Vec<String> {
        let speech = Speech::new(Lang::FR, pieces);
        let shown = |part: &Part<'_>| match part {
            Part::Text(text) => (*text).to_owned(),
            Part::Spelled { written, spoken } => format!("[{written}={spoken}]"),
            Part::Break(ms) => format!("<{ms}>"),
        };
        of(&speech, pace, LIMITS).iter().map(|chunk| chunk.iter().map(shown).collect()).collect()
    }

    fn text(text: &str) -> Piece {
        Piece::Text(text.into())
    }

    fn spelled(written: &str, spoken: &str) -> Piece {
        Piece::Spelled { written: written.into(), spoken: spoken.into() }
    }

    #[test]
    fn what_fits_is_left_whole() {
        assert_eq!(chunks(vec![text(" Un. Deux. "), Piece::Pause(600), text(" ")], Pace::Normal), ["Un. Deux. <600>"]);
        assert!(chunks(vec![], Pace::Normal).is_empty());
        assert!(chunks(vec![text("  \n")], Pace::Normal).is_empty());
    }

    #[test]
    fn a_long_text_is_cut_at_the_end_of_a_sentence_else_at_a_blank() {
        assert_eq!(
            chunks(vec![text("Bonjour à vous. Pour trouver un CMP, la touche 1.")], Pace::Normal),
            ["Bonjour à vous.", "Pour trouver un CMP, la touche 1."]
        );
        assert_eq!(
            chunks(vec![text("un deux trois quatre cinq six sept huit neuf dix onze")], Pace::Normal),
            ["un deux trois quatre cinq six sept huit", "neuf dix onze"]
        );
    }

    #[test]
    fn sentences_end_where_they_say() {
        let text = "Un. Deux\u{a0}? « Trois ! » quatre";
        assert_eq!(sentences(text).collect::<Vec<_>>(), ["Un. ", "Deux\u{a0}? ", "« Trois ! ", "» quatre"]);
        assert_eq!(sentences("语。语").collect::<Vec<_>>(), ["语。", "语"]);
        assert_eq!(sentences("").count(), 0);
    }

    #[test]
    fn french_punctuation_stays_with_its_word_and_chinese_is_cut_without_blanks() {
        let french = "« Où êtes-vous\u{a0}?\u{a0}» Le numéro à appeler\u{a0}: voici";
        assert_eq!(
            chunks(vec![text(french)], Pace::Normal),
            ["« Où êtes-vous\u{a0}?\u{a0}»", "Le numéro à appeler\u{a0}: voici"]
        );
        assert_eq!(
            chunks(vec![text("un deux trois quatre cinq six septante\u{a0}: huit")], Pace::Normal),
            ["un deux trois quatre cinq six", "septante\u{a0}: huit"]
        );
        let chinese = format!("{}。{}，{}", "语".repeat(20), "语".repeat(10), "语".repeat(20));
        assert_eq!(
            chunks(vec![text(&chinese)], Pace::Normal),
            [format!("{}。", "语".repeat(20)), format!("{}，{}", "语".repeat(10), "语".repeat(20))]
        );
    }

    #[test]
    fn a_spelled_number_is_never_cut_nor_parted_from_its_full_stop() {
        let pieces = vec![text("Appelez ce numéro : "), spelled("3114", "trente et un, quatorze"), text(". Merci.")];
        assert_eq!(chunks(pieces, Pace::Normal), ["Appelez ce numéro :", "[3114=trente et un, quatorze]. Merci."]);
    }

    #[test]
    fn a_spelling_too_long_for_any_chunk_becomes_plain_words() {
        let pieces = vec![spelled("0972394050", "zéro neuf soixante-douze trente-neuf quarante cinquante")];
        assert_eq!(chunks(pieces, Pace::Normal), ["zéro neuf soixante-douze trente-neuf", "quarante cinquante"]);
    }

    #[test]
    fn a_word_longer_than_a_chunk_is_cut_where_it_must_be() {
        assert_eq!(chunks(vec![text(&"é".repeat(90))], Pace::Normal), ["é".repeat(40), "é".repeat(40), "é".repeat(10)]);
        assert!(chunks(vec![text(&"語".repeat(90))], Pace::Normal).iter().all(|chunk| size_of(chunk).1 <= 400));
    }

    #[test]
    fn long_silences_are_split_and_the_slow_pace_lengthens_them() {
        assert_eq!(chunks(vec![Piece::Pause(600)], Pace::Slow), ["<900>"]);
        assert_eq!(chunks(vec![Piece::Pause(25_000), Piece::Pause(0)], Pace::Normal), ["<10000><10000><5000>"]);
        assert_eq!(chunks(vec![Piece::Pause(u16::MAX)], Pace::Slow).concat().matches('<').count(), 10);
    }
}
