//! Plivo's signature, version 3: base64 of HMAC-SHA256 over the URL, its query in order, the form in order, and a nonce.
//!
//! What is signed of a POST is `scheme://host/path?query.formnonce`: the query decoded and sorted, `name=value` joined by
//! `&`; a full stop, where there is a query and a form; the form sorted, names and values run together; a full stop and the
//! nonce. A form without a query leaves a lone `?`. Of a GET it is the URL with its sorted query. A header may hold several
//! signatures, joined by commas: one that fits is enough. Version 2 covers neither query nor form, and is refused.
//!
//! Not stated by Plivo, and guessed: the place of a port in the URL. It is taken as it stands in the configured one.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::provider::{
    Method, RawRequest, Refusal,
    form::{Params, decode, query, without_fragment},
    twiml::signature,
};

/// The headers that may hold a signature: of the account, and of the main one that it belongs to.
const HEADERS: [&str; 2] = ["x-plivo-signature-v3", "x-plivo-signature-ma-v3"];
/// The header of what makes each signature another.
const NONCE: &str = "x-plivo-signature-v3-nonce";

/// A key that signatures are checked with.
pub(super) type Key = Hmac<Sha256>;

/// The key of an auth token.
pub(super) fn key(auth_token: &str) -> Key {
    signature::keyed(auth_token)
}

/// Whether the request is signed, `posted` being the form that it carries.
pub(super) fn judge(key: &Key, request: &RawRequest<'_>, posted: &Params<'_>) -> Result<(), Refusal> {
    let given: Vec<&str> = HEADERS.iter().filter_map(|name| request.headers.get(name)).collect();
    if given.is_empty() {
        let old = request.headers.get("x-plivo-signature-v2").is_some();
        return Err(if old { Refusal::OldSignature } else { Refusal::NoSignature });
    }
    let nonce = request.headers.get(NONCE).ok_or(Refusal::NoSignature)?;
    let mac = fed(key, request.method, request.url, posted, nonce);
    let fits = |signature: &str| {
        BASE64.decode(signature.trim()).is_ok_and(|signature| mac.clone().verify_slice(&signature).is_ok())
    };
    // A body that is no form is covered by nothing.
    if !request.has_other_body() && given.iter().flat_map(|header| header.split(',')).any(fits) {
        Ok(())
    } else {
        Err(Refusal::WrongSignature)
    }
}

/// The signature that Plivo would put on a request: for the simulated telephone, and for trying a webhook by hand.
///
/// `params` are those of a form that is posted, decoded; none for a GET, whose parameters are in the URL.
pub fn sign(auth_token: &str, method: Method, url: &str, params: &[(&str, &str)], nonce: &str) -> String {
    let params = params.iter().map(|(name, value)| (name.as_bytes().into(), value.as_bytes().into())).collect();
    BASE64.encode(fed(&key(auth_token), method, url, &params, nonce).finalize().into_bytes())
}

fn fed(key: &Key, method: Method, url: &str, posted: &Params<'_>, nonce: &str) -> Key {
    let mut mac = key.clone();
    let url = without_fragment(url);
    let asked = decode(query(url).as_bytes());
    let form = if method == Method::Post { in_order(posted) } else { Vec::new() };
    mac.update(url.split('?').next().unwrap_or_default().as_bytes());
    if !asked.is_empty() || !form.is_empty() {
        mac.update(b"?");
    }
    for (position, (name, value)) in in_order(&asked).into_iter().enumerate() {
        if position > 0 {
            mac.update(b"&");
        }
        [name, b"=", value].iter().for_each(|part| mac.update(part));
    }
    if !asked.is_empty() && !form.is_empty() {
        mac.update(b".");
    }
    for (name, value) in form {
        mac.update(name);
        mac.update(value);
    }
    mac.update(b".");
    mac.update(nonce.as_bytes());
    mac
}

/// Sorted by name, then value; one that is repeated counts each time.
fn in_order<'a>(params: &'a Params<'_>) -> Vec<(&'a [u8], &'a [u8])> {
    let mut pairs: Vec<_> = params.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
    pairs.sort_unstable();
    pairs
}
