//! One request to a server, and its whole answer, on a connection of its own: for the commands that ask the server that runs, by
//! HTTP or by https.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::Path,
    time::Duration,
};

use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, Response, body::Bytes};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};

use crate::{
    config::Settings,
    tls::{Connector, Fault, Trust, causes, fault_of},
};

/// Bytes of an answer.
const MAX_ANSWER: usize = 1 << 20;

/// Why there is no answer.
#[derive(Debug)]
pub(super) struct NoAnswer {
    words: String,
    source: Option<hyper_util::client::legacy::Error>,
}

impl NoAnswer {
    pub(super) fn new(words: impl Into<String>) -> NoAnswer {
        NoAnswer { words: words.into(), source: None }
    }

    /// What kept the connection from being made, if that is why.
    pub(super) fn fault(&self) -> Option<&Fault> {
        fault_of(self.source.as_ref()?)
    }
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fault() {
            Some(fault) => fault.fmt(f),
            None => f.write_str(&self.words),
        }
    }
}

/// Sends `request`, which may take so long, to a server that `trust` trusts.
pub(super) async fn send(
    request: Request<Full<Bytes>>,
    patience: Duration,
    trust: &Trust,
) -> Result<Response<Bytes>, NoAnswer> {
    let work = async {
        let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build(Connector::new(trust.clone()));
        let sent = client.request(request).await;
        let answer = sent.map_err(|error| NoAnswer { words: causes(&error), source: Some(error) })?;
        let (head, body) = answer.into_parts();
        let body = Limited::new(body, MAX_ANSWER).collect().await.map_err(|error| NoAnswer::new(error.to_string()))?;
        Ok(Response::from_parts(head, body.to_bytes()))
    };
    let late = |_| NoAnswer::new(format!("no answer within {} s", patience.as_secs()));
    tokio::time::timeout(patience, work).await.map_err(late)?
}

/// Whether this is what a server of ours says at `/readyz` while it takes calls.
pub(super) fn takes_calls(body: &[u8]) -> bool {
    serde_json::from_slice::<serde_json::Value>(body).is_ok_and(|told| told["ready"] == true)
}

/// Whom to trust at `url`: the system's authorities and the one in the file `authority`, where it is https.
pub(super) fn trust_for(url: &str, authority: Option<&Path>) -> Result<Trust, String> {
    if url.starts_with("https://") { Trust::system(authority) } else { Ok(Trust::plain()) }
}

/// The address at which the server of these settings listens, and whom to trust there: its certificate is for another name,
/// and its address alone says that it is ours.
pub(super) fn listener(settings: &Settings) -> Result<(String, Trust), String> {
    let near = near(settings.server.listen);
    if settings.server.tls_certificate.is_some() {
        Ok((format!("https://{near}"), Trust::anyone()?))
    } else {
        Ok((format!("http://{near}"), Trust::plain()))
    }
}

/// Where a server on this machine is reached that listens at `address`.
fn near(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn a_server_that_listens_everywhere_is_asked_on_this_machine() {
        for (listens, asked) in [
            ("0.0.0.0:8080", "127.0.0.1:8080"),
            ("[::]:81", "[::1]:81"),
            ("10.0.0.7:82", "10.0.0.7:82"),
            ("127.0.0.2:83", "127.0.0.2:83"),
        ] {
            assert_eq!(near(listens.parse().unwrap()).to_string(), asked);
        }
    }
}
