//! Requests of the doctor: one at a time, each on a connection of its own, and where they go.

use std::time::Duration;

use http_body_util::Full;
use hyper::{Request, body::Bytes};

use crate::{
    cli::exchange::{NoAnswer, send},
    phone::Signed,
    provider::NOTHING,
    tls::{Certificate, Shown, Trust},
};

/// For one whole answer. Some more than a connector takes at most to find that there is no connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// What came back.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
    /// The server's clock, if it told it: seconds since 1970.
    pub(super) second: Option<i64>,
    /// Where a redirect leads.
    pub(super) location: Option<String>,
    /// What whoever answers says that it is.
    pub(super) server: Option<String>,
    /// The certificate that it showed.
    pub(super) shown: Option<Certificate>,
}

impl Answer {
    /// Whether our own server has believed the end of a call: a page that answers every path with 200 has not.
    pub(super) fn is_believed(&self) -> bool {
        self.status == 200 && self.body == NOTHING
    }

    /// Whether our own server refuses so: in silence. Proxies have a page for it.
    pub(super) fn is_our_refusal(&self) -> bool {
        self.status == 403 && self.body.is_empty()
    }
}

/// Where the server is asked.
pub(super) struct Way {
    /// Before the paths.
    pub(super) base: String,
    /// What a request says it is for, where that is not the host of `base`.
    pub(super) host: Option<String>,
    /// Whom to trust there.
    pub(super) trust: Trust,
}

impl Way {
    /// Asks for `path`, with its query.
    pub(super) async fn ask(&self, path: &str, signed: Option<&Signed>) -> Result<Answer, NoAnswer> {
        exchange(&format!("{}{path}", self.base), self.host.as_deref(), signed, &self.trust).await
    }
}

/// Sends a request to `url`; `host` is what it says it is for, where that differs.
pub(super) async fn exchange(
    url: &str,
    host: Option<&str>,
    signed: Option<&Signed>,
    trust: &Trust,
) -> Result<Answer, NoAnswer> {
    let mut request = Request::builder().method(if signed.is_some() { "POST" } else { "GET" }).uri(url);
    if let Some(host) = host {
        request = request.header("host", host);
    }
    for (name, value) in signed.iter().flat_map(|signed| &signed.headers) {
        request = request.header(*name, value);
    }
    let body = signed.map(|signed| signed.body.clone()).unwrap_or_default();
    let request = request.body(Full::<Bytes>::from(body)).map_err(|error| NoAnswer::new(error.to_string()))?;
    let response = send(request, PATIENCE, trust).await?;
    let header = |name: &str| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
    let second = header("date").and_then(|date| jiff::fmt::rfc2822::parse(&date).ok());
    Ok(Answer {
        status: response.status().as_u16(),
        second: second.map(|date| date.timestamp().as_second()),
        location: header("location"),
        server: header("server"),
        shown: response.extensions().get::<Shown>().map(|shown| shown.0),
        body: String::from_utf8_lossy(response.body()).into_owned(),
    })
}
