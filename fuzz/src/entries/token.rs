//! Tokens: what is none is never opened, what was sealed comes back whole, what was changed on the way does not.

use allo_cmp::call::{CallKey, CallState, Leg, MAX_TOKEN, TokenKind, Tokens};

const SECRET: &str = "a secret of at least thirty-two characters";
/// The letters of a token.
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

pub(super) fn token(data: &[u8]) {
    let tokens = Tokens::new(SECRET, &["an older secret of thirty-two characters"]);
    let call = CallKey::of(Some("CA1"));
    let text = String::from_utf8_lossy(data);
    assert!(tokens.open("twilio", TokenKind::Call, &call, &text).is_err(), "forged");
    assert!(tokens.open_leg("twilio", &text).is_err(), "forged");
    let Some((at, bytes)) = data.split_first() else { return };
    if let Ok(state) = postcard::from_bytes::<CallState>(bytes)
        && let Ok(token) = tokens.seal("twilio", TokenKind::Call, &call, &state)
    {
        assert!(token.len() <= MAX_TOKEN);
        assert_eq!(tokens.open("twilio", TokenKind::Call, &call, &token), Ok(state));
        let changed = changed(&token, *at);
        assert!(tokens.open("twilio", TokenKind::Call, &call, &changed).is_err(), "{token} {changed}");
        assert!(tokens.open("plivo", TokenKind::Call, &call, &token).is_err(), "of another provider");
        assert!(tokens.open("twilio", TokenKind::Leg, &call, &token).is_err(), "of another kind");
        assert!(tokens.open("twilio", TokenKind::Call, &CallKey::of(Some("CA2")), &token).is_err(), "of another call");
        assert!(tokens.open_leg("twilio", &token).is_err(), "no leg");
    }
    if let Ok(leg) = postcard::from_bytes::<Leg>(bytes)
        && let Ok(token) = tokens.seal_leg("twilio", &leg)
    {
        assert_eq!(tokens.open_leg("twilio", &token), Ok(leg));
        assert!(tokens.open_leg("twilio", &changed(&token, *at)).is_err());
        assert!(tokens.open("twilio", TokenKind::Call, &call, &token).is_err(), "no call");
    }
}

/// The token with one letter exchanged.
fn changed(token: &str, at: u8) -> String {
    let mut bytes = token.as_bytes().to_vec();
    let at = usize::from(at) * 7 % bytes.len();
    let letter = LETTERS.iter().position(|letter| *letter == bytes[at]).unwrap_or_default();
    bytes[at] = LETTERS[(letter + 1) % LETTERS.len()];
    String::from_utf8(bytes).unwrap()
}
