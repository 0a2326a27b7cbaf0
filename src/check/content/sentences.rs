//! Sentences that nobody keeps in mind to their end.

use super::{Found, Read, text::count};

/// A sentence has so many words at most.
const MOST_WORDS: usize = 15;

/// So many words on average, in a script of several sentences.
const MOST_MEAN: f32 = 10.0;

/// Sentences that are each short enough, and together too much.
pub(super) fn mean<'a>(read: &'a Read<'_>) -> Option<Found<'a>> {
    let sentences = &read.text.sentences;
    let words: usize = sentences.iter().map(|sentence| count(&sentence.heard)).sum();
    let mean = words as f32 / sentences.len().max(1) as f32;
    let first = sentences.first().filter(|_| sentences.len() > 1 && mean > MOST_MEAN)?;
    let message = format!("its sentences have {mean:.1} words on average: too many to follow on a telephone");
    let help = "10 words on average at most: make two sentences of the longest one";
    Some(read.warn("sentence-mean", message, first.span.clone(), help))
}

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
