//! Requests of the doctor: one at a time, each on a connection of its own, by HTTP alone.
//!
//! This program speaks no TLS. Where the public URL is https, the server is asked where it listens, and what that leaves
//! untried is said.

use std::time::Duration;

use http_body_util::Full;
use hyper::{Request, body::Bytes};

use crate::{cli::exchange::send, phone::Signed};

/// For one whole answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// What came back.
pub(super) struct Answer {
    pub(super) status: u16,
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
pub(super) async fn exchange(url: &str, host: Option<&str>, signed: Option<&Signed>) -> Result<Answer, String> {
    let mut request = Request::builder().method(if signed.is_some() { "POST" } else { "GET" }).uri(url);
    if let Some(host) = host {
        request = request.header("host", host);
    }
    for (name, value) in signed.iter().flat_map(|signed| &signed.headers) {
        request = request.header(*name, value);
    }
    let body = signed.map(|signed| signed.body.clone()).unwrap_or_default();
    let request = request.body(Full::<Bytes>::from(body)).map_err(|error| error.to_string())?;
    let response = send(request, PATIENCE).await?;
    let header = |name: &str| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
    let second = header("date").and_then(|date| jiff::fmt::rfc2822::parse(&date).ok());
    Ok(Answer {
        status: response.status().as_u16(),
        second: second.map(|date| date.timestamp().as_second()),
        location: header("location"),
        body: String::from_utf8_lossy(response.body()).into_owned(),
    })
}
