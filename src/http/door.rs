//! What stands between a connection and its first request: nothing, or the handshake of TLS. Whoever listens gives the sockets.

use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;
#[cfg(feature = "tls")]
use {super::tls::Tls, std::sync::Arc};

use crate::tls;

/// How a connection begins.
#[derive(Clone, Default)]
pub enum Door {
    /// With its first request: behind a reverse proxy.
    #[default]
    Plain,
    /// With the handshake of TLS.
    #[cfg(feature = "tls")]
    Tls(Arc<Tls>),
}

/// A connection that has begun.
pub(super) type Stream = tls::Stream<TlsStream<TcpStream>>;

impl Door {
    /// Whether words can be said without a handshake.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self, Door::Plain)
    }

    /// Begins the connection; nothing where its client does not know how.
    pub(super) async fn open(&self, stream: TcpStream) -> Option<Stream> {
        match self {
            Door::Plain => Some(Stream::Plain(stream)),
            #[cfg(feature = "tls")]
            Door::Tls(tls) => tls.shake_hands(stream).await.map(|stream| Stream::Tls(Box::new(stream))),
        }
    }
}
