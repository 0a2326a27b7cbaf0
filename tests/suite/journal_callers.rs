//! Different callers of a day: counted once it is over, by all machines of a line together, and nothing is left of who they were.

use allo_cmp::journal::{Calling, Keep, Store, Swept, TallyKind, backup};
use jiff::civil::{Date, date};

use crate::journal_home::{Home, NOON, fact, on_both, tallies};

const HOUR: i64 = 3_600;
/// Midnight behind that noon.
const MIDNIGHT: i64 = NOON + 12 * HOUR;
/// When a day may be closed: a moment later.
const OVER: i64 = MIDNIGHT + 60;
const MONDAY: Date = date(2026, 6, 1);
const TUESDAY: Date = date(2026, 6, 2);
const ANNE: &str = "+33639980001";
const BASIL: &str = "+33639980002";
const CHLOE: &str = "+447700900123";

on_both!(
    different_callers_are_counted_when_the_day_is_over_and_their_key_and_marks_are_gone,
    a_caller_of_a_day_that_was_counted_makes_no_new_key,
    several_machines_share_the_key_of_the_day_and_close_it_once,
    a_day_on_which_nobody_swept_is_counted_at_the_next_start,
    without_callers_nothing_is_counted,
);

fn calling(second: i64, numbers: &[&str]) -> Vec<Calling> {
    numbers.iter().map(|number| Calling { second, number: number.parse().unwrap() }).collect()
}

/// Days, and how many different callers each had.
async fn counted(store: &mut Store) -> Vec<(Date, u64)> {
    let tallies = tallies(store).await;
    let days = tallies.iter().filter(|tally| tally.kind == TallyKind::Callers);
    days.inspect(|tally| assert_eq!((tally.hour, &*tally.subject, tally.lang), (0, "", None)))
        .map(|tally| (tally.day, tally.count))
        .collect()
}

const KEYS: &str = "SELECT COUNT(*) FROM day_keys";
const MARKS: &str = "SELECT COUNT(*) FROM day_callers";

async fn different_callers_are_counted_when_the_day_is_over_and_their_key_and_marks_are_gone(home: Home) {
    let mut store = home.open().await;
    store.callers(&calling(NOON, &[ANNE, BASIL, ANNE])).await.unwrap();
    store.callers(&calling(NOON + HOUR, &[BASIL, CHLOE])).await.unwrap();
    assert_eq!((home.number(KEYS).await, home.number(MARKS).await), (1, 3));
    let traces = home.bytes("SELECT key FROM day_keys UNION ALL SELECT mark FROM day_callers").await;
    assert_eq!(traces.iter().map(Vec::len).collect::<Vec<_>>(), [32, 16, 16, 16]);
    let is_file = home.url.starts_with("sqlite");
    assert!(!is_file || home.holds(&traces[0]), "the key is there while the day lasts: the search can find it");
    // The next day has begun; the last moments of this one may still be told.
    store.callers(&calling(MIDNIGHT, &[ANNE])).await.unwrap();
    assert_eq!(store.sweep(OVER - 1).await.unwrap().days, 0);
    assert_eq!(counted(&mut store).await, []);
    assert_eq!(store.sweep(OVER).await.unwrap(), Swept { days: 1, ..Swept::default() });
    assert_eq!(counted(&mut store).await, [(MONDAY, 3)]);
    assert_eq!((home.number(KEYS).await, home.number(MARKS).await), (1, 1), "those of the new day");
    for trace in &traces {
        assert!(!is_file || !home.holds(trace), "not even in the parts of the files that are free");
    }
    for number in [ANNE, BASIL, CHLOE] {
        assert!(!is_file || !home.holds(&number.as_bytes()[1..]));
    }
    assert_eq!(store.sweep(OVER + 24 * HOUR).await.unwrap().days, 1);
    assert_eq!(counted(&mut store).await, [(MONDAY, 3), (TUESDAY, 1)]);
    assert_eq!((home.number(KEYS).await, home.number(MARKS).await), (0, 0));
}

async fn a_caller_of_a_day_that_was_counted_makes_no_new_key(home: Home) {
    let mut store = home.open().await;
    store.callers(&calling(NOON, &[ANNE])).await.unwrap();
    store.sweep(OVER).await.unwrap();
    let mut late = calling(NOON, &[ANNE, BASIL]);
    late.extend(calling(OVER, &[CHLOE]));
    store.callers(&late).await.unwrap();
    assert_eq!((home.number(KEYS).await, home.number(MARKS).await), (1, 1), "of Tuesday alone");
    assert_eq!(counted(&mut store).await, [(MONDAY, 1)]);
}

async fn several_machines_share_the_key_of_the_day_and_close_it_once(home: Home) {
    drop(home.open().await);
    let mut machines = Vec::new();
    for machine in 0..4_u32 {
        let mut store = home.open().await;
        machines.push(tokio::spawn(async move {
            for portion in 0..20 {
                // Half of them call on two machines.
                let number = |n: u32| format!("+3363998{:04}", machine / 2 * 1000 + portion * 10 + n);
                let numbers: Vec<String> = (0..10).map(number).collect();
                let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
                store.callers(&calling(NOON, &numbers)).await.unwrap();
            }
            store
        }));
    }
    let mut stores = Vec::new();
    for machine in machines {
        stores.push(machine.await.unwrap());
    }
    assert_eq!((home.number(KEYS).await, home.number(MARKS).await), (1, 400));
    let mut sweeps = Vec::new();
    for mut store in stores {
        sweeps.push(tokio::spawn(async move { store.sweep(OVER).await.unwrap().days }));
    }
    let mut closed = 0;
    for sweep in sweeps {
        closed += sweep.await.unwrap();
    }
    assert_eq!(closed, 1);
    assert_eq!(counted(&mut home.open().await).await, [(MONDAY, 400)]);
}

async fn a_day_on_which_nobody_swept_is_counted_at_the_next_start(home: Home) {
    home.open().await.callers(&calling(NOON, &[ANNE, BASIL])).await.unwrap();
    let mut store = home.open().await;
    assert_eq!(store.sweep(NOON + 9 * 24 * HOUR).await.unwrap().days, 1);
    assert_eq!(counted(&mut store).await, [(MONDAY, 2)]);
    assert_eq!((home.number(KEYS).await, home.number(MARKS).await), (0, 0));
}

async fn without_callers_nothing_is_counted(home: Home) {
    let mut store = home.open().await;
    store.callers(&[]).await.unwrap();
    store.write(&[fact(1, 1, 0, NOON, allo_cmp::journal::Kind::Began, "")]).await.unwrap();
    assert_eq!(store.sweep(OVER).await.unwrap().days, 0);
    assert_eq!((home.number(KEYS).await, home.number(MARKS).await), (0, 0));
    assert_eq!(counted(&mut store).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_holds_neither_the_key_of_the_day_nor_a_mark() {
    let home = Home::sqlite();
    home.open().await.callers(&calling(NOON, &[ANNE])).await.unwrap();
    let traces = home.bytes("SELECT key FROM day_keys UNION ALL SELECT mark FROM day_callers").await;
    let copy = home.file().with_file_name("copy.db");
    backup(&home.url, &copy).await.unwrap();
    let copy = Home::at(&format!("sqlite:{}", copy.display()));
    assert_eq!((copy.number(KEYS).await, copy.number(MARKS).await), (0, 0));
    assert!(traces.iter().all(|trace| home.holds(trace) && !copy.holds(trace)));
}
