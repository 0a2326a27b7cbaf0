//! Our own parameters in the query of a webhook: the language, the token, the round of failure.
//!
//! They are simple words that we wrote ourselves, so nothing is decoded: what is not in that form is not ours. The query
//! may hold more (the provider's parameters on GET, `e` of the dialects), which is passed over.

use crate::call::Lang;

/// What stands for "no language chosen yet" in URLs.
pub(super) const NO_LANG: &str = "mul";

/// The last round of failure: its apology ends the call gently.
pub(super) const LAST_ROUND: u8 = 3;

/// What we wrote into the URL of this request.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Query<'a> {
    /// `l`, the language, if it was chosen.
    pub(super) lang: Option<Lang>,
    /// `s`, the token.
    pub(super) token: Option<&'a str>,
    /// `f`, how often we failed in this call so far: apologies, and tokens that could not be read.
    pub(super) round: u8,
}

impl<'a> Query<'a> {
    /// Reads the part of a URL after its `?`. The first of several equal names counts.
    pub(super) fn read(query: &'a str) -> Query<'a> {
        let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        Query {
            lang: value("l").filter(|code| *code != NO_LANG).and_then(|code| code.parse().ok()),
            token: value("s"),
            round: value("f").and_then(|round| round.parse::<u8>().ok()).unwrap_or(0).min(LAST_ROUND),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_parameters_are_found_among_others() {
        let query = Query::read("l=fr&s=AbC-_9&e=silence&Digits=9&f=2");
        assert_eq!((query.lang, query.token, query.round), (Some(Lang::FR), Some("AbC-_9"), 2));
        let query = Query::read("ss=x&sl=en&l=mul&s=&s=second&f=9");
        assert_eq!((query.lang, query.token, query.round), (None, Some(""), LAST_ROUND));
    }

    #[test]
    fn junk_is_no_parameter() {
        for junk in ["", "&&&", "=", "l", "l=FR", "l=fr-FR", "l=%66r", "f=-1", "f=1000", "f=", "é=é"] {
            assert!(Query::read(junk) == Query::default(), "{junk}");
        }
    }
}
