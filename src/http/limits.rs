//! The bounds of the server: how many, how large, how long. Numbers only, mapped from the settings by whoever serves.

use std::time::Duration;

/// Bounds of time, size and number. The defaults suit one machine behind a reverse proxy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Connections open at once; the next one hears 503 and is closed.
    pub connections: usize,
    /// Webhooks in work at once; the next one is answered 503.
    pub requests: usize,
    /// Bytes of a request's body; a larger one is answered 413.
    pub body_bytes: usize,
    /// For the whole head of a request, from the connection or from the answer before: so also for an idle connection.
    ///
    /// A reverse proxy must forget idle connections sooner than this. Keep it below `request`.
    pub header: Duration,
    /// For the whole body of a request, after its head; then 408.
    pub body: Duration,
    /// From the head of a request to its answer; then 503. A net below the finer bounds of the webhook.
    pub request: Duration,
    /// After which the next answer on a connection is its last, and the end comes soon, whatever it does: one that never reads its
    /// answers ends too.
    pub lifetime: Duration,
    /// From the signal to stop until connections are no longer accepted: a balancer sees `/readyz` first, and each answer ends its
    /// connection, so that none is left idle for a proxy to use while we close it. Zero where a process that takes its place waits
    /// for the port.
    pub linger: Duration,
    /// For the first request of a connection that was accepted just before the end.
    pub first: Duration,
    /// For requests in flight once a connection was asked to end.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections: 1024,
            requests: 256,
            body_bytes: 64 * 1024,
            header: Duration::from_secs(10),
            body: Duration::from_secs(5),
            request: Duration::from_secs(12),
            lifetime: Duration::from_secs(600),
            linger: Duration::ZERO,
            first: Duration::from_millis(400),
            grace: Duration::from_secs(10),
        }
    }
}
