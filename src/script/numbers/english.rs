//! English number words, as in Britain: "one hundred and twelve".

/// 0 to 999,999.
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

/// "first", "twenty-fourth".
pub(super) fn ordinal(n: u32) -> String {
    let words = cardinal(n);
    let at = words.rfind([' ', '-']).map_or(0, |at| at + 1);
    let (before, last) = words.split_at(at);
    let last = match last {
        "one" => "first".to_owned(),
        "two" => "second".to_owned(),
        "three" => "third".to_owned(),
        "five" => "fifth".to_owned(),
        "eight" => "eighth".to_owned(),
        "nine" => "ninth".to_owned(),
        "twelve" => "twelfth".to_owned(),
        last => last.strip_suffix('y').map_or_else(|| format!("{last}th"), |stem| format!("{stem}ieth")),
    };
    format!("{before}{last}")
}

/// A year: "nineteen forty-five", "two thousand and five", "twenty twenty-six".
pub(super) fn year(n: u32) -> String {
    match (n / 100, n % 100) {
        (11..=19, 0) => format!("{} hundred", cardinal(n / 100)),
        (11..=19, rest @ 1..=9) => format!("{} oh {}", cardinal(n / 100), cardinal(rest)),
        (11..=19, rest) | (20, rest @ 10..) => format!("{} {}", cardinal(n / 100), cardinal(rest)),
        _ => cardinal(n),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_and_years_have_their_own_ways() {
        for (n, words) in [
            (1, "first"),
            (2, "second"),
            (3, "third"),
            (5, "fifth"),
            (8, "eighth"),
            (9, "ninth"),
            (12, "twelfth"),
            (20, "twentieth"),
            (24, "twenty-fourth"),
            (31, "thirty-first"),
            (100, "one hundredth"),
        ] {
            assert_eq!(ordinal(n), words);
        }
        for (n, words) in [
            (1900, "nineteen hundred"),
            (1905, "nineteen oh five"),
            (1945, "nineteen forty-five"),
            (2000, "two thousand"),
            (2005, "two thousand and five"),
            (2026, "twenty twenty-six"),
        ] {
            assert_eq!(year(n), words);
        }
    }

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
            (80_000, "eighty thousand"),
        ] {
            assert_eq!(cardinal(n), words);
        }
    }
}
