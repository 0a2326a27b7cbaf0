//! Short national numbers: which may be dialled, and which never are.

/// Numbers that are routed by where the calling telephone is (Arcep's list): they are never dialled by us.
const EMERGENCY: [&str; 13] =
    ["15", "17", "18", "112", "114", "115", "119", "116000", "116111", "116117", "191", "196", "197"];

/// Whether these digits call for help in an emergency.
pub fn is_emergency(digits: &str) -> bool {
    EMERGENCY.contains(&digits)
}

/// Whether it may be dialled as a short number: three to six digits, and none of an emergency.
pub fn is_dialled_short(number: &str) -> bool {
    (3..=6).contains(&number.len()) && number.bytes().all(|c| c.is_ascii_digit()) && !is_emergency(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_to_six_digits_that_are_no_emergency() {
        for number in ["3114", "3919", "116006"] {
            assert!(is_dialled_short(number), "{number}");
        }
        for number in ["", "14", "15", "112", "116117", "31 14", "+3114", "1234567", "311a"] {
            assert!(!is_dialled_short(number), "{number}");
        }
    }
}
