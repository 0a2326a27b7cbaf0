//! What the program tells its operators: log lines on standard error, counters, gauges, and how long webhooks take.
//!
//! Nothing here can say who called: a metric is a name, labels out of closed lists or out of the operator's own files, and a
//! number. Counting takes no lock and asks for no memory, so it may stand on the path of a call. Every name of a metric
//! stands in [`Metric`] or [`Family`], and nowhere else.

mod family;
mod histogram;
mod label;
mod log;
mod metric;
mod metrics;
mod text;
#[cfg(feature = "otel")]
mod trace;
mod writer;

#[cfg(feature = "otel")]
pub use self::trace::{Traces, TracesError};
pub use self::{
    family::{Family, Kind, Known, known},
    histogram::{BOUNDS, Histogram},
    label::{Ended, Label, Listener, Reason, Route, Skip, Stage},
    log::{DEFAULT_FILTER, TelemetryError, init, tells_facts},
    metric::Metric,
    metrics::{Metrics, Open, ProviderMetrics, Times},
    text::Text,
};
