//! What the program tells its operators: log lines on standard error, and counters.
//!
//! Nothing here can say who called: a metric is a name and a number. Counting takes no lock, so it may stand on the
//! path of a call.

use std::{
    fmt::Write as _,
    io::IsTerminal,
    sync::atomic::{AtomicU64, Ordering},
};

use crate::call::Outcome;

use tracing_subscriber::{EnvFilter, filter::LevelFilter, util::SubscriberInitExt};

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

/// Whether the log tells each fact as it happens, with this filter.
pub fn tells_facts(filter: Option<&str>) -> Result<bool, TelemetryError> {
    let filter = EnvFilter::try_new(filter.unwrap_or(DEFAULT_FILTER)).map_err(TelemetryError::Filter)?;
    // A part of the program may tell more than the others: whichever it is.
    Ok(filter.max_level_hint().is_none_or(|most| most >= LevelFilter::DEBUG))
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
    NumbersReported "numbers_reported" "Numbers of centres that callers say did not work; the log names the centres.",
    LinesRested "lines_rested" "Rests of lines that failed again and again.",
    ConnectionsRefused "connections_refused" "Connections refused because too many were open.",
    SlowClientsClosed "slow_clients_closed" "Connections closed because the client was too slow.",
    Reloads "reloads" "Flows and scripts read again and put on the air.",
    ReloadsRefused "reloads_refused" "Flows and scripts read again and refused.",
    PanicsCaught "panics_caught" "Panics caught: faults of the program, to be reported.",
}

/// Why a line was passed over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Skip {
    /// It holds as many calls as it takes.
    Full,
    /// It failed again and again, and is rested.
    Unhealthy,
    /// Its operator has paused it.
    Paused,
    /// We have no number of our own to call it with.
    NoNumber,
}

impl Skip {
    /// Every reason, in the order in which they are shown.
    pub const ALL: [Skip; 4] = [Skip::Full, Skip::Unhealthy, Skip::Paused, Skip::NoNumber];

    /// Why a reservation with this outcome does not dial, if it doesn't.
    pub fn of(outcome: Outcome) -> Option<Skip> {
        match outcome {
            Outcome::Full => Some(Skip::Full),
            Outcome::Unhealthy => Some(Skip::Unhealthy),
            Outcome::Paused => Some(Skip::Paused),
            Outcome::Unreachable => Some(Skip::NoNumber),
            Outcome::Reserved | Outcome::Partly(_) | Outcome::Unknown => None,
        }
    }

    /// The name, as a label.
    pub fn name(self) -> &'static str {
        match self {
            Skip::Full => "full",
            Skip::Unhealthy => "unhealthy",
            Skip::Paused => "paused",
            Skip::NoNumber => "no_number",
        }
    }
}

/// What is told of each line, as it is now. The one label is the name of the line, as its operator wrote it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gauge {
    /// Calls of ours that it holds.
    Held,
    /// 0 well, 1 tried by one call, 2 rested.
    Breaker,
    /// 1 while it is paused.
    Paused,
}

impl Gauge {
    /// Every gauge, in the order in which they are shown.
    pub const ALL: [Gauge; 3] = [Gauge::Held, Gauge::Breaker, Gauge::Paused];

    /// The name, as Prometheus wants it.
    pub fn name(self) -> &'static str {
        match self {
            Gauge::Held => "allo_cmp_line_held",
            Gauge::Breaker => "allo_cmp_line_breaker",
            Gauge::Paused => "allo_cmp_line_paused",
        }
    }

    /// What it tells, in a sentence.
    pub fn help(self) -> &'static str {
        match self {
            Gauge::Held => "Calls that the line holds now.",
            Gauge::Breaker => "0: calls go through; 1: one call tries it; 2: rested, it failed again and again.",
            Gauge::Paused => "1 while its operator has paused it.",
        }
    }

    /// The gauge of every line, in Prometheus' text format, after what stands in `text`.
    pub fn render<'l>(self, text: &mut String, lines: impl Iterator<Item = (&'l str, u32)>) {
        let (name, help) = (self.name(), self.help());
        // Writing into a string can't fail.
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
        for (line, value) in lines {
            let line = line.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let _ = writeln!(text, "{name}{{line=\"{line}\"}} {value}");
        }
    }
}

/// The counters of a running program, shared by its tasks. They begin at zero.
#[derive(Debug, Default)]
pub struct Metrics {
    counts: [AtomicU64; Metric::ALL.len()],
    skips: [AtomicU64; Skip::ALL.len()],
}

impl Metrics {
    /// Counts one more.
    pub fn count(&self, metric: Metric) {
        self.counts[metric as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// Counts one more line that was passed over.
    pub fn skip(&self, why: Skip) {
        self.skips[why as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// How many lines were passed over for this reason.
    pub fn skipped(&self, why: Skip) -> u64 {
        self.skips[why as usize].load(Ordering::Relaxed)
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
        let name = "allo_cmp_attempts_skipped_total";
        let _ = writeln!(text, "# HELP {name} Lines passed over, by reason.\n# TYPE {name} counter");
        for why in Skip::ALL {
            let _ = writeln!(text, "{name}{{reason=\"{}\"}} {}", why.name(), self.skipped(why));
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
        assert_eq!(text.lines().count(), 3 * Metric::ALL.len() + 2 + Skip::ALL.len());
    }

    #[test]
    fn what_is_passed_over_is_counted_by_reason() {
        let metrics = Metrics::default();
        metrics.skip(Skip::Paused);
        for why in Skip::ALL {
            assert_eq!(metrics.skipped(why), u64::from(why == Skip::Paused));
        }
        assert!(metrics.render().contains("\nallo_cmp_attempts_skipped_total{reason=\"paused\"} 1\n"));
    }

    #[test]
    fn a_gauge_has_a_value_for_each_line() {
        let mut text = String::new();
        Gauge::Held.render(&mut text, [("a", 2), ("b\"\\", 0)].into_iter());
        assert!(
            text.ends_with("gauge\nallo_cmp_line_held{line=\"a\"} 2\nallo_cmp_line_held{line=\"b\\\"\\\\\"} 0\n"),
            "{text}"
        );
    }

    #[test]
    fn only_a_filter_for_details_tells_facts() {
        for (filter, tells) in
            [(None, false), (Some("warn"), false), (Some("debug"), true), (Some("info,allo_cmp::http=trace"), true)]
        {
            assert_eq!(tells_facts(filter).unwrap(), tells, "{filter:?}");
        }
    }

    #[test]
    fn a_filter_that_makes_no_sense_is_an_error() {
        assert!(matches!(init(false, Some("info,=,==")), Err(TelemetryError::Filter(_))));
    }
}
