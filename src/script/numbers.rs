//! Telephone numbers as they are said, so that no voice can misread them.
//!
//! French says a number in its groups: 09 72 is "zéro neuf, soixante-douze", 3114 is "trente et un, quatorze". English
//! and every language without words here says its digits.

use crate::call::Lang;

/// `written` in its groups, as its language says telephone numbers.
pub fn in_groups(lang: Lang, written: &str) -> String {
    if lang != Lang::FR {
        return digit_by_digit(lang, written);
    }
    groups(written).iter().map(|group| french_group(group)).collect::<Vec<_>>().join(", ")
}

/// `written`, each digit by itself, a short rest after each group.
pub fn digit_by_digit(lang: Lang, written: &str) -> String {
    let say = |group: &String| group.chars().map(|c| digit(lang, c)).collect::<Vec<_>>().join(" ");
    groups(written).iter().map(say).collect::<Vec<_>>().join(", ")
}

/// The groups as written; digits without a blank go in pairs, three digits stay together.
fn groups(written: &str) -> Vec<String> {
    let words: Vec<&str> = written.split_whitespace().collect();
    match words.as_slice() {
        [one] if one.len() > 3 => {
            one.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair).into_owned()).collect()
        }
        words => words.iter().map(|&word| word.to_owned()).collect(),
    }
}

fn digit(lang: Lang, c: char) -> String {
    const FRENCH: [&str; 10] = ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"];
    const ENGLISH: [&str; 10] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    match (c.to_digit(10), lang) {
        (Some(d), Lang::FR) => FRENCH[d as usize].to_owned(),
        (Some(d), Lang::EN) => ENGLISH[d as usize].to_owned(),
        _ => c.to_string(),
    }
}

/// A group of one to three digits in French; leading zeros are said.
fn french_group(group: &str) -> String {
    let zeros = group.len() - group.trim_start_matches('0').len();
    let mut words = vec!["zéro".to_owned(); zeros];
    match group[zeros..].parse::<u32>() {
        Ok(n) if n < 1000 => words.push(french(n)),
        _ => words.extend(group[zeros..].chars().map(|c| digit(Lang::FR, c))),
    }
    words.join(" ")
}

/// 1 to 999 in French words.
fn french(n: u32) -> String {
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
        70..=79 => format!("soixante-{}", french(n - 60)),
        80 => "quatre-vingts".to_owned(),
        81..=99 => format!("quatre-vingt-{}", french(n - 80)),
        100 => "cent".to_owned(),
        101..=199 => format!("cent {}", french(n - 100)),
        _ if n.is_multiple_of(100) => format!("{} cents", french(n / 100)),
        _ => format!("{} cent {}", french(n / 100), french(n % 100)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said_as_the_language_says_them() {
        for (written, french, english) in [
            ("15", "quinze", "one five"),
            ("112", "cent douze", "one one two"),
            ("3114", "trente et un, quatorze", "three one, one four"),
            (
                "09 72 39 40 50",
                "zéro neuf, soixante-douze, trente-neuf, quarante, cinquante",
                "zero nine, seven two, three nine, four zero, five zero",
            ),
            (
                "0800235236",
                "zéro huit, zéro zéro, vingt-trois, cinquante-deux, trente-six",
                "zero eight, zero zero, two three, five two, three six",
            ),
            ("116 006", "cent seize, zéro zéro six", "one one six, zero zero six"),
        ] {
            assert_eq!(in_groups(Lang::FR, written), french);
            assert_eq!(in_groups(Lang::EN, written), english);
        }
        assert_eq!(digit_by_digit(Lang::FR, "09 72"), "zéro neuf, sept deux");
        assert_eq!(digit_by_digit("es".parse().unwrap(), "09"), "0 9");
    }

    #[test]
    fn french_tens_have_their_own_ways() {
        for (n, words) in [
            (17, "dix-sept"),
            (21, "vingt et un"),
            (61, "soixante et un"),
            (70, "soixante-dix"),
            (71, "soixante et onze"),
            (77, "soixante-dix-sept"),
            (80, "quatre-vingts"),
            (81, "quatre-vingt-un"),
            (91, "quatre-vingt-onze"),
            (99, "quatre-vingt-dix-neuf"),
            (114, "cent quatorze"),
            (200, "deux cents"),
            (305, "trois cent cinq"),
        ] {
            assert_eq!(french(n), words);
        }
    }
}
