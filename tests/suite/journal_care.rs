//! Looking after the journal: its condition, copies while calls run, copies put back, and what is saved of a damaged file.

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use allo_cmp::journal::{CareError, Entry, Keep, Kind, Store, backup, rescue, restore};
use assert_cmd::Command;
use tempfile::TempDir;

use crate::journal_home::{Home, NOON, fact, tallies};

pub(crate) fn facts(from: u32, count: u32) -> Vec<Entry> {
    (from..from + count).map(|id| fact(id, 1, 0, NOON + i64::from(id), Kind::Began, "")).collect()
}

/// A journal with some facts, whose writer has gone.
async fn journal(count: u32) -> Home {
    let home = Home::sqlite();
    let mut store = home.open().await;
    for portion in facts(0, count).chunks(500) {
        store.write(portion).await.unwrap();
    }
    home
}

fn refused<T: std::fmt::Debug>(result: Result<T, CareError>, words: &str) {
    match result {
        Err(CareError::Refused(why)) if why.contains(words) => {}
        other => panic!("a refusal with {words:?} is expected: {other:?}"),
    }
}

fn command(home: &Home, words: &[&str]) -> assert_cmd::assert::Assert {
    let folder: TempDir = tempfile::tempdir().unwrap();
    let mut command = Command::from_std(crate::program::command(folder.path()));
    command.env("ALLO_CMP__JOURNAL__URL", &home.url).arg("journal").args(words).assert()
}

fn out(assert: &assert_cmd::assert::Assert) -> String {
    let output = assert.get_output();
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn at(file: &Path) -> Home {
    Home::at(&format!("sqlite:{}", file.display()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_taken_while_calls_run_is_whole_and_one_moment_of_them() {
    let home = Home::sqlite();
    let mut store = home.open().await;
    store.write(&facts(0, 100)).await.unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let writer = tokio::spawn({
        let stop = stop.clone();
        async move {
            let mut next = 100;
            while !stop.load(Ordering::Relaxed) {
                store.write(&facts(next, 50)).await.unwrap();
                next += 50;
            }
            u64::from(next)
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let mut before = 0;
    for round in 0..5 {
        let file = folder.path().join(format!("{round}.db"));
        let copied = backup(&home.url, &file).await.unwrap();
        assert!(copied.damage.is_empty() && copied.begun == copied.facts && copied.begun >= before, "{copied:?}");
        assert_eq!(copied.open, 0, "which facts were of one call stays behind");
        before = copied.begun;
        let mark = [0xc4, 0x11, 0xed, 0x0f, 0xfa, 0xce, 0x77];
        assert!(!fs::read(&file).unwrap().windows(7).any(|bytes| bytes == mark));
        assert_eq!(
            tallies(&mut Store::read(&at(&file).url).await.unwrap()).await.iter().map(|tally| tally.count).sum::<u64>(),
            before
        );
    }
    stop.store(true, Ordering::Relaxed);
    let written = writer.await.unwrap();
    assert!(before >= 100 && written >= before, "{before} of {written}");
    assert_eq!(Store::read(&home.url).await.unwrap().condition().await.unwrap().facts, written);
    refused(backup(&home.url, &folder.path().join("0.db")).await, "is there already");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_put_back_where_no_journal_is_lost_by_it() {
    let home = journal(20).await;
    let folder = tempfile::tempdir().unwrap();
    let (copy, aside) = (folder.path().join("copy.db"), folder.path().join("aside.db"));
    backup(&home.url, &copy).await.unwrap();
    let mut store = home.open().await;
    store.write(&facts(20, 5)).await.unwrap();
    refused(restore(&home.url, &copy, None).await, "--aside");
    refused(restore(&home.url, &copy, Some(&copy)).await, "is there already");
    refused(restore(&home.url, &copy, Some(&aside)).await, "stop `allo-cmp serve` first");
    assert_eq!(store.write(&facts(25, 1)).await.unwrap().new, 1, "who writes is not disturbed");
    drop(store);
    // The connection is closed by a thread of its own.
    let mut restored = restore(&home.url, &copy, Some(&aside)).await;
    for _ in 0..50 {
        if restored.is_ok() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        restored = restore(&home.url, &copy, Some(&aside)).await;
    }
    assert_eq!(restored.unwrap().begun, 20);
    assert_eq!(Store::read(&at(&aside).url).await.unwrap().condition().await.unwrap().begun, 26);
    let mut store = home.open().await;
    assert_eq!(store.write(&facts(15, 10)).await.unwrap().new, 5);
    // A damaged backup, or another file, is refused, and the journal stays.
    drop(store);
    let damaged = journal(4_000).await;
    damaged.damage().await;
    refused(restore(&home.url, damaged.file(), Some(&folder.path().join("b.db"))).await, "damaged");
    fs::write(&copy, "Dear Sir or Madam, ".repeat(100)).unwrap();
    assert!(restore(&home.url, &copy, Some(&folder.path().join("b.db"))).await.is_err());
    assert_eq!(Store::read(&home.url).await.unwrap().condition().await.unwrap().begun, 25);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_journal_that_root_puts_back_is_the_programs_that_writes_it() {
    use std::os::unix::fs::{MetadataExt, chown};
    const NOBODY: u32 = 65_534;
    let (home, backups, of_the_line) = (journal(3).await, tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    if chown(of_the_line.path(), Some(NOBODY), Some(NOBODY)).is_err() {
        println!("skipped: this is not root, so no folder is another's");
        return;
    }
    let copy = backups.path().join("copy.db");
    backup(&home.url, &copy).await.unwrap();
    let file = of_the_line.path().join("journal.db");
    restore(&at(&file).url, &copy, None).await.unwrap();
    let owner = |file: &std::path::Path| fs::metadata(file).unwrap().uid();
    assert_eq!((owner(&file), owner(&copy)), (NOBODY, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_be_read_of_a_damaged_journal_is_saved_and_put_in_place() {
    let home = journal(4_000).await;
    assert!(out(&command(&home, &["check"]).success()).contains("calls begun: 4000"));
    home.damage().await;
    let check = out(&command(&home, &["check"]).failure());
    assert!(check.contains("damaged") && check.contains("allo-cmp journal rescue"), "{check}");
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("saved.db");
    let said = rescue(&home.url, &saved).await.unwrap();
    assert!(
        said.tallies > 0 && said.facts > 3_000 && said.facts < 4_000 && said.lost >= 4_000 - said.facts,
        "{said:?}"
    );
    refused(rescue(&home.url, &saved).await, "is there already");
    let aside = folder.path().join("aside.db");
    let words = ["restore", "--from", saved.to_str().unwrap(), "--aside", aside.to_str().unwrap()];
    assert!(out(&command(&home, &words).success()).contains("calls begun: 4000"));
    let mut store = home.open().await;
    let new = store.write(&facts(4_000, 10)).await.unwrap().new;
    let whole = store.condition().await.unwrap();
    assert_eq!((new, whole.begun, whole.facts, whole.damage.len()), (10, 4_010, said.facts + 10, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_can_be_read_the_rescue_says_what_to_do_instead_and_a_backup_can_be_put_in_place() {
    let (home, folder) = (journal(3).await, tempfile::tempdir().unwrap());
    let (copy, saved) = (folder.path().join("copy.db"), folder.path().join("saved.db"));
    backup(&home.url, &copy).await.unwrap();
    for (name, ruin) in [("ruined.db", b"SQLite format 3\0" as &[u8]), ("other.db", b"no journal")] {
        let file = folder.path().join(name);
        let mut bytes = fs::read(&copy).unwrap();
        bytes[..4096].fill(0xa5);
        bytes[..ruin.len()].copy_from_slice(ruin);
        fs::write(&file, bytes).unwrap();
        refused(rescue(&at(&file).url, &saved).await, "nothing can be read");
        assert!(!saved.exists(), "{name}");
        restore(&at(&file).url, &copy, Some(&folder.path().join(format!("aside-{name}")))).await.unwrap();
    }
}

#[test]
fn the_commands_say_what_they_did_and_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let home = at(&folder.path().join("journal.db"));
    let said = out(&command(&home, &["check"]).failure());
    assert!(said.contains("there is no file"), "{said}");
    let copy = folder.path().join("copy.db");
    let copy = copy.to_str().unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async { home.open().await.write(&facts(0, 3)).await.unwrap() });
    let said = out(&command(&home, &["check"]).success());
    assert!(said.contains("whole") && said.contains("days: from 2026-06-01 to 2026-06-01"), "{said}");
    let said = out(&command(&home, &["backup", "--to", copy]).success());
    assert!(said.contains("written and checked") && said.contains("calls begun: 3"), "{said}");
    assert!(out(&command(&home, &["backup", "--to", copy]).failure()).contains("is there already"));
    let server = Home::at("postgres://me:hunter2@db.example/journal");
    let said = out(&command(&server, &["backup", "--to", "x.db"]).failure());
    assert!(said.contains("pg_dump") && !said.contains("hunter2"), "{said}");
}
