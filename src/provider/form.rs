//! Form decoding, down to bytes: what `application/x-www-form-urlencoded` bodies and query strings say.
//!
//! A signature covers what was sent, so nothing is repaired here: a `+` is a blank, a `%` that begins no escape stays
//! as it is, bytes that are no UTF-8 stay bytes, blanks are not trimmed, repeated and empty parameters are kept.

use std::borrow::Cow;

use percent_encoding::percent_decode;

/// Decoded parameters, in the order of arrival.
pub type Params<'a> = Vec<(Cow<'a, [u8]>, Cow<'a, [u8]>)>;

/// Decodes a body or a query string. Takes anything; a name without `=` has an empty value.
pub fn decode(text: &[u8]) -> Params<'_> {
    // About one parameter in sixteen bytes: most forms then fit without growing.
    let mut params = Vec::with_capacity(text.len() / 16);
    params.extend(text.split(|c| *c == b'&').filter(|pair| !pair.is_empty()).map(decode_pair));
    params
}

/// The query string of a URL, still encoded: between the first `?` and a fragment.
pub fn query(url: &str) -> &str {
    without_fragment(url).split_once('?').map_or("", |(_, query)| query)
}

/// The first parameter called `name` in the query of `url`; bytes that are no UTF-8 become replacement characters.
pub fn in_query(url: &str, name: &str) -> Option<String> {
    let pairs = query(url).as_bytes().split(|c| *c == b'&').map(decode_pair);
    let mut values = pairs.filter(|(key, _)| key.as_ref() == name.as_bytes());
    values.next().map(|(_, value)| String::from_utf8_lossy(&value).into_owned())
}

/// The URL without what follows `#`: a fragment is for its sender alone.
pub fn without_fragment(url: &str) -> &str {
    url.split_once('#').map_or(url, |(before, _)| before)
}

fn decode_pair(pair: &[u8]) -> (Cow<'_, [u8]>, Cow<'_, [u8]>) {
    match pair.iter().position(|c| *c == b'=') {
        Some(at) => (unescape(&pair[..at]), unescape(&pair[at + 1..])),
        None => (unescape(pair), Cow::Borrowed(&[])),
    }
}

fn unescape(text: &[u8]) -> Cow<'_, [u8]> {
    // Most names and values have nothing to decode.
    if !text.iter().any(|c| matches!(c, b'+' | b'%')) {
        return Cow::Borrowed(text);
    }
    if !text.contains(&b'+') {
        return percent_decode(text).into();
    }
    // Blanks first: an escaped plus (%2B) must stay a plus.
    let with_blanks: Vec<u8> = text.iter().map(|c| if *c == b'+' { b' ' } else { *c }).collect();
    Cow::Owned(percent_decode(&with_blanks).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Vec<(String, Vec<u8>)> {
        let owned = |(name, value): (Cow<[u8]>, Cow<[u8]>)| (String::from_utf8(name.into()).unwrap(), value.into());
        decode(text).into_iter().map(owned).collect()
    }

    #[test]
    fn plus_is_a_blank_and_an_escaped_plus_is_a_plus() {
        assert_eq!(
            read(b"msg=Gather+End&From=%2B33"),
            [("msg".into(), b"Gather End".to_vec()), ("From".into(), b"+33".to_vec())]
        );
    }

    #[test]
    fn invalid_escapes_and_invalid_utf8_are_kept_as_they_were_sent() {
        assert_eq!(read(b"a=%zz%&b=%ff\xfe%C3&c=%2")[0].1, b"%zz%");
        assert_eq!(read(b"a=%zz%&b=%ff\xfe%C3&c=%2")[1].1, b"\xff\xfe\xc3");
        assert_eq!(read(b"a=%zz%&b=%ff\xfe%C3&c=%2")[2].1, b"%2");
    }

    #[test]
    fn empty_repeated_and_nameless_parameters_are_kept() {
        let names: Vec<String> = read(b"&&a&a=&=x&a=1=2&").into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["a", "a", "", "a"]);
        assert_eq!(read(b"a=1=2")[0].1, b"1=2");
        assert!(read(b"").is_empty());
    }

    #[test]
    fn ten_thousand_fields_are_read() {
        assert_eq!(decode("Digits=1&".repeat(10_000).as_bytes()).len(), 10_000);
    }

    #[test]
    fn our_own_parameters_are_read_from_the_url() {
        let url = "https://x.org/twilio/voice?l=fr&s=ab%2Dc&e=silence#rc=2";
        assert_eq!(in_query(url, "s").as_deref(), Some("ab-c"));
        assert_eq!(in_query(url, "e").as_deref(), Some("silence"));
        assert_eq!(in_query(url, "rc"), None);
        assert_eq!(in_query("https://x.org/", "s"), None);
    }
}
