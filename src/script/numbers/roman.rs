//! Roman numerals, of kings and centuries.

/// The value of `text` if it is a Roman numeral of the letters I, V and X, written as one writes them: 1 to 39.
pub(in super::super) fn roman(text: &str) -> Option<u32> {
    const ONES: [&str; 10] = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    let (tens, ones) = text.split_at(text.len() - text.trim_start_matches('X').len());
    let ones = ONES.iter().position(|known| *known == ones)?;
    let value = u32::try_from(tens.len() * 10 + ones).ok()?;
    (tens.len() <= 3 && value > 0).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_read_and_words_are_none() {
        for (text, value) in [("I", 1), ("IV", 4), ("IX", 9), ("XIV", 14), ("XIX", 19), ("XXIII", 23), ("XXX", 30)] {
            assert_eq!(roman(text), Some(value), "{text}");
        }
        for text in ["", "IIII", "VX", "XXXX", "CMP", "L", "Vi"] {
            assert_eq!(roman(text), None, "{text}");
        }
    }
}
