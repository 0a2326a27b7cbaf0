//! A request as it came, whole and untouched: signatures are computed over exactly what was sent.
//!
//! The body is read within its own bounds of time and size. The URL is the configured public one with the path and query
//! received: `Host` and `X-Forwarded-*` are claims of the sender and are not read.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{self, HeaderMap, StatusCode},
    response::Response,
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{
    app::{App, Site},
    limits::Limits,
    measure::Measure,
    query::Query,
    reply,
};
use crate::{
    provider::{Headers, Method, RawRequest},
    telemetry::{Ended, Metric, Stage},
};

/// What the routes share.
pub(super) struct Server {
    pub(super) app: Arc<App>,
    pub(super) limits: Limits,
    /// Webhooks that may be in work beside those that are.
    pub(super) free: Semaphore,
}

/// A webhook, read but not believed.
pub(super) struct Received<'a> {
    /// The provider whose path was called.
    pub(super) site: &'a Site,
    method: Method,
    url: String,
    headers: HeaderMap,
    body: Bytes,
    now_seconds: u64,
    /// How long it takes.
    pub(super) measure: Measure<'a>,
    /// One of the webhooks in work, until it is answered.
    _place: SemaphorePermit<'a>,
}

impl<'a> Received<'a> {
    /// Reads a request to one of our providers; else the response to give.
    pub(super) async fn read(server: &'a Server, request: Request) -> Result<Received<'a>, Response> {
        let (head, body) = request.into_parts();
        let name = head.uri.path().split('/').nth(1).unwrap_or("");
        let Some(site) = server.app.site(name) else { return Err(reply::bare(StatusCode::NOT_FOUND)) };
        let method = match head.method {
            http::Method::GET => Method::Get,
            http::Method::POST => Method::Post,
            _ => return Err(reply::last(StatusCode::METHOD_NOT_ALLOWED)),
        };
        let measure = Measure::begin(&server.app, site, head.uri.path());
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
        let url = [&server.app.public_url, path].concat();
        let body = tokio::time::timeout(server.limits.body, collect(body, server.limits.body_bytes)).await;
        let body = body.unwrap_or(Err(StatusCode::REQUEST_TIMEOUT)).map_err(|status| {
            if status == StatusCode::REQUEST_TIMEOUT {
                server.app.metrics.count(Metric::SlowClientsClosed);
            }
            measure.ends(Ended::Unread);
            reply::last(status)
        })?;
        // Only now: whoever sends a body slowly keeps nobody else from being answered.
        let Ok(place) = server.free.try_acquire() else {
            server.app.metrics.count(Metric::ConnectionsRefused);
            measure.ends(Ended::Shed);
            return Err(reply::last(StatusCode::SERVICE_UNAVAILABLE));
        };
        let now_seconds = server.app.clock.second();
        measure.over(Stage::Receive);
        Ok(Received { site, method, url, headers: head.headers, body, now_seconds, measure, _place: place })
    }

    /// The request, as dialects read it.
    pub(super) fn raw(&self) -> RawRequest<'_> {
        let now_seconds = self.now_seconds;
        RawRequest { method: self.method, url: &self.url, headers: self, body: &self.body, now_seconds }
    }

    /// Our own parameters.
    pub(super) fn query(&self) -> Query<'_> {
        Query::read(self.url.split_once('?').map_or("", |(_, query)| query))
    }
}

impl Headers for Received<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

async fn collect(body: Body, most: usize) -> Result<Bytes, StatusCode> {
    use axum::body::HttpBody;
    if body.size_hint().lower() > most as u64 {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    match Limited::new(body, most).collect().await {
        Ok(whole) => Ok(whole.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => Err(StatusCode::BAD_REQUEST),
    }
}
