//! English number words, as in Britain: "one hundred and twelve".

/// 0 to 9,999.
pub(super) fn cardinal(n: u32) -> String {
    const SMALL: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 10] = ["", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    match (n, n % 10, n % 100, n % 1000) {
        (0..=19, ..) => SMALL[n as usize].to_owned(),
        (20..=99, 0, ..) => TENS[(n / 10) as usize].to_owned(),
        (20..=99, unit, ..) => format!("{}-{}", TENS[(n / 10) as usize], SMALL[unit as usize]),
        (100..=999, _, 0, _) => format!("{} hundred", cardinal(n / 100)),
        (100..=999, _, rest, _) => format!("{} hundred and {}", cardinal(n / 100), cardinal(rest)),
        (_, _, _, 0) => format!("{} thousand", cardinal(n / 1000)),
        (_, _, _, rest @ 1..=99) => format!("{} thousand and {}", cardinal(n / 1000), cardinal(rest)),
        (_, _, _, rest) => format!("{} thousand {}", cardinal(n / 1000), cardinal(rest)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tens_hundreds_and_thousands_are_joined_as_in_britain() {
        for (n, words) in [
            (0, "zero"),
            (13, "thirteen"),
            (40, "forty"),
            (57, "fifty-seven"),
            (100, "one hundred"),
            (112, "one hundred and twelve"),
            (1000, "one thousand"),
            (1001, "one thousand and one"),
            (1200, "one thousand two hundred"),
            (9999, "nine thousand nine hundred and ninety-nine"),
        ] {
            assert_eq!(cardinal(n), words);
        }
    }
}
