//! Who calls whom, and where the server's first document is: what a provider knows before the first webhook.
//!
//! Whose semantics the telephone obeys is part of it.

use super::{
    Semantics,
    request::WebRequest,
    semantics::{News, Webhook},
    twilio::TWILIO,
};
use crate::provider::Method;

/// A call to place.
#[derive(Clone, Debug)]
pub struct Dialling {
    /// The caller, as the provider writes it: E.164, or a word such as `anonymous`.
    pub from: String,
    /// The number that is called.
    pub to: String,
    /// The provider's id of the call, in its shape: for Twilio `CA` and 32 hexadecimal digits.
    pub call_sid: String,
    /// The provider's id of the account: `AC` and 32 hexadecimal digits.
    pub account_sid: String,
    /// The public URL of the first document.
    pub entry: String,
    /// How the first document is asked for.
    pub entry_method: Method,
    /// The public URL that is told of the end of the call.
    pub status: Option<String>,
    /// The account can dial short national numbers.
    pub short_numbers: bool,
    /// The provider that the telephone is.
    pub semantics: &'static Semantics,
}

impl Dialling {
    /// A call from `from` to `to` whose first document is at `entry`; ids that look real, nobody told of the end.
    pub fn new(from: impl Into<String>, to: impl Into<String>, entry: impl Into<String>) -> Dialling {
        Dialling {
            from: from.into(),
            to: to.into(),
            call_sid: format!("CA{:032x}", 1),
            account_sid: format!("AC{:032x}", 0),
            entry: entry.into(),
            entry_method: Method::Post,
            status: None,
            short_numbers: false,
            semantics: &TWILIO,
        }
    }

    /// The same call through another provider, with an id of its shape: call number `n`.
    pub fn through(self, semantics: &'static Semantics, n: u128) -> Dialling {
        Dialling { call_sid: (semantics.sid)(n), semantics, ..self }
    }

    /// A webhook of the caller's call.
    pub(super) fn request(&self, url: String, method: Method, status: &str, news: News<'_>) -> WebRequest {
        let params = (self.semantics.params)(&Webhook { dialling: self, leg: None, status, news });
        WebRequest { method, url, params }
    }
}

/// Parameters of a webhook.
pub(super) type Params = Vec<(String, String)>;

/// Makes [`Params`] of literals.
pub(super) fn params(pairs: &[(&str, &str)]) -> Params {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
