//! Bytes as people and databases read them, and hashes that only who has the key can make.

use hmac::{Hmac, KeyInit};
use sha2::Sha256;

/// In hexadecimal digits, small letters.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing into a string can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes of hexadecimal digits, two each.
pub(crate) fn from_hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.bytes().map(|c| (c as char).to_digit(16).map(|digit| digit as u8)).collect();
    let (pairs, odd) = digits.as_deref()?.as_chunks::<2>();
    odd.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

/// HMAC-SHA-256 with this key.
pub(crate) fn keyed(key: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("any length is a key")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_two_small_digits() {
        assert_eq!(hexadecimal(&[0, 9, 0xab, 0xff]), "0009abff");
        assert_eq!(hexadecimal(&[]), "");
        assert_eq!(from_hexadecimal("0009abFF"), Some(vec![0, 9, 0xab, 0xff]));
        for wrong in ["0", "0g", "+1", "é"] {
            assert_eq!(from_hexadecimal(wrong), None, "{wrong}");
        }
    }
}
