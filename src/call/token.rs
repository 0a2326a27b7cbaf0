//! The token: a call's state, encrypted and authenticated, in the URL of our own answers.
//!
//! AES-SIV (RFC 5297) without a nonce, on purpose: the same state gives the same token, so a webhook that is delivered
//! twice gets the same bytes. The provider, the kind of token and the call are bound in as associated data: a token can't
//! be carried to another call. A leg arrives under an id of its own: its token holds the call that it belongs to. A key is derived from each secret of the settings; the first one seals, all of them open.

use std::fmt;

use aes_siv::{KeyInit, siv::Aes128Siv};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, Mac};
use serde::{Serialize, de::DeserializeOwned};
use sha2::Sha256;

use super::{CallKey, CallState, EffectId, Leg, keyed};

/// Longest token that is made or read, in characters.
pub const MAX_TOKEN: usize = 512;

/// First byte of every plaintext. A new shape of `CallState` needs a new number: old tokens are then told apart.
const VERSION: u8 = 6;

/// The same for a `Leg`.
const LEG_VERSION: u8 = 1;

/// What a token is for: one kind is never accepted as another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenKind {
    /// The caller's own call.
    Call,
    /// The call of somebody who may answer for us.
    Leg,
}

impl TokenKind {
    fn as_bytes(self) -> &'static [u8] {
        match self {
            TokenKind::Call => b"call",
            TokenKind::Leg => b"leg",
        }
    }
}

/// Why a token could not be made or read. Says nothing of what is in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TokenError {
    /// Not base64, too long, changed on the way, of another call, or sealed with a secret that is gone.
    #[error("the token can't be opened")]
    Unreadable,
    /// It is ours, but from a version of the program that wrote states in another shape.
    #[error("the token is from another version of the program")]
    OtherVersion,
    /// The state does not fit into a token.
    #[error("the state of the call does not fit into a token")]
    TooLong,
}

/// Seals and opens tokens, and names effects. Made once, from the secrets of the settings.
pub struct Tokens {
    /// Two AES-128 keys each. The cipher itself can't be kept: it changes while it works.
    keys: Vec<[u8; 32]>,
    effects: Hmac<Sha256>,
}

impl Tokens {
    /// Prepares the keys. The first secret seals.
    pub fn new(first: &str, older: &[&str]) -> Tokens {
        let secrets = std::iter::once(first).chain(older.iter().copied());
        let keys = secrets.map(|secret| derive(secret, b"allo-cmp token v1")).collect();
        let effects = keyed(&derive(first, b"allo-cmp effect v1"));
        Tokens { keys, effects }
    }

    /// Writes `state` into a token that only `call`, at `provider`, can use.
    pub fn seal(
        &self,
        provider: &str,
        kind: TokenKind,
        call: &CallKey,
        state: &CallState,
    ) -> Result<String, TokenError> {
        self.sealed(&bound(provider, kind, call.as_bytes()), VERSION, state)
    }

    /// Writes `leg` into a token that only a leg, at `provider`, can use.
    pub fn seal_leg(&self, provider: &str, leg: &Leg) -> Result<String, TokenError> {
        self.sealed(&bound(provider, TokenKind::Leg, b""), LEG_VERSION, leg)
    }

    /// Reads the token of a leg back.
    pub fn open_leg(&self, provider: &str, token: &str) -> Result<Leg, TokenError> {
        self.opened(&bound(provider, TokenKind::Leg, b""), LEG_VERSION, token)
    }

    fn sealed<T: Serialize>(&self, bound: &[u8], version: u8, state: &T) -> Result<String, TokenError> {
        let plain = postcard::to_extend(state, plaintext(version)).map_err(|_| TokenError::TooLong)?;
        let sealed = cipher(&self.keys[0]).encrypt([bound], &plain).map_err(|_| TokenError::TooLong)?;
        let token = BASE64.encode(sealed);
        if token.len() > MAX_TOKEN { Err(TokenError::TooLong) } else { Ok(token) }
    }

    /// Reads a token back.
    pub fn open(&self, provider: &str, kind: TokenKind, call: &CallKey, token: &str) -> Result<CallState, TokenError> {
        self.opened(&bound(provider, kind, call.as_bytes()), VERSION, token)
    }

    fn opened<T: DeserializeOwned>(&self, bound: &[u8], version: u8, token: &str) -> Result<T, TokenError> {
        if token.len() > MAX_TOKEN {
            return Err(TokenError::Unreadable);
        }
        let sealed = BASE64.decode(token).map_err(|_| TokenError::Unreadable)?;
        let plain = self
            .keys
            .iter()
            .find_map(|key| cipher(key).decrypt([bound], &sealed).ok())
            .ok_or(TokenError::Unreadable)?;
        match plain.split_first() {
            Some((found, body)) if *found == version => {
                postcard::from_bytes(body).map_err(|_| TokenError::OtherVersion)
            }
            _ => Err(TokenError::OtherVersion),
        }
    }

    /// The id of the effect number `ordinal` of answer `turn` of `call`: the same again when a webhook is delivered twice.
    ///
    /// `started` is the minute of the state: a call that lost its token counts its turns anew, but not its effects.
    pub fn effect(&self, call: &CallKey, started: u32, turn: u16, ordinal: u8) -> EffectId {
        let mut mac = self.effects.clone();
        mac.update(call.as_bytes());
        mac.update(&started.to_be_bytes());
        mac.update(&turn.to_be_bytes());
        mac.update(&[ordinal]);
        let mut id = [0; 16];
        id.copy_from_slice(&mac.finalize().into_bytes()[..16]);
        EffectId(id)
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tokens({} keys)", self.keys.len())
    }
}

/// What a token is bound to, as one header: each header costs a pass of the cipher. The parts can't run into each other:
/// the last one has one length for each kind, and no name holds a blank.
fn bound(provider: &str, kind: TokenKind, call: &[u8]) -> Vec<u8> {
    [provider.as_bytes(), b" ", kind.as_bytes(), b" ", call].concat()
}

/// A buffer that begins with the version, large enough for most states.
fn plaintext(version: u8) -> Vec<u8> {
    let mut plain = Vec::with_capacity(192);
    plain.push(version);
    plain
}

fn cipher(key: &[u8; 32]) -> Aes128Siv {
    Aes128Siv::new(&(*key).into())
}

fn derive(secret: &str, label: &[u8]) -> [u8; 32] {
    let mut mac = keyed(secret.as_bytes());
    mac.update(label);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::{
        Department, Lang, MAX_BACK, MAX_HEARD, NodeId, Origin, Pace, PartId, Passed, Phase, PostalCode, RingId, SoFar,
        Spot,
    };

    const SECRET: &str = "a secret of at least thirty-two characters";

    fn state() -> CallState {
        CallState { lang: Some(Lang::FR), ..CallState::new(29_000_000, NodeId::of("main_menu")) }
    }

    fn call(id: &str) -> CallKey {
        CallKey::of(Some(id))
    }

    fn tokens() -> Tokens {
        Tokens::new(SECRET, &[])
    }

    #[test]
    fn a_token_is_read_back_and_is_the_same_every_time() {
        let token = tokens().seal("twilio", TokenKind::Call, &call("CA1"), &state()).unwrap();
        assert_eq!(tokens().open("twilio", TokenKind::Call, &call("CA1"), &token), Ok(state()));
        assert_eq!(token, tokens().seal("twilio", TokenKind::Call, &call("CA1"), &state()).unwrap());
    }

    #[test]
    fn the_fullest_state_fits_into_a_token() {
        let full = CallState {
            started: u32::MAX,
            turn: u16::MAX,
            lang: Some("prs".parse().unwrap()),
            phase: Phase::Between(Passed::Wished),
            attempt: u8::MAX,
            chain_seconds: u16::MAX,
            so_far: SoFar::Mixed,
            pace: Pace::Slow,
            repeats: u8::MAX,
            failures: u8::MAX,
            part: PartId(u32::MAX),
            awaits: NodeId(u64::MAX),
            back: vec![Spot { node: NodeId(u64::MAX), part: PartId(u32::MAX) }; MAX_BACK],
            heard: vec![NodeId(u64::MAX); MAX_HEARD],
            origin: Department::parse("974").map(|department| Origin { code: PostalCode::parse("99999"), department }),
            keymap: u32::MAX,
            grace: u16::MAX,
            ..CallState::new(u32::MAX, NodeId(u64::MAX))
        };
        let token = tokens().seal("signalwire", TokenKind::Call, &call("CA1"), &full).unwrap();
        assert!(token.len() <= MAX_TOKEN, "{}", token.len());
    }

    #[test]
    fn a_token_of_another_call_or_provider_or_secret_is_refused() {
        let token = tokens().seal("twilio", TokenKind::Call, &call("CA1"), &state()).unwrap();
        let unreadable = Err(TokenError::Unreadable);
        assert_eq!(tokens().open("twilio", TokenKind::Call, &call("CA2"), &token), unreadable);
        assert_eq!(tokens().open("plivo", TokenKind::Call, &call("CA1"), &token), unreadable);
        let other = Tokens::new("another secret of thirty-two characters", &[]);
        assert_eq!(other.open("twilio", TokenKind::Call, &call("CA1"), &token), unreadable);
    }

    #[test]
    fn the_token_of_a_leg_is_its_own_kind() {
        let ring = RingId { call: call("CA1"), started: u32::MAX, turn: u16::MAX, attempt: u8::MAX };
        let leg = Leg { ring, lang: Some(Lang::FR), issued: u64::MAX, ring_seconds: 25, silent: true, asked: 2 };
        let token = tokens().seal_leg("twilio", &leg).unwrap();
        assert!(token.len() < 100, "{}", token.len());
        assert_eq!(tokens().open_leg("twilio", &token), Ok(leg));
        assert_eq!(tokens().open_leg("plivo", &token), Err(TokenError::Unreadable));
        assert_eq!(tokens().open("twilio", TokenKind::Call, &call("CA1"), &token), Err(TokenError::Unreadable));
        for kind in [TokenKind::Call, TokenKind::Leg] {
            let other = tokens().seal("twilio", kind, &call("CA1"), &state()).unwrap();
            assert_eq!(tokens().open_leg("twilio", &other), Err(TokenError::Unreadable));
        }
    }

    #[test]
    fn every_changed_character_is_noticed() {
        let token = tokens().seal("twilio", TokenKind::Call, &call("CA1"), &state()).unwrap();
        for i in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[i] = if bytes[i] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(tokens().open("twilio", TokenKind::Call, &call("CA1"), &changed).is_err(), "at {i}");
        }
        for junk in ["", "A", "not base64!", &"A".repeat(600)] {
            assert!(tokens().open("twilio", TokenKind::Call, &call("CA1"), junk).is_err());
        }
    }

    #[test]
    fn an_older_secret_still_opens_after_a_rotation() {
        let token = tokens().seal("twilio", TokenKind::Call, &call("CA1"), &state()).unwrap();
        let rotated = Tokens::new("a newer secret of thirty-two characters!", &[SECRET]);
        assert_eq!(rotated.open("twilio", TokenKind::Call, &call("CA1"), &token), Ok(state()));
        assert_ne!(rotated.seal("twilio", TokenKind::Call, &call("CA1"), &state()).unwrap(), token);
    }

    #[test]
    fn effects_are_named_by_call_turn_and_ordinal() {
        let t = tokens();
        let one = t.effect(&call("CA1"), 100, 3, 0);
        assert_eq!(one, tokens().effect(&call("CA1"), 100, 3, 0));
        for other in [
            t.effect(&call("CA2"), 100, 3, 0),
            t.effect(&call("CA1"), 101, 3, 0),
            t.effect(&call("CA1"), 100, 4, 0),
            t.effect(&call("CA1"), 100, 3, 1),
        ] {
            assert_ne!(one, other);
        }
    }
}
