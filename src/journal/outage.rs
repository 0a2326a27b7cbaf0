//! When a store that failed is tried again, and what is told of it: once at its beginning, once at its end.

use std::time::Duration;

use tokio::time::Instant;

use super::{StoreError, StoreState};

const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(10);
/// Somebody must mend it.
const BROKEN: Duration = Duration::from_secs(60);

/// How it stands with the store.
#[derive(Debug)]
pub(super) struct Outage {
    since: Instant,
    wait: Duration,
    state: StoreState,
    /// When it is tried again.
    pub(super) retry_at: Instant,
}

impl Outage {
    /// At the start there is no store yet; it is opened at once.
    pub(super) fn new(now: Instant) -> Outage {
        Outage { since: now, wait: FIRST, state: StoreState::Opening, retry_at: now }
    }

    /// How the store stands.
    pub(super) fn state(&self) -> StoreState {
        self.state
    }

    /// The store failed.
    pub(super) fn failed(&mut self, error: &StoreError, now: Instant) {
        if self.state == StoreState::Well {
            self.since = now;
        }
        let (state, wait) = match error {
            StoreError::Away(_) => (StoreState::Away, self.wait),
            StoreError::Broken(_) => (StoreState::Broken, BROKEN),
        };
        if self.state != state {
            match state {
                StoreState::Broken => tracing::error!(
                    %error,
                    "calls go on, what happens in them waits in the spool: mend journal.url or what it names; it is tried every minute"
                ),
                _ => {
                    tracing::warn!(%error, "calls go on, what happens in them waits in the spool until the store is back")
                }
            }
        }
        self.state = state;
        self.wait = (self.wait * 2).min(LONGEST);
        self.retry_at = now + wait;
    }

    /// The store did what it was asked to; so many entries still wait in the spool.
    pub(super) fn over(&mut self, now: Instant, spooled: u64) {
        match self.state {
            StoreState::Well => return,
            StoreState::Opening => tracing::info!(spooled, "the journal is open"),
            _ => {
                let seconds = (now - self.since).as_secs();
                tracing::info!(seconds, spooled, "the journal is open again: what waits in the spool flows in");
            }
        }
        self.state = StoreState::Well;
        self.wait = FIRST;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_wait_grows_to_ten_seconds_and_begins_anew_after_the_end() {
        let (now, mut outage) = (Instant::now(), Outage::new(Instant::now()));
        let away = StoreError::Away(String::new());
        let mut waits = || {
            outage.failed(&away, now);
            (outage.retry_at - now).as_millis()
        };
        assert_eq!([waits(), waits(), waits()], [200, 400, 800]);
        let longest = (0..9).map(|_| waits()).max();
        assert_eq!((longest, waits()), (Some(10_000), 10_000));
        outage.failed(&StoreError::Broken(String::new()), now);
        assert_eq!(((outage.retry_at - now).as_secs(), outage.state()), (60, StoreState::Broken));
        outage.over(now, 0);
        outage.failed(&away, now);
        assert_eq!(((outage.retry_at - now).as_millis(), outage.state()), (200, StoreState::Away));
    }
}
