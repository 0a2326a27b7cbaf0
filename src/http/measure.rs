//! How long each part of a webhook's way takes, and what became of it: counted when it is over, however it ends.
//!
//! The clock is looked at between the parts, never inside the engine. Nothing is locked, and no memory asked for.

use std::{
    sync::atomic::{AtomicU8, AtomicU64, Ordering},
    time::{Duration, Instant},
};

use super::app::{App, Site};
use crate::{
    provider::Refusal,
    telemetry::{Ended, Open, ProviderMetrics, Reason, Route, Stage, Times},
};

/// Measures one webhook, until it is dropped.
pub(super) struct Measure<'a> {
    #[cfg(feature = "otel")]
    metrics: &'a crate::telemetry::Metrics,
    provider: &'a ProviderMetrics,
    route: Route,
    began: Instant,
    /// Nanoseconds of each part; 0 where it did not come to that. Written by one task, which may move between threads.
    parts: [AtomicU64; Stage::ALL.len()],
    /// Nanoseconds until the end of the last part.
    until: AtomicU64,
    /// The position of how it ended.
    ended: AtomicU8,
    _in_work: Open<'a>,
}

impl<'a> Measure<'a> {
    /// Begins with a webhook whose head was read. It was cut as long as nothing else is told.
    pub(super) fn begin(app: &'a App, site: &'a Site, path: &str) -> Measure<'a> {
        let route = match path.rsplit('/').next() {
            Some("status") => Route::Status,
            Some("leg") => Route::Leg,
            _ => Route::Voice,
        };
        Measure {
            #[cfg(feature = "otel")]
            metrics: &app.metrics,
            provider: &site.measured,
            route,
            began: Instant::now(),
            parts: Default::default(),
            until: AtomicU64::new(0),
            ended: AtomicU8::new(Ended::Cut as u8),
            _in_work: app.metrics.in_work(),
        }
    }

    /// A part is over. A part that comes twice counts as one.
    pub(super) fn over(&self, stage: Stage) {
        let now = self.nanoseconds();
        let before = self.until.swap(now, Ordering::Relaxed);
        self.parts[stage as usize].fetch_add((now - before.min(now)).max(1), Ordering::Relaxed);
    }

    /// How the webhook ends.
    pub(super) fn ends(&self, ended: Ended) {
        self.ended.store(ended as u8, Ordering::Relaxed);
    }

    fn nanoseconds(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

impl Drop for Measure<'_> {
    fn drop(&mut self) {
        let ended = Ended::ALL.get(usize::from(*self.ended.get_mut())).copied().unwrap_or(Ended::Cut);
        let part = |part: &mut AtomicU64| match *part.get_mut() {
            0 => None,
            nanoseconds => Some(Duration::from_nanos(nanoseconds)),
        };
        let whole = Duration::from_nanos(self.nanoseconds());
        let times = Times { whole, stages: self.parts.each_mut().map(part) };
        let ours = matches!(ended, Ended::Answered | Ended::Apology | Ended::Cut);
        let believed = ours && times.stages[Stage::Verify as usize].is_some();
        self.provider.webhook(self.route, ended, believed.then_some(&times));
        #[cfg(feature = "otel")]
        if believed {
            self.metrics.trace(self.provider.name(), self.route, ended, &times);
        }
    }
}

/// A refusal, as it is counted.
pub(super) fn reason(refusal: Refusal) -> Reason {
    match refusal {
        Refusal::NoSignature => Reason::NoSignature,
        Refusal::OldSignature => Reason::OldSignature,
        Refusal::WrongSignature => Reason::WrongSignature,
        Refusal::WrongBody => Reason::WrongBody,
        Refusal::WrongTime => Reason::WrongTime,
        Refusal::NotCovered => Reason::NotCovered,
    }
}
