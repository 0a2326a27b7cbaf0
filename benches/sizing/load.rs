//! The load: many calls of typical callers, on a few connections that are kept, as fast as they are answered or at a pace.

use std::{
    io::{BufReader, Write},
    net::TcpStream,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use allo_cmp::provider::twilio::sign;

use super::caller::{Caller, urls};
use crate::{
    common::{self, AUTH_TOKEN, PUBLIC_URL},
    server::{Server, sid},
};

const CONNECTIONS: usize = 16;

/// Answers at a pace, in seconds.
pub(crate) struct Pace {
    pub(crate) half: f64,
    pub(crate) most: f64,
    /// Whether the callers kept it up.
    pub(crate) kept: bool,
}

/// One connection, and the call that it carries.
struct Line<'c> {
    reader: BufReader<TcpStream>,
    callers: &'c [Caller],
    next: &'c AtomicUsize,
    call: usize,
    step: usize,
    answer: String,
}

impl<'c> Line<'c> {
    fn new(server: &Server, callers: &'c [Caller], next: &'c AtomicUsize) -> Line<'c> {
        let stream = TcpStream::connect(server.address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let call = next.fetch_add(1, Ordering::Relaxed);
        Line { reader: BufReader::new(stream), callers, next, call, step: 0, answer: String::new() }
    }

    /// One webhook, and its answer. Whether the call is over.
    fn once(&mut self) -> bool {
        let caller = &self.callers[self.call % self.callers.len()];
        let step = &caller.steps[self.step];
        let path = match &step.to {
            Ok(at) => urls(&self.answer).nth(*at).unwrap_or_else(|| panic!("not as before: {}", self.answer)),
            Err(path) => path.clone(),
        };
        let sid = sid(self.call + 1);
        let mut params: Vec<(&str, &str)> = step.params.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        params.push(("CallSid", &sid));
        let signature = sign(AUTH_TOKEN, &format!("{PUBLIC_URL}{path}"), &params);
        let coded = |(name, value): &(&str, &str)| format!("{name}={}", value.replace('+', "%2B").replace('#', "%23"));
        let body = params.iter().map(coded).collect::<Vec<_>>().join("&");
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: line.example.org\r\nUser-Agent: TwilioProxy/1.1\r\n\
             Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\nX-Twilio-Signature: {signature}\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.reader.get_mut().write_all(request.as_bytes()).unwrap();
        self.answer = answer(&mut self.reader);
        self.step += 1;
        self.step == caller.steps.len()
    }

    /// The next caller's.
    fn begin(&mut self) {
        self.call = self.next.fetch_add(1, Ordering::Relaxed);
        self.step = 0;
    }
}

fn answer(reader: &mut BufReader<TcpStream>) -> String {
    let (first, body) = common::answer(reader);
    assert!(first.starts_with("HTTP/1.1 20"), "{first}");
    body
}

/// Each connection does its work on a thread; gives what they give. `from` is the number of the next call, before and after.
fn together<T: Send>(
    server: &Server,
    callers: &[Caller],
    from: &mut usize,
    work: impl Fn(usize, &mut Line<'_>) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(*from);
    let (next_ref, work) = (&next, &work);
    let done = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS)
            .map(|at| scope.spawn(move || work(at, &mut Line::new(server, callers, next_ref))))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    *from = next.load(Ordering::Relaxed);
    done
}

/// As fast as they are answered: webhooks a second, and microseconds of CPU for one.
pub(crate) fn closed(server: &Server, callers: &[Caller], from: &mut usize, seconds: f64) -> (f64, f64) {
    let (cpu, began) = (server.cpu(), Instant::now());
    let sent: usize = together(server, callers, from, |_, line| {
        let mut sent = 0;
        while began.elapsed().as_secs_f64() < seconds {
            if line.once() {
                line.begin();
            }
            sent += 1;
        }
        sent
    })
    .into_iter()
    .sum();
    let rate = sent as f64 / began.elapsed().as_secs_f64();
    // What waits in front of the journal costs CPU, too.
    server.settle();
    (rate, (server.cpu() - cpu) * 1e6 / sent as f64)
}

/// At `rate` webhooks a second. The time of an answer counts from when its webhook was due, not from when it was sent.
pub(crate) fn paced(server: &Server, callers: &[Caller], from: &mut usize, rate: f64, seconds: f64) -> Pace {
    let between = CONNECTIONS as f64 / rate;
    let began = Instant::now();
    let mut times: Vec<f64> = together(server, callers, from, |at, line| {
        let mut due = at as f64 / rate;
        let mut times = Vec::new();
        while due < seconds {
            let wait = due - began.elapsed().as_secs_f64();
            if wait > 0.0 {
                std::thread::sleep(Duration::from_secs_f64(wait));
            }
            // A sleep that was too long is the callers' own delay.
            let due_or_woken = if wait > 0.0 { began.elapsed().as_secs_f64() } else { due };
            if line.once() {
                line.begin();
            }
            times.push(began.elapsed().as_secs_f64() - due_or_woken);
            due += between;
        }
        times
    })
    .into_iter()
    .flatten()
    .collect();
    let kept = began.elapsed().as_secs_f64() < seconds * 1.05 + 0.1;
    times.sort_by(f64::total_cmp);
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
    Pace { half: at(0.5), most: at(0.99), kept }
}

/// That many calls begin, choose their language or whatever is their second step, and stay.
pub(crate) fn open_calls(server: &Server, callers: &[Caller], from: &mut usize, calls: usize) {
    let until = *from + calls;
    together(server, callers, from, |_, line| {
        while line.call < until {
            line.once();
            line.once();
            line.begin();
        }
    });
}

/// That many calls, from the first webhook to the last.
pub(crate) fn whole_calls(server: &Server, callers: &[Caller], from: &mut usize, calls: usize) {
    let until = *from + calls;
    together(server, callers, from, |_, line| {
        while line.call < until {
            if line.once() {
                line.begin();
            }
        }
    });
}
