//! What the program tells its operators: log lines on standard error, and counters.
//!
//! Nothing here can say who called: a metric is a name and a number. Counting takes no lock, so it may stand on the
//! path of a call.

use std::{
    fmt::Write as _,
    io::IsTerminal,
    sync::atomic::{AtomicU64, Ordering},
};

use tracing_subscriber::{EnvFilter, util::SubscriberInitExt};

/// The filter of log lines when none is given.
pub const DEFAULT_FILTER: &str = "info";

/// Logging can't be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter can't be understood.
    #[error(
        "the log filter can't be understood: write a level, as in info, or parts with levels, as in info,hyper=warn"
    )]
    Filter(#[source] tracing_subscriber::filter::ParseError),
    /// It was set up before.
    #[error("logging was set up twice")]
    Twice(#[source] tracing_subscriber::util::TryInitError),
}

/// Sends log lines to standard error from here on: as text, or one JSON object per line. `filter` as in `RUST_LOG`.
pub fn init(json: bool, filter: Option<&str>) -> Result<(), TelemetryError> {
    let filter = EnvFilter::try_new(filter.unwrap_or(DEFAULT_FILTER)).map_err(TelemetryError::Filter)?;
    // A line that can't be written (a full disk, a reader that has gone) is lost: complaining of it would panic.
    let lines =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).log_internal_errors(false);
    // Colours are for a terminal, not for a file or the journal; on a terminal NO_COLOR still has the last word.
    let lines = if std::io::stderr().is_terminal() { lines } else { lines.with_ansi(false) };
    if json { lines.json().finish().try_init() } else { lines.finish().try_init() }.map_err(TelemetryError::Twice)
}

macro_rules! metrics {
    ($($variant:ident $name:literal $help:literal,)*) => {
        /// What is counted.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Metric {
            $(#[doc = $help] $variant,)*
        }

        impl Metric {
            /// Every metric, in the order in which they are shown.
            pub const ALL: [Metric; [$($name),*].len()] = [$(Metric::$variant),*];

            /// The name, as Prometheus wants it.
            pub fn name(self) -> &'static str {
                match self { $(Metric::$variant => concat!("allo_cmp_", $name, "_total"),)* }
            }

            /// What it counts, in a sentence.
            pub fn help(self) -> &'static str {
                match self { $(Metric::$variant => $help,)* }
            }
        }
    };
}

metrics! {
    WebhooksAnswered "webhooks_answered" "Verified webhooks answered.",
    SignatureRefused "signature_refused" "Webhooks refused because their signature is missing or wrong.",
    UnreadableTokens "unreadable_tokens" "Webhooks whose token could not be read.",
    FailuresAnswered "failures_answered" "Webhooks answered with the spoken apology.",
    CallsBegun "calls_begun" "Calls that began.",
    UrgentHelp "urgent_help" "Presses of the key for urgent help.",
    TransfersTried "transfers_tried" "Transfers tried.",
    ConnectionsRefused "connections_refused" "Connections refused because too many were open.",
    SlowClientsClosed "slow_clients_closed" "Connections closed because the client was too slow.",
    Reloads "reloads" "Flows and scripts read again and put on the air.",
    ReloadsRefused "reloads_refused" "Flows and scripts read again and refused.",
    PanicsCaught "panics_caught" "Panics caught: faults of the program, to be reported.",
}

/// The counters of a running program, shared by its tasks. They begin at zero.
#[derive(Debug, Default)]
pub struct Metrics {
    counts: [AtomicU64; Metric::ALL.len()],
}

impl Metrics {
    /// Counts one more.
    pub fn count(&self, metric: Metric) {
        self.counts[metric as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// How many there were.
    pub fn get(&self, metric: Metric) -> u64 {
        self.counts[metric as usize].load(Ordering::Relaxed)
    }

    /// All of them, in Prometheus' text format.
    pub fn render(&self) -> String {
        let mut text = String::with_capacity(2048);
        for metric in Metric::ALL {
            let (name, help, count) = (metric.name(), metric.help(), self.get(metric));
            // Writing into a string can't fail.
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} counter\n{name} {count}");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_metric_counts_for_itself_and_is_shown() {
        let metrics = Metrics::default();
        metrics.count(Metric::UrgentHelp);
        metrics.count(Metric::UrgentHelp);
        metrics.count(Metric::PanicsCaught);
        for metric in Metric::ALL {
            let expected = match metric {
                Metric::UrgentHelp => 2,
                Metric::PanicsCaught => 1,
                _ => 0,
            };
            assert_eq!(metrics.get(metric), expected, "{metric:?}");
        }
        let text = metrics.render();
        assert!(text.starts_with("# HELP allo_cmp_webhooks_answered_total Verified webhooks answered"), "{text}");
        assert!(text.contains("# TYPE allo_cmp_urgent_help_total counter\nallo_cmp_urgent_help_total 2\n"), "{text}");
        assert_eq!(text.lines().count(), 3 * Metric::ALL.len());
    }

    #[test]
    fn a_filter_that_makes_no_sense_is_an_error() {
        assert!(matches!(init(false, Some("info,=,==")), Err(TelemetryError::Filter(_))));
    }
}
