//! A server of our own on loopback, for `call` and `demo`: the real one, on a free port, with a throw-away secret and a
//! clock that keeps step with the simulated call.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use tokio::net::TcpListener;

use super::{
    centres,
    exchange::trust_for,
    line::{self, Judge},
    providers,
};
use crate::{
    call::Tokens,
    config::Settings,
    directory::Directory,
    engine::World,
    http::{self, App, Clock, FixedClock, Limits, Options, Provider},
    lines::board::Board,
    phone::{Call, Dialling, HttpTransport, Semantics, Signer},
    telemetry::Metrics,
};

/// What callers seem to dial, and from where: numbers of the ranges reserved for fiction.
pub(super) const OUR_NUMBER: &str = "+33199001234";
pub(super) const CALLER: &str = "+33639981234";

/// A running server.
pub(super) struct Loopback {
    url: String,
    signer: Signer,
    semantics: &'static Semantics,
    clock: FixedClock,
    began: i64,
    short_numbers: bool,
}

impl Loopback {
    /// Starts a server for the line of the settings, called through one provider; its clock shows `at`, in seconds since
    /// 1970.
    pub(super) async fn start(settings: &Settings, semantics: &'static Semantics, at: i64) -> anyhow::Result<Loopback> {
        Loopback::with(settings, semantics, at, centres::for_calls(settings, None)).await
    }

    /// The same, with these centres.
    pub(super) async fn with(
        settings: &Settings,
        semantics: &'static Semantics,
        at: i64,
        directory: Option<Arc<Directory>>,
    ) -> anyhow::Result<Loopback> {
        let now = FixedClock::at(at).now();
        let short_numbers = providers::dials_short_numbers(settings, semantics.name);
        Loopback::serve(line::world(settings, Judge::Quickly, now, directory)?, semantics, at, short_numbers).await
    }

    async fn serve(
        world: World,
        semantics: &'static Semantics,
        at: i64,
        short_numbers: bool,
    ) -> anyhow::Result<Loopback> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let (provider_secret, secret) = (random()?, random()?);
        let clock = FixedClock::at(at);
        let app = Arc::new(App::new(Options {
            world: Arc::new(world),
            providers: vec![Provider {
                dialect: providers::trusting(semantics.name, &provider_secret, short_numbers)?,
                caller_id: None,
            }],
            public_url: url.clone(),
            tokens: Tokens::new(&secret, &[]),
            clock: Arc::new(clock.clone()),
            metrics: Arc::new(Metrics::default()),
            board: Arc::new(Board::default()),
            recorder: crate::journal::Recorder::default(),
            flood: http::Flood::unlimited(),
            other_machines: false,
        }));
        // It ends with the program.
        tokio::spawn(http::serve(listener, app, Limits::default(), std::future::pending()));
        let told = clock.clone();
        let signer = Signer::new(semantics, provider_secret, move || told.second());
        Ok(Loopback { url, signer, semantics, clock, began: at, short_numbers })
    }

    /// A telephone that is about to dial this server. The clock goes on with the call.
    pub(super) fn telephone(&self, from: &str, to: &str) -> anyhow::Result<Call<HttpTransport>> {
        let (clock, began) = (self.clock.clone(), self.began);
        let call = telephone(self.semantics, self.signer.clone(), &self.url, &self.url, from, to, self.short_numbers)?;
        #[expect(clippy::cast_possible_truncation, reason = "seconds of one call")]
        Ok(call.telling_time(move |seconds| clock.set(began + seconds as i64)))
    }
}

/// A telephone that dials the server at `connect`, whose documents are written for `public`.
pub(super) fn telephone(
    semantics: &'static Semantics,
    signer: Signer,
    public: &str,
    connect: &str,
    from: &str,
    to: &str,
    short_numbers: bool,
) -> anyhow::Result<Call<HttpTransport>> {
    let trust = trust_for(connect, None).map_err(anyhow::Error::msg)?;
    let transport = HttpTransport::signing(signer, public, connect)?.trusting(trust);
    let site = format!("{}/{}", public.trim_end_matches('/'), semantics.name);
    let mut dialling =
        Dialling::new(from, to, format!("{site}/voice")).through(semantics, u128::from_be_bytes(random_bytes()?));
    dialling.status = Some(format!("{site}/status"));
    dialling.short_numbers = short_numbers;
    Ok(Call::new(transport, dialling))
}

fn random_bytes() -> anyhow::Result<[u8; 16]> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("the system gives no randomness: {error}"))?;
    Ok(bytes)
}

fn random() -> anyhow::Result<String> {
    Ok(BASE64.encode([random_bytes()?, random_bytes()?].concat()))
}
