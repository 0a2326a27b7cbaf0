//! The real program, with a PostgreSQL server that goes away while calls come in and is back later: nobody waits, nothing is
//! lost, nothing is counted twice.

use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use allo_cmp::journal::{Kind, Store, TallyKind};
use serde_json::Value;

use crate::{
    journal_home::{RULES, tallies},
    line::caller,
    postgres::Postgres,
    program::Program,
};

/// Calls of each part of the test.
const CALLS: u32 = 60;

/// Waits until the journal stands as wished.
async fn until(program: &Program, what: &str, is: impl Fn(&Value) -> bool) {
    let mut last = Value::Null;
    for _ in 0..600 {
        last = program.journal().await;
        if is(&last) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("never {what}: {last}\n{}", program.log());
}

/// Begins calls, one after the other, each another one.
async fn begin(program: &Program, begun: &AtomicU32, calls: u32) {
    for _ in 0..calls {
        let n = begun.fetch_add(1, Ordering::Relaxed) as usize;
        caller(program.address, n).start().await.unwrap();
    }
}

async fn start(folder: &Path, url: &str) -> Program {
    let settings = folder.join("settings.toml");
    let spool = folder.join("spool");
    std::fs::write(&settings, format!("[journal]\nurl = \"{url}\"\nspool_path = \"{}\"\n", spool.display())).unwrap();
    Program::start_with(&["--config".as_ref(), settings.as_os_str()], None, "info").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_stopped_and_started_under_load_costs_no_fact_and_doubles_none() {
    let Some(mut server) = Postgres::start() else { return };
    let url = server.database().await;
    let folder = tempfile::tempdir().unwrap();
    let mut program = start(folder.path(), &url).await;
    let begun = AtomicU32::new(0);
    until(&program, "well", |journal| journal["state"] == "well").await;
    begin(&program, &begun, CALLS).await;

    // It goes in the middle of calls.
    let stopping = tokio::task::spawn_blocking(move || {
        server.stop();
        server
    });
    begin(&program, &begun, CALLS).await;
    let mut server = stopping.await.unwrap();
    begin(&program, &begun, CALLS).await;
    until(&program, "away, with facts in the spool", |journal| {
        journal["state"] == "away" && journal["spooled_entries"].as_u64() > Some(0)
    })
    .await;

    let starting = tokio::task::spawn_blocking(move || {
        server.start_again();
        server
    });
    begin(&program, &begun, CALLS).await;
    let _server = starting.await.unwrap();
    begin(&program, &begun, CALLS).await;
    until(&program, "well again, with an empty spool", |journal| {
        journal["state"] == "well" && ["spooled_entries", "held", "queue"].iter().all(|waits| journal[waits] == 0)
    })
    .await;
    assert_eq!(program.journal().await["lost"], 0);
    program.terminate();
    assert!(program.ended().await.success(), "{}", program.log());

    let mut store = Store::open(&url, RULES).await.unwrap();
    let counted: u64 = tallies(&mut store)
        .await
        .into_iter()
        .filter(|tally| tally.kind == TallyKind::Of(Kind::Began))
        .map(|tally| tally.count)
        .sum();
    assert_eq!(counted, u64::from(begun.load(Ordering::Relaxed)));
}
