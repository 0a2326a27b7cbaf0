//! How webhooks travel: over real HTTP, signed as the provider signs them, without a memory of cookies.
//!
//! Signatures cover the public URL (the one that documents are written with), while the connection goes to the server
//! itself: as behind the proxy that every installation has. Documents that lead elsewhere are refused.

use std::{error::Error, future::Future, time::Duration};

use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, body::Bytes};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use url::Url;

use super::{PhoneError, Signed, Signer, WebRequest, WebResponse};
use crate::{
    provider::Method,
    tls::{Connector, Trust, causes},
};

/// How long Twilio waits for an answer, all in all.
const PATIENCE: Duration = Duration::from_secs(15);
/// Between a connection that failed and the second attempt: a server may be restarting.
const BEFORE_RETRY: Duration = Duration::from_millis(250);
/// What is read of an answer, room for a recording; far above what a document may have, so that the complaint is its own.
const MAX_ANSWER: usize = 4 << 20;

/// Something that takes a webhook to the server and brings its answer.
pub trait Transport: Send {
    /// Sends `request`. An error means that there was no answer at all.
    fn send(&mut self, request: &WebRequest) -> impl Future<Output = Result<WebResponse, PhoneError>> + Send;
}

/// HTTP/1.1 with connections that are kept; by TLS where the server's address says so.
pub struct HttpTransport {
    signer: Signer,
    public_base: String,
    connect_base: String,
    trust: Trust,
    client: Client<Connector, Full<Bytes>>,
}

impl HttpTransport {
    /// Signs as Twilio does with `auth_token`; turns URLs that begin with `public_base` into ones at `connect_base`.
    pub fn new(auth_token: &str, public_base: &str, connect_base: &str) -> Result<HttpTransport, PhoneError> {
        HttpTransport::signing(Signer::twilio(auth_token), public_base, connect_base)
    }

    /// The same, signed by any provider.
    pub fn signing(signer: Signer, public_base: &str, connect_base: &str) -> Result<HttpTransport, PhoneError> {
        let wrong = |message: &str| PhoneError::Url { url: connect_base.to_owned(), message: message.to_owned() };
        let whole = "give a whole address, as http://127.0.0.1:8080 or https://line.example.org";
        let url = Url::parse(connect_base).map_err(|_| wrong(whole))?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(wrong(whole));
        }
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
            return Err(wrong("give scheme, host and port only, as http://127.0.0.1:8080"));
        }
        let trust = Trust::plain();
        Ok(HttpTransport {
            signer,
            public_base: public_base.trim_end_matches('/').to_owned(),
            connect_base: connect_base.trim_end_matches('/').to_owned(),
            client: client(&trust),
            trust,
        })
    }

    /// The same, believing whom `trust` trusts: without it, no server can be called by https.
    pub fn trusting(self, trust: Trust) -> HttpTransport {
        HttpTransport { client: client(&trust), trust, ..self }
    }

    fn target(&self, public: &str) -> Result<String, PhoneError> {
        match public.strip_prefix(&self.public_base) {
            // The next character tells `https://x.org/a` from `https://x.org.evil/a`.
            Some(rest) if rest.is_empty() || rest.starts_with(['/', '?']) => Ok(format!("{}{rest}", self.connect_base)),
            _ => Err(PhoneError::Url {
                url: public.to_owned(),
                message: format!("it does not lead to the line that is called, {}", self.public_base),
            }),
        }
    }
}

impl Transport for HttpTransport {
    async fn send(&mut self, request: &WebRequest) -> Result<WebResponse, PhoneError> {
        let signed = request.signed_by(&self.signer);
        let target = self.target(&signed.url)?;
        let failed = |message: String| PhoneError::Unreachable { url: target.clone(), message };
        let work = async {
            match once(&self.client, request.method, &target, &signed).await {
                Ok(response) => Ok(response),
                Err(_) => {
                    // A kept connection may lead to a server that is gone: the second attempt opens its own.
                    self.client = client(&self.trust);
                    tokio::time::sleep(BEFORE_RETRY).await;
                    once(&self.client, request.method, &target, &signed).await
                }
            }
        };
        match tokio::time::timeout(PATIENCE, work).await {
            Ok(answer) => answer.map_err(|error| failed(causes(&*error))),
            Err(_) => Err(failed(format!("no answer within {} s", PATIENCE.as_secs()))),
        }
    }
}

type Failure = Box<dyn Error + Send + Sync>;

fn client(trust: &Trust) -> Client<Connector, Full<Bytes>> {
    Client::builder(TokioExecutor::new()).build(Connector::new(trust.clone()))
}

async fn once(
    client: &Client<Connector, Full<Bytes>>,
    method: Method,
    target: &str,
    signed: &Signed,
) -> Result<WebResponse, Failure> {
    let method = match method {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    let mut request = Request::builder().method(method).uri(target);
    for (name, value) in &signed.headers {
        request = request.header(*name, value);
    }
    let response = client.request(request.body(Full::from(signed.body.clone()))?).await?;
    let status = response.status().as_u16();
    let content_type =
        response.headers().get("content-type").map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let body = Limited::new(response.into_body(), MAX_ANSWER).collect().await?.to_bytes().to_vec();
    Ok(WebResponse { status, content_type, body })
}

#[cfg(test)]
#[path = "transport_tests.rs"]
mod tests;
