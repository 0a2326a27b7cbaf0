//! The counters of a running program.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};
use std::time::Duration;

use super::{Ended, Family, Histogram, Kind, Listener, Metric, Reason, Route, Skip, Stage, Text};

/// The counters of a running program, shared by its tasks. They begin at zero.
#[derive(Debug, Default)]
pub struct Metrics {
    counts: [AtomicU64; Metric::ALL.len()],
    skips: [AtomicU64; Skip::ALL.len()],
    connections: [AtomicU64; Listener::ALL.len()],
    in_work: AtomicU64,
    /// Locked where a provider begins to be served and where all is written, never for a call.
    providers: Mutex<Vec<Arc<ProviderMetrics>>>,
    #[cfg(feature = "otel")]
    pub(super) tracer: std::sync::OnceLock<super::trace::Tracer>,
}

/// What is counted of one provider.
#[derive(Debug)]
pub struct ProviderMetrics {
    name: &'static str,
    webhooks: [[AtomicU64; Ended::ALL.len()]; Route::ALL.len()],
    refused: [AtomicU64; Reason::ALL.len()],
    whole: Histogram,
    stages: [Histogram; Stage::ALL.len()],
}

/// How long a webhook took.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// From its head to its answer.
    pub whole: Duration,
    /// Each part of its way, in order; nothing for those that it did not come to.
    pub stages: [Option<Duration>; Stage::ALL.len()],
}

impl ProviderMetrics {
    /// Which provider.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Counts a webhook that is over. `times` where it was believed: strangers don't bend what is told of our own work.
    pub(crate) fn webhook(&self, route: Route, ended: Ended, times: Option<&Times>) {
        self.webhooks[route as usize][ended as usize].fetch_add(1, Ordering::Relaxed);
        let Some(times) = times else { return };
        self.whole.observe(times.whole);
        for (stage, took) in self.stages.iter().zip(times.stages) {
            took.into_iter().for_each(|took| stage.observe(took));
        }
    }

    /// Counts a signature that was refused.
    pub(crate) fn refuse(&self, reason: Reason) {
        self.refused[reason as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// How many webhooks of this route ended so.
    pub fn webhooks(&self, route: Route, ended: Ended) -> u64 {
        self.webhooks[route as usize][ended as usize].load(Ordering::Relaxed)
    }

    /// How many were refused for this reason.
    pub fn refused(&self, reason: Reason) -> u64 {
        self.refused[reason as usize].load(Ordering::Relaxed)
    }

    /// How long this part of the way took.
    pub fn stage(&self, stage: Stage) -> &Histogram {
        &self.stages[stage as usize]
    }
}

/// Something that is open, and counted for as long.
#[derive(Debug)]
pub struct Open<'m>(&'m AtomicU64);

impl<'m> Open<'m> {
    fn new(gauge: &'m AtomicU64) -> Open<'m> {
        gauge.fetch_add(1, Ordering::Relaxed);
        Open(gauge)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
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

    /// A connection, until what is given is dropped.
    pub(crate) fn connection(&self, listener: Listener) -> Open<'_> {
        Open::new(&self.connections[listener as usize])
    }

    /// A webhook in work, until what is given is dropped.
    pub(crate) fn in_work(&self) -> Open<'_> {
        Open::new(&self.in_work)
    }

    /// What is counted of the provider of this name.
    pub fn provider(&self, name: &'static str) -> Arc<ProviderMetrics> {
        let mut providers = self.providers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = providers.iter().find(|known| known.name == name) {
            return known.clone();
        }
        let new = Arc::new(ProviderMetrics {
            name,
            webhooks: Default::default(),
            refused: Default::default(),
            whole: Histogram::default(),
            stages: Default::default(),
        });
        providers.push(new.clone());
        new
    }

    /// All of them, in Prometheus' text format.
    pub fn render(&self) -> Text {
        let mut text = Text::default();
        for metric in Metric::ALL {
            text.head(metric.name(), Kind::Counter, metric.help());
            text.bare(metric.name(), self.get(metric));
        }
        let load = |count: &AtomicU64| count.load(Ordering::Relaxed);
        text.family(Family::AttemptsSkipped, Skip::ALL.map(|why| ([why.name()], self.skipped(why))));
        text.family(Family::WebhooksInWork, [([""; 0], load(&self.in_work))]);
        let open = |listener: Listener| ([listener.name()], load(&self.connections[listener as usize]));
        text.family(Family::ConnectionsOpen, Listener::ALL.map(open));
        let providers = self.providers.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let ends = || Route::ALL.into_iter().flat_map(|route| Ended::ALL.map(|ended| (route, ended)));
        let webhooks = providers.iter().flat_map(|of| {
            ends().map(|(route, ended)| ([of.name, route.name(), ended.name()], of.webhooks(route, ended)))
        });
        text.family(Family::Webhooks, webhooks);
        let refused = |of: &Arc<ProviderMetrics>| {
            let of = of.clone();
            Reason::ALL.map(|reason| ([of.name, reason.name()], of.refused(reason)))
        };
        text.family(Family::Refusals, providers.iter().flat_map(refused));
        text.histograms(Family::WebhookSeconds, providers.iter().map(|of| ([of.name], &of.whole)));
        let stages = providers.iter().flat_map(|of| Stage::ALL.map(|stage| ([of.name, stage.name()], of.stage(stage))));
        text.histograms(Family::StageSeconds, stages);
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
        let text = metrics.render().into_string();
        assert!(text.starts_with("# HELP allo_cmp_webhooks_answered_total Verified webhooks answered"), "{text}");
        assert!(text.contains("# TYPE allo_cmp_urgent_help_total counter\nallo_cmp_urgent_help_total 2\n"), "{text}");
    }

    #[test]
    fn what_is_passed_over_is_counted_by_reason() {
        let metrics = Metrics::default();
        metrics.skip(Skip::Paused);
        for why in Skip::ALL {
            assert_eq!(metrics.skipped(why), u64::from(why == Skip::Paused));
        }
        let text = metrics.render().into_string();
        assert!(text.contains("\nallo_cmp_attempts_skipped_total{reason=\"paused\"} 1\n"), "{text}");
    }

    #[test]
    fn what_is_open_is_counted_until_it_is_closed() {
        let metrics = Metrics::default();
        let open = [metrics.connection(Listener::Providers), metrics.connection(Listener::Providers)];
        let shown = |count: u8| format!("\nallo_cmp_connections_open{{listener=\"providers\"}} {count}\n");
        assert!(metrics.render().into_string().contains(&shown(2)));
        drop(open);
        assert!(metrics.render().into_string().contains(&shown(0)));
    }

    #[test]
    fn the_time_of_a_webhook_is_told_by_provider_and_stage() {
        let metrics = Metrics::default();
        let (of, same) = (metrics.provider("fake"), metrics.provider("fake"));
        let stages = [Some(Duration::from_millis(3)), None, None, None];
        same.webhook(Route::Voice, Ended::Cut, Some(&Times { whole: Duration::from_millis(3), stages }));
        of.webhook(Route::Voice, Ended::Refused, None);
        assert_eq!((of.webhooks(Route::Voice, Ended::Cut), of.stage(Stage::Receive).count()), (1, 1));
        let text = metrics.render().into_string();
        for line in [
            "allo_cmp_webhook_seconds_bucket{provider=\"fake\",le=\"0.002\"} 0",
            "allo_cmp_webhook_seconds_bucket{provider=\"fake\",le=\"0.005\"} 1",
            "allo_cmp_webhook_seconds_bucket{provider=\"fake\",le=\"+Inf\"} 1",
            "allo_cmp_webhook_seconds_sum{provider=\"fake\"} 0.003",
            "allo_cmp_webhook_seconds_count{provider=\"fake\"} 1",
            "allo_cmp_stage_seconds_count{provider=\"fake\",stage=\"verify\"} 0",
            "allo_cmp_webhooks_total{provider=\"fake\",route=\"voice\",outcome=\"refused\"} 1",
        ] {
            assert!(text.contains(&format!("\n{line}\n")), "{line}: {text}");
        }
    }
}
