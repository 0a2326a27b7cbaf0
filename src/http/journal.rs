//! How the journal stands, as operators see it.

use serde_json::{Value, json};

use super::app::App;
use crate::{
    lines::moment,
    telemetry::{Family, JournalState, Text},
};

/// The journal as it is now.
pub(super) struct Now {
    pub(super) state: JournalState,
    /// Since which second (since 1970) it is in this state; 0 where that is not known.
    since: i64,
    /// Webhooks whose facts wait in the queue.
    waiting: u64,
    /// Facts in memory, not yet with the store.
    held: u64,
    /// Facts that wait in the file, and its bytes.
    spooled: u64,
    spooled_bytes: u64,
    pub(super) spool_fails: bool,
    stored: u64,
    pub(super) lost: u64,
    /// Milliseconds that the oldest fact of those stored last had waited.
    lag_ms: u64,
}

/// The one place that asks the journal.
pub(super) fn now(app: &App) -> Now {
    let recorder = app.recorder();
    Now {
        state: if recorder.is_on() { JournalState::Well } else { JournalState::Off },
        since: 0,
        waiting: u64::try_from(recorder.waiting()).unwrap_or(u64::MAX),
        held: 0,
        spooled: 0,
        spooled_bytes: 0,
        spool_fails: false,
        stored: 0,
        lost: recorder.lost(),
        lag_ms: 0,
    }
}

impl Now {
    /// Its metrics.
    pub(super) fn metrics(&self, text: &mut Text) {
        let state = |state: JournalState| ([state.name()], u8::from(state == self.state));
        text.family(Family::JournalIs, JournalState::ALL.map(state));
        let mut one = |family, figure: u64| text.family(family, [([""; 0], figure)]);
        one(Family::JournalQueue, self.waiting);
        one(Family::JournalHeld, self.held);
        one(Family::JournalSpooledEntries, self.spooled);
        one(Family::JournalSpooledBytes, self.spooled_bytes);
        one(Family::JournalSpoolFails, u64::from(self.spool_fails));
        one(Family::JournalStored, self.stored);
        one(Family::JournalLost, self.lost);
        text.family(Family::JournalLagSeconds, [([""; 0], self.lag_seconds())]);
    }

    /// The same for `/readyz`.
    pub(super) fn json(&self) -> Value {
        let since = u32::try_from(self.since / 60).ok().filter(|minute| *minute > 0);
        json!({
            "state": self.state.name(),
            "since": since.map(moment::written),
            "queue": self.waiting,
            "held": self.held,
            "spooled_entries": self.spooled,
            "spooled_bytes": self.spooled_bytes,
            "spool_fails": self.spool_fails,
            "stored": self.stored,
            "lost": self.lost,
            "lag_seconds": self.lag_seconds(),
        })
    }

    fn lag_seconds(&self) -> f64 {
        std::time::Duration::from_millis(self.lag_ms).as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_that_is_away_is_told_with_what_waits() {
        let now = Now {
            state: JournalState::Away,
            since: 1_764_633_600,
            waiting: 1,
            held: 2,
            spooled: 3,
            spooled_bytes: 400,
            spool_fails: false,
            stored: 5,
            lost: 6,
            lag_ms: 1_500,
        };
        let told = now.json();
        assert_eq!((&told["state"], &told["lag_seconds"]), (&"away".into(), &1.5.into()));
        assert_eq!((&told["since"], &told["spooled_bytes"]), (&"2025-12-02T01:00:00+01:00".into(), &400.into()));
        let mut text = Text::default();
        now.metrics(&mut text);
        let text = text.into_string();
        for line in ["state{state=\"away\"} 1", "state{state=\"well\"} 0", "lag_seconds 1.5", "lost_total 6", "held 2"]
        {
            assert!(text.contains(&format!("\nallo_cmp_journal_{line}\n")), "{line}: {text}");
        }
    }
}
