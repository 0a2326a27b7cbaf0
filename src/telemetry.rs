//! What the program tells its operators: counters, by name. Never anything about one caller.

use std::sync::atomic::{AtomicU64, Ordering};

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Metric {
    /// A verified webhook was answered, well or with an apology.
    WebhooksAnswered,
    /// A webhook was not signed by its provider.
    SignatureRefused,
    /// A call came back with a token that can't be read.
    UnreadableTokens,
    /// A failure after verification was answered with the spoken apology.
    FailuresAnswered,
    /// A call began.
    CallsBegun,
    /// Key 9 was pressed.
    UrgentHelp,
    /// A line was dialled.
    TransfersTried,
    /// A connection or a request was turned away because too many were open.
    ConnectionsRefused,
    /// A client was too slow and its connection was closed.
    SlowClientsClosed,
    /// A panic was caught.
    PanicsCaught,
}

impl Metric {
    /// Every metric with its name.
    const ALL: [(Metric, &'static str); 10] = [
        (Metric::WebhooksAnswered, "webhooks_answered"),
        (Metric::SignatureRefused, "signature_refused"),
        (Metric::UnreadableTokens, "unreadable_tokens"),
        (Metric::FailuresAnswered, "failures_answered"),
        (Metric::CallsBegun, "calls_begun"),
        (Metric::UrgentHelp, "urgent_help"),
        (Metric::TransfersTried, "transfers_tried"),
        (Metric::ConnectionsRefused, "connections_refused"),
        (Metric::SlowClientsClosed, "slow_clients_closed"),
        (Metric::PanicsCaught, "panics_caught"),
    ];
}

/// The counters. Lock-free.
#[derive(Default, Debug)]
pub struct Metrics {
    counts: [AtomicU64; 10],
}

impl Metrics {
    /// Counts one more.
    pub fn count(&self, metric: Metric) {
        self.counts[metric as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// How many there were since the start.
    pub fn get(&self, metric: Metric) -> u64 {
        self.counts[metric as usize].load(Ordering::Relaxed)
    }

    /// All of them, in the text form of Prometheus.
    pub fn render(&self) -> String {
        let line = |(metric, name): &(Metric, &str)| format!("allo_cmp_{name}_total {}\n", self.get(*metric));
        Metric::ALL.iter().map(line).collect()
    }
}
