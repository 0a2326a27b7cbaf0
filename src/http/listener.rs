//! Connections: accepted, counted, bounded in time, and ended gently.
//!
//! Our own loop, because `axum::serve` has no time-out for the head of a request: clients that are silent or dribble
//! would stay for ever. Here every connection has an end: its head, its idle time and its whole life are bounded (the
//! body and the answer are bounded in `receive` and `routes`). Knows nothing of what is served.

use std::{
    future::Future,
    io::{self, Read, Write},
    net::Shutdown,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::Router;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    time::{sleep, timeout},
};
use tower::Service;

use super::{
    door::{Door, Stream},
    limits::Limits,
    seldom::Seldom,
};
use crate::telemetry::{Listener, Metric, Metrics};

/// Bytes of the head of a request, and of what is read at once.
const MAX_HEAD: usize = 32 * 1024;

/// What a client hears for which there is no room.
const BUSY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// First and longest pause after `accept` failed.
const PAUSE: (Duration, Duration) = (Duration::from_millis(5), Duration::from_secs(1));

/// How serving ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Drained {
    /// Connections that were cut because they did not end within the grace period.
    pub cut: usize,
}

/// Gives new connections: a socket, or a test.
pub(super) trait Accept {
    /// The next connection.
    fn accept(&mut self) -> impl Future<Output = io::Result<TcpStream>> + Send;
}

impl Accept for TcpListener {
    async fn accept(&mut self) -> io::Result<TcpStream> {
        TcpListener::accept(self).await.map(|(stream, _)| stream)
    }
}

/// Serves `router` until `stop` is ready and all connections have ended.
pub(super) async fn run(
    mut listener: impl Accept,
    router: Router,
    limits: &Limits,
    (metrics, side, door): (Arc<Metrics>, Listener, Door),
    stop: impl Future<Output = ()>,
) -> Drained {
    let places = Arc::new(Semaphore::new(limits.connections));
    let (stopping, stopped) = watch::channel(false);
    let shared = Arc::new(Shared { router, limits: limits.clone(), metrics, side, door, cut: AtomicUsize::new(0) });
    let failures = Seldom::default();
    let mut pause = PAUSE.0;
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok(stream) => {
                pause = PAUSE.0;
                if let Ok(place) = places.clone().try_acquire_owned() {
                    let (shared, stopped) = (shared.clone(), stopped.clone());
                    tokio::spawn(async move {
                        shared.hold(stream, stopped).await;
                        drop(place);
                    });
                } else {
                    shared.metrics.count(Metric::ConnectionsRefused);
                    turn_away(stream, &shared.door);
                }
            }
            // Out of descriptors, or a client that was gone at once: neither is a reason to stop answering calls.
            Err(error) => {
                if let Some(total) = failures.due() {
                    tracing::warn!(kind = %error.kind(), total, "a connection could not be accepted");
                }
                tokio::select! { () = &mut stop => break, () = sleep(pause) => {} }
                pause = (pause * 2).min(PAUSE.1);
            }
        }
    }
    drop(listener);
    stopping.send_replace(true);
    // Each connection ends itself within the grace period; the second is for one that blocks its thread.
    let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    let ended = timeout(limits.grace + Duration::from_secs(1), places.acquire_many(all)).await;
    let stuck = if ended.is_ok() { 0 } else { limits.connections - places.available_permits() };
    Drained { cut: shared.cut.load(Ordering::Relaxed) + stuck }
}

/// What all connections of a listener share.
struct Shared {
    router: Router,
    limits: Limits,
    metrics: Arc<Metrics>,
    side: Listener,
    door: Door,
    cut: AtomicUsize,
}

impl Shared {
    /// Holds one connection to its end.
    async fn hold(&self, stream: TcpStream, mut stopped: watch::Receiver<bool>) {
        let _open = self.metrics.connection(self.side);
        // Answers are small and awaited by a person: they must not wait for company.
        let _ = stream.set_nodelay(true);
        let Some(stream) = self.begin(stream, &mut stopped).await else { return };
        let asked = AtomicBool::new(false);
        let service = service_fn(|request: hyper::Request<Incoming>| {
            asked.store(true, Ordering::Relaxed);
            self.router.clone().call(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.header)
            .max_buf_size(MAX_HEAD)
            .serve_connection(TokioIo::new(stream), service);
        tokio::pin!(connection);

        tokio::select! {
            biased;
            ended = connection.as_mut() => {
                // After a request the same time-out is only the end of an idle connection.
                if ended.is_err_and(|error| error.is_timeout()) && !asked.load(Ordering::Relaxed) {
                    self.metrics.count(Metric::SlowClientsClosed);
                }
                return;
            }
            _ = stopped.wait_for(|stopped| *stopped) => {}
            () = sleep(self.limits.lifetime) => {}
        }
        connection.as_mut().graceful_shutdown();
        if timeout(self.limits.grace, connection).await.is_err() {
            self.cut.fetch_add(1, Ordering::Relaxed);
            self.metrics.count(Metric::SlowClientsClosed);
        }
    }

    /// What comes before the first request, in the time that a head is given; nothing where it does not come to its end.
    async fn begin(&self, stream: TcpStream, stopped: &mut watch::Receiver<bool>) -> Option<Stream> {
        if self.door.is_plain() {
            return self.door.open(stream).await;
        }
        let opened = tokio::select! {
            biased;
            opened = timeout(self.limits.header, self.door.open(stream)) => opened,
            _ = stopped.wait_for(|stopped| *stopped) => return None,
        };
        match opened {
            Ok(Some(stream)) => return Some(stream),
            Ok(None) => self.metrics.count(Metric::HandshakesFailed),
            Err(_) => self.metrics.count(Metric::SlowClientsClosed),
        }
        None
    }
}

/// Says that there is no room, where words can be said without a handshake, waits for nothing, and closes.
fn turn_away(stream: TcpStream, door: &Door) {
    if !door.is_plain() {
        return;
    }
    let Ok(mut stream) = stream.into_std() else { return };
    // What was sent and is left unread would make the system reset the connection, and drop our word with it.
    let _ = stream.read(&mut [0; 4096]);
    let _ = stream.write(BUSY);
    let _ = stream.shutdown(Shutdown::Write);
}

#[cfg(test)]
mod tests {
    use tokio::{io::AsyncReadExt, sync::oneshot};

    use super::*;

    /// Fails twice, then gives what the listener gives.
    struct Flaky(TcpListener, u8);

    impl Accept for Flaky {
        async fn accept(&mut self) -> io::Result<TcpStream> {
            if self.1 > 0 {
                self.1 -= 1;
                return Err(io::Error::other("too many open files"));
            }
            Accept::accept(&mut self.0).await
        }
    }

    #[tokio::test]
    async fn a_failing_accept_is_survived() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(async move {
            let (limits, metrics) = (Limits::default(), Arc::default());
            let stop = async {
                let _ = stopped.await;
            };
            run(Flaky(listener, 2), Router::new(), &limits, (metrics, Listener::Providers, Door::Plain), stop).await
        });
        let mut client = TcpStream::connect(address).await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut client, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
        stop.send(()).unwrap();
        assert_eq!(served.await.unwrap(), Drained { cut: 0 });
    }
}
