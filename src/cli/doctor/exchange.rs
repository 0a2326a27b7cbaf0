//! Requests of the doctor: one at a time, each on a connection of its own, by HTTP alone.
//!
//! This program speaks no TLS. Where the public URL is https, the server is asked where it listens, and what that leaves
//! untried is said.

use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, body::Bytes};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};

use crate::phone::Signed;

/// For one whole answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Bytes of an answer.
const MAX_ANSWER: usize = 1 << 16;

/// What came back.
pub(in crate::cli) struct Answer {
    pub(in crate::cli) status: u16,
    pub(super) body: String,
    /// The server's clock, if it told it: seconds since 1970.
    pub(super) second: Option<i64>,
    /// Where a redirect leads.
    pub(super) location: Option<String>,
}

impl Answer {
    /// Whether our own server refuses so: in silence. Proxies have a page for it.
    pub(super) fn is_our_refusal(&self) -> bool {
        self.status == 403 && self.body.is_empty()
    }
}

/// Sends a request to `url`; `host` is what it says it is for, where that differs.
pub(in crate::cli) async fn exchange(url: &str, host: Option<&str>, signed: Option<&Signed>) -> Result<Answer, String> {
    let mut request = Request::builder().method(if signed.is_some() { "POST" } else { "GET" }).uri(url);
    if let Some(host) = host {
        request = request.header("host", host);
    }
    for (name, value) in signed.iter().flat_map(|signed| &signed.headers) {
        request = request.header(*name, value);
    }
    let body = signed.map(|signed| signed.body.clone()).unwrap_or_default();
    let request = request.body(Full::<Bytes>::from(body)).map_err(|error| error.to_string())?;
    let work = async {
        let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
        let response = client.request(request).await.map_err(|error| causes(&error))?;
        let header = |name: &str| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
        let (status, second, location) = (response.status().as_u16(), header("date"), header("location"));
        let body = Limited::new(response.into_body(), MAX_ANSWER).collect().await.map_err(|error| error.to_string())?;
        let second = second.and_then(|date| jiff::fmt::rfc2822::parse(&date).ok());
        Ok(Answer {
            status,
            body: String::from_utf8_lossy(&body.to_bytes()).into_owned(),
            second: second.map(|date| date.timestamp().as_second()),
            location,
        })
    };
    tokio::time::timeout(PATIENCE, work).await.map_err(|_| format!("no answer within {} s", PATIENCE.as_secs()))?
}

fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
