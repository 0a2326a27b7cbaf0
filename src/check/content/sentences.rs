//! Sentences that nobody keeps in mind to their end.

use super::{Found, Read, text::count};

/// A sentence has so many words at most.
const MOST_WORDS: usize = 15;

pub(super) fn check<'a>(read: &'a Read<'_>) -> Vec<Found<'a>> {
    let (before, after) = read.words.choice('1');
    let behind = if read.is_choice { count(&before) + count(&after) } else { 0 };
    let long = read.text.sentences.iter().map(|sentence| (sentence, count(&sentence.heard) + behind));
    long.filter(|(_, words)| *words > MOST_WORDS)
        .map(|(sentence, words)| {
            let with_key = if behind > 0 { ", its key counted" } else { "" };
            let message = format!("this sentence has {words} words{with_key}: a listener loses its beginning");
            let help = "say it in two sentences of 15 words at most; numbers and keys count as they are spoken";
            read.warn("sentence-length", message, sentence.span.clone(), help)
        })
        .collect()
}
