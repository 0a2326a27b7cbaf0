//! The number of a centre in the national list: how a call remembers it, and how it is counted as a line.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::LineId;

/// The number of an establishment: a digit, a digit or a capital letter, seven digits (`2A0000123`). Packed for the token.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finess(u32);

/// The text is no FINESS number.
#[derive(Debug, thiserror::Error)]
#[error("not a FINESS number: nine characters, as in 010007300 or 2A0000123")]
pub struct NotFiness;

const SEVEN_DIGITS: u32 = 10_000_000;

impl Finess {
    /// The number as one of 32 bits, for the token.
    pub fn packed(self) -> u32 {
        self.0
    }

    /// The number that was packed so.
    pub fn from_packed(packed: u32) -> Finess {
        Finess(packed)
    }

    /// The line under which it is counted, paused and rested: `finess/010007300`.
    pub fn line(self) -> LineId {
        LineId::of(&format!("{LINES}{self}"))
    }
}

/// How the names of lines begin that are centres.
pub const LINES: &str = "finess/";

impl FromStr for Finess {
    type Err = NotFiness;

    fn from_str(text: &str) -> Result<Finess, NotFiness> {
        let [first @ b'0'..=b'9', second @ (b'0'..=b'9' | b'A'..=b'Z'), rest @ ..] = text.as_bytes() else {
            return Err(NotFiness);
        };
        if rest.len() != 7 || !rest.iter().all(u8::is_ascii_digit) {
            return Err(NotFiness);
        }
        let second = if second.is_ascii_digit() { second - b'0' } else { second - b'A' + 10 };
        let rest = rest.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
        Ok(Finess((u32::from(first - b'0') * 36 + u32::from(second)) * SEVEN_DIGITS + rest))
    }
}

impl fmt::Display for Finess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (head, rest) = (self.0 / SEVEN_DIGITS, self.0 % SEVEN_DIGITS);
        let second = char::from_digit(head % 36, 36).unwrap_or('0').to_ascii_uppercase();
        write!(f, "{}{second}{rest:07}", head / 36)
    }
}

impl fmt::Debug for Finess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Finess({self})")
    }
}

/// For whom a centre is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Age {
    /// 18 or over.
    Adult,
    /// 16 or 17.
    Teen,
    /// Under 16.
    Child,
}

/// The centre that a caller has heard of last. It tells where somebody lives: it is never printed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AtHand {
    /// The centre.
    pub centre: Finess,
    /// For whom.
    pub age: Age,
}

impl fmt::Debug for AtHand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AtHand(·)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_and_written_as_it_stands_in_the_list() {
        for text in ["010000024", "2A0000123", "970102018", "9Z9999999", "000000000"] {
            assert_eq!(text.parse::<Finess>().unwrap().to_string(), text);
        }
        for wrong in ["", "01000002", "0100000241", "A10000024", "2a0000123", "2A000012X"] {
            assert!(wrong.parse::<Finess>().is_err(), "{wrong}");
        }
        assert!("2A0000123".parse::<Finess>().unwrap() > "290000123".parse::<Finess>().unwrap());
    }
}
