//! French number words.

/// 0 to 999,999, before a masculine word: "vingt et un".
pub(super) fn cardinal(n: u32) -> String {
    const SMALL: [&str; 17] = [
        "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
        "treize", "quatorze", "quinze", "seize",
    ];
    const TENS: [&str; 7] = ["", "dix", "vingt", "trente", "quarante", "cinquante", "soixante"];
    match n {
        0..=16 => SMALL[n as usize].to_owned(),
        17..=69 => match (n / 10, n % 10) {
            (tens, 0) => TENS[tens as usize].to_owned(),
            (tens @ 2.., 1) => format!("{} et un", TENS[tens as usize]),
            (tens, unit) => format!("{}-{}", TENS[tens as usize], SMALL[unit as usize]),
        },
        71 => "soixante et onze".to_owned(),
        70..=79 => format!("soixante-{}", cardinal(n - 60)),
        80 => "quatre-vingts".to_owned(),
        81..=99 => format!("quatre-vingt-{}", cardinal(n - 80)),
        100 => "cent".to_owned(),
        101..=199 => format!("cent {}", cardinal(n - 100)),
        200..=999 if n.is_multiple_of(100) => format!("{} cents", cardinal(n / 100)),
        200..=999 => format!("{} cent {}", cardinal(n / 100), cardinal(n % 100)),
        1000 => "mille".to_owned(),
        1001..=1999 => format!("mille {}", cardinal(n - 1000)),
        _ if n.is_multiple_of(1000) => format!("{} mille", before_mille(n / 1000)),
        _ => format!("{} mille {}", before_mille(n / 1000), cardinal(n % 1000)),
    }
}

/// "quatre-vingt mille", "deux cent mille": nothing is many there.
fn before_mille(n: u32) -> String {
    let words = cardinal(n);
    let many = words.ends_with("vingts") || words.ends_with("cents");
    if many { words.trim_end_matches('s').to_owned() } else { words }
}

/// "premier", "deuxième", "vingt et unième".
pub(super) fn ordinal(n: u32, feminine: bool) -> String {
    if n == 1 {
        return if feminine { "première" } else { "premier" }.to_owned();
    }
    let words = cardinal(n);
    let stem = match words.as_str() {
        words if words.ends_with("cinq") => return format!("{words}uième"),
        words if words.ends_with("neuf") => return format!("{}vième", words.trim_end_matches('f')),
        words if words.ends_with("vingts") || words.ends_with("cents") => words.trim_end_matches('s'),
        words => words.trim_end_matches('e'),
    };
    format!("{stem}ième")
}

/// The same before a feminine word: "vingt et une".
pub(super) fn feminine(words: String) -> String {
    if words == "un" || words.ends_with(" un") || words.ends_with("-un") { words + "e" } else { words }
}

/// A group of a telephone number; leading zeros are said.
pub(super) fn group(group: &str) -> String {
    let zeros = group.len() - group.trim_start_matches('0').len();
    let mut words = vec!["zéro".to_owned(); zeros];
    match group[zeros..].parse::<u32>() {
        Ok(n) if n < 1000 => words.push(cardinal(n)),
        _ => words.extend(group[zeros..].chars().filter_map(|c| c.to_digit(10)).map(cardinal)),
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tens_hundreds_and_thousands_have_their_own_ways() {
        for (n, words) in [
            (0, "zéro"),
            (17, "dix-sept"),
            (21, "vingt et un"),
            (57, "cinquante-sept"),
            (61, "soixante et un"),
            (70, "soixante-dix"),
            (71, "soixante et onze"),
            (77, "soixante-dix-sept"),
            (80, "quatre-vingts"),
            (81, "quatre-vingt-un"),
            (91, "quatre-vingt-onze"),
            (99, "quatre-vingt-dix-neuf"),
            (114, "cent quatorze"),
            (180, "cent quatre-vingts"),
            (200, "deux cents"),
            (280, "deux cent quatre-vingts"),
            (305, "trois cent cinq"),
            (1000, "mille"),
            (1001, "mille un"),
            (1200, "mille deux cents"),
            (2000, "deux mille"),
            (2021, "deux mille vingt et un"),
            (9999, "neuf mille neuf cent quatre-vingt-dix-neuf"),
            (10_000, "dix mille"),
            (80_000, "quatre-vingt mille"),
            (200_080, "deux cent mille quatre-vingts"),
            (999_999, "neuf cent quatre-vingt-dix-neuf mille neuf cent quatre-vingt-dix-neuf"),
        ] {
            assert_eq!(cardinal(n), words);
        }
    }

    #[test]
    fn ranks_have_their_own_ways() {
        for (n, words) in [
            (1, "premier"),
            (2, "deuxième"),
            (4, "quatrième"),
            (5, "cinquième"),
            (9, "neuvième"),
            (11, "onzième"),
            (19, "dix-neuvième"),
            (20, "vingtième"),
            (21, "vingt et unième"),
            (30, "trentième"),
            (80, "quatre-vingtième"),
            (100, "centième"),
            (1000, "millième"),
        ] {
            assert_eq!(ordinal(n, false), words);
        }
        assert_eq!(ordinal(1, true), "première");
    }

    #[test]
    fn one_at_the_end_has_a_gender() {
        let feminine = |n| feminine(cardinal(n));
        assert_eq!([1, 21, 81].map(feminine), ["une", "vingt et une", "quatre-vingt-une"]);
        assert_eq!([2, 11, 80].map(feminine), ["deux", "onze", "quatre-vingts"]);
    }
}
