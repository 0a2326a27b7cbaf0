//! A document of TwiML or its kin as a small tree, checked against the vocabulary: elements, attributes, nesting, text.
//!
//! Knows XML and the vocabulary; what the verbs mean, and the ranges of their attributes, stand in `verbs`.

use quick_xml::{
    Reader, XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesDecl, BytesRef, BytesStart, Event},
};

use super::vocabulary::{TWIML, Vocabulary};

/// The largest document that Twilio and its kin read, in bytes.
pub(super) const MAX_BYTES: usize = 64 * 1024;

/// Deeper than any voice answer; keeps the recursion over a tree short.
const MAX_DEPTH: usize = 24;

/// An element with what stands inside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Element {
    /// Its name, as in `Gather`.
    pub name: String,
    /// Its attributes, in the order written.
    pub attributes: Vec<(String, String)>,
    /// What is inside, in order.
    pub children: Vec<Node>,
    /// The line of the document on which it begins, from 1.
    pub line: usize,
}

/// A part of the inside of an [`Element`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Node {
    /// An element.
    Element(Element),
    /// Text, entities resolved, blanks as written.
    Text(String),
}

/// A rule that a document breaks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wrong {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl Element {
    /// The value of the attribute `name`.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The elements inside.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// All text inside, that of inner elements included.
    pub fn text(&self) -> String {
        let parts = self.children.iter().map(|node| match node {
            Node::Element(element) => element.text(),
            Node::Text(text) => text.clone(),
        });
        parts.collect()
    }

    pub(super) fn wrong(&self, message: impl Into<String>) -> Wrong {
        Wrong { line: self.line, message: message.into() }
    }
}

/// Reads a document as Twilio does: its root is `Response`, and everything in it is known to TwiML.
pub fn parse(bytes: &[u8]) -> Result<Element, Wrong> {
    parse_in(bytes, &TWIML)
}

/// Reads a document of another vocabulary.
pub(super) fn parse_in(bytes: &[u8], vocabulary: &Vocabulary) -> Result<Element, Wrong> {
    let at_top = |message: String| Wrong { line: 1, message };
    if bytes.len() > MAX_BYTES {
        return Err(at_top(format!("it has {} bytes: more than the 64 kB that a provider reads", bytes.len())));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| at_top("it is not UTF-8".into()))?;
    if !text.starts_with('<') {
        return Err(at_top("something stands before the XML declaration; not even a blank may".into()));
    }
    if let Some(c) = text.chars().find(|c| !may_stand_in_xml(*c)) {
        return Err(at_top(format!("the character {c:?} may not stand in XML")));
    }
    let mut tree = Tree { vocabulary, text, open: Vec::new(), root: None };
    let mut reader = Reader::from_str(text);
    loop {
        let before = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|error| Wrong {
            line: tree.line(reader.error_position() as usize),
            message: format!("malformed XML: {error}"),
        })?;
        if matches!(event, Event::Eof) {
            break;
        }
        tree.take(event, before).map_err(|message| Wrong { line: tree.line(before), message })?;
    }
    if let Some(element) = tree.open.last() {
        return Err(element.wrong(format!("malformed XML: <{}> is never closed", element.name)));
    }
    tree.root.ok_or_else(|| at_top("malformed XML: there is no <Response>".into()))
}

struct Tree<'a> {
    vocabulary: &'a Vocabulary,
    text: &'a str,
    open: Vec<Element>,
    root: Option<Element>,
}

impl Tree<'_> {
    fn line(&self, at: usize) -> usize {
        self.text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
    }

    fn take(&mut self, event: Event<'_>, at: usize) -> Result<(), String> {
        match event {
            Event::Start(tag) => {
                let element = self.element(&tag, at)?;
                self.open.push(element);
                Ok(())
            }
            Event::Empty(tag) => {
                let element = self.element(&tag, at)?;
                self.close(element);
                Ok(())
            }
            Event::End(_) => {
                if let Some(element) = self.open.pop() {
                    self.close(element);
                }
                Ok(())
            }
            Event::Text(text) => self.add_text(&text.xml10_content()),
            Event::CData(text) => self.add_text(&text.xml10_content()),
            Event::GeneralRef(reference) => self.add_text(&resolved(&reference)?),
            Event::Comment(_) => Ok(()),
            Event::Decl(declaration) if at == 0 => check_declaration(&declaration),
            Event::Decl(_) => Err("the XML declaration does not stand at the very beginning".into()),
            Event::PI(_) => Err("a processing instruction has no place in a voice answer".into()),
            Event::DocType(_) => Err("a DOCTYPE has no place in a voice answer".into()),
            Event::Eof => Ok(()),
        }
    }

    fn element(&self, tag: &BytesStart<'_>, at: usize) -> Result<Element, String> {
        let name = tag.name().0.to_owned();
        let rules = self.vocabulary.allowed(&name).ok_or_else(|| format!("unknown verb <{name}>"))?;
        match self.open.last() {
            None if self.root.is_some() => return Err(format!("malformed XML: <{name}> after the end of <Response>")),
            None if name != "Response" => return Err(format!("the root is <{name}>, not <Response>")),
            Some(parent) if !self.vocabulary.allowed(&parent.name).is_some_and(|rules| rules.child(&name)) => {
                return Err(format!("<{name}> may not stand inside <{}>", parent.name));
            }
            _ => {}
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(format!("<{name}> is nested too deeply"));
        }
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| format!("malformed XML in <{name}>: {error}"))?;
            let key = attribute.key.0;
            if !rules.attribute(key) {
                return Err(format!("<{name}> has no attribute `{key}`"));
            }
            let value = attribute
                .normalized_value(XmlVersion::default())
                .map_err(|error| format!("malformed XML in `{key}` of <{name}>: {error}"))?;
            if !value.chars().all(may_stand_in_xml) {
                return Err(format!("malformed XML: `{key}` of <{name}> holds no characters"));
            }
            if attribute.value.contains('<') {
                return Err(format!("malformed XML: `<` in `{key}` of <{name}>"));
            }
            attributes.push((key.to_owned(), value.into_owned()));
        }
        Ok(Element { name, attributes, children: Vec::new(), line: self.line(at) })
    }

    fn close(&mut self, element: Element) {
        match self.open.last_mut() {
            Some(parent) => parent.children.push(Node::Element(element)),
            None => self.root = Some(element),
        }
    }

    fn add_text(&mut self, text: &str) -> Result<(), String> {
        let Some(parent) = self.open.last_mut() else {
            let blank = text.trim_matches([' ', '\t', '\r', '\n']).is_empty();
            return if blank { Ok(()) } else { Err("malformed XML: text outside <Response>".into()) };
        };
        if self.vocabulary.allowed(&parent.name).is_some_and(|rules| rules.text) {
            match parent.children.last_mut() {
                Some(Node::Text(before)) => before.push_str(text),
                _ => parent.children.push(Node::Text(text.to_owned())),
            }
            Ok(())
        } else if text.trim().is_empty() && self.vocabulary.blanks {
            Ok(())
        } else {
            Err(format!("text inside <{}>, which carries none: `{}`", parent.name, text.trim()))
        }
    }
}

/// XML 1.0 leaves out most control characters, even written as `&#1;`.
fn may_stand_in_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

fn resolved(reference: &BytesRef<'_>) -> Result<String, String> {
    let name = reference.xml10_content();
    match reference.resolve_char_ref() {
        Ok(Some(c)) if may_stand_in_xml(c) => Ok(c.to_string()),
        Ok(None) => match resolve_predefined_entity(&name) {
            Some(text) => Ok(text.to_owned()),
            None => Err(format!("unknown entity `&{name};`")),
        },
        _ => Err(format!("malformed XML: `&{name};` is no character")),
    }
}

fn check_declaration(declaration: &BytesDecl<'_>) -> Result<(), String> {
    let version = declaration.version().map_err(|error| format!("malformed XML declaration: {error}"))?;
    if version != "1.0" {
        return Err(format!("XML version {version}: providers read 1.0"));
    }
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(encoding)) if encoding.eq_ignore_ascii_case("utf-8") => Ok(()),
        Some(_) => Err("the declared encoding is not UTF-8".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(document: &str) -> String {
        match parse(document.as_bytes()) {
            Ok(_) => "accepted".into(),
            Err(wrong) => format!("{}: {}", wrong.line, wrong.message),
        }
    }

    #[test]
    fn a_right_document_becomes_a_tree() {
        let root = parse(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>\n <Gather action=\"/a?x=1&amp;y=2\"><Say>L&#8217;été &lt;<![CDATA[ & ]]>l&apos;hiver <break time=\"1s\"/></Say></Gather><!-- end -->\n</Response>\n"
                .as_bytes(),
        )
        .unwrap();
        let gather = root.elements().next().unwrap();
        assert_eq!((gather.name.as_str(), gather.line), ("Gather", 3));
        assert_eq!(gather.attribute("action"), Some("/a?x=1&y=2"));
        assert_eq!(gather.text(), "L’été < & l'hiver ");
        assert_eq!(gather.elements().next().unwrap().children.len(), 2);
    }

    #[test]
    fn what_a_provider_would_stumble_over_is_an_error() {
        let long = format!("<Response><!--{}--></Response>", "x".repeat(MAX_BYTES));
        for (document, expected) in [
            (" <?xml version=\"1.0\"?><Response/>", "something stands before the XML declaration"),
            ("\n<Response/>", "something stands before the XML declaration"),
            ("\u{feff}<Response/>", "something stands before the XML declaration"),
            ("<!-- --><?xml version=\"1.0\"?><Response/>", "declaration does not stand at the very beginning"),
            ("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><Response/>", "encoding is not UTF-8"),
            ("<?xml version=\"1.1\"?><Response/>", "XML version 1.1"),
            ("", "something stands before"),
            ("<Response><Plays/></Response>", "unknown verb <Plays>"),
            ("<Response>\n<say>x</say></Response>", "2: unknown verb <say>"),
            ("<Response><Say tone=\"x\">x</Say></Response>", "<Say> has no attribute `tone`"),
            ("<Response><Dial><Say>x</Say></Dial></Response>", "<Say> may not stand inside <Dial>"),
            ("<Response><Gather><Gather/></Gather></Response>", "<Gather> may not stand inside <Gather>"),
            ("<Say>x</Say>", "the root is <Say>"),
            ("<Response>x</Response>", "text inside <Response>"),
            ("<Response><Gather>&amp;</Gather></Response>", "text inside <Gather>"),
            ("<Response><Hangup>now</Hangup></Response>", "text inside <Hangup>"),
            ("<Response><Say>x</Response>", "malformed XML"),
            ("<Response><Say>x", "<Say> is never closed"),
            ("<Response/><Response/>", "after the end"),
            ("<Response/>x", "text outside"),
            ("<Response><Say loop=\"1\" loop=\"2\">x</Say></Response>", "malformed XML"),
            ("<Response><Say loop=1>x</Say></Response>", "malformed XML"),
            ("<Response><Say>a & b</Say></Response>", "malformed XML"),
            ("<Response><Say>&eacute;</Say></Response>", "unknown entity"),
            ("<Response><Say>&#0;</Say></Response>", "no character"),
            ("<Response><Say>&#x1;</Say></Response>", "no character"),
            ("<Response><Say>&#xFFFE;</Say></Response>", "no character"),
            ("<Response><Say voice=\"&#1;\">x</Say></Response>", "malformed XML"),
            ("<Response><Say voice=\"<\">x</Say></Response>", "malformed XML"),
            ("<Response><Say>\u{1}</Say></Response>", "may not stand in XML"),
            ("<Response><?php x?></Response>", "processing instruction"),
            ("<!DOCTYPE x><Response/>", "DOCTYPE"),
            (&long, "more than the 64 kB"),
        ] {
            let found = complaint(document);
            assert!(found.contains(expected), "{document:.80}\n{found}\n{expected}");
        }
        assert!(parse(b"<Response><Say>\xe9</Say></Response>").unwrap_err().message.contains("UTF-8"));
        let deep = format!("<Response><Say>{}x{}</Say></Response>", "<emphasis>".repeat(40), "</emphasis>".repeat(40));
        assert!(complaint(&deep).contains("too deeply"));
    }
}
