//! A real server on loopback, and clients that write bytes: what a polite HTTP library would never send.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use allo_cmp::{
    call::{E164, Incoming, Tokens, Verb},
    engine::{Loaded, Settings},
    http::{App, Door, Drained, FixedClock, Limits, Options, Provider, serve_through},
    lines::board::Board,
    provider::{Capabilities, Dialect, Envelope, ParseError, RawRequest, Refusal, RenderError, Verified},
    telemetry::{Metric, Metrics},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};

/// Time-outs short enough for a test, long enough for a busy machine.
pub(crate) fn limits() -> Limits {
    Limits {
        header: Duration::from_millis(400),
        body: Duration::from_millis(300),
        request: Duration::from_millis(800),
        grace: Duration::from_millis(500),
        ..Limits::default()
    }
}

/// A provider that signs nothing: every webhook is read to its end and refused.
struct Refusing;

impl Dialect for Refusing {
    fn name(&self) -> &'static str {
        "refusing"
    }

    fn capabilities(&self) -> &'static Capabilities {
        &allo_cmp::provider::twilio::CAPABILITIES
    }

    fn verify<'a>(&self, _: RawRequest<'a>) -> Result<Verified<'a>, Refusal> {
        Err(Refusal::NoSignature)
    }

    fn parse(&self, _: &Verified<'_>) -> Result<Incoming, ParseError> {
        Err(ParseError::NotAForm)
    }

    fn render(&self, _: &[Verb], _: &Envelope<'_>) -> Result<String, RenderError> {
        Err(RenderError::NoCallerId)
    }

    fn nothing(&self) -> &'static str {
        ""
    }

    fn content_type(&self) -> &'static str {
        "text/xml"
    }
}

/// A server that listens.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) metrics: Arc<Metrics>,
    #[cfg(feature = "tls")]
    pub(crate) app: Arc<App>,
    #[cfg(feature = "tls")]
    pub(crate) clock: FixedClock,
    stop: oneshot::Sender<()>,
    served: JoinHandle<Drained>,
}

impl Server {
    /// Starts one on a free port.
    pub(crate) async fn start(limits: Limits) -> Server {
        Server::start_through(Door::Plain, limits).await
    }

    /// The same; connections begin as `door` says.
    pub(crate) async fn start_through(door: Door, limits: Limits) -> Server {
        let clock = FixedClock::at(1_764_633_600);
        let metrics = Arc::new(Metrics::default());
        let app = Arc::new(App::new(Options {
            world: Arc::new(Loaded::shipped(&Settings::default()).world.unwrap()),
            providers: vec![Provider { dialect: Box::new(Refusing), caller_id: None::<E164> }],
            public_url: "https://line.example.org".to_owned(),
            tokens: Tokens::new("a secret of at least thirty-two characters", &[]),
            clock: Arc::new(clock.clone()),
            metrics: metrics.clone(),
            board: Arc::new(Board::default()),
            recorder: allo_cmp::journal::Recorder::default(),
            flood: allo_cmp::http::Flood::unlimited(),
            other_machines: false,
        }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(serve_through(listener, door, app.clone(), limits, async {
            let _ = stopped.await;
        }));
        Server {
            address,
            metrics,
            #[cfg(feature = "tls")]
            app,
            #[cfg(feature = "tls")]
            clock,
            stop,
            served,
        }
    }

    /// A new connection.
    pub(crate) async fn connect(&self) -> Client {
        Client(TcpStream::connect(self.address).await.unwrap())
    }

    /// Gives the signal to stop; the handle ends when the server has.
    pub(crate) fn stop(self) -> JoinHandle<Drained> {
        let _ = self.stop.send(());
        self.served
    }

    pub(crate) fn count(&self, metric: Metric) -> u64 {
        self.metrics.get(metric)
    }
}

/// A connection.
pub(crate) struct Client(pub(crate) TcpStream);

impl Client {
    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        // The server may have closed already: what it answered is then still to be read.
        let _ = self.0.write_all(bytes.as_ref()).await;
    }

    /// Everything until the server closes, which must be within `patience`.
    pub(crate) async fn read_to_end(&mut self, patience: Duration) -> String {
        let mut all = Vec::new();
        let end = timeout(patience, self.0.read_to_end(&mut all)).await;
        // A reset is an end too.
        let _ = end.expect("the server should have closed the connection");
        String::from_utf8_lossy(&all).into_owned()
    }

    /// The head of one answer without a body.
    pub(crate) async fn read_head(&mut self) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(timeout(Duration::from_secs(5), self.0.read_u8()).await.unwrap().unwrap());
        }
        String::from_utf8(head).unwrap()
    }
}
