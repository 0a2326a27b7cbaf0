//! A full disk, which only a connection of one's own can be told to meet.

use super::{
    super::{CallMark, Entry, EntryId, Keep, Kind, StoreError},
    Rules, Store,
};

fn facts(from: u32) -> Vec<Entry> {
    let fact = |id: u32| {
        let mut bytes = [1; 16];
        bytes[..4].copy_from_slice(&id.wrapping_mul(2_654_435_761).to_be_bytes());
        Entry {
            id: EntryId(bytes),
            call: CallMark(u64::from(id).to_be_bytes()),
            turn: 0,
            second: 1_780_308_000,
            lang: None,
            kind: Kind::Reached,
            subject: "a place with a long name, so that pages fill up".into(),
            outcome: None,
            talked: None,
        }
    };
    (from..from + 500).map(fact).collect()
}

#[tokio::test]
async fn a_full_disk_is_away_keeps_all_that_was_stored_and_takes_the_rest_once_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let mut store =
        Store::open(&format!("sqlite:{}/journal.db", folder.path().display()), Rules::default()).await.unwrap();
    store.write(&facts(0)).await.unwrap();
    // The same error as that of a disk without room.
    store.link.as_mut().unwrap().run("PRAGMA max_page_count = 60", &[]).await.unwrap();
    let refused = store.write(&facts(500)).await;
    assert!(matches!(&refused, Err(StoreError::Away(why)) if why.contains("make room")), "{refused:?}");
    // A new connection has room again.
    assert_eq!(store.write(&facts(250)).await.unwrap().new, 250);
    assert_eq!(store.write(&facts(500)).await.unwrap().new, 250);
    let (from, to) = store.days().await.unwrap().unwrap();
    assert_eq!(store.tallies(from, to).await.unwrap()[0].count, 1_000);
}
