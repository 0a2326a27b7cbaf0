//! What stands between a connection and its first request: nothing, or the handshake of TLS. Whoever listens gives the sockets.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
#[cfg(feature = "tls")]
use {super::tls::Tls, std::sync::Arc, tokio_rustls::server::TlsStream};

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
pub(super) enum Stream {
    Plain(TcpStream),
    #[cfg(feature = "tls")]
    Tls(Box<TlsStream<TcpStream>>),
}

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

macro_rules! to_each {
    ($self:ident, $stream:ident => $do:expr) => {
        match $self.get_mut() {
            Stream::Plain($stream) => {
                let $stream = Pin::new($stream);
                $do
            }
            #[cfg(feature = "tls")]
            Stream::Tls($stream) => {
                let $stream = Pin::new(&mut **$stream);
                $do
            }
        }
    };
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<Result<(), io::Error>> {
        to_each!(self, stream => stream.poll_read(context, into))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        to_each!(self, stream => stream.poll_write(context, from))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        from: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        to_each!(self, stream => stream.poll_write_vectored(context, from))
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Stream::Plain(stream) => stream.is_write_vectored(),
            #[cfg(feature = "tls")]
            Stream::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        to_each!(self, stream => stream.poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        to_each!(self, stream => stream.poll_shutdown(context))
    }
}
