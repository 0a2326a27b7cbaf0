//! What a look-up of the nearest centres costs among 1,000, 100,000 and 1,000,000 of them: `cargo bench --bench directory`.
//!
//! The centres are invented and spread as people are; each is asked for from every postal code by turns, the first three for
//! each age. Each figure is the best of many short runs, all in one run of the bench: it must not grow with the centres.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a bench, not the program")]

#[path = "../src/directory/nearest/invented.rs"]
mod invented;

use std::{hint::black_box, time::Instant};

use allo_cmp::directory::{
    Audience, Centre, CentreKind, CommuneRef, Index, Lookup, More, Origin, Point, PostalCodes, Wanted,
};

const RUNS: usize = 30;
const ASKED: usize = 500;

/// What a call does for one caller: the code, its communes, the three centres.
fn ask(index: &Index, code: &str, wanted: Wanted) -> usize {
    let Lookup::Known(communes) = PostalCodes::shipped().get(code) else { return 0 };
    Origin::communes(&communes).map_or(0, |origin| index.nearest(&origin, wanted, 0..3).len())
}

fn main() {
    let began = Instant::now();
    let codes: Vec<String> = PostalCodes::shipped().codes().collect();
    println!("the postal codes, read once: {:.1} ms", began.elapsed().as_secs_f64() * 1_000.0);
    let made = [1_000, 100_000, 1_000_000].map(|count| {
        let centres: Vec<Centre> = invented::centres(count);
        let began = Instant::now();
        let index = Index::new(&centres);
        println!("an index of {count:>9} centres, made: {:.1} ms", began.elapsed().as_secs_f64() * 1_000.0);
        (count, index)
    });
    let mut best = [f64::INFINITY; 3];
    // By turns: what disturbs one disturbs the others.
    for run in 0..RUNS {
        for ((_, index), best) in made.iter().zip(&mut best) {
            let began = Instant::now();
            for n in 0..ASKED {
                let code = &codes[(run * ASKED + n * 13) % codes.len()];
                let wanted = [Wanted::Adults, Wanted::Teen, Wanted::Children][n % 3];
                black_box(ask(index, black_box(code), wanted));
            }
            *best = best.min(began.elapsed().as_nanos() as f64 / ASKED as f64);
        }
    }
    println!("the three nearest centres to a postal code (best of {RUNS} runs)");
    for ((count, _), nanoseconds) in made.iter().zip(&best) {
        println!("  {count:>9} centres  {nanoseconds:>8.0} ns   {:>5.2} times that of 1,000", nanoseconds / best[0]);
    }
}
