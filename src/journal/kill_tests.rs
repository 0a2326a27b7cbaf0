//! A real process that is killed while it records, and what its spool holds then.

use std::{
    collections::HashSet,
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    Batch, Happening, Journal, Kind, Options, StoreError, gather::Gatherer, running::Before, running::Running,
    spool::Spool, testing::Desk,
};
use crate::call::CallKey;

/// What the writer promises, and what a busy machine may take on top to write a file.
const COST: Duration = Duration::from_millis(50);
const BUSY: Duration = Duration::from_millis(450);
const RECORDED: u64 = 1500;

fn batch(number: u64) -> Batch {
    let fact = Happening { kind: Kind::Began, subject: "".into(), outcome: None, talked: None };
    let call = CallKey::of(Some(&number.to_string()));
    Batch { call, turn: 0, second: 0, lang: None, caller: None, facts: vec![fact] }
}

/// The process that is killed: it records a fact a millisecond, and writes when. Does nothing unless it is asked to.
#[tokio::test]
#[ignore = "the child of the next test"]
async fn the_child() {
    if !std::path::Path::new("kill_me").exists() {
        return;
    }
    let second = Arc::new(|| 0);
    let options = Options { secret: "s".to_owned(), spool: "spool".into(), spool_bytes: 1 << 30, second };
    let away = || async { Err::<Desk, _>(StoreError::Away("gone".to_owned())) };
    let (recorder, _journal) = Journal::start(options, away);
    let began = Instant::now();
    let mut ticks = tokio::time::interval(Duration::from_millis(1));
    for number in 0..60_000 {
        ticks.tick().await;
        recorder.record(batch(number));
        let mut out = std::io::stdout();
        writeln!(out, "recorded {}", began.elapsed().as_micros()).unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn a_kill_costs_what_came_in_its_last_moment_at_most() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("kill_me"), "").unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["journal::kill_tests::the_child", "--exact", "--ignored", "--nocapture"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (mut times, mut killed) = (Vec::new(), false);
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let Some(time) = line.unwrap().strip_prefix("recorded ").and_then(|time| time.parse().ok()) else { continue };
        times.push(Duration::from_micros(time));
        if times.len() as u64 >= RECORDED && !killed {
            child.kill().unwrap();
            killed = true;
        }
    }
    child.wait().unwrap();
    assert!(killed);

    let last = *times.last().unwrap();
    let path = folder.path().join("spool");
    let (mut spool, _) = Spool::open(path.clone(), 1 << 30);
    let mut kept = HashSet::new();
    while spool.waits() {
        let group = spool.next().unwrap();
        kept.extend(group.entries.into_iter().map(|entry| entry.id));
        spool.advance(group.mark).unwrap();
    }
    let gatherer = Gatherer::new("s");
    let is_lost = |number: u64| {
        let mut entries = Vec::new();
        gatherer.gather(batch(number), &mut entries);
        !kept.contains(&entries[0].id)
    };
    let lost: Vec<Duration> =
        times.iter().zip(0..).filter(|(_, number)| is_lost(*number)).map(|(time, _)| last - *time).collect();
    assert!(lost.iter().all(|before| *before <= COST + BUSY), "{} lost, the first {:?}", lost.len(), lost.first());
    assert!(kept.len() as u64 > RECORDED / 2);
    assert!(matches!(Running::mark(&path), Before::Killed(_)));
}
