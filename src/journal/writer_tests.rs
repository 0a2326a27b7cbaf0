//! The writer with a store that fails as it is told, and time that tests set.

use std::{path::PathBuf, time::Duration};

use tempfile::TempDir;
use tokio::{
    sync::oneshot,
    task::JoinHandle,
    time::{Instant, sleep},
};

use super::{
    Batch, Happening, Health, Kind, Recorder, StoreState,
    gather::Gatherer,
    spooling::Spooling,
    testing::{Desk, Mood},
    writer::{GROUP, MOST_HELD, Writer},
};
use crate::call::{CallKey, Caller};

/// A writer at work.
struct House {
    desk: Desk,
    recorder: Recorder,
    folder: TempDir,
    stop: oneshot::Sender<()>,
    work: JoinHandle<()>,
}

/// Longer than gathering takes, or than the store is waited for.
const MOMENT: Duration = Duration::from_millis(60);

impl House {
    /// One whose store is open.
    async fn new() -> House {
        let house = House::begin(tempfile::tempdir().unwrap(), "spool", Desk::default(), 64 << 20);
        sleep(MOMENT).await;
        assert_eq!(house.health().store, StoreState::Well);
        house
    }

    fn begin(folder: TempDir, spool: &str, desk: Desk, spool_bytes: u64) -> House {
        let (recorder, queue) = Recorder::new(4096);
        let (stop, stopped) = oneshot::channel();
        let spooling = Spooling::open(folder.path().join(spool), spool_bytes, Instant::now());
        let (ours, opened) = (recorder.clone(), desk.clone());
        let open = move || opened.clone().open();
        let writer = Writer::new(open, Box::new(|| 1_764_633_600), Gatherer::new("s"), (ours, queue), spooling);
        House { desk, recorder, folder, stop, work: tokio::spawn(writer.run(stopped)) }
    }

    /// Records the batches with these numbers, of two facts each.
    fn record(&self, numbers: std::ops::Range<usize>) {
        for number in numbers {
            let fact = |kind| Happening { kind, subject: "a".into(), outcome: None, talked: None };
            let facts = vec![fact(Kind::Reached), fact(Kind::Heard)];
            let call = CallKey::of(Some(&number.to_string()));
            self.recorder.record(Batch { call, turn: 0, second: 0, lang: None, caller: None, facts });
        }
    }

    fn health(&self) -> Health {
        self.recorder.health()
    }

    fn spool(&self) -> PathBuf {
        self.folder.path().join("spool")
    }

    fn stored(&self) -> usize {
        self.desk.seen().ids.len()
    }

    async fn end(self) -> TempDir {
        self.stop.send(()).unwrap();
        self.work.await.unwrap();
        self.folder
    }

    /// As a kill ends it.
    async fn kill(self) -> TempDir {
        self.work.abort();
        assert!(self.work.await.unwrap_err().is_cancelled());
        self.folder
    }
}

#[tokio::test(start_paused = true)]
async fn what_comes_within_a_moment_is_stored_as_one_group_without_delay() {
    let house = House::new().await;
    house.record(0..1);
    sleep(Duration::from_millis(10)).await;
    house.record(1..3);
    assert_eq!(house.stored(), 0);
    sleep(Duration::from_millis(20)).await;
    assert_eq!(house.desk.seen().groups, [6]);
    let health = house.health();
    assert_eq!((health.stored, health.held, health.waiting, health.spooled), (6, 0, 0, 0));
    assert!((25..=50).contains(&health.lag_ms), "{health:?}");
    assert!(!house.spool().exists());
}

#[tokio::test(start_paused = true)]
async fn many_are_stored_at_once_in_groups_of_a_bounded_size() {
    let house = House::new().await;
    let began = Instant::now();
    house.record(0..1000);
    while house.stored() < 3 * GROUP {
        tokio::task::yield_now().await;
    }
    assert_eq!(began.elapsed(), Duration::ZERO, "nothing was waited for");
    sleep(MOMENT).await;
    assert_eq!(house.stored(), 2000);
    assert!(house.desk.seen().groups.iter().all(|size| *size <= GROUP), "{:?}", house.desk.seen().groups);
}

#[tokio::test(start_paused = true)]
async fn while_the_store_is_slow_the_queue_is_emptied_and_a_kill_costs_nothing() {
    let house = House::new().await;
    house.desk.is(Mood::Slow(Duration::from_secs(5)));
    for round in 0..20 {
        house.record(round * 500..(round + 1) * 500);
        sleep(Duration::from_millis(10)).await;
        assert_eq!(house.health().waiting, 0);
    }
    sleep(MOMENT).await;
    let health = house.health();
    assert_eq!((health.held, health.spooled, health.lost), (0, 20_000, 0), "{health:?}");
    let desk = house.desk.clone();
    assert!(desk.seen().ids.is_empty());
    let folder = house.kill().await;
    desk.is(Mood::Well);
    let again = House::begin(folder, "spool", desk, 64 << 20);
    sleep(Duration::from_secs(1)).await;
    let health = again.health();
    assert_eq!((again.stored(), health.spooled, health.lost), (20_000, 0, 0), "{health:?}");
    assert!(health.ended_unclean && !again.spool().exists());
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_away_under_load_loses_nothing_and_doubles_nothing() {
    let house = House::new().await;
    for round in 0..200 {
        house.record(round * 10..(round + 1) * 10);
        sleep(Duration::from_millis(10)).await;
        match round {
            50 => house.desk.is(Mood::Away),
            150 => {
                assert_eq!(house.health().store, StoreState::Away);
                assert!(house.health().spooled > 1000);
                house.desk.is(Mood::Well);
            }
            _ => {}
        }
    }
    sleep(Duration::from_secs(10)).await;
    let health = house.health();
    assert_eq!((house.stored(), health.stored, health.lost), (4000, 4000, 0), "{health:?}");
    assert_eq!((health.store, health.spooled, health.spooled_bytes), (StoreState::Well, 0, 0));
    assert!(!house.spool().exists());
}

#[tokio::test(start_paused = true)]
async fn a_store_that_comes_and_goes_while_the_spool_flows_in_gets_everything_once() {
    let house = House::new().await;
    for round in 0..100 {
        house.desk.is(if round % 3 == 0 { Mood::Well } else { Mood::Away });
        house.record(round * 100..(round + 1) * 100);
        sleep(Duration::from_millis(330)).await;
    }
    house.desk.is(Mood::Well);
    sleep(Duration::from_secs(20)).await;
    assert_eq!((house.stored(), house.health().stored, house.health().lost), (20_000, 20_000, 0));
}

#[tokio::test(start_paused = true)]
async fn a_broken_store_is_tried_every_minute_and_needs_no_restart() {
    let desk = Desk::default();
    desk.is(Mood::Broken);
    let house = House::begin(tempfile::tempdir().unwrap(), "spool", desk, 64 << 20);
    house.record(0..5);
    sleep(Duration::from_secs(59)).await;
    house.desk.is(Mood::Well);
    assert_eq!((house.health().store, house.health().spooled, house.stored()), (StoreState::Broken, 10, 0));
    sleep(Duration::from_secs(2)).await;
    assert_eq!((house.health().store, house.health().spooled, house.stored()), (StoreState::Well, 0, 10));
}

#[tokio::test(start_paused = true)]
async fn a_fault_of_the_store_and_one_that_hangs_end_nothing() {
    let house = House::new().await;
    house.desk.is(Mood::Panics);
    house.record(0..5);
    sleep(MOMENT).await;
    assert_eq!((house.health().store, house.health().spooled), (StoreState::Broken, 10));
    house.desk.is(Mood::Well);
    sleep(Duration::from_secs(61)).await;
    assert_eq!((house.health().store, house.stored()), (StoreState::Well, 10));
    house.desk.is(Mood::Slow(Duration::from_secs(1 << 20)));
    house.record(5..6);
    sleep(Duration::from_secs(31)).await;
    assert_eq!((house.health().store, house.health().spooled), (StoreState::Away, 2));
    house.desk.is(Mood::Well);
    sleep(Duration::from_secs(40)).await;
    assert_eq!((house.health().store, house.stored()), (StoreState::Well, 12));
}

#[tokio::test(start_paused = true)]
async fn without_store_and_spool_a_bounded_number_waits_and_the_rest_is_counted_and_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let desk = Desk::default();
    desk.is(Mood::Away);
    let house = House::begin(folder, "file/spool", desk, 64 << 20);
    for round in 0..12 {
        house.record(round * 1000..(round + 1) * 1000);
        sleep(Duration::from_secs(1)).await;
    }
    let health = house.health();
    assert_eq!((health.held, health.lost), (MOST_HELD as u64, 4000), "{health:?}");
    assert!(health.spool_fails && health.waiting == 0);
    house.desk.is(Mood::Well);
    sleep(Duration::from_secs(15)).await;
    assert_eq!(house.stored(), MOST_HELD);
    assert_eq!(house.desk.seen().lost, 4000);
    sleep(Duration::from_secs(600)).await;
    assert_eq!(house.desk.seen().lost, 4000, "told once");
}

#[tokio::test(start_paused = true)]
async fn beyond_the_bound_of_the_spool_memory_is_used_and_what_was_spooled_stays() {
    let desk = Desk::default();
    desk.is(Mood::Away);
    let house = House::begin(tempfile::tempdir().unwrap(), "spool", desk, 10_000);
    house.record(0..20);
    sleep(MOMENT).await;
    house.record(20..220);
    sleep(MOMENT).await;
    let health = house.health();
    assert_eq!((health.spooled, health.held, health.lost), (40, 400, 0), "{health:?}");
    house.desk.is(Mood::Well);
    sleep(Duration::from_secs(15)).await;
    assert_eq!((house.stored(), house.health().lost), (440, 0));
}

#[tokio::test(start_paused = true)]
async fn the_end_stores_what_was_recorded_and_leaves_no_mark() {
    let house = House::new().await;
    let (desk, recorder) = (house.desk.clone(), house.recorder.clone());
    house.record(0..1500);
    let folder = house.end().await;
    assert_eq!(desk.seen().ids.len(), 3000);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let again = House::begin(folder, "spool", desk, 64 << 20);
    sleep(MOMENT).await;
    assert!(!again.health().ended_unclean);
    assert_eq!(recorder.lost(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_end_without_the_store_spools_and_holds_up_no_next_start() {
    for mood in [Mood::Away, Mood::Broken, Mood::Slow(Duration::from_secs(20))] {
        let house = House::new().await;
        let (desk, recorder) = (house.desk.clone(), house.recorder.clone());
        desk.is(mood);
        house.record(0..700);
        let began = Instant::now();
        let folder = house.end().await;
        assert!(began.elapsed() <= Duration::from_millis(301), "{mood:?}: {:?}", began.elapsed());
        assert_eq!((recorder.health().spooled, recorder.lost()), (1400, 0), "{mood:?}");
        desk.is(Mood::Well);
        let again = House::begin(folder, "spool", desk, 64 << 20);
        sleep(Duration::from_secs(1)).await;
        assert_eq!(again.stored(), 1400, "{mood:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_kill_tore_is_counted_and_told_and_the_rest_is_stored() {
    let desk = Desk::default();
    desk.is(Mood::Away);
    let house = House::begin(tempfile::tempdir().unwrap(), "spool", desk.clone(), 64 << 20);
    house.record(0..10);
    sleep(MOMENT).await;
    let folder = house.kill().await;
    let bytes = std::fs::read(folder.path().join("spool")).unwrap();
    std::fs::write(folder.path().join("spool"), &bytes[..bytes.len() - 5]).unwrap();
    desk.is(Mood::Well);
    let again = House::begin(folder, "spool", desk, 64 << 20);
    sleep(MOMENT).await;
    assert_eq!((again.stored(), again.health().lost), (19, 1));
    assert_eq!(again.desk.seen().lost, 1);
}

#[tokio::test(start_paused = true)]
async fn a_spool_that_cannot_be_read_is_put_aside_and_a_new_one_is_begun() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("spool")).unwrap();
    let desk = Desk::default();
    desk.is(Mood::Away);
    let house = House::begin(folder, "spool", desk, 64 << 20);
    house.record(0..10);
    sleep(MOMENT).await;
    assert!(house.folder.path().join("spool.broken").is_dir());
    assert_eq!((house.health().spooled, house.health().lost), (20, 0));
}

#[tokio::test(start_paused = true)]
async fn what_is_recorded_after_the_end_is_counted_as_lost() {
    let house = House::new().await;
    let recorder = house.recorder.clone();
    let fact = Happening { kind: Kind::Began, subject: "".into(), outcome: None, talked: None };
    house.end().await;
    let call = CallKey::of(None);
    recorder.record(Batch { call, turn: 0, second: 0, lang: None, caller: None, facts: vec![fact] });
    assert_eq!(recorder.lost(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_store_is_swept_once_a_minute() {
    let house = House::new().await;
    assert_eq!(house.desk.seen().sweeps, 1);
    sleep(Duration::from_secs(300)).await;
    let seen = house.desk.seen();
    assert_eq!((seen.sweeps, seen.opened), (6, 1));
}

#[tokio::test(start_paused = true)]
async fn who_called_is_told_to_the_store_once_with_the_facts_and_never_to_the_spool() {
    let house = House::new().await;
    let begins = |call: &str, from: &str| {
        let facts = vec![Happening { kind: Kind::Began, subject: "".into(), outcome: None, talked: None }];
        let (call, caller) = (CallKey::of(Some(call)), Some(Caller::parse(from)));
        house.recorder.record(Batch { call, turn: 0, second: 0, lang: None, caller, facts });
    };
    begins("a", "+33639980001");
    begins("b", "anonymous");
    begins("c", "sip:+33639980002@sip.example.org");
    sleep(MOMENT).await;
    assert_eq!(house.desk.seen().callers, ["+33639980001"], "a hidden number is nobody in particular");
    house.desk.is(Mood::Slow(Duration::from_secs(5)));
    begins("d", "+33639980003");
    sleep(MOMENT).await;
    begins("e", "+33639980004");
    sleep(MOMENT).await;
    house.desk.is(Mood::Away);
    begins("f", "+33639980005");
    sleep(MOMENT).await;
    let spool = std::fs::read_to_string(house.spool()).unwrap();
    assert_eq!(spool.lines().count(), 3);
    assert!(!spool.contains("3998"), "{spool}");
    house.desk.is(Mood::Well);
    begins("g", "+33639980006");
    sleep(Duration::from_secs(30)).await;
    assert_eq!((house.stored(), house.health().spooled), (7, 0));
    let told = house.desk.seen().callers.clone();
    assert!(!told.contains(&"+33639980004".to_owned()) && !told.contains(&"+33639980005".to_owned()), "{told:?}");
    begins("h", "+33639980007");
    sleep(MOMENT).await;
    assert!(house.desk.seen().callers.ends_with(&["+33639980007".to_owned()]));
}
