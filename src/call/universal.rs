//! The keys that mean the same everywhere, declared once: the engine obeys them, the scripts name them from here.

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

    /// The meaning that scripts call `name`.
    pub fn named(name: &str) -> Option<UniversalKey> {
        UniversalKey::TABLE.iter().find(|(_, _, n)| *n == name).map(|(meaning, ..)| *meaning)
    }

    /// The names that scripts may use.
    pub fn names() -> impl Iterator<Item = &'static str> {
        UniversalKey::TABLE.iter().map(|(_, _, name)| *name)
    }

    /// The character on the key.
    pub fn char(self) -> char {
        UniversalKey::TABLE.iter().find(|(meaning, ..)| *meaning == self).map_or('9', |(_, c, _)| *c)
    }
}
