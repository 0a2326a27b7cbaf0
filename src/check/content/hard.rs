//! Hard words that nothing explains: `explained` in `words.yaml`.

use std::collections::BTreeMap;

use super::{Found, Read, expression, heard::Row};

pub(super) fn check<'a>(read: &'a Read<'_>, all: &BTreeMap<&str, &Read<'_>>, rows: &[Row<'_>]) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    for (word, explanations) in &read.watched.explained {
        let Some(span) = find(read, word) else { continue };
        let explains =
            |id: &str| all.get(id).is_some_and(|read| explanations.iter().any(|words| find(read, words).is_some()));
        if explains(read.id) || is_explained(read.id, rows, &explains) {
            continue;
        }
        let said = &read.script.file.text[span.clone()];
        let message = format!("`{said}` is a hard word, and nothing here or before says what it is");
        let known = explanations.iter().map(|words| format!("\"{words}\"")).collect::<Vec<_>>().join(", ");
        let help = format!("explain it where it first stands, with one of: {known}");
        found.push(read.warn("unexplained-word", message, span, &help));
    }
    found
}

/// Wherever the script is heard.
fn is_explained(id: &str, rows: &[Row<'_>], explains: &impl Fn(&str) -> bool) -> bool {
    let mut places = 0;
    for row in rows {
        for (at, said) in row.scripts.iter().enumerate().filter(|(_, said)| said.id == id) {
            places += 1;
            let before = row.scripts[..at].iter().any(|said| explains(said.id));
            if !before && !said.behind.iter().any(|id| explains(id)) {
                return false;
            }
        }
    }
    places > 0
}

/// Among the words of every language: French names keep their French.
fn find(read: &Read<'_>, expression: &str) -> Option<std::ops::Range<usize>> {
    read.text.sentences.iter().find_map(|sentence| expression::find(&sentence.all_words, expression))
}
