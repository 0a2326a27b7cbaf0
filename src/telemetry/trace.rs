//! Traces of webhooks, sent to a collector by OTLP over HTTP. Only with the feature `otel`.
//!
//! A trace is made when a webhook is over, from the times that were measured anyway: one span for the whole, and one for each
//! part. All that is said in it comes from closed lists, so that no number, key, token or URL can ever stand there. What the
//! rest of the program logs does not come here.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime},
};

use http_body_util::{BodyExt, Full, Limited};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use opentelemetry::{
    Context, KeyValue,
    trace::{Span, SpanKind, Status, TraceContextExt, Tracer as _, TracerProvider},
};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    trace::{SdkTracer, SdkTracerProvider},
};

use super::{Ended, Label, Metrics, Route, Stage, Times};

/// For one delivery to the collector.
const PATIENCE: Duration = Duration::from_secs(5);

/// Bytes of its answer.
const MOST_ANSWER: usize = 64 * 1024;

/// Traces can't be sent.
#[derive(Debug, thiserror::Error)]
pub enum TracesError {
    /// The system gives no thread.
    #[error("traces can't be sent: {0}")]
    Thread(#[from] std::io::Error),
    /// The address can't be used.
    #[error("telemetry.otlp_endpoint: {0}")]
    Endpoint(String),
}

/// Traces on their way to the collector.
#[derive(Debug)]
pub struct Traces(SdkTracerProvider);

/// Makes traces.
#[derive(Debug)]
pub(super) struct Tracer(SdkTracer);

impl Traces {
    /// From now on the webhooks of `metrics` are traced, and sent to the collector at `endpoint`.
    pub fn start(endpoint: &str, metrics: &Metrics) -> Result<Traces, TracesError> {
        let url = if endpoint.ends_with("/v1/traces") { endpoint.to_owned() } else { format!("{endpoint}/v1/traces") };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Collector::new()?)
            .with_endpoint(url)
            .with_timeout(PATIENCE)
            .build()
            .map_err(|error| TracesError::Endpoint(error.to_string()))?;
        // Empty: nothing of this machine or of its environment is told.
        let resource = Resource::builder_empty()
            .with_service_name("allo-cmp")
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")));
        let provider =
            SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource.build()).build();
        // Set before: then those go on that were there.
        let _ = metrics.tracer.set(Tracer(provider.tracer("allo-cmp")));
        Ok(Traces(provider))
    }

    /// Sends what is left, and ends. Not from a thread that answers calls: it waits for the collector, within bounds.
    pub fn stop(self) {
        if self.0.shutdown_with_timeout(PATIENCE).is_err() {
            tracing::warn!("the last traces could not be delivered");
        }
    }
}

impl Metrics {
    /// Traces a webhook that was believed and is over.
    pub(crate) fn trace(&self, provider: &'static str, route: Route, ended: Ended, times: &Times) {
        let Some(Tracer(tracer)) = self.tracer.get() else { return };
        #[expect(clippy::disallowed_methods, reason = "of a trace, which no call is made from")]
        let end = SystemTime::now();
        let began = end.checked_sub(times.whole).unwrap_or(end);
        let mut whole = tracer
            .span_builder("webhook")
            .with_kind(SpanKind::Server)
            .with_start_time(began)
            .with_attributes([
                KeyValue::new(Label::Provider.name(), provider),
                KeyValue::new(Label::Route.name(), route.name()),
                KeyValue::new(Label::Outcome.name(), ended.name()),
            ])
            .start_with_context(tracer, &Context::new());
        if ended != Ended::Answered {
            whole.set_status(Status::error(ended.name()));
        }
        let within = Context::new().with_span(whole);
        let mut at = began;
        for (stage, took) in Stage::ALL.into_iter().zip(times.stages) {
            let Some(took) = took else { continue };
            let mut part = tracer
                .span_builder(stage.name())
                .with_kind(SpanKind::Internal)
                .with_start_time(at)
                .start_with_context(tracer, &within);
            at += took;
            part.end_with_timestamp(at);
        }
        within.span().end_with_timestamp(end);
    }
}

/// Speaks to the collector: from the one thread that delivers traces, so it has a runtime of its own.
#[derive(Debug)]
struct Collector {
    runtime: tokio::runtime::Runtime,
    client: Client<HttpConnector, Full<Bytes>>,
    /// It could not be reached the last time: that is told once.
    away: Arc<AtomicBool>,
}

impl Collector {
    fn new() -> std::io::Result<Collector> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let client = Client::builder(TokioExecutor::new()).build_http();
        Ok(Collector { runtime, client, away: Arc::default() })
    }

    async fn deliver(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = self.client.request(request.map(Full::new)).await?;
        let (head, body) = answer.into_parts();
        let body = Limited::new(body, MOST_ANSWER).collect().await?.to_bytes();
        Ok(Response::from_parts(head, body))
    }
}

impl HttpClient for Collector {
    fn send_bytes<'s, 'f>(
        &'s self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'f>>
    where
        's: 'f,
    {
        Box::pin(async move {
            let delivered =
                self.runtime.block_on(async { tokio::time::timeout(PATIENCE, self.deliver(request)).await });
            let answer = delivered.unwrap_or_else(|late| Err(late.into()));
            let fails = answer.as_ref().map_or(true, |answer| !answer.status().is_success());
            if fails && !self.away.swap(true, Ordering::Relaxed) {
                tracing::warn!("traces can't be delivered to telemetry.otlp_endpoint: they are lost");
            } else if !fails && self.away.swap(false, Ordering::Relaxed) {
                tracing::info!("traces are delivered again");
            }
            answer
        })
    }
}
