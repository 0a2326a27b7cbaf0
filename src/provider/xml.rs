//! XML as telephony providers want it: the declaration first, no blank between elements, nothing that XML 1.0 forbids.
//!
//! Escaping is quick-xml's. Knows no dialect: the names of elements come from the caller.

use std::borrow::Cow;

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

/// A document that is being written.
pub(super) struct Document {
    writer: Writer<Vec<u8>>,
}

impl Document {
    /// Begins a document with its declaration. `capacity` in bytes, so that the buffer seldom grows.
    pub(super) fn new(capacity: usize) -> Document {
        let mut document = Document { writer: Writer::new(Vec::with_capacity(capacity)) };
        document.write(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        document
    }

    /// Begins a part of a document, to be put into others with `written`.
    pub(super) fn fragment() -> Document {
        Document { writer: Writer::new(Vec::new()) }
    }

    /// Puts in what was written as a part before.
    pub(super) fn written(&mut self, fragment: &str) {
        self.writer.get_mut().extend_from_slice(fragment.as_bytes());
    }

    /// Opens an element.
    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.write(Event::Start(start(name, attributes)));
    }

    /// Closes an element.
    pub(super) fn close(&mut self, name: &str) {
        self.write(Event::End(BytesEnd::new(name)));
    }

    /// Writes an element without content.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.write(Event::Empty(start(name, attributes)));
    }

    /// Writes text, escaped.
    pub(super) fn text(&mut self, text: &str) {
        self.write(Event::Text(BytesText::new(&allowed(text))));
    }

    /// Writes an element that holds only text.
    pub(super) fn element(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.open(name, attributes);
        self.text(text);
        self.close(name);
    }

    /// The document as text.
    pub(super) fn finish(self) -> String {
        // Only text was written, so this never takes the second way.
        String::from_utf8(self.writer.into_inner())
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    fn write(&mut self, event: Event<'_>) {
        // Writing into memory can't fail.
        let _ = self.writer.write_event(event);
    }
}

fn start<'a>(name: &'a str, attributes: &[(&str, &str)]) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (key, value) in attributes {
        start.push_attribute((*key, allowed(value).as_ref()));
    }
    start
}

/// The text without the characters that XML 1.0 forbids even when they are escaped.
fn allowed(text: &str) -> Cow<'_, str> {
    // Most of what is written by hand is ASCII, and a look at its bytes is enough.
    // Without an early end the loop is done many bytes at once.
    let plain = text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'));
    if plain || text.chars().all(is_allowed) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter(|c| is_allowed(*c)).collect())
    }
}

/// Whether nothing of the text is left to be seen or said in a document.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || !is_allowed(c))
}

fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{FFFD}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peer_defect_13_nothing_stands_before_the_declaration() {
        let mut document = Document::new(64);
        document.empty("Response", &[]);
        assert_eq!(document.finish(), r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#);
    }

    #[test]
    fn markup_is_escaped_and_forbidden_characters_are_left_out() {
        let mut document = Document::new(64);
        document.element("a", &[("b", "\"<&'>\u{0}")], "l’été & <1> \u{1}\u{FFFE}\u{8}ok");
        let text = document.finish();
        assert_eq!(&text[38..], "<a b=\"&quot;&lt;&amp;&apos;&gt;\">l’été &amp; &lt;1&gt; ok</a>");
    }
}
