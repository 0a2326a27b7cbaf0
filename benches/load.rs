//! The server under load, as a process of its own: `cargo bench --bench load`.
//!
//! CPU time of the server for one webhook, as a ratio to a bare hyper server that answers a constant of the same size to the
//! same requests, in the same run and in turns; the same for requests that are refused, unsigned and forged; peak memory; and the
//! time from the start of the process to its first answer.
//! Then whole calls of two webhooks, each call another one: without a journal, with SQLite, and, where `ALLO_CMP_BENCH_POSTGRES`
//! holds the URL of an empty database, with PostgreSQL; and the memory after ten thousand calls of which none has ended.
//!
//! Loopback only, bounded in number, and it ends what it started.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a bench, not the program"
)]

mod common;

use std::{
    io::{BufReader, Write},
    net::{SocketAddr, TcpStream},
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use allo_cmp::provider::twilio::sign;
use bytes::Bytes;
use common::{AUTH_TOKEN, CALLER, OURS, PUBLIC_URL, Running, free, settings};
use http_body_util::Full;
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};

const CONNECTIONS: usize = 8;
const ROUNDS: usize = 7;
const REQUESTS: usize = 4_000;
const CALL_ROUNDS: usize = 5;
const CALLS: usize = 16_000;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if let Some(at) = args.iter().position(|arg| arg == "--bare") {
        return bare(args[at + 1].parse().unwrap(), args[at + 2].parse().unwrap());
    }
    let (ours, cold) = start_ours("none");
    let first = ours.exchange("/twilio/voice", &[]);
    let next = first.split("action=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let path = next.strip_prefix(PUBLIC_URL).unwrap().to_owned();
    // The language, then the main menu again and again: the notice, four choices, help.
    let answer = ours.exchange(&path, &[("Digits", "1")]);
    let bare = start_bare(answer.len());

    let mut ratios = Vec::new();
    let (mut our_cpu, mut bare_cpu) = (f64::MAX, f64::MAX);
    let mut refused_cpu = [f64::MAX; 2];
    for round in 0..=ROUNDS {
        let a = ours.cpu_of(&path, Signed::Rightly);
        let b = bare.cpu_of(&path, Signed::Rightly);
        let refused = [Signed::Not, Signed::Wrongly].map(|signed| ours.cpu_of(&path, signed));
        if round > 0 {
            ratios.push(a / b);
            our_cpu = our_cpu.min(a);
            bare_cpu = bare_cpu.min(b);
            refused_cpu.iter_mut().zip(refused).for_each(|(best, cpu)| *best = best.min(cpu));
        }
    }
    ratios.sort_by(f64::total_cmp);
    println!(
        "{ROUNDS} rounds of {} webhooks on {CONNECTIONS} connections, {} bytes an answer",
        REQUESTS * CONNECTIONS,
        answer.len()
    );
    println!("  CPU for one webhook          {our_cpu:>8.1} µs (best round)");
    println!("  bare hyper, a constant       {bare_cpu:>8.1} µs (best round)");
    println!(
        "  ratio                        {:>8.2}    (median of the rounds; {:.2} to {:.2})",
        ratios[ROUNDS / 2],
        ratios[0],
        ratios[ROUNDS - 1]
    );
    for (name, cpu) in ["unsigned", "forged"].iter().zip(refused_cpu) {
        println!(
            "  refused, {name:<20}{cpu:>8.1} µs (best round): {:.2} of an accepted one, {:.2} of bare hyper",
            cpu / our_cpu,
            cpu / bare_cpu
        );
    }
    println!("  peak memory                  {:>8.1} MB ({:.1} MB bare)", ours.peak_memory(), bare.peak_memory());
    println!("  start to first answer        {:>8.1} ms", cold.as_secs_f64() * 1000.0);
    drop(ours);
    journals(&bare);
}

/// What the journal adds to a webhook, and how many webhooks a second that leaves.
fn journals(bare: &Server) {
    let folder = std::env::temp_dir().join(format!("allo-cmp-load-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    let mut urls =
        vec![("no journal", "none".to_owned()), ("SQLite", format!("sqlite:{}", folder.join("a.db").display()))];
    if let Ok(url) = std::env::var("ALLO_CMP_BENCH_POSTGRES") {
        urls.push(("PostgreSQL", url));
    }
    let servers: Vec<(&str, Server)> = urls.iter().map(|(name, url)| (*name, start_ours(url).0)).collect();
    // Each round in turns; the best of each.
    let mut best = vec![(f64::MAX, 0.0_f64); servers.len()];
    let mut bare_cpu = f64::MAX;
    let mut calls = 0;
    for round in 0..=CALL_ROUNDS {
        let cost = bare.cpu_of("/", Signed::Rightly);
        for ((_, server), best) in servers.iter().zip(&mut best) {
            let (cpu, rate) = server.cpu_of_calls(&mut calls, CALLS);
            if round > 0 {
                *best = (best.0.min(cpu), best.1.max(rate));
            }
        }
        bare_cpu = if round > 0 { bare_cpu.min(cost) } else { bare_cpu };
    }
    println!(
        "{CALL_ROUNDS} rounds of {CALLS} calls of two webhooks, each call another one; bare hyper {bare_cpu:.1} µs"
    );
    for ((name, _), (cpu, rate)) in servers.iter().zip(&best) {
        println!(
            "  {name:<14} {cpu:>8.1} µs of CPU a webhook: {:.2} of no journal, {:.2} of bare hyper; {rate:>7.0} webhooks/s",
            cpu / best[0].0,
            cpu / bare_cpu
        );
    }
    for (name, server) in &servers {
        server.cpu_of_calls(&mut calls, 10_000);
        println!(
            "  {name:<14} {:>8.1} MB at most, after ten thousand calls more of which none has ended",
            server.peak_memory()
        );
    }
    drop(servers);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// How a request is signed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Signed {
    Rightly,
    Not,
    /// With a signature as long as a right one.
    Wrongly,
}

struct Server {
    running: Running,
    address: SocketAddr,
}

fn start_ours(journal: &str) -> (Server, Duration) {
    let address = free();
    let spool = std::env::temp_dir().join(format!("allo-cmp-load-{}.spool", address.port()));
    let began = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_allo-cmp"));
    let child = settings(command.arg("serve"), address, journal, &spool).stderr(Stdio::inherit()).spawn().unwrap();
    let server = Server { running: Running(child), address };
    server.wait();
    assert!(server.exchange("/twilio/voice", &[]).contains("Bonjour"));
    (server, began.elapsed())
}

fn start_bare(size: usize) -> Server {
    let address = free();
    let me = std::env::current_exe().unwrap();
    let child = Command::new(me).args(["--bare", &address.to_string(), &size.to_string()]).spawn().unwrap();
    let server = Server { running: Running(child), address };
    server.wait();
    server
}

impl Server {
    fn wait(&self) {
        for _ in 0..2_000 {
            if TcpStream::connect(self.address).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        panic!("the server did not start");
    }

    fn exchange(&self, path: &str, more: &[(&str, &str)]) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(&request(path, more, Signed::Rightly)).unwrap();
        answer(&mut BufReader::new(stream))
    }

    /// Microseconds of CPU that one webhook costs this process.
    fn cpu_of(&self, path: &str, signed: Signed) -> f64 {
        let request = Arc::new(request(path, &[("Digits", "1")], signed));
        let before = self.cpu();
        let clients = (0..CONNECTIONS).map(|_| {
            let (request, address) = (request.clone(), self.address);
            std::thread::spawn(move || {
                let mut stream = TcpStream::connect(address).unwrap();
                stream.set_nodelay(true).unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                for _ in 0..REQUESTS {
                    stream.write_all(&request).unwrap();
                    // Who is refused hears nothing.
                    assert_eq!(answer(&mut reader).len() > 100, signed == Signed::Rightly);
                }
            })
        });
        clients.collect::<Vec<_>>().into_iter().for_each(|client| client.join().unwrap());
        (self.cpu() - before) * 1e6 / (REQUESTS * CONNECTIONS) as f64
    }

    /// Microseconds of CPU that one webhook costs this process, its journal among it, and webhooks a second. Each call is another one,
    /// the `from`th and those behind it: it begins, and chooses its language.
    fn cpu_of_calls(&self, from: &mut usize, calls: usize) -> (f64, f64) {
        let (before, began) = (self.cpu(), Instant::now());
        let clients = (0..CONNECTIONS).map(|client| {
            let (address, first) = (self.address, *from + client * calls / CONNECTIONS);
            std::thread::spawn(move || {
                let mut stream = TcpStream::connect(address).unwrap();
                stream.set_nodelay(true).unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                for call in first..first + calls / CONNECTIONS {
                    let sid = format!("CA{call:032}");
                    stream.write_all(&request_of(&sid, "/twilio/voice", &[], Signed::Rightly)).unwrap();
                    let first = answer(&mut reader);
                    let next =
                        first.split("action=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
                    let path = next.strip_prefix(PUBLIC_URL).unwrap();
                    stream.write_all(&request_of(&sid, path, &[("Digits", "1")], Signed::Rightly)).unwrap();
                    assert!(answer(&mut reader).len() > 100);
                }
            })
        });
        clients.collect::<Vec<_>>().into_iter().for_each(|client| client.join().unwrap());
        let took = began.elapsed();
        *from += calls;
        // What is recorded is stored.
        std::thread::sleep(Duration::from_millis(500));
        let webhooks = (2 * calls) as f64;
        ((self.cpu() - before) * 1e6 / webhooks, webhooks / took.as_secs_f64())
    }

    fn cpu(&self) -> f64 {
        self.running.cpu()
    }

    fn peak_memory(&self) -> f64 {
        self.running.memory("VmHWM").expect("it has ended")
    }
}

/// A webhook, as Twilio sends it.
fn request(path: &str, more: &[(&str, &str)], signed: Signed) -> Vec<u8> {
    request_of("CA00000000000000000000000000000001", path, more, signed)
}

/// The same, of the call `sid`.
fn request_of(sid: &str, path: &str, more: &[(&str, &str)], signed: Signed) -> Vec<u8> {
    let mut params = vec![
        ("AccountSid", "AC00000000000000000000000000000000"),
        ("CallSid", sid),
        ("CallStatus", "in-progress"),
        ("From", CALLER),
        ("To", OURS),
    ];
    params.extend(more);
    let token = if signed == Signed::Wrongly { "another token" } else { AUTH_TOKEN };
    let signature = match signed {
        Signed::Not => String::new(),
        _ => format!("X-Twilio-Signature: {}\r\n", sign(token, &format!("{PUBLIC_URL}{path}"), &params)),
    };
    let body = params.iter().map(|(k, v)| format!("{k}={}", v.replace('+', "%2B"))).collect::<Vec<_>>().join("&");
    format!(
        "POST {path} HTTP/1.1\r\nHost: line.example.org\r\nUser-Agent: TwilioProxy/1.1\r\n\
         Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n{signature}\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn answer(reader: &mut BufReader<TcpStream>) -> String {
    common::answer(reader).1
}

/// A bare hyper server: a constant of `size` bytes to every request, nothing else.
fn bare(address: SocketAddr, size: usize) {
    let constant = Bytes::from("x".repeat(size));
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async move {
        let listener = tokio::net::TcpListener::bind(address).await.unwrap();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            let constant = constant.clone();
            tokio::spawn(async move {
                let service = service_fn(move |request: Request<Incoming>| {
                    let constant = constant.clone();
                    async move {
                        use http_body_util::BodyExt;
                        request.into_body().collect().await?;
                        let mut response = Response::new(Full::new(constant));
                        response
                            .headers_mut()
                            .insert("content-type", hyper::header::HeaderValue::from_static("text/xml"));
                        Ok::<_, hyper::Error>(response)
                    }
                });
                let _ = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
}
