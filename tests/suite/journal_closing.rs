//! What both stores of the journal count by the end of a call, and what they forget: the same tests on SQLite and on PostgreSQL.

use allo_cmp::{
    call::{DialOutcome, Lang},
    journal::{Entry, Keep, Kind, Store, Swept, TallyKind},
};

use crate::journal_home::{HOUR, Home, NOON, RULES, calls, fact, on_both, tallies, told, transferred};

on_both!(
    a_call_counts_once_by_its_end_and_when_it_falls_silent,
    who_tried_a_line_and_reached_nobody_is_missed_at_the_hour_of_the_call,
    waiting_is_the_ringing_without_the_conversation,
    facts_that_come_after_the_end_was_counted_put_it_right,
    single_facts_go_after_their_days_and_tallies_stay,
    which_facts_were_of_one_call_is_forgotten_a_day_after_its_end,
    several_machines_that_sweep_count_each_call_once,
);

async fn a_call_counts_once_by_its_end_and_when_it_falls_silent(home: Home) {
    let mut store = home.open().await;
    store
        .write(&[
            fact(1, 1, 0, NOON, Kind::Began, ""),
            fact(2, 1, 1, NOON + 5, Kind::Reached, "menu"),
            fact(3, 1, 2, NOON + 59 * 60, Kind::Reached, "documents"),
            // Its end comes in the next hour.
            fact(4, 1, u16::MAX, NOON + 61 * 60, Kind::Ended, ""),
            // Of this one nothing more is heard.
            fact(5, 2, 0, NOON, Kind::Began, ""),
            fact(6, 2, 1, NOON + 10, Kind::Reached, "menu"),
            // This one began before the journal did.
            fact(7, 3, 9, NOON, Kind::Reached, "menu"),
            fact(8, 3, u16::MAX, NOON, Kind::Ended, ""),
        ])
        .await
        .unwrap();
    assert_eq!(store.sweep(NOON + 62 * 60).await.unwrap(), Swept { closed: 2, ..Swept::default() });
    assert_eq!(told(&mut store, TallyKind::Left).await, ["2026-06-01 13 documents"]);
    assert_eq!(store.sweep(NOON + 2 * HOUR + 9).await.unwrap().closed, 0);
    assert_eq!(store.sweep(NOON + 2 * HOUR + 10).await.unwrap().closed, 1);
    assert_eq!(store.sweep(NOON + 3 * HOUR).await.unwrap().closed, 0);
    assert_eq!(told(&mut store, TallyKind::Left).await, ["2026-06-01 12 menu", "2026-06-01 13 documents"]);
}

async fn who_tried_a_line_and_reached_nobody_is_missed_at_the_hour_of_the_call(home: Home) {
    let mut store = home.open().await;
    for (call, outcome) in [(1, DialOutcome::NoAnswer), (2, DialOutcome::Busy), (3, DialOutcome::Completed)] {
        let id = u32::from(call) * 10;
        store
            .write(&[
                fact(id, call, 0, NOON + 59 * 60, Kind::Began, ""),
                fact(id + 1, call, 1, NOON + 60 * 60, Kind::Tried, "our_team"),
                transferred(id + 2, call, 2, NOON + 61 * 60, outcome, None),
                fact(id + 3, call, u16::MAX, NOON + 62 * 60, Kind::Ended, ""),
            ])
            .await
            .unwrap();
    }
    store.write(&[fact(40, 4, 0, NOON, Kind::Began, ""), fact(41, 4, 9, NOON, Kind::Ended, "")]).await.unwrap();
    store.sweep(NOON + 2 * HOUR).await.unwrap();
    assert_eq!(told(&mut store, TallyKind::Missed).await, ["2026-06-01 12 ", "2026-06-01 12 "]);
}

async fn waiting_is_the_ringing_without_the_conversation(home: Home) {
    let mut store = home.open().await;
    store
        .write(&[
            fact(1, 1, 1, NOON, Kind::Tried, "our_team"),
            // Nobody answers; the next line is dialled in the same answer.
            transferred(2, 1, 2, NOON + 25, DialOutcome::NoAnswer, None),
            fact(3, 1, 2, NOON + 25, Kind::Tried, "our_team"),
        ])
        .await
        .unwrap();
    // 20 seconds of ringing and 40 of conversation, told in another group.
    store.write(&[transferred(4, 1, 3, NOON + 85, DialOutcome::Completed, Some(40))]).await.unwrap();
    store
        .write(&[
            // Its dialling is not known; of the next one the conversation is not.
            transferred(5, 2, 3, NOON, DialOutcome::Busy, None),
            fact(6, 3, 1, NOON, Kind::Tried, "our_team"),
            transferred(7, 3, 2, NOON + 300, DialOutcome::Completed, None),
            // The provider's clock is ahead of ours.
            fact(8, 4, 1, NOON, Kind::Tried, "our_team"),
            transferred(9, 4, 2, NOON + 30, DialOutcome::Completed, Some(32)),
        ])
        .await
        .unwrap();
    let transfers: Vec<_> = tallies(&mut store)
        .await
        .into_iter()
        .filter(|tally| tally.kind == TallyKind::Of(Kind::Transferred))
        .map(|tally| (tally.outcome.unwrap(), tally.count, tally.talked, tally.waited))
        .collect();
    assert_eq!(
        transfers,
        [(DialOutcome::Completed, 3, 72, 20), (DialOutcome::Busy, 1, 0, 0), (DialOutcome::NoAnswer, 1, 0, 25)]
    );
}

async fn facts_that_come_after_the_end_was_counted_put_it_right(home: Home) {
    let mut store = home.open().await;
    store
        .write(&[
            fact(1, 1, 0, NOON, Kind::Began, ""),
            fact(2, 1, 2, NOON + 5, Kind::Reached, "menu"),
            fact(3, 1, 3, NOON + 6, Kind::Tried, "our_team"),
            fact(4, 1, u16::MAX, NOON + 300, Kind::Ended, ""),
            fact(5, 2, 1, NOON, Kind::Reached, "centres"),
            fact(6, 2, u16::MAX, NOON + 300, Kind::Ended, ""),
        ])
        .await
        .unwrap();
    store.sweep(NOON + 301).await.unwrap();
    assert_eq!(told(&mut store, TallyKind::Left).await, ["2026-06-01 12 menu"]);
    assert_eq!(told(&mut store, TallyKind::Missed).await, ["2026-06-01 12 "]);
    // From another machine: an earlier place changes nothing, a later one does; somebody had answered.
    let french = |fact: Entry| Entry { lang: Some(Lang::FR), ..fact };
    store
        .write(&[
            fact(7, 1, 1, NOON + 2, Kind::Reached, "arrival"),
            french(fact(8, 1, 4, NOON + 200, Kind::Reached, "after_transfer")),
            transferred(9, 1, 4, NOON + 200, DialOutcome::Completed, Some(150)),
            fact(10, 2, 0, NOON, Kind::Began, ""),
        ])
        .await
        .unwrap();
    let left: Vec<_> = tallies(&mut store).await.into_iter().filter(|tally| tally.kind == TallyKind::Left).collect();
    let told_left: Vec<_> = left.iter().map(|tally| (tally.subject.as_str(), tally.lang, tally.count)).collect();
    assert_eq!(told_left, [("centres", None, 1), ("after_transfer", Some(Lang::FR), 1)]);
    assert_eq!(told(&mut store, TallyKind::Missed).await, Vec::<String>::new());
    assert_eq!(store.sweep(NOON + HOUR).await.unwrap().closed, 0);
}

async fn single_facts_go_after_their_days_and_tallies_stay(home: Home) {
    let mut store = home.open().await;
    let old: Vec<Entry> = (0..5_200).map(|id| fact(id, 1, 0, NOON, Kind::Urgent, "")).collect();
    for portion in old.chunks(512) {
        store.write(portion).await.unwrap();
    }
    store.write(&[fact(9_000, 2, 0, NOON + HOUR, Kind::Urgent, "")]).await.unwrap();
    let days = 30 * 24 * HOUR;
    assert_eq!(store.sweep(NOON + days).await.unwrap().removed, 0);
    assert_eq!(store.sweep(NOON + days + 1).await.unwrap().removed, 5_000, "in portions");
    assert_eq!(store.sweep(NOON + days + 1).await.unwrap().removed, 200);
    assert_eq!(store.sweep(NOON + days + 1).await.unwrap().removed, 0);
    assert_eq!(home.number("SELECT COUNT(*) FROM facts").await, 1);
    assert_eq!(told(&mut store, TallyKind::Of(Kind::Urgent)).await.len(), 5_201);
}

async fn which_facts_were_of_one_call_is_forgotten_a_day_after_its_end(home: Home) {
    let mut store = home.open().await;
    store.write(&[fact(1, 1, 0, NOON, Kind::Began, ""), fact(2, 1, 1, NOON + 60, Kind::Ended, "")]).await.unwrap();
    // Of this one no end is told.
    store.write(&[fact(3, 2, 0, NOON + 120, Kind::Began, "")]).await.unwrap();
    store.sweep(NOON + 61).await.unwrap();
    store.sweep(NOON + 3 * HOUR).await.unwrap();
    let calls = "SELECT COUNT(*) FROM calls";
    store.sweep(NOON + 60 + 24 * HOUR - 1).await.unwrap();
    assert_eq!(home.number(calls).await, 2);
    store.sweep(NOON + 60 + 24 * HOUR).await.unwrap();
    assert_eq!(home.number(calls).await, 1);
    store.sweep(NOON + 120 + 24 * HOUR).await.unwrap();
    assert_eq!(home.number(calls).await, 0);
    assert_eq!(home.number("SELECT COUNT(*) FROM facts").await, 3);
    if let Some(file) = home.url.strip_prefix("sqlite:") {
        // Not even in the parts of the files that are free.
        for file in [file.to_owned(), format!("{file}-wal")] {
            let bytes = std::fs::read(&file).unwrap();
            assert!(!bytes.windows(7).any(|bytes| bytes == [0xc4, 0x11, 0xed, 0x0f, 0xfa, 0xce, 0x77]), "{file}");
        }
    }
}

async fn several_machines_that_sweep_count_each_call_once(home: Home) {
    let mut store = home.open().await;
    store.write(&calls()).await.unwrap();
    let sweeps: Vec<_> = (0..4)
        .map(|_| {
            let url = home.url.clone();
            tokio::spawn(async move {
                let mut store = Store::open(&url, RULES).await.unwrap();
                store.sweep(NOON + 23 * HOUR).await.unwrap().closed
            })
        })
        .collect();
    let mut closed = 0;
    for sweep in sweeps {
        closed += sweep.await.unwrap();
    }
    assert_eq!(closed, 40);
    assert_eq!(told(&mut store, TallyKind::Left).await.len(), 40);
}
