//! What one provider does where another does something else: how it reads a document, words a webhook, and signs it.
//!
//! The interpreter performs [instructions](super::instructions) and tells [`News`]; a `Semantics` puts both into the
//! provider's own words. What the provider does without a key stands in the instructions, where its reader puts it.

use super::{Dialling, dialling::Params, document::Wrong, instructions::Verb, kin};
use crate::provider::Method;

/// The semantics of one provider.
#[derive(Clone, Copy, Debug)]
pub struct Semantics {
    /// Its name in paths and settings, as in `/twilio/voice`.
    pub name: &'static str,
    /// Reads a whole document, for an account that can dial short numbers or can't; or says why this provider would not
    /// perform it.
    pub(super) read: fn(&[u8], bool) -> Result<Vec<Verb>, Wrong>,
    /// The parameters of a webhook.
    pub(super) params: fn(&Webhook<'_>) -> Params,
    /// The headers that sign a webhook.
    pub(super) sign: fn(&Unsigned<'_>) -> Vec<(&'static str, String)>,
    /// The id of call number `n` of this telephone, in the provider's shape.
    pub(super) sid: fn(u128) -> String,
    /// How its requests name their sender.
    pub(super) user_agent: &'static str,
    /// Seconds that pass before a `Redirect` is followed.
    pub(super) redirect_seconds: f64,
}

impl Semantics {
    /// Those of the provider that has this name in paths.
    pub fn of(name: &str) -> Option<&'static Semantics> {
        ALL.into_iter().find(|semantics| semantics.name == name)
    }

    /// How many verbs it would perform of a document.
    pub(crate) fn verbs(&self, document: &[u8], short_numbers: bool) -> Result<usize, Wrong> {
        (self.read)(document, short_numbers).map(|verbs| verbs.len())
    }

    /// Twilio's: those of whoever names no provider.
    pub fn default_provider() -> &'static Semantics {
        &super::twilio::TWILIO
    }

    /// The names of all providers that this telephone can be.
    pub fn names() -> impl Iterator<Item = &'static str> {
        ALL.into_iter().map(|semantics| semantics.name)
    }
}

/// Every provider that this telephone can be.
static ALL: [&Semantics; 5] =
    [&super::twilio::TWILIO, &kin::SIGNALWIRE, &kin::TELNYX, &kin::SOMLENG, &super::plivo::PLIVO];

/// A webhook, before it is put into the provider's words.
pub(super) struct Webhook<'a> {
    /// The caller's call.
    pub(super) dialling: &'a Dialling,
    /// The call of somebody who answered, where it is theirs.
    pub(super) leg: Option<Answered<'a>>,
    /// Where the call stands: `ringing`, `in-progress`, `completed`, `busy`, `no-answer`.
    pub(super) status: &'a str,
    /// What there is to tell.
    pub(super) news: News<'a>,
}

/// Somebody who answered a call of the line.
#[derive(Clone, Copy)]
pub(super) struct Answered<'a> {
    pub(super) sid: &'a str,
    pub(super) number: &'a str,
    /// The number that they see.
    pub(super) shown: &'a str,
}

/// What a webhook tells beside whose it is.
#[derive(Clone, Copy)]
pub(super) enum News<'a> {
    /// Nothing: a document is asked for.
    None,
    /// A `Gather` ended, with these keys and perhaps the one that closed the entry.
    Keys { digits: &'a str, closing: Option<char> },
    /// A `Dial` ended; `talk` in seconds, where there was a conversation.
    Dialled { status: &'a str, sid: &'a str, talk: Option<u32> },
    /// Somebody who answered was connected, or is gone: what the provider tells beside the way.
    Bridge { action: &'a str },
    /// A text message was sent.
    Sms { sid: &'a str },
    /// The call is over after so many seconds.
    Over { seconds: f64 },
}

/// A request without its signature.
pub(super) struct Unsigned<'a> {
    pub(super) secret: &'a str,
    /// The second at which it is sent, since 1970.
    pub(super) second: u64,
    pub(super) method: Method,
    /// The public URL, with the parameters of a GET.
    pub(super) url: &'a str,
    /// The parameters of a POST.
    pub(super) form: &'a [(&'a str, &'a str)],
    /// The same as they are sent; empty for a GET.
    pub(super) body: &'a str,
}
