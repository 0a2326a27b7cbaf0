//! What it costs to choose the next line that is open, among 10, 1,000 and 100,000 lines: `cargo bench --bench lines`.
//!
//! Chains of three lines each, with hours, holidays and rotas prepared ahead; chains are found by their id, and asked at
//! minutes all over the year. Each figure is the best of many short runs, all in one run of the bench: it must not grow
//! with the lines. Two hundred different hours serve all the lines. Each run asks other chains.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a bench, not the program")]

use std::{collections::HashMap, hint::black_box, sync::Arc, time::Instant};

use allo_cmp::{
    call::{Address, LineId},
    lines::{
        Attempt, Telephone,
        hours::{Hours, Prepared, Written},
        next_open,
    },
};

/// 1 December 2025.
const FROM: u32 = 29_410_560;
const YEAR: u32 = 365 * 24 * 60;
const RUNS: usize = 40;

/// Different hours: each opens at another minute, and some never on a holiday.
fn hours() -> Vec<Arc<Prepared>> {
    let texts = (0..200).map(|n| {
        let minute = n % 60;
        match n % 4 {
            0 => format!("Mo-Fr 09:{minute:02}-18:00; PH off"),
            1 => format!("Mo-Su 18:{minute:02}-02:00"),
            2 => format!("Mo[1] 18:{minute:02}-22:00; Sa 10:00-12:00"),
            _ => format!("Sa-Su 00:{minute:02}-24:00; PH 10:00-12:00"),
        }
    });
    let read = |text: String| Hours::read(&Written { hours: &text, ..Written::default() }).0.unwrap();
    texts.map(|text| Arc::new(Arc::new(read(text)).prepare(FROM))).collect()
}

/// `lines` lines in chains of three.
fn chains(lines: usize, hours: &[Arc<Prepared>]) -> HashMap<LineId, Vec<Attempt>> {
    let attempt = |n: usize| {
        let name = format!("line_{n}");
        let telephone = Telephone {
            line: LineId::of(&name),
            counted: LineId::of(&name),
            name: name.clone(),
            address: Address::Number(format!("+331990{n:06}").parse().unwrap()),
            speaks: Vec::new(),
            capacity: None,
            hours: Some(hours[n * 7 % hours.len()].clone()),
        };
        Attempt {
            name,
            spoken: Vec::new(),
            telephones: vec![telephone],
            ring: 25,
            accept: false,
            star_leaves: false,
            turn: None,
        }
    };
    let numbers: Vec<usize> = (0..lines).collect();
    numbers
        .chunks(3)
        .map(|three| (LineId::of(&format!("chain_{}", three[0])), three.iter().map(|n| attempt(*n)).collect()))
        .collect()
}

fn main() {
    let hours = hours();
    let worlds: Vec<_> = [10, 1_000, 100_000].map(|lines| (lines, chains(lines, &hours))).into();
    let mut best = vec![f64::INFINITY; worlds.len()];
    let asked: Vec<Vec<LineId>> = worlds.iter().map(|(_, chains)| chains.keys().copied().collect()).collect();
    // By turns: what disturbs one disturbs the others.
    for run in 0..RUNS {
        for (at, (_, chains)) in worlds.iter().enumerate() {
            let began = Instant::now();
            let mut minute = FROM;
            for n in 0..1_000 {
                minute = FROM + (minute - FROM + 7_919) % YEAR;
                let chain = &chains[&asked[at][(run * 1_000 + n) % asked[at].len()]];
                black_box(next_open(chain, 0, black_box(minute), black_box(0), false));
            }
            best[at] = best[at].min(began.elapsed().as_nanos() as f64 / 1_000.0);
        }
    }
    println!("the next open line of a chain of three, at any minute of a year (best of {RUNS} runs)");
    for ((lines, _), nanoseconds) in worlds.iter().zip(&best) {
        println!("  {lines:>7} lines  {nanoseconds:>8.0} ns   {:>5.2} times that of 10", nanoseconds / best[0]);
    }
}
