//! How the journal stands, as operators see it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    journal::{Health, StoreState},
    lines::moment,
    telemetry::{Family, Text},
};

/// Its metrics.
pub(super) fn metrics(journal: &Health, text: &mut Text) {
    let state = |state: StoreState| ([state.name()], u8::from(state == journal.store));
    text.family(Family::JournalIs, StoreState::ALL.map(state));
    let mut one = |family, figure: u64| text.family(family, [([""; 0], figure)]);
    one(Family::JournalQueue, journal.waiting);
    one(Family::JournalHeld, journal.held);
    one(Family::JournalSpooledEntries, journal.spooled);
    one(Family::JournalSpooledBytes, journal.spooled_bytes);
    one(Family::JournalSpoolFails, u64::from(journal.spool_fails));
    one(Family::JournalStored, journal.stored);
    one(Family::JournalLost, journal.lost);
    text.family(Family::JournalLagSeconds, [([""; 0], lag_seconds(journal))]);
}

/// The same for `/readyz`.
pub(super) fn json(journal: &Health) -> Value {
    let since = u32::try_from(journal.since / 60).ok().filter(|minute| *minute > 0);
    json!({
        "state": journal.store.name(),
        "since": since.map(moment::written),
        "queue": journal.waiting,
        "held": journal.held,
        "spooled_entries": journal.spooled,
        "spooled_bytes": journal.spooled_bytes,
        "spool_fails": journal.spool_fails,
        "stored": journal.stored,
        "lost": journal.lost,
        "lag_seconds": lag_seconds(journal),
        "ended_unclean": journal.ended_unclean,
    })
}

fn lag_seconds(journal: &Health) -> f64 {
    Duration::from_millis(journal.lag_ms).as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_that_is_away_is_told_with_what_waits() {
        let health = Health {
            store: StoreState::Away,
            since: 1_764_633_600,
            waiting: 1,
            held: 2,
            spooled: 3,
            spooled_bytes: 400,
            stored: 5,
            lost: 6,
            lag_ms: 1_500,
            ..Health::default()
        };
        let told = json(&health);
        assert_eq!((&told["state"], &told["lag_seconds"]), (&"away".into(), &1.5.into()));
        assert_eq!((&told["since"], &told["spooled_bytes"]), (&"2025-12-02T01:00:00+01:00".into(), &400.into()));
        let mut text = Text::default();
        metrics(&health, &mut text);
        let text = text.into_string();
        for line in ["state{state=\"away\"} 1", "state{state=\"well\"} 0", "lag_seconds 1.5", "lost_total 6", "held 2"]
        {
            assert!(text.contains(&format!("\nallo_cmp_journal_{line}\n")), "{line}: {text}");
        }
    }
}
