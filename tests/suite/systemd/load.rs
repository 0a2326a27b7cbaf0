//! A restart refuses nobody: the program is replaced again and again, as systemd replaces it, while webhooks come as a proxy sends
//! them, each on a connection of its own or on one that is kept and used again. Every one is answered, by 200 and a document.

use std::{
    collections::VecDeque,
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::{sleep, timeout},
};

use super::manager::{Manager, PATIENCE};
use crate::line::signed_post;

/// Webhooks at least, where `ALLO_CMP_RESTART_WEBHOOKS` says nothing else.
const WEBHOOKS: usize = 3_000;
/// Restarts at least.
const RESTARTS: usize = 3;
/// Senders of each kind.
const SENDERS: usize = 120;
/// After which the proxy forgets a connection that is idle. In a shipped unit it is 5 s, and the server lingers for 8.
const FORGETS: Duration = Duration::from_millis(500);
const LINGERS: &str = "1";

/// What the proxy does, and what came of it.
struct Proxy {
    address: SocketAddr,
    /// Connections that are kept, and since when each is idle.
    kept: Mutex<VecDeque<(TcpStream, Instant)>>,
    next: AtomicUsize,
    answered: AtomicUsize,
    reused: AtomicUsize,
    failed: Mutex<Vec<String>>,
    longest: Mutex<Duration>,
    over: AtomicBool,
}

impl Proxy {
    /// Sends until it is over, with pauses of all lengths.
    async fn send(&self, keeps: bool) {
        while !self.over.load(Ordering::Relaxed) {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let began = Instant::now();
            let sent = timeout(PATIENCE, self.webhook(number, keeps)).await;
            let waited = began.elapsed();
            match sent.unwrap_or_else(|_| Err(io::Error::other("no answer"))) {
                Ok(()) => _ = self.answered.fetch_add(1, Ordering::Relaxed),
                Err(error) => self.failed.lock().unwrap().push(format!("{number}, kept: {keeps}: {error}")),
            }
            self.waited(waited);
            sleep(Duration::from_millis((number as u64 * 7919) % 150)).await;
        }
    }

    fn waited(&self, waited: Duration) {
        let mut longest = self.longest.lock().unwrap();
        *longest = waited.max(*longest);
    }

    async fn webhook(&self, number: usize, keeps: bool) -> io::Result<()> {
        let body = format!("CallSid=CA{number:032}&From=%2B33639980001&To=%2B33199000001&CallStatus=ringing");
        let form = Some("application/x-www-form-urlencoded");
        let request = String::from_utf8(signed_post("/twilio/voice", form, body.as_bytes())).unwrap();
        if !keeps {
            let mut stream = TcpStream::connect(self.address).await?;
            stream.write_all(request.as_bytes()).await?;
            return answer(&mut stream).await.map(drop);
        }
        let mut stream = match self.idle() {
            Some(stream) => {
                self.reused.fetch_add(1, Ordering::Relaxed);
                stream
            }
            None => TcpStream::connect(self.address).await?,
        };
        stream.write_all(request.replacen("Connection: close\r\n", "", 1).as_bytes()).await?;
        if answer(&mut stream).await? {
            self.kept.lock().unwrap().push_back((stream, Instant::now()));
        }
        Ok(())
    }

    /// The connection that has been idle for longest, so that many are used just before they would be forgotten. Whether the
    /// other side has closed it is looked at first, as proxies do; after that, a webhook that finds it closed is lost.
    fn idle(&self) -> Option<TcpStream> {
        let mut kept = self.kept.lock().unwrap();
        while let Some((stream, since)) = kept.pop_front() {
            let open = stream.try_read(&mut [0; 1]).is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock);
            if open && since.elapsed() < FORGETS {
                return Some(stream);
            }
        }
        None
    }
}

/// Reads one answer; whether the connection may be kept.
async fn answer(stream: &mut TcpStream) -> io::Result<bool> {
    let mut all = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&all);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if length.is_some_and(|length| length.parse() == Ok(body.len())) {
                let well = head.starts_with("HTTP/1.1 200") && head.contains("text/xml") && body.contains("<Response>");
                let kept = !head.contains("connection: close");
                return if well { Ok(kept) } else { Err(io::Error::other(text.into_owned())) };
            }
        }
        if stream.read_buf(&mut all).await? == 0 {
            return Err(io::Error::other(format!("it ended after {} bytes", all.len())));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::disallowed_methods, reason = "of the test, no setting")]
async fn a_restart_under_load_refuses_nobody() {
    let webhooks = std::env::var("ALLO_CMP_RESTART_WEBHOOKS").map_or(WEBHOOKS, |webhooks| webhooks.parse().unwrap());
    let manager = Manager::new();
    let start = || manager.start("providers", &[("ALLO_CMP__SERVER__LINGER_SECONDS", LINGERS)], &[]);
    let proxy = Arc::new(Proxy {
        address: manager.address,
        kept: Mutex::default(),
        next: AtomicUsize::new(0),
        answered: AtomicUsize::new(0),
        reused: AtomicUsize::new(0),
        failed: Mutex::default(),
        longest: Mutex::default(),
        over: AtomicBool::new(false),
    });
    let mut senders = JoinSet::new();
    let (mut program, mut restarts, mut away) = (start(), 0, Duration::ZERO);
    manager.waits_for("READY=1").await;
    for sender in 0..SENDERS * 2 {
        let proxy = proxy.clone();
        senders.spawn(async move { proxy.send(sender % 2 == 0).await });
    }
    while restarts < RESTARTS || proxy.answered.load(Ordering::Relaxed) < webhooks {
        assert!(proxy.failed.lock().unwrap().len() < 10, "{:?}", proxy.failed.lock().unwrap());
        sleep(FORGETS).await;
        program.signal("-TERM");
        assert_eq!(program.ended().await.code(), Some(0), "{}", manager.log());
        let ended = Instant::now();
        program = start();
        manager.waits_for("READY=1").await;
        away = away.max(ended.elapsed());
        restarts += 1;
    }
    proxy.over.store(true, Ordering::Relaxed);
    senders.join_all().await;
    let (answered, reused) = (proxy.answered.load(Ordering::Relaxed), proxy.reused.load(Ordering::Relaxed));
    let (failed, longest) = (proxy.failed.lock().unwrap(), proxy.longest.lock().unwrap());
    let figure = format!(
        "{answered} webhooks, {reused} of them on a connection that was used before; {restarts} restarts, at most {} ms \
         without a program; {} webhooks failed; the longest wait was {} ms",
        away.as_millis(),
        failed.len(),
        longest.as_millis()
    );
    println!("{figure}");
    assert_eq!(*failed, Vec::<String>::new(), "{figure}\n{}", manager.log());
    assert!(reused > answered / 10, "{figure}");
    assert_eq!(manager.log().matches("the line is closed cut=0\n").count(), restarts, "{}", manager.log());
    assert_eq!(manager.log().matches(" lost=0\n").count(), restarts, "the journal: {}", manager.log());
}
