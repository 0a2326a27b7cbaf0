//! Two machines answer one line: webhooks of each call go to either, one is killed in mid-load, one is changed before the other,
//! their clocks differ, and whoever answers for us asks another machine than the one that rang. Callers hear what they hear of one
//! machine, and everything is counted once.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs,
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use allo_cmp::{
    journal::TallyKind,
    phone::{Answers, Call, Dialling, HttpTransport, PhoneError, Transport, WebRequest, WebResponse},
};
use tokio::{task::JoinSet, time::sleep};

use crate::{
    journal_home::{Home, tallies},
    line::{BEGAN, CALLER, Line, OURS, PUBLIC, Setup, flows, play, raw, said, sid, transport},
    overlay,
    program::Program,
    restart::{Ended, PLACES},
    scenarios::{AT, seconds},
};

const CALLS: usize = 100;

/// The way to both: each webhook to one of them, drawn, and to the other where that one is gone.
struct Ways {
    machines: [HttpTransport; 2],
    /// The next choice comes from it.
    seed: u64,
    /// Where the webhooks of whoever answers for us, and the end of their ring, go; drawn where that is not said.
    leg: Option<usize>,
    end: Option<usize>,
    load: Arc<Load>,
}

/// What all callers see together.
#[derive(Default)]
struct Load {
    sent: AtomicUsize,
    moved: AtomicUsize,
    /// Milliseconds before each webhook.
    pause: AtomicU64,
    /// Who is known to be gone is not asked.
    gone: [AtomicBool; 2],
}

impl Ways {
    fn new(machines: [SocketAddr; 2], n: usize, load: &Arc<Load>) -> Ways {
        let seed = (n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Ways { machines: machines.map(transport), seed, leg: None, end: None, load: load.clone() }
    }

    fn drawn(&mut self) -> usize {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.seed >> 63) as usize
    }
}

impl Transport for Ways {
    async fn send(&mut self, request: &WebRequest) -> Result<WebResponse, PhoneError> {
        let said = if request.url.contains("/twilio/leg") {
            self.leg
        } else if request.param("DialCallStatus").is_some() {
            self.end
        } else {
            None
        };
        let mut to = said.unwrap_or_else(|| self.drawn());
        if self.load.gone[to].load(Ordering::Relaxed) {
            to = 1 - to;
        }
        sleep(Duration::from_millis(self.load.pause.load(Ordering::Relaxed))).await;
        self.load.sent.fetch_add(1, Ordering::Relaxed);
        match self.machines[to].send(request).await {
            Ok(answer) => Ok(answer),
            Err(_) => {
                self.load.gone[to].store(true, Ordering::Relaxed);
                self.load.moved.fetch_add(1, Ordering::Relaxed);
                self.machines[1 - to].send(request).await
            }
        }
    }
}

fn caller(machines: [SocketAddr; 2], n: usize, load: &Arc<Load>) -> Call<Ways> {
    dialling(Ways::new(machines, n, load), n)
}

fn dialling<T: Transport>(transport: T, n: usize) -> Call<T> {
    let mut dialling = Dialling::new(CALLER, OURS, format!("{PUBLIC}/twilio/voice"));
    dialling.call_sid = sid(n);
    dialling.status = Some(format!("{PUBLIC}/twilio/status"));
    Call::new(transport, dialling)
}

/// All calls at once, each to a place of its own.
async fn begun<T: Transport + 'static>(caller: impl Fn(usize) -> Call<T>) -> Vec<Call<T>> {
    let mut set = JoinSet::new();
    for n in 0..CALLS {
        let mut call = caller(n);
        set.spawn(async move {
            call.start().await.unwrap();
            play(&mut call, PLACES[n % PLACES.len()].0).await;
            (n, call)
        });
    }
    in_order(set).await
}

/// All of them at once, from there to their end.
async fn ended<T: Transport + 'static>(calls: Vec<Call<T>>) -> Vec<Call<T>> {
    let mut set = JoinSet::new();
    for (n, mut call) in calls.into_iter().enumerate() {
        set.spawn(async move {
            play(&mut call, PLACES[n % PLACES.len()].1).await;
            if !call.wait().is_ended() {
                call.hang_up().await.unwrap();
            }
            (n, call)
        });
    }
    in_order(set).await
}

async fn in_order<T: 'static>(set: JoinSet<(usize, Call<T>)>) -> Vec<Call<T>> {
    let mut calls = set.join_all().await;
    calls.sort_by_key(|(n, _)| *n);
    calls.into_iter().map(|(_, call)| call).collect()
}

async fn together<T: Transport + 'static>(caller: impl Fn(usize) -> Call<T>) -> Vec<Call<T>> {
    ended(begun(caller).await).await
}

/// Each call of the one was heard as that of the other.
fn heard_alike<A: Transport, B: Transport>(calls: &[Call<A>], others: &[Call<B>]) {
    for (n, (call, other)) in calls.iter().zip(others).enumerate() {
        assert_eq!(call.transcript(), other.transcript(), "call {n}");
        assert_eq!(call.hearing(), other.hearing(), "call {n}");
    }
}

/// A program with its journal there.
async fn program(folder: &Path, name: &str, journal: &str) -> Program {
    let settings = folder.join(format!("{name}.toml"));
    let spool = folder.join(format!("{name}.spool"));
    let text = format!("[server]\nother_machines = true\n[journal]\nurl = \"{journal}\"\nspool_path = {spool:?}\n");
    fs::write(&settings, text).unwrap();
    Program::start_with(&[OsStr::new("--config"), settings.as_os_str()], None, "info").await
}

/// What a journal has counted, whatever the hour; who is missed and where calls ended only once that was counted.
async fn counted(home: &Home) -> BTreeMap<String, u64> {
    let mut store = home.open().await;
    let mut sums = BTreeMap::new();
    for tally in tallies(&mut store).await {
        if matches!(tally.kind, TallyKind::Of(_)) {
            let lang = tally.lang.map(|lang| lang.to_string()).unwrap_or_default();
            let name = format!("{:?} {lang} {} {:?}", tally.kind, tally.subject, tally.outcome);
            *sums.entry(name).or_default() += tally.count;
        }
    }
    sums
}

/// Until nothing waits in front of the journal any more.
async fn stored(program: &Program) {
    for _ in 0..1_000 {
        let journal = program.journal().await;
        let waits = ["queued", "in_memory", "spooled"].iter().any(|name| journal[name].as_u64().is_some_and(|n| n > 0));
        if journal["state"] == "well" && !waits {
            // What was just taken out of the queue.
            sleep(Duration::from_millis(200)).await;
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("the journal keeps waiting: {}", program.journal().await);
}

/// Two programs with one journal, and one by itself.
async fn two_and_one(folder: &Path, ours: &Home, alone: &Home) -> [Program; 3] {
    let one = program(folder, "one", &ours.url).await;
    let two = program(folder, "two", &ours.url).await;
    [one, two, program(folder, "single", &alone.url).await]
}

#[tokio::test(flavor = "multi_thread")]
async fn over_two_machines_calls_are_heard_and_counted_as_over_one() {
    let (Some(ours), Some(alone)) = (Home::postgres().await, Home::postgres().await) else { return };
    let folder = tempfile::tempdir().unwrap();
    let [one, two, single] = two_and_one(folder.path(), &ours, &alone).await;

    let load = Arc::new(Load::default());
    let calls = together(|n| caller([one.address, two.address], n, &load)).await;
    let others = together(|n| dialling(transport(single.address), n)).await;
    heard_alike(&calls, &others);
    let shares = [one.count("webhooks_answered").await, two.count("webhooks_answered").await];
    assert!(shares.iter().all(|share| *share > 300), "{shares:?}");
    for program in [&one, &two, &single] {
        stored(program).await;
    }
    let (ours, alone) = (counted(&ours).await, counted(&alone).await);
    assert_eq!(ours, alone);
    assert_eq!(ours["Of(Began)   None"], CALLS as u64, "{ours:?}");
    assert_eq!(load.moved.load(Ordering::Relaxed), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_is_killed_in_mid_load_and_nobody_hears_it() {
    let (Some(ours), Some(alone)) = (Home::postgres().await, Home::postgres().await) else { return };
    let folder = tempfile::tempdir().unwrap();
    let [one, two, single] = two_and_one(folder.path(), &ours, &alone).await;

    let load = Arc::new(Load::default());
    let machines = [one.address, two.address];
    let calls = begun(|n| caller(machines, n, &load)).await;
    // What is stored is safe: only what happens from here on can be lost.
    for program in [&one, &two] {
        stored(program).await;
    }
    let safe = counted(&ours).await;
    assert_eq!(safe["Of(Began)   None"], CALLS as u64, "{safe:?}");
    let killed = tokio::spawn({
        let (load, sent) = (load.clone(), load.sent.load(Ordering::Relaxed));
        load.pause.store(20, Ordering::Relaxed);
        async move {
            while load.sent.load(Ordering::Relaxed) < sent + 2 * CALLS {
                sleep(Duration::from_millis(1)).await;
            }
            one.kill();
        }
    });
    let calls = ended(calls).await;
    killed.await.unwrap();
    assert!(load.moved.load(Ordering::Relaxed) > 0, "nobody noticed");
    let others = together(|n| dialling(transport(single.address), n)).await;
    heard_alike(&calls, &others);

    // Who died left in its file what had waited longest; it starts again where it was, and delivers that.
    let one = program(folder.path(), "one", &ours.url).await;
    for program in [&one, &two, &single] {
        stored(program).await;
    }
    let (ours, alone) = (counted(&ours).await, counted(&alone).await);
    let sum = |counts: &BTreeMap<String, u64>| counts.values().sum::<u64>();
    println!("{} of {} facts were lost with the machine", sum(&alone) - sum(&ours), sum(&alone));
    for (name, count) in &ours {
        // Twice is nothing counted, and once all but what was in the queue in that moment.
        assert!(count <= &alone[name], "{name}: {count} and not {}", alone[name]);
    }
    for (name, count) in &safe {
        assert!(ours[name] >= *count, "{name} was stored, and is gone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clocks_that_differ_by_five_seconds_over_the_turn_of_a_minute_change_nothing() {
    let (one, two, single) = (Line::shipped().await, Line::shipped().await, Line::shipped().await);
    one.clock.set(BEGAN + 57);
    two.clock.set(BEGAN + 62);
    let load = Arc::new(Load::default());
    let calls = together(|n| caller([one.address, two.address], n, &load)).await;
    heard_alike(&calls, &together(|n| single.caller(n)).await);
}

const FIND: &str = "Pour trouver un centre C-M-P, appuyez sur la touche ";
const CHANGED: &str = "fr: Les choix ont changé";
const CENTRE: &str = "fr: Trouver votre centre";

#[tokio::test]
async fn while_only_one_of_two_is_changed_a_key_does_what_was_spoken_or_is_read_again() {
    let swapped = flows(&[
        ("main.yaml", "1: { say: main/key-find, go: find_cmp }", "1: { say: main/key-access, go: access_menu }"),
        (
            "main.yaml",
            "2: { say: main/key-access, go: access_menu }\n      3",
            "2: { say: main/key-find, go: find_cmp }\n      3",
        ),
    ]);
    let lines = [Line::shipped().await, Line::start(Setup { flows: swapped, ..Setup::default() }).await];
    let worlds: Vec<serde_json::Value> = [world(lines[0].admin).await, world(lines[1].admin).await].into();
    assert_ne!(worlds[0], worlds[1], "both are said to say the same");
    let mut found = [0, 0];
    for n in 0..40 {
        let mut call = caller(lines.each_ref().map(|line| line.address), n, &Arc::default());
        call.start().await.unwrap();
        play(&mut call, "1").await;
        let mut again = 0;
        loop {
            let words = said(call.last_document().unwrap());
            let at = words.find(FIND).unwrap_or_else(|| panic!("no way to a centre: {words}")) + FIND.len();
            let key = words[at..=at].to_owned();
            play(&mut call, &key).await;
            let words = said(call.last_document().unwrap());
            if words.starts_with(CENTRE) {
                break;
            }
            assert!(words.starts_with(CHANGED), "key {key} meant something else: {words}");
            again += 1;
            assert!(again < 40, "read again for ever");
        }
        found[usize::from(again > 0)] += 1;
    }
    // Both are seen: the one machine twice in a row, and one after the other.
    assert!(found.iter().all(|count| *count > 5), "{found:?}");
}

/// The mark of what a machine says and does.
async fn world(admin: SocketAddr) -> serde_json::Value {
    let (_, body) = raw(admin, "GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    serde_json::from_str::<serde_json::Value>(&body).unwrap()["world"].clone()
}

#[tokio::test]
async fn two_machines_that_say_the_same_have_the_same_mark() {
    let (one, two) = (Line::shipped().await, Line::shipped().await);
    let mark = world(one.admin).await;
    assert_eq!(mark, world(two.admin).await);
    assert!(mark.as_str().is_some_and(|mark| mark.len() == 12), "{mark}");
}

const TALKED: &str = "fr: L'échange est fini.";
const ASKED: &str = "fr: Avez-vous parlé à quelqu'un ?";
const NEXT: &str = "fr: ";

/// The first words behind a ring of the operator's own people that ends with `answer`: who is rung, asks and is told where.
async fn behind(other_machines: bool, answer: &str, ring: usize, leg: usize, end: usize) -> String {
    let (flows, scripts) = overlay::files(Some("association"));
    let mut lines = Vec::new();
    for _ in 0..2 {
        let setup = Setup { flows: flows.clone(), scripts: scripts.clone(), other_machines, ..Setup::default() };
        let line = Line::start(setup).await;
        line.clock.set(seconds(AT));
        lines.push(line);
    }
    let load = Arc::new(Load::default());
    // Until it rings, one machine is asked.
    load.gone[1 - ring].store(true, Ordering::Relaxed);
    let mut call = caller([lines[0].address, lines[1].address], 0, &load);
    call.start().await.unwrap();
    play(&mut call, "191_").await;
    load.gone[1 - ring].store(false, Ordering::Relaxed);
    call.transport().leg = Some(leg);
    call.transport().end = Some(end);
    call.dialled(answer.parse::<Answers>().unwrap()).await.unwrap();
    said(call.last_document().unwrap())
}

#[tokio::test]
async fn nobody_is_called_after_a_conversation_whichever_machine_was_told_of_it() {
    for (ring, leg, end) in [(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1), (1, 0, 1)] {
        let words = behind(true, "accepted:60", ring, leg, end).await;
        // Where the machine that is told of the end has not been told of the key, the caller knows.
        let expected = if leg == end { TALKED } else { ASKED };
        assert!(words.starts_with(expected), "{ring}{leg}{end}: {words}");
        // A ring that nobody took up is known everywhere.
        let words = behind(true, "no-answer", ring, leg, end).await;
        assert!(words.starts_with(NEXT) && !words.starts_with(TALKED) && !words.starts_with(ASKED), "{words}");
    }
    // A voicemail and a person look alike from the other machine.
    assert!(behind(true, "voicemail", 0, 1, 0).await.starts_with(ASKED));
    assert!(behind(true, "voicemail", 0, 0, 0).await.starts_with(ASKED));
    // One machine alone knows.
    let words = behind(false, "voicemail", 0, 0, 0).await;
    assert!(!words.starts_with(ASKED) && !words.starts_with(TALKED), "{words}");
}
