//! Responses: a document in a dialect, or a bare status. No cookie, no redirect, nothing to be stored by a proxy.

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// 200 with a document.
pub(super) fn document(content_type: HeaderValue, body: impl Into<Bytes>) -> Response {
    with(StatusCode::OK, content_type, body)
}

/// `status` with a document.
pub(super) fn with(status: StatusCode, content_type: HeaderValue, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(Body::from(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    response.headers_mut().insert(header::CACHE_CONTROL, NO_STORE);
    response
}

/// `status` and nothing else.
pub(super) fn bare(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CACHE_CONTROL, NO_STORE);
    response
}

/// `status`, and the connection ends: the rest of the request was not read.
pub(super) fn last(status: StatusCode) -> Response {
    let mut response = bare(status);
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
