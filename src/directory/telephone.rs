//! Telephone numbers as the lists write them, made into numbers that a provider can dial.

use crate::call::E164;

/// Why a number of a list is of no use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unusable {
    /// Nothing is written.
    Empty,
    /// Not ten digits that begin with 0.
    Odd,
    /// Callers would pay more than for any call: never said, never dialled.
    Premium,
}

/// Overseas numbers: how they begin in France, and the code of their country. The longest beginning comes first.
const OVERSEAS: [(&str, &str); 15] = [
    // Kept for fiction, in the métropole: before Mayotte's mobiles.
    ("063998", "33"),
    ("0262", "262"),
    ("0263", "262"),
    ("0269", "262"),
    ("0639", "262"),
    ("0692", "262"),
    ("0693", "262"),
    ("0508", "508"),
    ("0590", "590"),
    ("0690", "590"),
    ("0691", "590"),
    ("0594", "594"),
    ("0694", "594"),
    ("0596", "596"),
    ("0696", "596"),
];

/// `0474454647` becomes `+33474454647`, `0262905050` becomes `+262262905050`.
pub(super) fn telephone(written: &str) -> Result<E164, Unusable> {
    let digits: String = written.chars().filter(|c| !c.is_whitespace() && !".-/".contains(*c)).collect();
    if digits.is_empty() {
        return Err(Unusable::Empty);
    }
    let national = match digits.strip_prefix("+33").or(digits.strip_prefix("0033")) {
        Some(rest) => format!("0{rest}"),
        None if digits.starts_with('+') => return digits.parse().map_err(|_| Unusable::Odd),
        None => digits,
    };
    let is_national = national.len() == 10 && national.starts_with('0') && national.bytes().all(|c| c.is_ascii_digit());
    if !is_national || national.starts_with("00") {
        return Err(Unusable::Odd);
    }
    if is_premium(&national) {
        return Err(Unusable::Premium);
    }
    let country = OVERSEAS.iter().find(|(begin, _)| national.starts_with(begin)).map_or("33", |(_, country)| country);
    let country = if national.starts_with("0697") { "596" } else { country };
    // Saint-Pierre-et-Miquelon has six digits behind its code, the others nine.
    let rest = if country == "508" { &national[4..] } else { &national[1..] };
    format!("+{country}{rest}").parse().map_err(|_| Unusable::Odd)
}

/// A number as people write it in France: `01 99 00 42 17`. One of elsewhere: `00 37 79 ...`.
pub fn in_pairs(number: &E164) -> String {
    let digits = number.as_str().trim_start_matches('+');
    let of = |country: &str, rest: usize| digits.strip_prefix(country).filter(|found| found.len() == rest);
    let here = ["33", "262", "590", "594", "596"].iter().find_map(|country| of(country, 9));
    let national = match (here, of("508", 6)) {
        (Some(rest), _) => format!("0{rest}"),
        (None, Some(rest)) => format!("0508{rest}"),
        (None, None) => format!("00{digits}"),
    };
    let pairs: Vec<&str> = national.as_bytes().chunks(2).filter_map(|pair| std::str::from_utf8(pair).ok()).collect();
    pairs.join(" ")
}

/// Whether a number is dearer than any call: 081x, 082x, 089x.
pub(super) fn is_premium(national: &str) -> bool {
    ["081", "082", "089"].iter().any(|begin| national.starts_with(begin))
}

/// The same of a number that a provider dials.
pub(super) fn is_premium_abroad(number: &E164) -> bool {
    number.as_str().strip_prefix("+33").is_some_and(|rest| is_premium(&format!("0{rest}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_territory_has_its_code() {
        for (written, dialled) in [
            ("0199000001", "+33199000001"),
            ("02 61 91 00 01", "+33261910001"),
            ("06.39.98.12.34", "+33639981234"),
            ("0639001234", "+262639001234"),
            ("0590276027", "+590590276027"),
            ("0690123456", "+590690123456"),
            ("0596748677", "+596596748677"),
            ("0697123456", "+596697123456"),
            ("0594395050", "+594594395050"),
            ("0694123456", "+594694123456"),
            ("0262905050", "+262262905050"),
            ("0263123456", "+262263123456"),
            ("0269666815", "+262269666815"),
            ("0692123456", "+262692123456"),
            ("0508410000", "+508410000"),
            ("+33199000001", "+33199000001"),
            ("0800123456", "+33800123456"),
        ] {
            assert_eq!(
                telephone(written).map(|number| number.as_str().to_owned()),
                Ok(dialled.to_owned()),
                "{written}"
            );
        }
    }

    #[test]
    fn numbers_are_written_in_pairs() {
        for (dialled, written) in [
            ("+33199004217", "01 99 00 42 17"),
            ("+262262905050", "02 62 90 50 50"),
            ("+508410000", "05 08 41 00 00"),
            ("+37798989898", "00 37 79 89 89 89 8"),
        ] {
            assert_eq!(in_pairs(&dialled.parse().unwrap()), written);
        }
    }

    #[test]
    fn a_number_that_nobody_can_dial_is_none() {
        for odd in
            ["15", "019900001", "01990000011", "1199000001", "0199ABCDEF", "0033", "0012345678", "+", "٠١٢٣٤٥٦٧٨٩"]
        {
            assert_eq!(telephone(odd), Err(Unusable::Odd), "{odd}");
        }
        for premium in ["0820123456", "0899123456", "0811123456", "+33820123456"] {
            assert_eq!(telephone(premium), Err(Unusable::Premium), "{premium}");
        }
        assert_eq!(telephone(" "), Err(Unusable::Empty));
    }
}
