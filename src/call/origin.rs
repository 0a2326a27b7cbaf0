//! Where a caller asks for a centre: a postal code, or a département. It says where somebody lives: it is never printed.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Five digits, as a caller types them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PostalCode(u32);

impl PostalCode {
    /// Reads five digits.
    pub fn parse(text: &str) -> Option<PostalCode> {
        let right = text.len() == 5 && text.bytes().all(|c| c.is_ascii_digit());
        if right { text.parse().ok().map(PostalCode) } else { None }
    }

    /// The five digits. Never log them.
    pub fn digits(self) -> String {
        format!("{:05}", self.0)
    }
}

/// A département by its number: `75`, `2A`, `974`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Department([u8; 3]);

impl Department {
    /// Reads its number, two or three signs.
    pub fn parse(text: &str) -> Option<Department> {
        let bytes = text.as_bytes();
        if !matches!(bytes.len(), 2 | 3) || !bytes.iter().all(u8::is_ascii_alphanumeric) {
            return None;
        }
        let mut number = [b' '; 3];
        number[..bytes.len()].copy_from_slice(bytes);
        Some(Department(number))
    }

    /// Its number. Never log it.
    pub fn number(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default().trim_end()
    }
}

/// The place that a caller has named, and has heard and not corrected.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// The postal code, if the caller knows it.
    pub code: Option<PostalCode>,
    /// The département.
    pub department: Department,
}

impl fmt::Debug for PostalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostalCode(·)")
    }
}

impl fmt::Debug for Department {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Department(·)")
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Origin(·)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_back_and_never_printed() {
        assert_eq!(PostalCode::parse("01000").map(PostalCode::digits).as_deref(), Some("01000"));
        assert_eq!(Department::parse("2A").unwrap().number(), "2A");
        assert_eq!(Department::parse("974").unwrap().number(), "974");
        for wrong in ["", "1", "9", "7501", "750111", "+7501", "7 011", "é1"] {
            assert!(PostalCode::parse(wrong).is_none() && Department::parse(wrong).is_none(), "{wrong}");
        }
        let origin = Origin { code: PostalCode::parse("75011"), department: Department::parse("75").unwrap() };
        assert_eq!(
            format!("{origin:?} {:?} {:?}", origin.code, origin.department),
            "Origin(·) Some(PostalCode(·)) Department(·)"
        );
    }
}
