//! TLS at the providers' listener: HTTP/1.1 by TLS 1.2 and 1.3, with a certificate that may change while calls run.
//!
//! The files are looked at every 30 s, and when told to. A new pair is used from the next handshake on; connections that are open
//! go on. A broken one is refused: the one before keeps serving. Nothing is said of a client whose handshake fails: it is counted.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use arc_swap::ArcSwap;
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    time::{MissedTickBehavior, interval},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, ServerConfig,
        server::{ClientHello, ResolvesServerCert},
        sign::CertifiedKey,
    },
    server::TlsStream,
};

use super::{app::App, told::Served};
use crate::{
    telemetry::Metric,
    tls::{Certificate, Files, Pair, PairError, ciphers},
};

/// Between two looks at the files.
const PAUSE: Duration = Duration::from_secs(30);

/// Why TLS can't be spoken.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate or its key.
    #[error(transparent)]
    Pair(#[from] PairError),
    /// The library: a fault of the program.
    #[error(transparent)]
    Library(#[from] rustls::Error),
}

/// TLS with the certificate and the key of two files.
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    host: Option<String>,
    in_use: Arc<InUse>,
    acceptor: TlsAcceptor,
    seen: Mutex<Seen>,
}

/// What is shown to clients now.
#[derive(Debug)]
struct InUse(ArcSwap<CertifiedKey>);

impl ResolvesServerCert for InUse {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.load_full())
    }
}

/// What was seen in the files.
struct Seen {
    /// What is in use.
    files: Files,
    certificate: Certificate,
    doubts: Vec<String>,
    /// Why what was found last was refused.
    refused: Option<String>,
    /// The day (since 1970) on which the end was told.
    told: Option<u64>,
}

impl Tls {
    /// Reads both files. `host` is the name by which providers come, `second` the time since 1970, for what is doubtful.
    pub fn open(certificate: PathBuf, key: PathBuf, host: Option<&str>, second: u64) -> Result<Tls, TlsError> {
        let files = Files::read(&certificate, &key)?;
        let pair = Pair::of(&files, &certificate, &key)?;
        let doubts = pair.doubts(i64::try_from(second).unwrap_or(i64::MAX), host);
        let told = Some(day(second));
        let seen = Seen { files, certificate: pair.certificate, doubts, refused: None, told };
        let in_use = Arc::new(InUse(ArcSwap::from_pointee(pair.certified)));
        let config = ServerConfig::builder_with_provider(ciphers()).with_safe_default_protocol_versions()?;
        let mut config = config.with_no_client_auth().with_cert_resolver(in_use.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let host = host.map(str::to_owned);
        Ok(Tls { certificate, key, host, in_use, acceptor, seen: Mutex::new(seen) })
    }

    /// What should be mended although it stops nothing, as it was when the pair was put in use.
    pub fn doubts(&self) -> Vec<String> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).doubts.clone()
    }

    /// Begins a connection; nothing where its client speaks otherwise.
    pub(super) async fn shake_hands(&self, stream: TcpStream) -> Option<TlsStream<TcpStream>> {
        match self.acceptor.accept(stream).into_fallible().await {
            Ok(stream) => Some(stream),
            Err((_, mut stream)) => {
                let _ = stream.shutdown().await;
                None
            }
        }
    }

    /// Looks at the files once, and tells `app` how it stands. Gives what was written to the log about its end: once a day.
    pub fn look(&self, app: &App) -> Option<String> {
        let now = app.clock.second();
        let second = app.clock.signed_second();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let refused = match self.found(&seen.files) {
            Ok(None) => None,
            // Whoever put an old one there by mistake keeps the one that holds.
            Ok(Some((_, pair))) if seen.certificate.holds(second) && !pair.certificate.holds(second) => {
                pair.certificate.end_is_near(second).map(|why| format!("{}: {why}", self.certificate.display()))
            }
            Ok(Some((files, pair))) => {
                let doubts = pair.doubts(second, self.host.as_deref());
                for doubt in &doubts {
                    tracing::warn!(doubt, "server.tls_certificate");
                }
                *seen = Seen { files, certificate: pair.certificate, refused: None, told: Some(day(now)), doubts };
                self.in_use.0.store(Arc::new(pair.certified));
                app.metrics.count(Metric::CertificatesReplaced);
                tracing::info!(days = seen.certificate.days_left(second), "a new certificate is used");
                None
            }
            Err(error) => Some(error.to_string()),
        };
        if let Some(error) = refused.as_ref().filter(|error| seen.refused.as_ref() != Some(error)) {
            app.metrics.count(Metric::CertificatesRefused);
            tracing::error!(%error, "a new certificate is refused: the one before goes on being used");
        }
        seen.refused = refused;
        let end = seen.certificate.end_is_near(second).filter(|_| seen.told != Some(day(now)));
        if let Some(end) = &end {
            seen.told = Some(day(now));
            if seen.certificate.holds(second) {
                tracing::warn!(end, "server.tls_certificate");
            } else {
                tracing::error!(end, "server.tls_certificate");
            }
        }
        app.told().serves(Served { certificate: seen.certificate, refused: seen.refused.clone() });
        end
    }

    /// What stands in the files, if it is not what is in use.
    fn found(&self, in_use: &Files) -> Result<Option<(Files, Pair)>, PairError> {
        let files = Files::read(&self.certificate, &self.key)?;
        if files == *in_use {
            return Ok(None);
        }
        let pair = Pair::of(&files, &self.certificate, &self.key)?;
        Ok(Some((files, pair)))
    }

    /// Looks at the files now, every 30 s, and whenever `told` gives something.
    pub async fn watch(self: Arc<Tls>, app: Arc<App>, mut told: impl AsyncFnMut() -> Option<()>) {
        let mut looks = interval(PAUSE);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! { _ = looks.tick() => {}, Some(()) = told() => {} }
            let (tls, app) = (self.clone(), app.clone());
            // Reads files: not on a thread that answers calls.
            if let Err(panicked) = tokio::task::spawn_blocking(move || tls.look(&app)).await {
                tracing::error!(%panicked, "the certificate could not be looked at");
            }
        }
    }
}

fn day(second: u64) -> u64 {
    second / (24 * 3600)
}
