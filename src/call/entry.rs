//! How far a caller has come with digits that are asked for. It stands where a document keeps its part: so it is kept
//! with the place whenever the caller leaves it and comes back, as from urgent help.

use std::fmt;

use super::PartId;

/// Digits that were typed so far: at most [`Typed::MOST`].
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Typed {
    value: u32,
    length: u32,
}

impl Typed {
    /// As many as a postal code has.
    pub const MOST: usize = 5;

    /// The digits of `text`, which holds nothing else; those behind the fifth are not kept.
    pub fn of(text: &str) -> Typed {
        let digits = text.chars().filter_map(|c| c.to_digit(10)).take(Typed::MOST);
        digits
            .fold(Typed::default(), |typed, digit| Typed { value: typed.value * 10 + digit, length: typed.length + 1 })
    }

    /// The digits. Never log them.
    pub fn digits(self) -> String {
        if self.length == 0 { String::new() } else { format!("{:0width$}", self.value, width = self.length as usize) }
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.length == 0
    }
}

/// What is awaited of a caller who was asked for digits.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Asking {
    /// The digits, or those that are missing.
    #[default]
    Digits,
    /// A yes, after they were read back with the place.
    ReadBack,
    /// Which one of several départements.
    Which,
}

/// Where a caller stands in an `ask` node.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Entry {
    /// The digits so far.
    pub typed: Typed,
    /// What is awaited.
    pub asking: Asking,
    /// The read-back was heard in silence once.
    pub silent: bool,
    /// The `#` that many people press behind their digits was heard (E8).
    pub closed: bool,
    /// An unknown place was typed already (L9).
    pub unknown: bool,
    /// The digits are those of a département, and lack the third (97, 98).
    pub short: bool,
}

const LENGTH: u32 = 17;
const ASKING: u32 = 20;
const FLAGS: u32 = 22;

impl Entry {
    /// Reads it back from its place. What is none, as after a reload, is the beginning.
    pub fn of(part: PartId) -> Entry {
        let PartId(bits) = part;
        let typed = Typed { value: bits & ((1 << LENGTH) - 1), length: bits >> LENGTH & 7 };
        let asking = match bits >> ASKING & 3 {
            0 => Asking::Digits,
            1 => Asking::ReadBack,
            _ => Asking::Which,
        };
        let flag = |at: u32| bits >> (FLAGS + at) & 1 == 1;
        let entry = Entry { typed, asking, silent: flag(0), closed: flag(1), unknown: flag(2), short: flag(3) };
        let right = typed.length as usize <= Typed::MOST && typed.value < 10_u32.pow(typed.length);
        if right && entry.part() == part { entry } else { Entry::default() }
    }

    /// The place of a state that holds it. Nothing typed and nothing said is [`PartId::BEGINNING`].
    pub fn part(self) -> PartId {
        let flags = [self.silent, self.closed, self.unknown, self.short];
        let flags = flags.iter().rev().fold(0, |bits, flag| bits << 1 | u32::from(*flag));
        PartId(self.typed.value | self.typed.length << LENGTH | (self.asking as u32) << ASKING | flags << FLAGS)
    }

    /// The same node, asked anew: only that something unknown was typed is remembered.
    pub fn anew(self) -> Entry {
        Entry { unknown: self.unknown, ..Entry::default() }
    }
}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Typed(·)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_read_back_from_its_place() {
        assert_eq!(Entry::default().part(), PartId::BEGINNING);
        for digits in ["", "0", "00", "01000", "99999", "9", "974"] {
            for asking in [Asking::Digits, Asking::ReadBack, Asking::Which] {
                for flags in 0..16 {
                    let flag = |at: u32| flags >> at & 1 == 1;
                    let typed = Typed::of(digits);
                    let entry =
                        Entry { typed, asking, silent: flag(0), closed: flag(1), unknown: flag(2), short: flag(3) };
                    assert_eq!((Entry::of(entry.part()), entry.typed.digits().as_str()), (entry, digits));
                }
            }
        }
    }

    #[test]
    fn what_is_no_entry_is_the_beginning() {
        // The end of a document, and the hash of a part.
        for part in [PartId::END, PartId::END_AGAIN, PartId(u32::MAX), PartId::of("documents/overview")] {
            assert_eq!(Entry::of(part), Entry::default(), "{}", part.0);
        }
    }

    #[test]
    fn digits_are_never_printed() {
        let entry = Entry { typed: Typed::of("75011"), ..Entry::default() };
        assert!(!format!("{entry:?} {:?}", entry.part()).contains(char::is_numeric));
    }
}
