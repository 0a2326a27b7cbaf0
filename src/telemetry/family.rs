//! The metrics that have labels, tell a state, or a time; and the list of all that are known.

use super::{Label, Metric};

/// What a metric is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// It only grows.
    Counter,
    /// It tells how something stands.
    Gauge,
    /// It tells how long something took, in seconds.
    Histogram,
}

impl Kind {
    /// The name, as Prometheus wants it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        }
    }
}

macro_rules! families {
    ($($variant:ident $kind:ident $name:literal [$($label:ident)*] $help:literal,)*) => {
        /// A metric with all its labels.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Family {
            $(#[doc = $help] $variant,)*
        }

        impl Family {
            /// Every family.
            pub const ALL: [Family; [$($name),*].len()] = [$(Family::$variant),*];

            /// The name, as Prometheus wants it.
            pub fn name(self) -> &'static str {
                match self { $(Family::$variant => concat!("allo_cmp_", $name),)* }
            }

            /// What it is.
            pub fn kind(self) -> Kind {
                match self { $(Family::$variant => Kind::$kind,)* }
            }

            /// Its labels, in their order.
            pub fn labels(self) -> &'static [Label] {
                match self { $(Family::$variant => &[$(Label::$label),*],)* }
            }

            /// What it tells, in a sentence.
            pub fn help(self) -> &'static str {
                match self { $(Family::$variant => $help,)* }
            }
        }
    };
}

families! {
    AttemptsSkipped Counter "attempts_skipped_total" [Skipped] "Lines passed over, by reason.",
    Webhooks Counter "webhooks_total" [Provider Route Outcome] "Webhooks that came, by what became of them.",
    Refusals Counter "refusals_total" [Provider Refused] "Webhooks refused, by what is wrong with their signature.",
    WebhookSeconds Histogram "webhook_seconds" [Provider] "From the head of a believed webhook to its answer.",
    StageSeconds Histogram "stage_seconds" [Provider Stage] "The parts of the way of a believed webhook.",
    WebhooksInWork Gauge "webhooks_in_work" [] "Webhooks that came and are not answered yet.",
    ConnectionsOpen Gauge "connections_open" [Listener] "Connections that are open.",
    LineHeld Gauge "line_held" [Line] "Calls that the line holds now.",
    LineBreaker Gauge "line_breaker" [Line] "0: calls go through; 1: one call tries it; 2: rested, it failed again and again.",
    LinePaused Gauge "line_paused" [Line] "1 while its operator has paused it.",
    DirectoryAgeDays Gauge "directory_age_days" [] "Days since the day of the list of centres.",
    DirectoryStale Gauge "directory_stale" [] "1 where the list of centres is too old to be used.",
    ReviewsPassed Gauge "reviews_passed" [] "Scripts and facts that were to be read or checked again before today.",
    CertificateEnds Gauge "certificate_ends_seconds" [] "When the certificate in use ends, in seconds since 1970.",
    JournalIs Gauge "journal_state" [State] "1 for the state in which the journal is.",
    JournalQueue Gauge "journal_queue" [] "Webhooks whose facts wait in memory.",
    JournalHeld Gauge "journal_held" [] "Facts in memory that the store does not have yet.",
    JournalSpooledEntries Gauge "journal_spooled_entries" [] "Facts that wait in a file.",
    JournalSpooledBytes Gauge "journal_spooled_bytes" [] "Bytes of the file in which facts wait.",
    JournalSpoolFails Gauge "journal_spool_fails" [] "1 where the file for facts that wait could not be written.",
    JournalLagSeconds Gauge "journal_lag_seconds" [] "How long the facts stored last had waited.",
    JournalStored Counter "journal_stored_total" [] "Facts that were stored.",
    JournalLost Counter "journal_lost_total" [] "Facts that were lost: no room in memory, none in the file, or torn there.",
    BuildInfo Gauge "build_info" [Version] "1 for the version that runs.",
    StartTime Gauge "start_time_seconds" [] "When the program started, in seconds since 1970.",
}

/// What there is to know of one metric.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// The name, without the endings of a histogram.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Its labels.
    pub labels: &'static [Label],
    /// What it tells, in a sentence.
    pub help: &'static str,
}

/// Every metric that there is.
pub fn known() -> impl Iterator<Item = Known> {
    let counters =
        Metric::ALL.map(|metric| Known { name: metric.name(), kind: Kind::Counter, labels: &[], help: metric.help() });
    let families = Family::ALL.map(|family| Known {
        name: family.name(),
        kind: family.kind(),
        labels: family.labels(),
        help: family.help(),
    });
    counters.into_iter().chain(families)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique_and_end_as_prometheus_wants() {
        let names: BTreeSet<&str> = known().map(|known| known.name).collect();
        assert_eq!(names.len(), known().count());
        for Known { name, kind, help, .. } in known() {
            assert_eq!(name.ends_with("_total"), kind == Kind::Counter, "{name}");
            assert_eq!(name.ends_with("_seconds") && kind == Kind::Histogram, kind == Kind::Histogram, "{name}");
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{name}");
            assert!(!help.contains(['\\', '\n']) && help.ends_with('.'), "{name}: {help}");
        }
    }
}
