//! What one core and half a gigabyte carry: `deploy/sizing` runs this, and prints its tables as Markdown.
//!
//! The program runs on a core of its own with a bound on its memory, and is called from another core by typical callers, whose
//! webhooks are those that the simulated telephone makes. Without a journal, with SQLite, and, where `ALLO_CMP_BENCH_POSTGRES` holds the URL
//! of an empty database, with PostgreSQL. Loopback only, bounded in number, and it ends what it started.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a bench, not the program"
)]

mod caller;
#[path = "../common/mod.rs"]
mod common;
mod load;
mod server;

use std::{path::Path, time::Duration};

use caller::Caller;
use load::{Pace, closed, open_calls, paced, whole_calls};
use server::Server;

/// What to measure.
pub(crate) struct Plan {
    server_core: usize,
    client_core: usize,
    megabytes: u64,
    seconds: f64,
    in_progress: Vec<usize>,
    whole: usize,
    starts: usize,
}

impl Plan {
    /// From `--name value`; what cargo adds by itself is passed over.
    fn of(args: &[String]) -> Plan {
        let value = |name: &str, without: &str| {
            let at = args.iter().position(|arg| arg == name);
            at.and_then(|at| args.get(at + 1)).map_or(without, String::as_str).to_owned()
        };
        let number = |name: &str, without: &str| -> usize { value(name, without).parse().unwrap() };
        Plan {
            server_core: number("--server-core", "0"),
            client_core: number("--client-core", "1"),
            megabytes: number("--megabytes", "512") as u64,
            seconds: value("--seconds", "10").parse().unwrap(),
            in_progress: value("--in-progress", "1000,10000,100000").split(',').map(|n| n.parse().unwrap()).collect(),
            whole: number("--whole-calls", "20000"),
            starts: number("--starts", "5"),
        }
    }
}

/// What was measured with one journal.
struct Measured {
    name: &'static str,
    start: Duration,
    /// Megabytes with no call in progress, then with as many as planned.
    memory: Vec<f64>,
    most: f64,
    saturated: f64,
    cpu: f64,
    paces: Vec<Pace>,
    /// Bytes of the journal a call.
    disk: Option<f64>,
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let plan = Plan::of(&args);
    server::pin_me(plan.client_core);
    let folder = std::env::temp_dir().join(format!("allo-cmp-sizing-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    let callers = Caller::typical(&plan, &folder);
    let mut journals =
        vec![("none", "none".to_owned()), ("SQLite", format!("sqlite:{}", folder.join("journal.db").display()))];
    match std::env::var("ALLO_CMP_BENCH_POSTGRES") {
        Ok(url) => journals.push(("PostgreSQL", url)),
        Err(_) => eprintln!("ALLO_CMP_BENCH_POSTGRES is not given: PostgreSQL is passed over"),
    }
    let all: Vec<Measured> = journals.iter().map(|(name, url)| measured(name, url, &plan, &callers, &folder)).collect();
    std::fs::remove_dir_all(&folder).unwrap();
    print(&plan, &callers, &all);
}

fn measured(name: &'static str, url: &str, plan: &Plan, callers: &[Caller], folder: &Path) -> Measured {
    eprintln!("journal: {name}");
    let mut starts: Vec<Duration> = (0..plan.starts).map(|_| Server::start(url, plan, folder).1).collect();
    starts.sort();
    let (server, _) = Server::start(url, plan, folder);
    let mut next = 0;
    let mut memory = vec![server.memory()];
    for calls in &plan.in_progress {
        let more = calls.saturating_sub(next);
        open_calls(&server, callers, &mut next, more);
        server.settle();
        memory.push(server.memory());
    }
    // A round to warm up, then the one that counts.
    closed(&server, callers, &mut next, plan.seconds / 4.0);
    let (saturated, cpu) = closed(&server, callers, &mut next, plan.seconds);
    server.settle();
    let paces = [0.1, 0.5, 0.9].map(|part| paced(&server, callers, &mut next, saturated * part, plan.seconds)).into();
    let before = server::stored(url);
    whole_calls(&server, callers, &mut next, plan.whole);
    server.settle();
    let most = server.peak_memory();
    let log = server.stop();
    assert!(!log.contains("lost"), "the journal has lost facts: {log}");
    let disk = server::stored(url).map(|bytes| (bytes - before.unwrap_or_default()) / plan.whole as f64);
    Measured { name, start: starts[starts.len() / 2], memory, most, saturated, cpu, paces, disk }
}

/// A row: a name, and a cell for each of them.
fn row<T>(name: &str, all: &[T], cell: impl Fn(&T) -> String) {
    println!("| {name} | {} |", all.iter().map(cell).collect::<Vec<_>>().join(" | "));
}

fn print(plan: &Plan, callers: &[Caller], all: &[Measured]) {
    println!("| journal | {} |", all.iter().map(|one| one.name).collect::<Vec<_>>().join(" | "));
    println!("|---|{}", "---|".repeat(all.len()));
    row("webhooks a second, at most", all, |one| format!("{:.0}", one.saturated));
    row("CPU for one webhook", all, |one| format!("{:.1} µs", one.cpu));
    for (at, part) in ["10 %", "50 %", "90 %"].iter().enumerate() {
        row(&format!("answered within, at {part} of that: half, 99 of 100"), all, |one| {
            let pace = &one.paces[at];
            // What the load could not keep up with is no measurement of the server.
            let missed = if pace.kept { "" } else { " (not kept up)" };
            format!("{:.2} ms, {:.2} ms{missed}", pace.half * 1e3, pace.most * 1e3)
        });
    }
    row("memory, no call in progress", all, |one| format!("{:.0} MB", one.memory[0]));
    for (at, calls) in plan.in_progress.iter().enumerate() {
        row(&format!("memory, {calls} calls in progress"), all, |one| format!("{:.0} MB", one.memory[at + 1]));
    }
    row("memory, the most in all of this", all, |one| format!("{:.0} MB", one.most));
    row("disk for a million calls", all, |one| {
        one.disk.map_or_else(|| "none".to_owned(), |bytes| format!("{:.1} GB", bytes / 1e3))
    });
    row("start until it answers", all, |one| format!("{:.0} ms", one.start.as_secs_f64() * 1e3));
    let busiest = callers.iter().map(Caller::a_minute).fold(0.0, f64::max);
    row("calls in progress at half of the webhooks, all like the busiest caller below", all, |one| {
        format!("{:.0}", one.saturated / 2.0 * 60.0 / busiest)
    });
    println!("\n| caller | minutes | webhooks | webhooks a minute |\n|---|---|---|---|");
    for caller in callers {
        let (minutes, steps) = (caller.seconds / 60.0, caller.steps.len());
        println!("| {} | {minutes:.1} | {steps} | {:.1} |", caller.name, caller.a_minute());
    }
    println!(
        "\nOne core, {} MB at most, {} s a measurement; {} whole calls for the disk.",
        plan.megabytes, plan.seconds, plan.whole
    );
}
