//! Numbers as they are said, so that no voice can misread them: telephone numbers, and quantities up to 999,999.
//!
//! French says a telephone number in its groups: 09 72 is "zéro neuf, soixante-douze", 3114 is "trente et un, quatorze".
//! English and every language without words here says its digits.

mod english;
mod french;
mod roman;

use std::collections::BTreeSet;

pub(super) use roman::roman;

use crate::call::Lang;

/// The largest quantity that has words here.
pub(super) const MOST: u32 = 999_999;

/// A quantity in words, before a feminine word or another one; in digits, where the language has no words here.
pub(super) fn cardinal(lang: Lang, n: u32, feminine: bool) -> String {
    match lang {
        Lang::FR if n <= MOST && feminine => french::feminine(french::cardinal(n)),
        Lang::FR if n <= MOST => french::cardinal(n),
        Lang::EN if n <= MOST => english::cardinal(n),
        _ => n.to_string(),
    }
}

/// Whether numbers have words here in this language: else they can't be said.
pub fn has_words(lang: Lang) -> bool {
    matches!(lang, Lang::FR | Lang::EN)
}

/// A rank in words: "premier", "twenty-fourth"; in digits, where the language has no words here.
pub(super) fn ordinal(lang: Lang, n: u32, feminine: bool) -> String {
    match lang {
        Lang::FR if n <= MOST => french::ordinal(n, feminine),
        Lang::EN if n <= MOST => english::ordinal(n),
        _ => n.to_string(),
    }
}

/// Minutes behind an hour, as in "nine oh five".
pub(super) fn minutes(lang: Lang, n: u32, feminine: bool) -> String {
    let oh = if lang == Lang::EN && n < 10 { "oh " } else { "" };
    format!("{oh}{}", cardinal(lang, n, feminine))
}

/// A year: French says it as any number, English in two halves.
pub(super) fn year(lang: Lang, n: u32) -> String {
    if lang == Lang::EN && n <= MOST { english::year(n) } else { cardinal(lang, n, false) }
}

/// Whether `n` of something is said in the singular.
pub(super) fn is_singular(lang: Lang, n: u32) -> bool {
    n == 1 || n == 0 && lang == Lang::FR
}

/// The words that numbers are made of, "et" and "and" not among them.
pub fn number_words(lang: Lang) -> BTreeSet<String> {
    if !has_words(lang) {
        return BTreeSet::new();
    }
    let numbers = (0..=100).chain([200, 1000]).flat_map(|n| [false, true].map(|feminine| cardinal(lang, n, feminine)));
    let words = numbers.flat_map(|number| number.split([' ', '-']).map(str::to_owned).collect::<Vec<_>>());
    words.filter(|word| word != "et" && word != "and").collect()
}

/// `written` in its groups, as its language says telephone numbers.
pub fn in_groups(lang: Lang, written: &str) -> String {
    if lang != Lang::FR {
        return digit_by_digit(lang, written);
    }
    groups(written).iter().map(|group| french::group(group)).collect::<Vec<_>>().join(", ")
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
    c.to_digit(10).map_or_else(|| c.to_string(), |d| cardinal(lang, d, false))
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
    fn a_language_without_words_here_says_digits() {
        assert_eq!(cardinal("es".parse().unwrap(), 57, false), "57");
        assert_eq!(cardinal(Lang::FR, 1_000_000, true), "1000000");
        assert!(number_words("es".parse().unwrap()).is_empty());
    }

    #[test]
    fn the_words_of_numbers_are_known_one_by_one() {
        let (french, english) = (number_words(Lang::FR), number_words(Lang::EN));
        assert!(["une", "vingts", "soixante", "cents", "mille"].iter().all(|word| french.contains(*word)));
        assert!(["hundred", "forty", "thousand"].iter().all(|word| english.contains(*word)));
        assert!(!french.contains("et") && !english.contains("and"));
    }
}
