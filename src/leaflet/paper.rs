//! From what is spoken to what is read on paper.

use std::sync::Arc;

use crate::{
    call::{Lang, Piece, Speech},
    script::LeafletWords,
};

/// How a language is written down.
#[derive(Clone, Copy)]
pub(super) struct Paper<'a> {
    pub(super) lang: Lang,
    pub(super) words: &'a LeafletWords,
}

impl Paper<'_> {
    /// Speeches as paragraphs: each rest begins a new one.
    pub(super) fn paragraphs(&self, speeches: &[Arc<Speech>]) -> Vec<String> {
        let mut paragraphs = vec![String::new()];
        for speech in speeches {
            for (position, pieces) in speech.pieces.split(|piece| matches!(piece, Piece::Pause(_))).enumerate() {
                if position > 0 {
                    paragraphs.push(String::new());
                }
                let text = Speech::new(speech.lang, pieces.to_vec()).written();
                if let Some(last) = paragraphs.last_mut().filter(|_| !text.is_empty()) {
                    if !last.is_empty() && !last.ends_with(['(', '"', '“', '’', '\'']) && !closes(&text) {
                        last.push(' ');
                    }
                    last.push_str(&text);
                }
            }
        }
        paragraphs.retain(|paragraph| !paragraph.is_empty());
        paragraphs.iter().map(|paragraph| self.written(paragraph)).collect()
    }

    /// A choice without the words for its key, `before` and after it, and without those that paper does not need.
    pub(super) fn label(&self, speeches: &[Arc<Speech>], (before, after): (String, String)) -> String {
        let said = self.paragraphs(speeches).join(" ");
        let said = said.strip_prefix(self.written(before.trim()).as_str()).unwrap_or(&said).trim();
        let said = said.strip_suffix(self.written(after.trim()).as_str()).unwrap_or(said).trim();
        let short = self.words.leave_out.iter().find_map(|words| said.strip_prefix(words.as_str()));
        self.begin(short.unwrap_or(said))
    }

    /// With a capital letter.
    pub(super) fn begin(&self, words: &str) -> String {
        let mut letters = words.trim().chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }

    fn written(&self, words: &str) -> String {
        self.words.written.iter().fold(words.to_owned(), |text, (spoken, written)| text.replace(spoken, written))
    }
}

/// Whether it begins with a sign that belongs to the words before it.
fn closes(text: &str) -> bool {
    text.starts_with(['.', ',', ';', ')', '”', '"'])
}
