//! Telephone numbers that stand in a script as plain digits: a voice may read them as a quantity.

use std::ops::Range;

use super::{Found, Read};
use crate::lines::{Lines, only_digits};

pub(super) fn check<'a>(read: &'a Read<'_>, lines: Option<&Lines>) -> Vec<Found<'a>> {
    let file = &read.script.file.text;
    let numbers = read.text.plain.iter().flat_map(|range| digits(file, range.clone()));
    let like_telephone = numbers.filter(|span| is_like_telephone(&file[span.clone()], lines));
    like_telephone
        .map(|span| {
            let message = format!("{} looks like a telephone number, and a voice may misread it", &file[span.clone()]);
            read.warn(
                "plain-number",
                message,
                span,
                "write it as a marker, as in {tel: 3114}, and its line in lines.yaml",
            )
        })
        .collect()
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
