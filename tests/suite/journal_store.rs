//! What both stores of the journal promise: the same tests on SQLite and on PostgreSQL.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use allo_cmp::{
    call::{DialOutcome, Lang},
    journal::{CallMark, Entry, EntryId, Keep, Kind, Rules, Store, StoreError, Swept, Tally, TallyKind, Written},
};
use jiff::civil::{Date, date};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection};
use tempfile::TempDir;

use crate::postgres;

/// A place for a journal.
pub(crate) struct Home {
    pub(crate) url: String,
    _folder: Option<TempDir>,
}

pub(crate) const RULES: Rules = Rules { keep_days: 30 };
/// Monday 1 June 2026, noon in Paris.
pub(crate) const NOON: i64 = 1_780_308_000;
const HOUR: i64 = 3_600;

impl Home {
    pub(crate) fn sqlite() -> Home {
        let folder = tempfile::tempdir().unwrap();
        Home { url: format!("sqlite:{}", folder.path().join("journal.db").display()), _folder: Some(folder) }
    }

    pub(crate) fn at(url: &str) -> Home {
        Home { url: url.to_owned(), _folder: None }
    }

    pub(crate) async fn postgres() -> Option<Home> {
        Some(Home::at(&postgres::shared()?.database().await))
    }

    /// Where its file is, of a SQLite one.
    pub(crate) fn file(&self) -> &Path {
        Path::new(self.url.strip_prefix("sqlite:").unwrap())
    }

    /// Overwrites pages in the middle of its file, as a failing disk may.
    pub(crate) async fn damage(&self) {
        self.run("PRAGMA wal_checkpoint(TRUNCATE)").await;
        let mut bytes = fs::read(self.file()).unwrap();
        let (page, middle) = (4_096, bytes.len() / 4_096 / 2 * 4_096);
        bytes[middle..middle + 6 * page].fill(0xa5);
        fs::write(self.file(), bytes).unwrap();
    }

    pub(crate) async fn open(&self) -> Store {
        Store::open(&self.url, RULES).await.unwrap()
    }

    /// Runs statements without the program.
    pub(crate) async fn run(&self, sql: &str) {
        let sql = AssertSqlSafe(sql);
        if self.url.starts_with("sqlite") {
            let mut link = SqliteConnection::connect(&format!("{}?mode=rwc", self.url)).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut link).await.unwrap();
            link.close().await.unwrap();
        } else {
            let mut link = PgConnection::connect(&self.url).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut link).await.unwrap();
            link.close().await.unwrap();
        }
    }

    /// The number that a statement gives.
    async fn number(&self, sql: &'static str) -> i64 {
        if self.url.starts_with("sqlite") {
            let mut link = SqliteConnection::connect(&self.url).await.unwrap();
            sqlx::query(sql).fetch_one(&mut link).await.unwrap().get(0)
        } else {
            let mut link = PgConnection::connect(&self.url).await.unwrap();
            sqlx::query(sql).fetch_one(&mut link).await.unwrap().get(0)
        }
    }
}

/// Makes of each function a test on SQLite and one on PostgreSQL.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(super::Home::sqlite()).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                if let Some(home) = super::Home::postgres().await {
                    super::$name(home).await;
                }
            })*
        }
    };
}

on_both!(
    the_same_facts_twice_are_kept_and_counted_once,
    facts_in_any_order_and_in_any_portions_give_the_same_tallies,
    a_day_begins_at_midnight_in_paris_and_the_hour_is_that_of_its_clocks,
    a_call_counts_once_by_its_end_and_when_it_falls_silent,
    who_tried_a_line_and_reached_nobody_is_missed_at_the_hour_of_the_call,
    waiting_is_the_ringing_without_the_conversation,
    facts_that_come_after_the_end_was_counted_put_it_right,
    single_facts_go_after_their_days_and_tallies_stay,
    which_facts_were_of_one_call_is_forgotten_a_day_after_its_end,
    several_writers_at_once_lose_nothing_and_double_nothing,
    several_machines_that_sweep_count_each_call_once,
    a_journal_of_the_first_version_goes_up_with_what_is_in_it,
    a_journal_of_a_later_version_is_refused_and_left_alone,
    several_machines_may_start_on_an_empty_journal_at_once,
    a_reader_makes_nothing_and_changes_nothing,
    what_was_dropped_is_counted,
    odd_subjects_are_kept_as_far_as_they_go,
);

/// A fact of a call.
pub(crate) fn fact(id: u32, call: u8, turn: u16, second: i64, kind: Kind, subject: &str) -> Entry {
    let mut bytes = [0x5a; 16];
    // Ids are spread as those of the program are.
    bytes[..4].copy_from_slice(&id.wrapping_mul(2_654_435_761).to_be_bytes());
    Entry {
        id: EntryId(bytes),
        call: CallMark([0xc4, 0x11, 0xed, 0x0f, 0xfa, 0xce, 0x77, call]),
        turn,
        second,
        lang: None,
        kind,
        subject: Arc::from(subject),
        outcome: None,
        talked: None,
    }
}

fn transferred(id: u32, call: u8, turn: u16, second: i64, outcome: DialOutcome, talked: Option<u32>) -> Entry {
    Entry { outcome: Some(outcome), talked, ..fact(id, call, turn, second, Kind::Transferred, "our_team") }
}

pub(crate) async fn tallies(store: &mut Store) -> Vec<Tally> {
    store.tallies(date(1900, 1, 1), date(2100, 1, 1)).await.unwrap()
}

/// `day hour subject` of all tallies of a kind, each as often as it was counted.
async fn told(store: &mut Store, kind: TallyKind) -> Vec<String> {
    let found = tallies(store).await.into_iter().filter(|tally| tally.kind == kind);
    found
        .flat_map(|tally| {
            vec![format!("{} {:02} {}", tally.day, tally.hour, tally.subject); usize::try_from(tally.count).unwrap()]
        })
        .collect()
}

/// How often each kind of fact was counted.
async fn sums(store: &mut Store) -> BTreeMap<String, u64> {
    let mut sums = BTreeMap::new();
    for tally in tallies(store).await {
        *sums.entry(format!("{:?} {} {:?}", tally.kind, tally.subject, tally.lang)).or_default() += tally.count;
    }
    sums
}

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

/// Forty calls, each with a language, three places and an end.
fn calls() -> Vec<Entry> {
    let mut facts = Vec::new();
    for call in 0..40_u8 {
        let (id, second) = (u32::from(call) * 10, NOON + i64::from(call) * 400);
        let lang = Some([Lang::FR, Lang::EN][usize::from(call % 2)]);
        let place = ["documents", "centres", "urgent"][usize::from(call % 3)];
        facts.push(fact(id, call, 0, second, Kind::Began, ""));
        facts.push(fact(id + 1, call, 0, second, Kind::Reached, "arrival"));
        facts.push(Entry { lang, ..fact(id + 2, call, 1, second + 8, Kind::Language, "") });
        facts.push(Entry { lang, ..fact(id + 3, call, 1, second + 8, Kind::Reached, "menu") });
        facts.push(Entry { lang, ..fact(id + 4, call, 2, second + 20, Kind::Reached, place) });
        facts.push(Entry { lang, ..fact(id + 5, call, u16::MAX, second + 90, Kind::Ended, "") });
    }
    facts
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
    let whole = if home.url.starts_with("sqlite") { Some(Home::sqlite()) } else { Home::postgres().await };
    let mut whole = whole.unwrap().open().await;
    whole.write(&facts).await.unwrap();
    assert_eq!(whole.sweep(NOON + 24 * HOUR).await.unwrap(), Swept { closed: 40, removed: 0 });
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
    let one_day = |day: Date| (day, day);
    let (from, to) = one_day(date(2026, 12, 31));
    assert_eq!(store.tallies(from, to).await.unwrap().len(), 1);
    assert_eq!(store.days().await.unwrap(), Some((date(2026, 3, 29), date(2027, 1, 1))));
}

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
    assert_eq!(store.sweep(NOON + 62 * 60).await.unwrap(), Swept { closed: 2, removed: 0 });
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

async fn a_journal_of_the_first_version_goes_up_with_what_is_in_it(home: Home) {
    let first = if home.url.starts_with("sqlite") {
        include_str!("../../src/journal/database/migrations/sqlite/0001_facts.sql")
    } else {
        include_str!("../../src/journal/database/migrations/postgres/0001_facts.sql")
    };
    home.run(first).await;
    home.run(
        "INSERT INTO journal (version, step, applied) VALUES (1, '0001_facts', 0); \
         INSERT INTO tallies VALUES ('2026-05-01', 9, 0, 'fr', '', -1, 7, 0, 0);",
    )
    .await;
    let mut store = home.open().await;
    store.write(&[fact(1, 1, 0, NOON, Kind::Began, "")]).await.unwrap();
    assert_eq!(home.number("SELECT MAX(version) FROM journal").await, 2);
    let found: Vec<_> =
        tallies(&mut store).await.into_iter().map(|tally| (tally.day, tally.count, tally.lang)).collect();
    assert_eq!(found, [(date(2026, 5, 1), 7, Some(Lang::FR)), (date(2026, 6, 1), 1, None)]);
}

async fn a_journal_of_a_later_version_is_refused_and_left_alone(home: Home) {
    home.open().await;
    home.run("INSERT INTO journal (version, step, applied) VALUES (99, 'x', 0)").await;
    for opened in [Store::open(&home.url, RULES).await, Store::read(&home.url).await] {
        let Err(StoreError::Broken(why)) = opened else { panic!("{opened:?}") };
        assert!(why.contains("later version") && why.contains("99"), "{why}");
    }
    assert_eq!(home.number("SELECT COUNT(*) FROM journal").await, 3);
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
    assert_eq!(home.number("SELECT COUNT(*) FROM journal").await, 2);
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
