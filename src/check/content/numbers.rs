//! Numbers that stand in a script by hand, in digits or in words: a voice may misread them, and nobody knows when they
//! stop being true. Markers say them: `{tel: ...}` a line's number, `{fact: ...}` what may change.

use std::ops::Range;

use super::{Found, Read, text::Sentence};
use crate::{
    call::Lang,
    lines::{Lines, only_digits},
    script::{
        ear::{self, Kind},
        number_words,
    },
};

const CODE: &str = "plain-number";

pub(super) fn check<'a>(read: &'a Read<'_>, lines: Option<&Lines>) -> Vec<Found<'a>> {
    let file = &read.script.file.text;
    let numbers = read.text.plain.iter().flat_map(|range| by_hand(read.lang, file, range.clone()));
    let in_digits = numbers.filter_map(|(span, kind)| {
        let written = &file[span.clone()];
        if kind == Kind::Number && is_like_telephone(written, lines) {
            let message = format!("{written} looks like a telephone number, and a voice may misread it");
            return Some(read.warn(
                CODE,
                message,
                span,
                "write it as a marker, as in {tel: 3114}, and its line in lines.yaml",
            ));
        }
        let message = format!("{written} stands here by hand: nobody sees when it is no longer true");
        // A notice ends by itself.
        (!read.is_notice).then(|| read.warn(CODE, message, span, help(kind)))
    });
    let mut found: Vec<Found<'a>> = in_digits.collect();
    if read.is_notice {
        return found;
    }
    let (numbers, units) = (number_words(read.lang), read.words.units.words_behind_numbers());
    for sentence in &read.text.sentences {
        for words in in_words(sentence, file, |word| numbers.contains(word), &units) {
            let span = sentence.words[words.start].span.start..sentence.words[words.end - 1].span.end;
            let message =
                format!("`{}` stands here by hand: nobody sees when it is no longer true", &file[span.clone()]);
            found.push(read.warn(CODE, message, span, HELP));
        }
    }
    found
}

const HELP: &str = "write it as a fact, as in {fact: file_delay}, and the fact in facts.yaml; or, if it is a telephone number, as a line";

/// How it is written instead.
fn help(kind: Kind) -> &'static str {
    match kind {
        Kind::Money => "write it as a fact, as in {fact: psychiatrist_fee}; or what never changes as in {euros: 57}",
        Kind::Time => "write it as a fact, as in {fact: opening_hour}; or what never changes as in {hour: 21:30}",
        Kind::Date => "write the day as in {date: 2026-11-24}; or as a fact, and the fact in facts.yaml",
        Kind::Rank => "write it in words, or as in {rank: 2}",
        Kind::Percent => "write it as a fact, as in {fact: refund_in_pathway}, and the fact in facts.yaml",
        Kind::Article => "write it as a fact, and the fact in facts.yaml as in `value: { article: L. 1111-7 }`",
        Kind::Number | Kind::Telephone | Kind::Sign => HELP,
    }
}

/// Everything in digits, with the signs that belong to it, and numerals of kings and centuries.
fn by_hand(lang: Lang, file: &str, range: Range<usize>) -> Vec<(Range<usize>, Kind)> {
    let start = range.start;
    let misread = ear::misread(lang, &file[range.clone()]);
    let of_a_kind =
        misread.into_iter().filter(|found| !matches!(found.kind, Kind::Number | Kind::Telephone | Kind::Sign));
    let mut found: Vec<(Range<usize>, Kind)> =
        of_a_kind.map(|found| (start + found.span.start..start + found.span.end, found.kind)).collect();
    let overlaps = |a: &Range<usize>, b: &Range<usize>| a.start < b.end && b.start < a.end;
    let plain: Vec<_> =
        digits(file, range).into_iter().filter(|span| !found.iter().any(|(known, _)| overlaps(known, span))).collect();
    found.extend(plain.into_iter().map(|span| (span, Kind::Number)));
    found.sort_by_key(|(span, _)| span.start);
    found
}

/// Number words and a unit behind them, as positions among the words of the sentence. One of something is no number:
/// "un jour ou l'autre".
fn in_words(
    sentence: &Sentence,
    file: &str,
    is_number: impl Fn(&str) -> bool,
    units: &[Vec<String>],
) -> Vec<Range<usize>> {
    let words = &sentence.words;
    // Only blanks and hyphens stand between the words of a number; "vingt et un" has a word between.
    let joined =
        |at: usize| file[words[at].span.end..words[at + 1].span.start].chars().all(|c| c.is_whitespace() || c == '-');
    let number = |at: usize| is_number(&words[at].small);
    let and = |at: usize| matches!(words[at].small.as_str(), "et" | "and");
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let start = at;
        at += 1;
        if !number(start) {
            continue;
        }
        while at < words.len() && joined(at - 1) {
            let goes_on = and(at) && at + 1 < words.len() && joined(at) && number(at + 1);
            if !goes_on && !number(at) {
                break;
            }
            at += 1;
        }
        let one = at == start + 1 && matches!(words[start].small.as_str(), "un" | "une" | "one");
        let behind = |unit: &&Vec<String>| {
            at + unit.len() <= words.len()
                && unit.iter().zip(at..).all(|(unit, at)| joined(at - 1) && words[at].small == *unit)
        };
        if let Some(unit) = units.iter().filter(behind).max_by_key(|unit| unit.len()).filter(|_| !one) {
            at += unit.len();
            found.push(start..at);
        }
    }
    found
}

/// Digits, and groups of digits with one sign between two of them.
fn digits(file: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let bytes = file.as_bytes();
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in range.filter(|at| bytes[*at].is_ascii_digit()) {
        match found.last_mut() {
            Some(last) if last.end == at || is_one_sign(&file[last.end..at]) => last.end = at + 1,
            _ => found.push(at..at + 1),
        }
    }
    found
}

fn is_one_sign(between: &str) -> bool {
    matches!(between, " " | "." | "-" | "/" | "\u{a0}" | "\u{202f}")
}

/// Four digits and more, but a year; or the short number of one of our lines.
fn is_like_telephone(written: &str, lines: Option<&Lines>) -> bool {
    let digits = only_digits(written);
    let is_year = written.len() == 4 && (written.starts_with("19") || written.starts_with("20"));
    match digits.len() {
        0..=2 => false,
        3 => lines.is_some_and(|lines| lines.announces(&digits)),
        _ => !is_year,
    }
}
