//! Connections: accepted, counted, bounded in time, and ended gently.
//!
//! Our own loop, because `axum::serve` has no time-out for the head of a request: clients that are silent or dribble
//! would stay for ever. Here every connection has an end: its head, its idle time and its whole life are bounded (the
//! body and the answer are bounded in `receive` and `routes`). Knows nothing of what is served.

use std::{
    convert::Infallible,
    future::Future,
    io::{self, Read, Write},
    net::Shutdown,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    http::{HeaderValue, header::CONNECTION},
};
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

/// Serves `router` until `stop` is ready, then leaves: for [`Limits::linger`] connections are still accepted, and each answer
/// is the last on its connection; then none is accepted, and those that are open end. What connects later to a socket that
/// somebody else holds, too, waits for the next program.
pub(super) async fn run(
    listener: impl Accept,
    router: Router,
    limits: &Limits,
    (metrics, side, door): (Arc<Metrics>, Listener, Door),
    stop: impl Future<Output = ()>,
) -> Drained {
    let places = Arc::new(Semaphore::new(limits.connections));
    let (closing, closed) = watch::channel(false);
    let leaving = AtomicBool::new(false);
    let shared =
        Arc::new(Shared { router, limits: limits.clone(), metrics, side, door, leaving, cut: AtomicUsize::new(0) });
    let mut entrance = Entrance { listener, places: places.clone(), shared: shared.clone(), closed };
    entrance.open(stop).await;
    shared.leaving.store(true, Ordering::Relaxed);
    entrance.open(sleep(limits.linger)).await;
    drop(entrance);
    closing.send_replace(true);
    // Each connection ends itself within these times; the second is for one that blocks its thread.
    let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    let longest = limits.first + limits.grace + Duration::from_secs(1);
    let ended = timeout(longest, places.acquire_many(all)).await;
    let stuck = if ended.is_ok() { 0 } else { limits.connections - places.available_permits() };
    Drained { cut: shared.cut.load(Ordering::Relaxed) + stuck }
}

/// Where connections come in.
struct Entrance<A> {
    listener: A,
    places: Arc<Semaphore>,
    shared: Arc<Shared>,
    closed: watch::Receiver<bool>,
}

impl<A: Accept> Entrance<A> {
    /// Accepts connections until `end`.
    async fn open(&mut self, end: impl Future<Output = ()>) {
        let failures = Seldom::default();
        let mut pause = PAUSE.0;
        tokio::pin!(end);
        loop {
            let accepted = tokio::select! {
                biased;
                () = &mut end => return,
                accepted = self.listener.accept() => accepted,
            };
            match accepted {
                Ok(stream) => {
                    pause = PAUSE.0;
                    self.take_in(stream);
                }
                // Out of descriptors, or a client that was gone at once: neither is a reason to stop answering calls.
                Err(error) => {
                    if let Some(total) = failures.due() {
                        tracing::warn!(%error, total, "a connection could not be accepted");
                    }
                    tokio::select! { () = &mut end => return, () = sleep(pause) => {} }
                    pause = (pause * 2).min(PAUSE.1);
                }
            }
        }
    }

    fn take_in(&self, stream: TcpStream) {
        let Ok(place) = self.places.clone().try_acquire_owned() else {
            self.shared.metrics.count(Metric::ConnectionsRefused);
            return turn_away(stream, &self.shared.door);
        };
        let (shared, closed) = (self.shared.clone(), self.closed.clone());
        tokio::spawn(async move {
            shared.hold(stream, closed).await;
            drop(place);
        });
    }
}

/// What all connections of a listener share.
struct Shared {
    router: Router,
    limits: Limits,
    metrics: Arc<Metrics>,
    side: Listener,
    door: Door,
    /// From now on each answer is the last on its connection.
    leaving: AtomicBool,
    cut: AtomicUsize,
}

impl Shared {
    /// Holds one connection to its end.
    async fn hold(&self, stream: TcpStream, mut closed: watch::Receiver<bool>) {
        let _open = self.metrics.connection(self.side);
        // Answers are small and awaited by a person: they must not wait for company.
        let _ = stream.set_nodelay(true);
        let Some(stream) = self.begin(stream, &mut closed).await else { return };
        let (asked, aged) = (AtomicBool::new(false), AtomicBool::new(false));
        let service = service_fn(|request: hyper::Request<Incoming>| {
            asked.store(true, Ordering::Relaxed);
            let answer = self.router.clone().call(request);
            async {
                let mut response = answer.await?;
                if self.leaving.load(Ordering::Relaxed) || aged.load(Ordering::Relaxed) {
                    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
                }
                Ok::<_, Infallible>(response)
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.header)
            .max_buf_size(MAX_HEAD)
            .serve_connection(TokioIo::new(stream), service);
        tokio::pin!(connection);
        // A connection that is used has its last answer before this is over, and an idle one has ended by itself: who closed it
        // any sooner could meet a request that is on its way.
        let ages = async {
            sleep(self.limits.lifetime).await;
            aged.store(true, Ordering::Relaxed);
            sleep(self.limits.header).await;
        };

        tokio::select! {
            biased;
            ended = connection.as_mut() => {
                // After a request the same time-out is only the end of an idle connection.
                if ended.is_err_and(|error| error.is_timeout()) && !asked.load(Ordering::Relaxed) {
                    self.metrics.count(Metric::SlowClientsClosed);
                }
                return;
            }
            _ = closed.wait_for(|closed| *closed) => {}
            () = ages => {}
        }
        // Accepted just now: its request is on its way, and must not be met by a closed connection.
        let new = !asked.load(Ordering::Relaxed);
        if new && timeout(self.limits.first, connection.as_mut()).await.is_ok() {
            return;
        }
        connection.as_mut().graceful_shutdown();
        if timeout(self.limits.grace, connection).await.is_err() {
            self.cut.fetch_add(1, Ordering::Relaxed);
            self.metrics.count(Metric::SlowClientsClosed);
        }
    }

    /// What comes before the first request, in the time that a head is given; nothing where it does not come to its end.
    async fn begin(&self, stream: TcpStream, closed: &mut watch::Receiver<bool>) -> Option<Stream> {
        if self.door.is_plain() {
            return self.door.open(stream).await;
        }
        // As with a first request: whoever was accepted just before the end may be in the middle of it.
        let late = async {
            let _ = closed.wait_for(|closed| *closed).await;
            sleep(self.limits.first).await;
        };
        let opened = tokio::select! {
            biased;
            opened = timeout(self.limits.header, self.door.open(stream)) => opened,
            () = late => return None,
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
