//! The words that every layer shares: ids, keys, languages, events, verbs, facts, and the state of a call.
//!
//! Ground floor of the house: it knows no other room. Nothing here reads a clock, does input or output, or names a
//! telephony provider. Every type prints itself safely: no telephone number and no key press appears in `Debug`.

mod abilities;
mod bytes;
mod caller;
mod day;
mod entry;
mod event;
mod fact;
mod finess;
mod ids;
mod key;
mod lang;
mod leg;
mod origin;
mod progress;
mod recording;
mod short;
mod silence;
mod speech;
mod state;
mod token;
mod universal;
mod verb;

pub use abilities::Abilities;
pub(crate) use bytes::{from_hexadecimal, hexadecimal, keyed};
pub use caller::{Caller, E164};
pub(crate) use day::{ENGLISH_MONTHS, FRENCH_MONTHS, written_day};
pub use entry::{Asking, Entry, Typed};
pub use event::{DialOutcome, Event, Incoming, Outcome, Transfer};
pub use fact::Fact;
pub use finess::{Age, AtHand, Finess, LINES as CENTRE_LINES, NotFiness};
pub use ids::{CallKey, EffectId, LineId, NodeId, PartId};
pub use key::{Key, Keys};
pub use lang::{Lang, NotALang};
pub use leg::{Leg, RingId, Verdict};
pub use origin::{Department, Origin, PostalCode};
pub use progress::Progress;
#[cfg(test)]
pub(crate) use recording::tests::wav;
pub use recording::{NotARecording, Recording};
pub use short::{is_dialled_short, is_emergency};
pub use silence::{silence_named, silence_wav};
pub use speech::{Piece, Reading, Recorded, Speech};
pub use state::{CallState, MAX_BACK, MAX_HEARD, Pace, Passed, Phase, SoFar, Spot};
pub use token::{MAX_TOKEN, TokenError, TokenKind, Tokens};
pub use universal::{DocumentKey, UniversalKey, key_named, key_names};
pub use verb::{Address, Dial, Digits, Effect, Listen, Prompt, Seat, Step, Target, Verb};
