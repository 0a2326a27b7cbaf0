//! How long the journal keeps what: the whole journal, with a real file and a clock that is moved.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use allo_cmp::{
    call::CallKey,
    journal::{Batch, Happening, Journal, Kind, Options, Recorder, Store, StoreOptions, TallyKind, open_store},
};

use crate::journal_home::{Home, NOON, tallies};

const DAY: i64 = 24 * 3_600;

/// The journal of a program that keeps single facts for so many days.
fn start(home: &Home, clock: &Arc<AtomicI64>, keep_days: u32) -> (Recorder, Journal) {
    let clock = clock.clone();
    let options = Options {
        secret: crate::line::SECRET.to_owned(),
        spool: home.file().with_extension("spool"),
        spool_bytes: 1 << 20,
        second: Arc::new(move || clock.load(Ordering::Relaxed)),
    };
    let store = StoreOptions { url: home.url.clone(), keep_days };
    let (recorder, journal) = Journal::start(options, move || open_store(store.clone()));
    (recorder, journal.unwrap())
}

fn record(recorder: &Recorder, call: &str, second: i64, kind: Kind, subject: &str) {
    let facts = vec![Happening { kind, subject: subject.into(), outcome: None, talked: None }];
    recorder.record(Batch { call: CallKey::of(Some(call)), turn: 0, second, lang: None, caller: None, facts });
}

/// Waits until the journal holds so many single facts.
async fn holds_facts(home: &Home, count: i64) {
    for _ in 0..500 {
        if home.file().exists() && home.number("SELECT COUNT(*) FROM facts").await == count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("there are {} facts", home.number("SELECT COUNT(*) FROM facts").await);
}

/// Facts of the first day, then the program `days` later: whether single facts of the first day are in its files.
async fn is_kept(keep_days: u32, days: i64) -> bool {
    let home = Home::sqlite();
    drop(home.open().await);
    let clock = Arc::new(AtomicI64::new(NOON));
    let (recorder, journal) = start(&home, &clock, keep_days);
    record(&recorder, "old", NOON, Kind::Reached, "documents");
    holds_facts(&home, 1).await;
    let ids = home.bytes("SELECT id FROM facts").await;
    assert!(home.holds(&ids[0]), "the search can find it");
    tokio::task::spawn_blocking(|| journal.stop()).await.unwrap();

    clock.store(NOON + days * DAY, Ordering::Relaxed);
    let (recorder, journal) = start(&home, &clock, keep_days);
    record(&recorder, "new", NOON + days * DAY, Kind::Reached, "centres");
    // Of the sweep at the start nothing is told: that it is over is seen by what it closed.
    for _ in 0..500 {
        if home.number("SELECT COUNT(*) FROM tallies WHERE subject = 'centres'").await == 1
            && home.number("SELECT COUNT(*) FROM facts").await == 1 + i64::from(days <= i64::from(keep_days))
        {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::task::spawn_blocking(|| journal.stop()).await.unwrap();
    let mut store = Store::read(&home.url).await.unwrap();
    let reached = tallies(&mut store).await.into_iter().filter(|tally| tally.kind == TallyKind::Of(Kind::Reached));
    let subjects: Vec<(String, u64)> = reached.map(|tally| (tally.subject, tally.count)).collect();
    assert_eq!(subjects, [("documents".to_owned(), 1), ("centres".to_owned(), 1)], "what was counted stays");
    home.holds(&ids[0])
}

#[tokio::test(flavor = "multi_thread")]
async fn single_facts_older_than_the_setting_are_gone_from_the_files_and_what_was_counted_stays() {
    assert!(is_kept(30, 30).await);
    assert!(!is_kept(30, 31).await);
    assert!(!is_kept(2, 3).await);
    assert!(is_kept(2, 2).await);
}
