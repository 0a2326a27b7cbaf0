//! One request to a server, and its whole answer, on a connection of its own: for the commands that ask the server that runs. By
//! HTTP alone: this program speaks no TLS.

use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, Response, body::Bytes};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};

/// Bytes of an answer.
const MAX_ANSWER: usize = 1 << 20;

/// Sends `request`, which may take so long. An error says why there is no answer.
pub(super) async fn send(request: Request<Full<Bytes>>, patience: Duration) -> Result<Response<Bytes>, String> {
    let work = async {
        let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
        let (head, body) = client.request(request).await.map_err(|error| causes(&error))?.into_parts();
        let body = Limited::new(body, MAX_ANSWER).collect().await.map_err(|error| error.to_string())?;
        Ok(Response::from_parts(head, body.to_bytes()))
    };
    tokio::time::timeout(patience, work).await.map_err(|_| format!("no answer within {} s", patience.as_secs()))?
}

fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
