//! What stands between a proxy and the real program: it passes everything on, and remembers what the proxy sent and who hung up.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

/// A request whose header holds this is kept for `HELD` before the program sees it, as in the queue of a port whose program starts.
pub(super) const HOLD: &str = "x-hold: yes";
pub(super) const HELD: Duration = Duration::from_secs(11);

/// A request whose header holds this is answered as by a line that has no room.
pub(super) const BUSY: &str = "x-busy: yes";
const NO_ROOM: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";

/// A request whose header holds this is read, and its connection closed without an answer.
pub(super) const DROP: &str = "x-drop: yes";

/// How an idle connection ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ended {
    ByProxy(Duration),
    ByProgram(Duration),
}

#[derive(Default)]
struct Seen {
    /// Each request as its bytes came.
    requests: Mutex<Vec<Vec<u8>>>,
    ends: Mutex<Vec<Ended>>,
    open: AtomicUsize,
}

pub(super) struct Tap {
    pub(super) address: SocketAddr,
    program: SocketAddr,
    seen: Arc<Seen>,
    accepting: Mutex<Option<JoinHandle<()>>>,
}

impl Tap {
    pub(super) async fn before(program: SocketAddr) -> Tap {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let tap = Tap { address, program, seen: Arc::default(), accepting: Mutex::new(None) };
        tap.listen(listener);
        tap
    }

    fn listen(&self, listener: TcpListener) {
        let (program, seen) = (self.program, self.seen.clone());
        let task = tokio::spawn(async move {
            // They end with this task.
            let mut connections = JoinSet::new();
            while let Ok((near, _)) = listener.accept().await {
                let seen = seen.clone();
                seen.open.fetch_add(1, Ordering::SeqCst);
                connections.spawn(async move {
                    let ended = pass_on(near, program, &seen).await;
                    seen.ends.lock().unwrap().push(ended);
                    seen.open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        *self.accepting.lock().unwrap() = Some(task);
    }

    /// Ends every connection; from now on nobody listens.
    pub(super) async fn away(&self) {
        let task = self.accepting.lock().unwrap().take().unwrap();
        task.abort();
        let _ = task.await;
        self.seen.open.store(0, Ordering::SeqCst);
    }

    /// Listens again, at the same place.
    pub(super) async fn back(&self) {
        self.listen(TcpListener::bind(self.address).await.unwrap());
    }

    /// The requests that hold `mark`, whole.
    pub(super) fn requests(&self, mark: &str) -> Vec<String> {
        let requests = self.seen.requests.lock().unwrap();
        let texts = requests.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        texts.filter(|text| text.contains(mark)).collect()
    }

    pub(super) fn open(&self) -> usize {
        self.seen.open.load(Ordering::SeqCst)
    }

    /// How connections ended so far.
    pub(super) fn ends(&self) -> Vec<Ended> {
        self.seen.ends.lock().unwrap().clone()
    }
}

/// How many bytes of its body the beginning of a request lacks.
fn missing(begun: &str) -> usize {
    let (head, body) = begun.split_once("\r\n\r\n").unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
    length.unwrap_or(0).saturating_sub(body.len())
}

async fn swallow(near: &mut TcpStream, bytes: usize) {
    let _ = near.read_exact(&mut vec![0; bytes]).await;
}

/// Passes on until one of both hangs up.
async fn pass_on(mut near: TcpStream, program: SocketAddr, seen: &Seen) -> Ended {
    let mut far = TcpStream::connect(program).await.unwrap();
    let (mut from_near, mut from_far) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    let mut last = Instant::now();
    // The place of the request that is under way.
    let (mut current, mut answered) = (None, false);
    loop {
        tokio::select! {
            read = near.read(&mut from_near) => {
                let n = read.unwrap_or(0);
                if n == 0 {
                    return Ended::ByProxy(last.elapsed());
                }
                let bytes = &from_near[..n];
                {
                    let mut requests = seen.requests.lock().unwrap();
                    // The rest of a body may come when its request is answered already.
                    if current.is_none() || (answered && [&b"GET "[..], b"POST ", b"HEAD "].iter().any(|word| bytes.starts_with(word))) {
                        requests.push(Vec::new());
                        current = Some(requests.len() - 1);
                        answered = false;
                    }
                    if let Some(at) = current {
                        requests[at].extend_from_slice(bytes);
                    }
                }
                let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
                if text.contains(BUSY) {
                    // A proxy may write the body apart: the program must not take it for a request.
                    swallow(&mut near, missing(&text)).await;
                    answered = near.write_all(NO_ROOM).await.is_ok();
                    continue;
                }
                if text.contains(DROP) {
                    return Ended::ByProgram(last.elapsed());
                }
                if text.contains(HOLD) {
                    tokio::time::sleep(HELD).await;
                    // The program would have forgotten the silent connection: its own clock begins with the one that it accepts.
                    far = TcpStream::connect(program).await.unwrap();
                }
                if far.write_all(bytes).await.is_err() {
                    return Ended::ByProgram(last.elapsed());
                }
            }
            read = far.read(&mut from_far) => {
                let n = read.unwrap_or(0);
                if n == 0 {
                    return Ended::ByProgram(last.elapsed());
                }
                answered = true;
                if near.write_all(&from_far[..n]).await.is_err() {
                    return Ended::ByProxy(last.elapsed());
                }
            }
        }
        last = Instant::now();
    }
}

#[tokio::test]
async fn a_body_that_comes_apart_from_a_busy_head_reaches_nobody() {
    let program = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let tap = Tap::before(program.local_addr().unwrap()).await;
    let mut proxy = TcpStream::connect(tap.address).await.unwrap();
    let (mut far, _) = program.accept().await.unwrap();
    let head = format!("POST / HTTP/1.1\r\nContent-Length: 4\r\n{BUSY}\r\n\r\n");
    for part in [head.as_str(), "From"] {
        proxy.write_all(part.as_bytes()).await.unwrap();
        while !tap.requests("").concat().ends_with(part) && part == head {
            tokio::task::yield_now().await;
        }
    }
    let mut told = vec![0; NO_ROOM.len()];
    proxy.read_exact(&mut told).await.unwrap();
    assert_eq!(told, NO_ROOM);
    let mut next = [0; 3];
    proxy.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    far.read_exact(&mut next).await.unwrap();
    assert_eq!(&next, b"GET");
}
