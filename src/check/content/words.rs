//! Words that the line does not say, listed by language in `banned.yaml`.

use super::{Found, Read, text::Sentence};
use crate::script::Banned;

pub(super) fn check<'a>(read: &'a Read<'_>, banned: &Banned) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    for sentence in &read.text.sentences {
        for (expression, advice) in banned {
            if let Some(at) = position(sentence, expression) {
                let span = sentence.words[at.start].1.start..sentence.words[at.end - 1].1.end;
                let said = &read.script.file.text[span.clone()];
                found.push(read.warn("banned-word", format!("we do not say `{said}`"), span, advice));
            }
        }
    }
    found
}

/// Where `expression` stands among the words of a sentence: words in a row, `*` for any end of a word; what stands
/// behind a `+` must be somewhere in the same sentence.
fn position(sentence: &Sentence, expression: &str) -> Option<std::ops::Range<usize>> {
    let expression = expression.to_lowercase();
    let mut places = expression.split('+').map(|words| row(sentence, words));
    let first = places.next()??;
    places.all(|place| place.is_some()).then_some(first)
}

fn row(sentence: &Sentence, words: &str) -> Option<std::ops::Range<usize>> {
    let wanted: Vec<&str> = words.split(|c: char| !c.is_alphanumeric() && c != '*').filter(|w| !w.is_empty()).collect();
    let is_it = |said: &(String, _), wanted: &&str| match wanted.strip_suffix('*') {
        Some(begin) => said.0.starts_with(begin),
        None => said.0 == **wanted,
    };
    if wanted.is_empty() {
        return None;
    }
    let mut windows = sentence.words.windows(wanted.len());
    let start = windows.position(|said| said.iter().zip(&wanted).all(|(said, wanted)| is_it(said, wanted)))?;
    Some(start..start + wanted.len())
}
