//! What both stores of the journal promise of facts and of their tables: the same tests on SQLite and on PostgreSQL.

use std::collections::BTreeMap;

use allo_cmp::{
    call::Lang,
    journal::{Entry, Keep, Kind, Store, StoreError, Swept, TallyKind, Written},
};
use jiff::civil::date;

use crate::journal_home::{HOUR, Home, NOON, RULES, calls, fact, on_both, sums, tallies, told};

on_both!(
    the_same_facts_twice_are_kept_and_counted_once,
    facts_in_any_order_and_in_any_portions_give_the_same_tallies,
    a_day_begins_at_midnight_in_paris_and_the_hour_is_that_of_its_clocks,
    several_writers_at_once_lose_nothing_and_double_nothing,
    a_journal_of_the_first_version_goes_up_with_what_is_in_it,
    a_journal_of_a_later_version_is_refused_and_left_alone,
    several_machines_may_start_on_an_empty_journal_at_once,
    a_reader_makes_nothing_and_changes_nothing,
    what_was_dropped_is_counted,
    odd_subjects_are_kept_as_far_as_they_go,
);

async fn the_same_facts_twice_are_kept_and_counted_once(home: Home) {
    let mut store = home.open().await;
    let facts = [
        fact(1, 1, 0, NOON, Kind::Began, ""),
        fact(2, 1, 0, NOON, Kind::Reached, "arrival"),
        fact(2, 1, 0, NOON, Kind::Reached, "arrival"),
    ];
    assert_eq!(store.write(&facts).await.unwrap(), Written { new: 2, known: 1 });
    let once = tallies(&mut store).await;
    assert_eq!(
        once.iter().map(|tally| (tally.kind, tally.count)).collect::<Vec<_>>(),
        [(TallyKind::Of(Kind::Began), 1), (TallyKind::Of(Kind::Reached), 1)]
    );
    assert_eq!(store.write(&facts).await.unwrap(), Written { new: 0, known: 3 });
    let mut other = home.open().await;
    assert_eq!(other.write(&facts[..1]).await.unwrap(), Written { new: 0, known: 1 });
    assert_eq!(tallies(&mut store).await, once);
    assert_eq!(store.write(&[]).await.unwrap(), Written::default());
    assert_eq!(store.days().await.unwrap(), Some((date(2026, 6, 1), date(2026, 6, 1))));
}

async fn facts_in_any_order_and_in_any_portions_give_the_same_tallies(home: Home) {
    let facts = calls();
    let mut expected = BTreeMap::new();
    for fact in &facts {
        *expected.entry(format!("{:?} {} {:?}", TallyKind::Of(fact.kind), fact.subject, fact.lang)).or_insert(0) += 1;
    }
    for call in 0..40 {
        let place = ["documents", "centres", "urgent"][call % 3];
        let lang = [Lang::FR, Lang::EN][call % 2];
        *expected.entry(format!("Left {place} {:?}", Some(lang))).or_insert(0) += 1;
    }
    // Shuffled with a step that shares no factor with their number, in portions of 7, each delivered twice.
    let shuffled: Vec<Entry> = (0..facts.len()).map(|at| facts[at * 103 % facts.len()].clone()).collect();
    let mut store = home.open().await;
    for (round, portion) in shuffled.chunks(7).enumerate() {
        assert_eq!(store.write(portion).await.unwrap().new, portion.len());
        if round % 5 == 0 {
            assert_eq!(store.write(portion).await.unwrap().known, portion.len());
            store.sweep(NOON + 24 * HOUR - 1).await.unwrap();
        }
    }
    store.sweep(NOON + 24 * HOUR - 1).await.unwrap();
    assert_eq!(sums(&mut store).await, expected);
    let another = if home.url.starts_with("sqlite") { Some(Home::sqlite()) } else { Home::postgres().await };
    let another = another.unwrap();
    let mut whole = another.open().await;
    whole.write(&facts).await.unwrap();
    assert_eq!(whole.sweep(NOON + 24 * HOUR).await.unwrap(), Swept { closed: 40, ..Swept::default() });
    assert_eq!(tallies(&mut whole).await, tallies(&mut store).await);
}

async fn a_day_begins_at_midnight_in_paris_and_the_hour_is_that_of_its_clocks(home: Home) {
    let mut store = home.open().await;
    let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_second();
    let seconds = [
        "2026-05-31T21:59:59Z", // one second before midnight, in summer
        "2026-05-31T22:00:00Z",
        "2026-12-31T22:59:59Z", // and in winter
        "2026-12-31T23:00:00Z",
        "2026-03-29T00:59:59Z", // no hour 2 in this night
        "2026-03-29T01:00:00Z",
        "2026-10-25T00:30:00Z", // two of them in this one
        "2026-10-25T01:30:00Z",
        "2026-10-25T02:00:00Z",
    ];
    let facts: Vec<Entry> =
        (1..).zip(seconds).map(|(id, second)| fact(id, 1, 0, at(second), Kind::Urgent, "")).collect();
    store.write(&facts).await.unwrap();
    assert_eq!(
        told(&mut store, TallyKind::Of(Kind::Urgent)).await,
        [
            "2026-03-29 01 ",
            "2026-03-29 03 ",
            "2026-05-31 23 ",
            "2026-06-01 00 ",
            "2026-10-25 02 ",
            "2026-10-25 02 ",
            "2026-10-25 03 ",
            "2026-12-31 23 ",
            "2027-01-01 00 ",
        ]
    );
    let last = date(2026, 12, 31);
    assert_eq!(store.tallies(last, last).await.unwrap().len(), 1);
    assert_eq!(store.days().await.unwrap(), Some((date(2026, 3, 29), date(2027, 1, 1))));
}

async fn several_writers_at_once_lose_nothing_and_double_nothing(home: Home) {
    home.open().await;
    let rounds = 30;
    let facts: Vec<Entry> = (0..rounds * 40)
        .map(|id| {
            fact(
                id,
                u8::try_from(id % 20).unwrap(),
                0,
                NOON + i64::from(id),
                Kind::Reached,
                ["a", "b", "c", "d"][id as usize % 4],
            )
        })
        .collect();
    let writers: Vec<_> = [false, true, false]
        .into_iter()
        .map(|backwards| {
            let (url, mut facts) = (home.url.clone(), facts.clone());
            tokio::spawn(async move {
                let mut store = Store::open(&url, RULES).await.unwrap();
                if backwards {
                    facts.reverse();
                }
                let mut new = 0;
                for portion in facts.chunks(40) {
                    new += loop {
                        match store.write(portion).await {
                            Ok(written) => break written.new,
                            // As the program's writer does.
                            Err(StoreError::Away(_)) => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
                            Err(error) => panic!("{error}"),
                        }
                    };
                }
                new
            })
        })
        .collect();
    let mut new = 0;
    for writer in writers {
        new += writer.await.unwrap();
    }
    assert_eq!(new, facts.len());
    let mut store = home.open().await;
    assert_eq!(tallies(&mut store).await.iter().map(|tally| tally.count).sum::<u64>(), u64::from(rounds) * 40);
    assert_eq!(home.number("SELECT COUNT(*) FROM facts").await, i64::from(rounds) * 40);
}

async fn a_journal_of_the_first_version_goes_up_with_what_is_in_it(home: Home) {
    let first = if home.url.starts_with("sqlite") {
        include_str!("../../src/journal/database/migrations/sqlite/0001_facts.sql")
    } else {
        include_str!("../../src/journal/database/migrations/postgres/0001_facts.sql")
    };
    home.run(first).await;
    home.run(
        "INSERT INTO journal (version, step) VALUES (1, '0001_facts'); \
         INSERT INTO tallies VALUES ('2026-05-01', 9, 0, 'fr', '', -1, 7, 0, 0);",
    )
    .await;
    let mut store = home.open().await;
    store.write(&[fact(1, 1, 0, NOON, Kind::Began, "")]).await.unwrap();
    assert_eq!(home.number("SELECT MAX(version) FROM journal").await, 3);
    let found: Vec<_> =
        tallies(&mut store).await.into_iter().map(|tally| (tally.day, tally.count, tally.lang)).collect();
    assert_eq!(found, [(date(2026, 5, 1), 7, Some(Lang::FR)), (date(2026, 6, 1), 1, None)]);
}

async fn a_journal_of_a_later_version_is_refused_and_left_alone(home: Home) {
    home.open().await;
    home.run("INSERT INTO journal (version, step) VALUES (99, 'x')").await;
    for opened in [Store::open(&home.url, RULES).await, Store::read(&home.url).await] {
        let Err(StoreError::Broken(why)) = opened else { panic!("{opened:?}") };
        assert!(why.contains("later version") && why.contains("99"), "{why}");
    }
    assert_eq!(home.number("SELECT COUNT(*) FROM journal").await, 4);
}

async fn several_machines_may_start_on_an_empty_journal_at_once(home: Home) {
    let starts: Vec<_> = (0..6)
        .map(|id| {
            let url = home.url.clone();
            tokio::spawn(async move {
                let mut store = Store::open(&url, RULES).await.unwrap();
                store.write(&[fact(id, 1, 0, NOON, Kind::Urgent, "")]).await.unwrap();
            })
        })
        .collect();
    for start in starts {
        start.await.unwrap();
    }
    assert_eq!(home.number("SELECT COUNT(*) FROM journal").await, 3);
    assert_eq!(told(&mut home.open().await, TallyKind::Of(Kind::Urgent)).await.len(), 6);
}

async fn a_reader_makes_nothing_and_changes_nothing(home: Home) {
    assert!(matches!(Store::read(&home.url).await, Err(StoreError::Broken(_))), "there is no journal yet");
    let mut writer = home.open().await;
    writer.write(&[fact(1, 1, 0, NOON, Kind::Began, "")]).await.unwrap();
    let mut reader = Store::read(&home.url).await.unwrap();
    assert_eq!(tallies(&mut reader).await, tallies(&mut writer).await);
    let refused = reader.write(&[fact(2, 1, 0, NOON, Kind::Urgent, "")]).await;
    assert!(matches!(refused, Err(StoreError::Broken(_))), "{refused:?}");
    // It reads what comes later too.
    writer.write(&[fact(3, 1, 0, NOON, Kind::Urgent, "")]).await.unwrap();
    assert_eq!(tallies(&mut reader).await.len(), 2);
}

async fn what_was_dropped_is_counted(home: Home) {
    let mut store = home.open().await;
    assert_eq!(store.days().await.unwrap(), None);
    store.lost(NOON, 3).await.unwrap();
    store.lost(NOON + 60, 4).await.unwrap();
    assert_eq!(told(&mut store, TallyKind::Dropped).await, vec!["2026-06-01 12 "; 7]);
}

async fn odd_subjects_are_kept_as_far_as_they_go(home: Home) {
    let mut store = home.open().await;
    let long = "é".repeat(200);
    store
        .write(&[
            fact(1, 1, 0, NOON, Kind::Goal, &long),
            fact(2, 1, 0, NOON, Kind::Goal, "a\0b"),
            fact(3, 1, 0, i64::MAX, Kind::Goal, "'; DROP TABLE facts"),
        ])
        .await
        .unwrap();
    let kept: Vec<_> = tallies(&mut store).await.into_iter().map(|tally| tally.subject).collect();
    assert_eq!(kept.len(), 3);
    for subject in ["é".repeat(120).as_str(), "ab", "'; DROP TABLE facts"] {
        assert!(kept.iter().any(|kept| kept == subject), "{subject}: {kept:?}");
    }
}
