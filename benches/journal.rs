//! What a report of a year costs: `cargo bench --bench journal`, or with another number of facts behind `--`.
//!
//! Ten million facts lie in a SQLite journal, over a year, of two hundred subjects in each hour, with the tallies that they
//! give. They are invented by the database itself. The figure is that of the whole: opened, read, summed up, written as JSON.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a bench, not the program")]

use std::{hint::black_box, path::Path, time::Instant};

use allo_cmp::{
    call::Lang,
    journal::{Names, Report, Rules, Store},
};
use jiff::civil::{Date, date};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

const FACTS: u64 = 10_000_000;
const RUNS: usize = 5;
const FROM: Date = date(2025, 1, 1);
const TO: Date = date(2025, 12, 31);

/// Facts of all kinds that have a subject, over the seconds of the year; and what they add up to, each hour of it.
async fn fill(file: &Path, facts: u64) {
    let mut link = SqliteConnection::connect(&format!("sqlite:{}", file.display())).await.unwrap();
    let count = facts.div_ceil(365 * 24 * 200);
    let facts = format!(
        "WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n + 1 < {facts}) \
         INSERT INTO facts (id, second, lang, kind, subject, outcome, talked) \
         SELECT CAST(printf('%016d', n) AS BLOB), 1735686000 + n % 31536000, 'fr', n % 15, 'place_' || n % 200, NULL, NULL FROM n"
    );
    let tallies = format!(
        "WITH RECURSIVE d(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM d WHERE n < 364), \
         h(h) AS (SELECT 0 UNION ALL SELECT h + 1 FROM h WHERE h < 23), \
         s(s) AS (SELECT 0 UNION ALL SELECT s + 1 FROM s WHERE s < 199) \
         INSERT INTO tallies (day, hour, kind, lang, subject, outcome, count, talked, waited) \
         SELECT date('2025-01-01', '+' || n || ' days'), h, CASE s WHEN 0 THEN 0 ELSE s % 15 END, \
         CASE s % 3 WHEN 0 THEN 'en' ELSE 'fr' END, CASE s WHEN 0 THEN '' ELSE 'place_' || s END, \
         CASE s % 15 WHEN 8 THEN s % 5 ELSE -1 END, {count}, 0, 0 FROM d, h, s"
    );
    for sql in ["PRAGMA synchronous = OFF".to_owned(), facts, tallies] {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut link).await.unwrap();
    }
    link.close().await.unwrap();
}

async fn report(url: &str) -> u64 {
    let mut store = Store::read(url).await.unwrap();
    let sums = store.sums(FROM, TO).await.unwrap();
    let report = Report::of(&sums, FROM, TO);
    black_box(report.json(Lang::FR, &Names::default()).to_string());
    report.calls
}

fn main() {
    let facts = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(FACTS);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal.db");
    let url = format!("sqlite:{}", file.display());
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        drop(Store::open(&url, Rules::default()).await.unwrap());
        let began = Instant::now();
        fill(&file, facts).await;
        let size = std::fs::metadata(&file).unwrap().len() / 1_000_000;
        println!("{facts} facts of a year, {size} MB, made in {:.0} s", began.elapsed().as_secs_f64());
        let mut best = f64::INFINITY;
        for _ in 0..RUNS {
            let began = Instant::now();
            assert!(black_box(report(&url).await) > 0);
            best = best.min(began.elapsed().as_secs_f64());
        }
        println!("a report of the year: {best:.2} s (best of {RUNS} runs)");
    });
}
