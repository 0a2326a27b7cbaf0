//! When the journal's database is away, damaged, full or refuses: what is told, whether waiting may help, and that all goes on
//! once it is back.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    time::{Duration, Instant},
};

use allo_cmp::journal::{Entry, Keep, Kind, Rules, Store, StoreError, Written};
use sqlx::{Connection, SqliteConnection};

use crate::{
    journal_home::{Home, NOON, RULES, fact, tallies},
    postgres::{self, Postgres},
};

fn facts(from: u32, count: u32) -> Vec<Entry> {
    (from..from + count).map(|id| fact(id, 1, 0, NOON + i64::from(id), Kind::Reached, "menu")).collect()
}

fn away<T: std::fmt::Debug>(result: Result<T, StoreError>, words: &str) {
    match result {
        Err(StoreError::Away(why)) if why.contains(words) => {}
        other => panic!("away, with {words:?}, is expected: {other:?}"),
    }
}

fn broken<T: std::fmt::Debug>(result: Result<T, StoreError>, words: &str) {
    match result {
        Err(StoreError::Broken(why)) if why.contains(words) && !why.contains("hunter2") => {}
        other => panic!("broken, with {words:?}, is expected: {other:?}"),
    }
}

async fn open(url: &str) -> Result<Store, StoreError> {
    Store::open(url, RULES).await
}

#[tokio::test]
async fn a_server_that_was_stopped_or_killed_is_away_and_then_takes_what_waited_once() {
    let Some(mut server) = Postgres::start() else { return };
    let url = server.database().await;
    let mut store = open(&url).await.unwrap();
    store.write(&facts(0, 10)).await.unwrap();
    server.stop();
    away(store.write(&facts(10, 10)).await, "");
    away(store.write(&facts(10, 10)).await, "does not answer");
    away(open(&url).await, "does not answer");
    server.start_again();
    assert_eq!(store.write(&facts(5, 15)).await.unwrap(), Written { new: 10, known: 5 });
    server.kill();
    away(store.write(&facts(20, 10)).await, "");
    server.start_again();
    assert_eq!(store.write(&facts(20, 10)).await.unwrap().new, 10);
    assert_eq!(tallies(&mut store).await.iter().map(|tally| tally.count).sum::<u64>(), 30);
}

#[tokio::test]
async fn a_server_that_hangs_is_away_within_five_seconds() {
    // Takes connections and says nothing.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("postgres://me:hunter2@{}/journal", silent.local_addr().unwrap());
    let began = Instant::now();
    away(open(&url).await, "does not answer within 5 seconds");
    assert!(began.elapsed() < Duration::from_secs(7));
}

#[tokio::test]
async fn a_lock_on_the_server_is_away_and_nothing_is_half_written() {
    let Some(server) = postgres::shared() else { return };
    let url = server.database().await;
    let mut store = open(&url).await.unwrap();
    let mut other = sqlx::PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("BEGIN; LOCK TABLE tallies").execute(&mut other).await.unwrap();
    let began = Instant::now();
    away(store.write(&facts(0, 3)).await, "too slow");
    assert!(began.elapsed() < Duration::from_secs(6));
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    assert_eq!(store.write(&facts(0, 3)).await.unwrap(), Written { new: 3, known: 0 });
}

#[tokio::test]
async fn a_server_that_refuses_says_what_to_mend_and_no_password() {
    let Some(server) = postgres::shared() else { return };
    let url = server.database().await;
    let database = url.split(['/', '?']).nth(3).unwrap().to_owned();
    let home = Home::at(&url);
    home.run("CREATE ROLE locked LOGIN PASSWORD 'x'; CREATE ROLE guest LOGIN").await;
    broken(open(&server.url("locked:hunter2", &database)).await, "password of journal.url");
    broken(open(&server.url("nobody", &database)).await, "refuses the user");
    broken(open(&server.url("postgres", "nowhere")).await, "createdb");
    broken(open(&server.url("guest", &database)).await, "GRANT");
    open(&url).await.unwrap();
    home.run(&format!("ALTER DATABASE {database} SET default_transaction_read_only = on")).await;
    let mut store = open(&url).await.unwrap();
    broken(store.write(&facts(0, 1)).await, "can't be written");
    let foreign = Home::at(&server.database().await);
    foreign.run("CREATE TABLE facts (x INT)").await;
    broken(open(&foreign.url).await, "tables of another program");
}

#[tokio::test]
async fn the_file_and_its_folder_are_made_for_their_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("some/where/journal.db");
    let mut store = open(&format!("sqlite:{}", file.display())).await.unwrap();
    store.write(&facts(0, 1)).await.unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(file.parent().unwrap()), 0o700);
    for file in fs::read_dir(file.parent().unwrap()).unwrap() {
        assert_eq!(mode(&file.unwrap().path()), 0o600);
    }
}

#[tokio::test]
async fn a_file_that_is_not_ours_is_refused_and_left_as_it_is() {
    let home = Home::sqlite();
    home.run("CREATE TABLE letters (text TEXT)").await;
    let before = fs::read(home.file()).unwrap();
    broken(open(&home.url).await, "belongs to another program");
    assert_eq!(fs::read(home.file()).unwrap(), before);
    fs::write(home.file(), "Dear Sir or Madam, ".repeat(100)).unwrap();
    broken(open(&home.url).await, "no SQLite database");
    assert!(fs::read_to_string(home.file()).unwrap().starts_with("Dear Sir"));
}

#[tokio::test]
async fn a_place_that_can_not_be_written_says_so() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    broken(open(&format!("sqlite:{}/file/journal.db", folder.path().display())).await, "can't be made");
    broken(open("sqlite:/proc/journal.db").await, "can't be made");
    broken(open(&format!("sqlite:{}", folder.path().display())).await, "can't be opened");
    broken(open("sqlite:").await, "names no file");
}

#[tokio::test]
async fn a_locked_file_is_away_until_the_lock_is_gone() {
    let home = Home::sqlite();
    let mut store = home.open().await;
    let mut other = SqliteConnection::connect(&home.url).await.unwrap();
    sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut other).await.unwrap();
    away(store.write(&facts(0, 3)).await, "locked");
    away(store.sweep(NOON).await, "locked");
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    assert_eq!(store.write(&facts(0, 3)).await.unwrap().new, 3);
}

#[tokio::test]
async fn a_file_that_is_damaged_is_told_as_damaged() {
    let home = Home::sqlite();
    let mut store = Store::open(&home.url, Rules::default()).await.unwrap();
    for portion in facts(0, 4_000).chunks(500) {
        store.write(portion).await.unwrap();
    }
    drop(store);
    home.damage().await;
    let mut store = home.open().await;
    let mut told = None;
    for portion in facts(10_000, 4_000).chunks(500) {
        if let Err(error) = store.write(portion).await {
            told = Some(error);
            break;
        }
    }
    broken(told.map_or(Ok(()), Err), "allo-cmp journal rescue");
}
