//! The signature vectors of `tests/corpus/*/signatures.yaml`: each dialect must accept or refuse them as they say.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Dialect, Method, ParseError, RawRequest, Refusal};
use crate::call::Incoming;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Corpus {
    pub(super) secret: String,
    pub(super) vectors: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Vector {
    pub(super) name: String,
    method: Option<String>,
    url: String,
    #[serde(default)]
    body: String,
    content_type: Option<String>,
    headers: BTreeMap<String, String>,
    #[serde(default)]
    now: u64,
    refusal: Option<String>,
    /// It is signed, and can't be understood.
    #[serde(default)]
    unread: bool,
}

const FORM: &str = "application/x-www-form-urlencoded";

/// What `dialect` makes of a vector.
pub(super) fn judged(dialect: &dyn Dialect, vector: &Vector) -> Result<Result<Incoming, ParseError>, Refusal> {
    let mut headers: Vec<(&str, &str)> = vector.headers.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    headers.push(("content-type", vector.content_type.as_deref().unwrap_or(FORM)));
    let method = if vector.method.as_deref() == Some("GET") { Method::Get } else { Method::Post };
    let headers = headers.as_slice();
    let request = RawRequest {
        method,
        url: &vector.url,
        headers: &headers,
        body: vector.body.as_bytes(),
        now_seconds: vector.now,
    };
    dialect.verify(request).map(|verified| dialect.parse(&verified))
}

/// Reads a corpus, and judges each of its vectors by the dialect that has its secret. The vectors, for those who ask more.
pub(super) fn every_vector_is_as_it_says(text: &str, make: impl Fn(&str) -> Box<dyn Dialect>) -> Vec<Vector> {
    let corpus: Corpus = serde_saphyr::from_str(text).unwrap();
    let dialect = make(&corpus.secret);
    for vector in &corpus.vectors {
        let context = format!("{}: {}", dialect.name(), vector.name);
        let judged = judged(&*dialect, vector);
        let refusal = judged.as_ref().err().map(|refusal| format!("{refusal:?}"));
        assert_eq!(refusal, vector.refusal, "{context}");
        if let Ok(read) = judged {
            assert_eq!(read.err(), vector.unread.then_some(ParseError::NotAForm), "{context}");
        }
    }
    corpus.vectors
}
