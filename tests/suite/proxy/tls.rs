//! A client that speaks TLS as providers do, with an authority of the test's own, and writes its requests byte for byte.

use std::{
    fmt,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::CertificateDer},
};

/// The name of the line: that of `crate::line::PUBLIC`, and of the shipped files.
pub(super) const HOST: &str = "line.example.org";

/// Above every time-out of the proxies.
const PATIENCE: Duration = Duration::from_secs(25);

/// An authority that nobody else trusts, and the certificate that it gave the line.
pub(super) struct Authority {
    root: CertificateDer<'static>,
    pub(super) certificate: String,
    pub(super) key: String,
}

impl Authority {
    pub(super) fn new() -> Authority {
        let mut own = CertificateParams::new(Vec::new()).unwrap();
        own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let own_key = KeyPair::generate().unwrap();
        let root = own.self_signed(&own_key).unwrap().der().clone();
        let key = KeyPair::generate().unwrap();
        let line = CertificateParams::new(vec![HOST.to_owned()]).unwrap();
        let line = line.signed_by(&key, &Issuer::new(own, own_key)).unwrap();
        Authority { root, certificate: line.pem(), key: key.serialize_pem() }
    }

    /// A client that trusts it alone, and offers these protocols.
    fn connector(&self, protocols: &[&str]) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        roots.add(self.root.clone()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = config.with_safe_default_protocol_versions().unwrap();
        let mut config = config.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        TlsConnector::from(Arc::new(config))
    }

    /// A connection to the proxy, its certificate judged.
    pub(super) async fn connect(&self, proxy: SocketAddr, protocols: &[&str]) -> std::io::Result<Client> {
        let stream = TcpStream::connect(proxy).await?;
        stream.set_nodelay(true)?;
        let stream = self.connector(protocols).connect(HOST.try_into().unwrap(), stream).await?;
        Ok(Client(stream))
    }
}

pub(super) struct Client(pub(super) TlsStream<TcpStream>);

/// What came back until the end of the connection.
pub(super) struct Answer {
    /// 0 where there was none.
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: Vec<u8>,
    pub(super) after: Duration,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "after {:?}: {:?} {:?}", self.after, self.head, String::from_utf8_lossy(&self.body))
    }
}

impl Answer {
    pub(super) fn read(all: &[u8], after: Duration) -> Answer {
        let end = all.windows(4).position(|bytes| bytes == b"\r\n\r\n").map_or(all.len(), |at| at + 4);
        let head = String::from_utf8_lossy(&all[..end]).into_owned();
        let status = head.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, head, body: all[end..].to_vec(), after }
    }

    /// The value of a header, by its name in lower case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

impl Client {
    /// Writes what it can: the proxy may have closed already.
    pub(super) async fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.0.write_all(bytes.as_ref()).await.is_ok() && self.0.flush().await.is_ok()
    }

    /// Everything until the proxy closes.
    pub(super) async fn answer(&mut self, began: Instant) -> Answer {
        let mut all = Vec::new();
        // A reset, or an end without TLS's own, is an end too.
        let _ = timeout(PATIENCE, self.0.read_to_end(&mut all)).await.expect("the proxy should have closed");
        Answer::read(&all, began.elapsed())
    }

    /// Writes `first`, then `byte` again and again, until the proxy closes.
    pub(super) async fn dribble(self, first: String, byte: &'static str, pause: Duration) -> Answer {
        let began = Instant::now();
        let (mut reading, mut writing) = tokio::io::split(self.0);
        let writing = tokio::spawn(async move {
            let mut piece = first.as_str();
            while writing.write_all(piece.as_bytes()).await.is_ok() && writing.flush().await.is_ok() {
                piece = byte;
                tokio::time::sleep(pause).await;
            }
        });
        let mut all = Vec::new();
        let _ = timeout(PATIENCE, reading.read_to_end(&mut all)).await.expect("the proxy should have cut it");
        writing.abort();
        Answer::read(&all, began.elapsed())
    }
}
