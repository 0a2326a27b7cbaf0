//! Finds the expressions of `words.yaml` among words: words in a row, `*` for any end of a word, `+` for what must stand
//! somewhere in the same sentence.

use std::ops::Range;

use super::text::{Sentence, Word};

/// Where `expression` stands in the file: its first part, where `+` parts it.
pub(super) fn find(words: &[Word], expression: &str) -> Option<Range<usize>> {
    let mut places = expression.split('+').map(|part| row(words, part));
    let first = places.next()??;
    places.all(|place| place.is_some()).then_some(first)
}

/// The first of `expressions` in what the script itself says.
pub(super) fn first<'e>(
    sentences: &[Sentence],
    expressions: impl IntoIterator<Item = &'e String>,
) -> Option<Range<usize>> {
    let words = |expression: &String| sentences.iter().find_map(|sentence| find(&sentence.words, expression));
    expressions.into_iter().filter_map(words).min_by_key(|span| span.start)
}

fn row(words: &[Word], expression: &str) -> Option<Range<usize>> {
    let parts = expression.split(|c: char| !c.is_alphanumeric() && c != '*');
    let wanted: Vec<(&str, String)> = parts.filter(|w| !w.is_empty()).map(|w| (w, w.to_lowercase())).collect();
    if wanted.is_empty() {
        return None;
    }
    let mut windows = words.windows(wanted.len());
    let found =
        windows.find(|said| said.iter().zip(&wanted).all(|(word, (as_is, small))| is_it(word, as_is, small)))?;
    Some(found.first()?.span.start..found.last()?.span.end)
}

fn is_it(word: &Word, wanted: &str, small: &str) -> bool {
    // PASS is no `pass`; a single letter in capitals may begin any sentence.
    let in_capitals = wanted.chars().filter(|c| c.is_uppercase()).count() > 1 && !wanted.contains(char::is_lowercase);
    let (said, wanted) = if in_capitals { (&word.written, wanted) } else { (&word.small, small) };
    match wanted.strip_suffix('*') {
        Some(begin) => said.starts_with(begin),
        None => said == wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, expression: &str) -> Option<String> {
        let mut at = 0;
        let words = text.split(' ').map(|written| {
            let span = at..at + written.len();
            at = span.end + 1;
            Word { written: written.to_owned(), small: written.to_lowercase(), span }
        });
        let words: Vec<Word> = words.collect();
        find(&words, expression).map(|span| text[span].to_owned())
    }

    #[test]
    fn an_expression_is_words_in_a_row_any_end_or_words_together() {
        for (text, expression, expected) in [
            ("Une mauvaise touche ici", "mauvaise touche", Some("mauvaise touche")),
            ("Une touche mauvaise", "mauvaise touche", None),
            ("Il a Commis un suicide", "commis + suicide", Some("Commis")),
            ("Il a commis cela", "commis + suicide", None),
            ("Des patientes", "patient*", Some("patientes")),
            ("Impatient", "patient*", None),
            ("Un C M P ici", "c-m-p", Some("C M P")),
            ("La PASS", "PASS", Some("PASS")),
            ("We pass it", "PASS", None),
            ("Rien", "*", Some("Rien")),
            ("Rien", "", None),
            ("Rien", " + ", None),
        ] {
            assert_eq!(found(text, expression).as_deref(), expected, "{text}: {expression}");
        }
    }
}
