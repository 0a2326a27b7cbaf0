//! Numbers that must not be called: those of emergencies, those that cost the caller or us too much, and those that are
//! none.

use crate::call::{E164, is_emergency};

/// How the numbers that cost more than a call begin, after the 0.
const PREMIUM: [&str; 3] = ["81", "82", "89"];

/// Digits behind +33.
const FRENCH: usize = 9;

/// Why a number can't be called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wrong {
    Emergency,
    Premium,
    /// With +33 and too few digits, or too many.
    NotFrench,
}

impl Wrong {
    /// Code, message and help.
    pub(super) fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Wrong::Emergency => (
                "emergency-dialled",
                "this is an emergency number: it can't be called for the caller",
                "remove it: emergency calls are routed by where the calling telephone is, and ours is elsewhere",
            ),
            Wrong::Premium => (
                "premium-number",
                "this number costs more than a call",
                "numbers that begin with 08 1, 08 2, 08 9 or 118 are neither announced nor called: find another number of theirs, or remove the line",
            ),
            Wrong::NotFrench => (
                "not-a-number",
                "no French number has so many digits",
                "nine digits stand behind +33, without the 0, as in +33972394050; a short number stands under `dial_short`",
            ),
        }
    }
}

/// Of a number as callers dial it, by its digits.
pub(super) fn dialled(digits: &str) -> Option<Wrong> {
    let long = digits.strip_prefix('0').filter(|rest| rest.len() == FRENCH);
    match digits {
        _ if is_emergency(digits) => Some(Wrong::Emergency),
        _ if is_directory(digits) || long.is_some_and(is_premium) => Some(Wrong::Premium),
        _ => None,
    }
}

/// The code of what is wrong with a number that is to be ours, if something is.
pub fn never_ours(number: &E164) -> Option<&'static str> {
    international(number.as_str()).map(|wrong| wrong.words().0)
}

/// Of a number with + and the country code.
pub(super) fn international(number: &str) -> Option<Wrong> {
    let french = number.strip_prefix("+33")?;
    match french {
        _ if is_emergency(french) => Some(Wrong::Emergency),
        _ if is_directory(french) => Some(Wrong::Premium),
        _ if french.len() != FRENCH || french.starts_with('0') => Some(Wrong::NotFrench),
        _ => is_premium(french).then_some(Wrong::Premium),
    }
}

/// Of the name before the @ of a SIP address: it may be a number.
pub(super) fn sip_user(user: &str) -> Option<Wrong> {
    let number: String = user.chars().filter(|c| !matches!(c, '-' | '.' | '(' | ')')).collect();
    match number.strip_prefix("00") {
        _ if number.starts_with('+') => international(&number),
        Some(rest) => international(&format!("+{rest}")),
        None => dialled(&number),
    }
}

/// 118 218 and its like.
fn is_directory(digits: &str) -> bool {
    digits.len() == 6 && digits.starts_with("118")
}

fn is_premium(after_zero: &str) -> bool {
    PREMIUM.iter().any(|prefix| after_zero.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_must_not_be_called_is_known_by_its_digits() {
        for (number, expected) in [
            ("+33972394050", None),
            ("+33800235236", None),
            ("+33180523376", None),
            ("+442079460000", None),
            ("+262262123456", None),
            ("+33892123456", Some(Wrong::Premium)),
            ("+33811913030", Some(Wrong::Premium)),
            ("+33825123456", Some(Wrong::Premium)),
            ("+33118218", Some(Wrong::Premium)),
            ("+33116117", Some(Wrong::Emergency)),
            ("+33116006", Some(Wrong::NotFrench)),
            ("+330972394050", Some(Wrong::NotFrench)),
            ("+3397239405", Some(Wrong::NotFrench)),
        ] {
            assert_eq!(international(number), expected, "{number}");
        }
        for (digits, expected) in [
            ("0972394050", None),
            ("0800235236", None),
            ("3114", None),
            ("116006", None),
            ("053030", None),
            ("15", Some(Wrong::Emergency)),
            ("116111", Some(Wrong::Emergency)),
            ("0892123456", Some(Wrong::Premium)),
            ("0820123456", Some(Wrong::Premium)),
            ("118218", Some(Wrong::Premium)),
        ] {
            assert_eq!(dialled(digits), expected, "{digits}");
        }
        for (user, expected) in [
            ("ecoute", None),
            ("+33972394050", None),
            ("112", Some(Wrong::Emergency)),
            ("+33-892.123.456", Some(Wrong::Premium)),
            ("0033892123456", Some(Wrong::Premium)),
            ("0892123456", Some(Wrong::Premium)),
        ] {
            assert_eq!(sip_user(user), expected, "{user}");
        }
    }
}
