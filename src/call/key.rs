//! Keys of a telephone keypad. What a caller presses may say where they live or how they are: it is never printed.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One key: 0 to 9, star or hash.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key(u8);

impl Key {
    /// The star key, bottom left.
    pub const STAR: Key = Key(10);
    /// The hash key, bottom right.
    pub const HASH: Key = Key(11);
    /// Every key of the pad, digits first.
    pub const ALL: [Key; 12] =
        [Key(0), Key(1), Key(2), Key(3), Key(4), Key(5), Key(6), Key(7), Key(8), Key(9), Key::STAR, Key::HASH];

    /// The key of a digit, or `None` above 9.
    pub const fn digit(n: u8) -> Option<Key> {
        if n < 10 { Some(Key(n)) } else { None }
    }

    /// The key that a provider writes as `c` (`0`-`9`, `*`, `#`).
    pub fn from_char(c: char) -> Option<Key> {
        match c {
            '0'..='9' => Some(Key(c as u8 - b'0')),
            '*' => Some(Key::STAR),
            '#' => Some(Key::HASH),
            _ => None,
        }
    }

    /// The character that stands for this key on the wire. Never log it.
    pub fn to_char(self) -> char {
        match self {
            Key::STAR => '*',
            Key::HASH => '#',
            Key(n) => char::from(b'0' + n),
        }
    }

    /// The digit on this key, `None` for star and hash.
    pub fn as_digit(self) -> Option<u8> {
        (self.0 < 10).then_some(self.0)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(·)")
    }
}

/// What was typed during one wait: at most [`Keys::MAX`] keys are kept, whatever a provider sends.
///
/// Empty when the provider sent characters that are no keys (the A to D of old exchanges): a press all the same.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Keys(Vec<Key>);

impl Keys {
    /// More than any entry that the line asks for.
    pub const MAX: usize = 32;

    /// Reads the keys out of what a provider sent. Characters that are no keys are passed over.
    pub fn parse(text: &str) -> Keys {
        Keys(text.chars().filter_map(Key::from_char).take(Keys::MAX).collect())
    }

    /// The keys in the order in which they were pressed.
    pub fn as_slice(&self) -> &[Key] {
        &self.0
    }

    /// The first key pressed: the one that counts where one key is awaited.
    pub fn first(&self) -> Option<Key> {
        self.0.first().copied()
    }
}

impl From<Key> for Keys {
    fn from(key: Key) -> Keys {
        Keys(vec![key])
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(·)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_digits_are_cut_and_strange_characters_passed_over() {
        assert_eq!(Keys::parse(&"7".repeat(1000)).as_slice().len(), Keys::MAX);
        assert_eq!(Keys::parse("A1é*#").as_slice(), [Key(1), Key::STAR, Key::HASH]);
        assert_eq!(Keys::parse("ABCD").first(), None);
    }

    #[test]
    fn keys_never_print_what_was_pressed() {
        assert_eq!(format!("{:?} {:?}", Keys::parse("75011"), Key(9)), "Keys(·) Key(·)");
    }
}
