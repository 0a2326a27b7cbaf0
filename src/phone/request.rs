//! A webhook as the provider sends it: parameters, form body or query, headers, signature. And what comes back.
//!
//! Knows the form of requests, URLs and answers, not how they travel. The signature is the provider's, computed by
//! `provider` with the function that the server's own tests use.

use std::{fmt, sync::Arc};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::{Position, Url};

use super::{PhoneError, Semantics, semantics::Unsigned, twilio::TWILIO};
use crate::provider::Method;

/// What a form leaves as it is; a blank becomes `+`.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_').remove(b' ');

/// A webhook, not yet signed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WebRequest {
    /// How it is sent.
    pub method: Method,
    /// The public URL, without the parameters.
    pub url: String,
    /// The parameters: in the body of a POST, in the query of a GET.
    pub params: Vec<(String, String)>,
}

/// A webhook ready to be sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signed {
    /// The public URL, with the parameters of a GET.
    pub url: String,
    /// The headers, in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body; empty for a GET.
    pub body: String,
}

/// Whoever signs webhooks: a provider, with the secret that it shares with the account, and its clock.
#[derive(Clone)]
pub struct Signer {
    semantics: &'static Semantics,
    secret: String,
    second: Arc<dyn Fn() -> u64 + Send + Sync>,
}

impl Signer {
    /// A provider with its secret; `second` tells the seconds since 1970 at which it signs.
    pub fn new(
        semantics: &'static Semantics,
        secret: impl Into<String>,
        second: impl Fn() -> u64 + Send + Sync + 'static,
    ) -> Signer {
        Signer { semantics, secret: secret.into(), second: Arc::new(second) }
    }

    /// Twilio, whose signatures hold no time.
    pub fn twilio(auth_token: &str) -> Signer {
        Signer::new(&TWILIO, auth_token, || 0)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({}, ·)", self.semantics.name)
    }
}

/// What the server answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WebResponse {
    /// The status, as in 200.
    pub status: u16,
    /// The content type, if there is one.
    pub content_type: Option<String>,
    /// The body, untouched.
    pub body: Vec<u8>,
}

impl WebRequest {
    /// The value of the parameter `name`.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The request as it goes over the wire, signed as Twilio signs with this auth token.
    pub fn signed(&self, auth_token: &str) -> Signed {
        self.signed_by(&Signer::twilio(auth_token))
    }

    /// The request as it goes over the wire, signed with the provider's secret over the public URL.
    pub fn signed_by(&self, signer: &Signer) -> Signed {
        let form = self.params.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
        let form = form.collect::<Vec<_>>().join("&");
        // The fragment carries connection settings for the provider; it is neither sent nor signed.
        let url = self.url.split('#').next().unwrap_or_default();
        let mut headers = vec![("user-agent", signer.semantics.user_agent.to_owned()), ("accept", "*/*".to_owned())];
        let pairs: Vec<_> = self.params.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let (url, body, params) = match self.method {
            Method::Post => {
                headers.push(("content-type", "application/x-www-form-urlencoded; charset=utf-8".to_owned()));
                (url.to_owned(), form, pairs.as_slice())
            }
            Method::Get => {
                let join = if form.is_empty() {
                    ""
                } else if url.contains('?') {
                    "&"
                } else {
                    "?"
                };
                (format!("{url}{join}{form}"), String::new(), &[][..])
            }
        };
        headers.extend((signer.semantics.sign)(&Unsigned {
            secret: &signer.secret,
            second: (signer.second)(),
            method: self.method,
            url: &url,
            form: params,
            body: &body,
        }));
        Signed { url, headers, body }
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, FORM).to_string().replace(' ', "+")
}

/// The URL that `reference`, written in the document of `current`, stands for. An absolute one stays as it is written:
/// the signature covers each of its characters.
pub(super) fn resolved(current: &str, reference: &str) -> Result<String, PhoneError> {
    if reference.starts_with("http://") || reference.starts_with("https://") {
        return Ok(reference.to_owned());
    }
    let wrong = |error: url::ParseError| PhoneError::Url { url: reference.to_owned(), message: error.to_string() };
    let joined = Url::parse(current).map_err(wrong)?.join(reference).map_err(wrong)?;
    // The origin keeps its spelling (a default port, for one) unless the reference names another.
    let path = current.match_indices('/').nth(2).map_or(current.len(), |(at, _)| at);
    let same_origin = Url::parse(current).is_ok_and(|base| base.origin() == joined.origin());
    let origin = if same_origin { &current[..path] } else { &joined[..Position::BeforePath] };
    Ok(format!("{origin}{}", &joined[Position::BeforePath..]))
}

/// The body of an answer that a provider would read as a document.
pub(super) fn checked<'a>(url: &str, response: &'a WebResponse) -> Result<&'a [u8], PhoneError> {
    let wrong = |message: String| Err(PhoneError::Answer { url: url.to_owned(), message });
    if response.status != 200 {
        return wrong(format!("status {}, not 200", response.status));
    }
    let Some(content_type) = &response.content_type else { return wrong("there is no content type".into()) };
    let mut parts = content_type.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
    if kind != "text/xml" && kind != "application/xml" {
        return wrong(format!("the content type is `{content_type}`, not text/xml"));
    }
    let charset = parts.find_map(|part| part.split_once('=').filter(|(name, _)| name.eq_ignore_ascii_case("charset")));
    if charset.is_some_and(|(_, value)| !value.trim_matches('"').eq_ignore_ascii_case("utf-8")) {
        return wrong(format!("the content type is `{content_type}`: documents are UTF-8"));
    }
    Ok(&response.body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone::dialling::params;
    use crate::provider::twilio;

    fn request(method: Method, url: &str) -> WebRequest {
        WebRequest {
            method, url: url.into(), params: params(&[("From", "+331"), ("msg", "Gather End"), ("é", "’#")])
        }
    }

    #[test]
    fn a_post_carries_a_form_and_signs_it() {
        let signed = request(Method::Post, "https://x.org/a?b=1#rc=2").signed("12345");
        assert_eq!(signed.url, "https://x.org/a?b=1");
        assert_eq!(signed.body, "From=%2B331&msg=Gather+End&%C3%A9=%E2%80%99%23");
        let pairs = [("From", "+331"), ("msg", "Gather End"), ("é", "’#")];
        let signature = twilio::sign("12345", "https://x.org/a?b=1", &pairs);
        assert!(signed.headers.contains(&("x-twilio-signature", signature)));
        let form = "application/x-www-form-urlencoded; charset=utf-8".to_owned();
        assert!(signed.headers.contains(&("content-type", form)));
    }

    #[test]
    fn a_get_carries_its_parameters_in_the_query_and_signs_the_url_alone() {
        let signed = request(Method::Get, "https://x.org/a?b=1").signed("12345");
        let url = "https://x.org/a?b=1&From=%2B331&msg=Gather+End&%C3%A9=%E2%80%99%23";
        assert_eq!((signed.url.as_str(), signed.body.as_str()), (url, ""));
        assert!(signed.headers.contains(&("x-twilio-signature", twilio::sign("12345", url, &[]))));
        assert!(request(Method::Get, "https://x.org/a").signed("1").url.starts_with("https://x.org/a?From"));
    }

    #[test]
    fn urls_are_resolved_against_the_current_document() {
        let current = "https://x.org:443/twilio/voice?s=1";
        for (reference, expected) in [
            ("https://y.org/%7Ea?b=c|d", "https://y.org/%7Ea?b=c|d"),
            ("/a?b=1&c=2", "https://x.org:443/a?b=1&c=2"),
            ("next", "https://x.org:443/twilio/next"),
            ("../up", "https://x.org:443/up"),
            ("?s=2", "https://x.org:443/twilio/voice?s=2"),
            ("//y.org/a", "https://y.org/a"),
        ] {
            assert_eq!(resolved(current, reference).unwrap(), expected);
        }
    }

    #[test]
    fn only_a_document_is_taken_for_one() {
        let answer = |status, content_type: Option<&str>| {
            let content_type = content_type.map(str::to_owned);
            checked("u", &WebResponse { status, content_type, body: b"x".to_vec() }).is_ok()
        };
        for right in ["text/xml", "application/xml", "text/xml; charset=utf-8", "Text/XML;charset=\"UTF-8\""] {
            assert!(answer(200, Some(right)), "{right}");
        }
        for wrong in ["text/html", "text/plain", "application/json", "text/xmlx", "", "text/xml; charset=latin1"] {
            assert!(!answer(200, Some(wrong)), "{wrong}");
        }
        assert!(!answer(200, None));
        for status in [201, 204, 301, 302, 307, 403, 404, 500, 503] {
            assert!(!answer(status, Some("text/xml")), "{status}");
        }
    }
}
