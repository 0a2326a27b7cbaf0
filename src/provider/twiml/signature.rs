//! Twilio's signature: base64 of HMAC-SHA1 over the URL followed by every parameter, sorted, name and value run together.
//!
//! Twilio itself is not sure of the port in that URL, and its own libraries accept a signature with or without one; so
//! do we, and like them we pass over a bare `?` at the end. Scheme, host and its case, path and query must be exact.
//! Somleng and SignalWire sign in the same way. HMAC-SHA256 with a shared key is the same over the same bytes.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use crate::provider::form::{Params, without_fragment};

/// Prepares a key once, to be cloned for every request.
pub(in crate::provider) fn keyed<M: KeyInit>(secret: &str) -> M {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    M::new_from_slice(secret.as_bytes()).expect("any length is a key")
}

/// The signature that Twilio would put on a request: for the simulated telephone, and for trying a webhook by hand.
///
/// `params` are those of a form that is posted, decoded; none for a GET, whose parameters are in the URL.
pub fn sign(auth_token: &str, url: &str, params: &[(&str, &str)]) -> String {
    let params = params.iter().map(|(name, value)| (name.as_bytes().into(), value.as_bytes().into())).collect();
    let mut mac: Hmac<Sha1> = keyed(auth_token);
    feed(&mut mac, &[without_fragment(url)], &in_order(&params));
    BASE64.encode(mac.finalize().into_bytes())
}

/// Whether `signature` (base64) is that of `url` with `params`. Compares in constant time.
pub(in crate::provider) fn fits<M: Mac + Clone>(keyed: &M, url: &str, params: &Params<'_>, signature: &str) -> bool {
    let Ok(signature) = BASE64.decode(signature) else { return false };
    let params = in_order(params);
    fits_as_written(url, |url| {
        let mut mac = keyed.clone();
        feed(&mut mac, url, &params);
        mac.verify_slice(&signature).is_ok()
    })
}

/// Whether `fits` says so of the URL in one of the ways in which a provider may have written it, each in pieces.
pub(in crate::provider) fn fits_as_written(url: &str, fits: impl Fn(&[&str]) -> bool) -> bool {
    let url = without_fragment(url);
    let bare = without_empty_query(url);
    let (head, port, tail) = split_port(bare);
    let default_port = if bare.starts_with("https:") { ":443" } else { ":80" };
    let other_port = if port.is_empty() { default_port } else { "" };
    // The URL as it was called comes first: the others are worth their price only when it does not fit.
    fits(&[url]) || bare != url && fits(&[bare]) || fits(&[head, other_port, tail])
}

type Pair<'a> = (&'a [u8], &'a [u8]);

/// Sorted by name, then value; a pair that is repeated counts once.
fn in_order<'a>(params: &'a Params<'_>) -> Vec<Pair<'a>> {
    let mut pairs: Vec<Pair<'_>> = params.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

fn feed(mac: &mut impl Mac, url: &[&str], params: &[Pair<'_>]) {
    url.iter().for_each(|part| mac.update(part.as_bytes()));
    for (name, value) in params {
        mac.update(name);
        mac.update(value);
    }
}

fn without_empty_query(url: &str) -> &str {
    match url.split_once('?') {
        Some((before, "")) => before,
        _ => url,
    }
}

/// Cuts a URL into what stands before the port, the port with its colon (or nothing), and what follows.
fn split_port(url: &str) -> (&str, &str, &str) {
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url[host..].find(['/', '?']).map_or(url.len(), |at| host + at);
    // A colon also stands in `user:password@` and in `[::1]`.
    let after = url[host..end].rfind(['@', ']']).map_or(host, |at| host + at + 1);
    let colon = url[after..end].find(':').map_or(end, |at| after + at);
    (&url[..colon], &url[colon..end], &url[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_found_beside_passwords_and_ipv6() {
        for (url, head, port, tail) in [
            ("https://a.org:8443/x:1?y=:2", "https://a.org", ":8443", "/x:1?y=:2"),
            ("https://a.org", "https://a.org", "", ""),
            ("https://a.org?x=:1", "https://a.org", "", "?x=:1"),
            ("https://u:p@a.org/x", "https://u:p@a.org", "", "/x"),
            ("https://u:p@a.org:1/x", "https://u:p@a.org", ":1", "/x"),
            ("http://[::1]/x", "http://[::1]", "", "/x"),
            ("http://[::1]:80/x", "http://[::1]", ":80", "/x"),
        ] {
            assert_eq!(split_port(url), (head, port, tail));
        }
    }

    #[test]
    fn a_fragment_is_never_part_of_the_url() {
        assert_eq!(sign("12345", "https://a.org/x#rc=2", &[]), sign("12345", "https://a.org/x", &[]));
        let key: Hmac<Sha1> = keyed("12345");
        assert!(fits(&key, "https://a.org/x#rc=2", &Vec::new(), &sign("12345", "https://a.org/x", &[])));
    }

    #[test]
    fn what_is_no_signature_does_not_fit() {
        let key: Hmac<Sha1> = keyed("12345");
        for signature in ["", "AAAA", "not base64!", " "] {
            assert!(!fits(&key, "https://a.org/x", &Vec::new(), signature), "{signature:?}");
        }
    }
}
