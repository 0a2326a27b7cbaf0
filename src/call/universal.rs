//! The keys that mean the same everywhere, or in every document, declared once: the engine obeys them, and the scripts
//! name them from here.

use super::Key;

/// A meaning that a key has in every place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UniversalKey {
    /// 9: urgent help.
    Urgent,
    /// 0: main menu; in the main menu, help.
    Main,
    /// `*`: this place again.
    Repeat,
    /// `#`: back.
    Back,
    /// 8: another language.
    Language,
    /// 7: slower, and again: normal.
    Slower,
}

impl UniversalKey {
    /// Every meaning with its key and its name in scripts, as in `{press: urgent}`.
    const TABLE: [(UniversalKey, char, &'static str); 6] = [
        (UniversalKey::Urgent, '9', "urgent"),
        (UniversalKey::Main, '0', "main"),
        (UniversalKey::Repeat, '*', "repeat"),
        (UniversalKey::Back, '#', "back"),
        (UniversalKey::Language, '8', "language"),
        (UniversalKey::Slower, '7', "slower"),
    ];

    /// What `key` means everywhere, if it does.
    pub fn of(key: Key) -> Option<UniversalKey> {
        UniversalKey::TABLE.iter().find(|(_, c, _)| *c == key.to_char()).map(|(meaning, ..)| *meaning)
    }
}

/// A key that means the same in every document.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum DocumentKey {
    /// 1: the next part.
    Next,
    /// 2: the part before.
    Previous,
    /// 4: a person. 3 is kept for "by text message".
    Person,
}

impl DocumentKey {
    const TABLE: [(DocumentKey, char, &'static str); 3] = [
        (DocumentKey::Next, '1', "next"),
        (DocumentKey::Previous, '2', "previous"),
        (DocumentKey::Person, '4', "person"),
    ];

    /// What `key` means in a document, if it does.
    pub fn of(key: Key) -> Option<DocumentKey> {
        DocumentKey::TABLE.iter().find(|(_, c, _)| *c == key.to_char()).map(|(meaning, ..)| *meaning)
    }

    /// The key itself.
    pub fn char(self) -> char {
        DocumentKey::TABLE.iter().find(|(meaning, ..)| *meaning == self).map_or('1', |(_, c, _)| *c)
    }
}

/// The key that scripts call `name`, as in `{press: urgent}` or `{press: next}`.
pub fn key_named(name: &str) -> Option<char> {
    let universal = UniversalKey::TABLE.iter().map(|(_, c, name)| (*c, *name));
    let document = DocumentKey::TABLE.iter().map(|(_, c, name)| (*c, *name));
    universal.chain(document).find(|(_, known)| *known == name).map(|(c, _)| c)
}

/// The names that scripts may use.
pub fn key_names() -> impl Iterator<Item = &'static str> {
    let universal = UniversalKey::TABLE.iter().map(|(.., name)| *name);
    universal.chain(DocumentKey::TABLE.iter().map(|(.., name)| *name))
}
