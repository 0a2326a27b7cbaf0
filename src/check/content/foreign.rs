//! Sentences in another language that nothing marks as such: a voice would read them as its own. Told by the commonest
//! words of each language, `common` in `words.yaml`; words of both count for neither.

use std::collections::{BTreeMap, BTreeSet};

use super::{Found, Read, text::Sentence};
use crate::{call::Lang, script::Words};

/// Fewer words tell nothing.
const FEWEST_WORDS: usize = 5;

pub(super) fn check<'a>(read: &'a Read<'_>, languages: &BTreeMap<Lang, Words>) -> Vec<Found<'a>> {
    let own = &read.watched.common;
    let mut found = Vec::new();
    if own.is_empty() {
        return found;
    }
    for sentence in read.text.sentences.iter().filter(|sentence| sentence.words.len() >= FEWEST_WORDS) {
        let others = languages.iter().filter(|(lang, _)| **lang != read.lang);
        let other = others.map(|(lang, words)| (lang, only_in(sentence, &words.common, own), &words.common));
        if let Some((lang, theirs, common)) = other.max_by_key(|(_, theirs, _)| *theirs)
            && theirs > only_in(sentence, own, common)
        {
            let message = format!("this sentence has more words of `{lang}` than of `{}`", read.lang);
            let help = format!("translate it, or mark what is to be said in that language: {{{lang}: ...}}");
            found.push(read.warn("foreign-phrase", message, sentence.span.clone(), &help));
        }
    }
    found
}

fn only_in(sentence: &Sentence, these: &BTreeSet<String>, those: &BTreeSet<String>) -> usize {
    let words = sentence.words.iter().map(|word| &word.small);
    words.filter(|word| these.contains(*word) && !those.contains(*word)).count()
}
