//! Opens connections for clients, by plain TCP or by TLS as the URL says. Every failure is a [`Fault`].

use std::{
    future::Future,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use hyper::Uri;
use hyper_util::{
    client::legacy::connect::{Connected, Connection},
    rt::TokioIo,
};
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::{TlsConnector, client::TlsStream, rustls::pki_types::ServerName};

use super::{Certificate, Fault, Stream, Trust};

/// For a connection, all addresses of the name together; and as long again for its handshake.
const PATIENCE: Duration = Duration::from_secs(4);

/// Opens connections.
#[derive(Clone, Debug)]
pub struct Connector(Trust);

/// The certificate that a server has shown: among the extensions of its answers.
#[derive(Clone, Copy, Debug)]
pub struct Shown(pub Certificate);

/// A connection, as hyper reads and writes it.
type Opened = TokioIo<Stream<TlsStream<TcpStream>>>;

impl Connector {
    /// One that trusts `trust`.
    pub fn new(trust: Trust) -> Connector {
        Connector(trust)
    }

    async fn connect(self, uri: Uri) -> Result<Opened, Fault> {
        let (https, port) = match uri.scheme_str() {
            Some("http") => (false, 80),
            Some("https") => (true, 443),
            _ => return Err(Fault::Url("an address begins with http:// or https://".to_owned())),
        };
        let Some(host) = uri.host() else { return Err(Fault::Url("the address has no host".to_owned())) };
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let late = |words| Fault::Connection(io::Error::new(io::ErrorKind::TimedOut, words));
        let tcp = slow(tcp(&host, uri.port_u16().unwrap_or(port)), late).await?;
        let _ = tcp.set_nodelay(true);
        if !https {
            return Ok(TokioIo::new(Stream::Plain(tcp)));
        }
        let Trust(Some(config)) = self.0 else { return Err(Fault::Url("nobody is trusted by https here".to_owned())) };
        let name = ServerName::try_from(host).map_err(|_| Fault::Url("the host is no name".to_owned()))?;
        let handshake = TlsConnector::from(Arc::clone(&config)).connect(name, tcp);
        let tls = slow(async { handshake.await.map_err(Fault::of_handshake) }, Fault::NoTls).await?;
        Ok(TokioIo::new(Stream::Tls(Box::new(tls))))
    }
}

async fn slow<T>(work: impl Future<Output = Result<T, Fault>>, late: fn(String) -> Fault) -> Result<T, Fault> {
    let words = || format!("nothing came within {} s", PATIENCE.as_secs());
    tokio::time::timeout(PATIENCE, work).await.unwrap_or_else(|_| Err(late(words())))
}

async fn tcp(host: &str, port: u16) -> Result<TcpStream, Fault> {
    let addresses = lookup_host((host, port)).await;
    let addresses = addresses.map_err(|reason| Fault::Name { host: host.to_owned(), reason })?;
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(Fault::Connection(last))
}

impl tower::Service<Uri> for Connector {
    type Response = Opened;
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<Opened, Fault>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri))
    }
}

impl Connection for Stream<TlsStream<TcpStream>> {
    fn connected(&self) -> Connected {
        let connected = Connected::new();
        let Stream::Tls(stream) = self else { return connected };
        let shown = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
        match shown.and_then(|first| Certificate::read(first)) {
            Some(certificate) => connected.extra(Shown(certificate)),
            None => connected,
        }
    }
}
