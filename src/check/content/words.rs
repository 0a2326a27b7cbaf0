//! Words that the line does not say: `not_said` in `words.yaml`.

use super::{Found, Read, expression};

pub(super) fn check<'a>(read: &'a Read<'_>) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    for sentence in &read.text.sentences {
        for (expression, advice) in &read.watched.not_said {
            if let Some(span) = expression::find(&sentence.words, expression) {
                let said = &read.script.file.text[span.clone()];
                found.push(read.warn("banned-word", format!("we do not say `{said}`"), span, advice));
            }
        }
    }
    found
}
