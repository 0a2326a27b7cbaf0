//! `allo-cmp serve`: the webhook server, until it is told to stop (SIGTERM). SIGHUP reads flows and scripts again.

mod descriptors;
mod manager;
mod reload;
mod sockets;

use std::{net::SocketAddr, process::ExitCode, sync::Arc};

use anyhow::Context;
use clap::Args;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use self::sockets::Passed;
use super::{
    centres,
    line::{self, Judge},
    providers, runtime,
};
#[cfg(feature = "tls")]
use crate::http::Tls;
use crate::{
    call::Tokens,
    config::{Serving, Settings},
    http::{self, App, Clock, Door, Flood, FloodLimits, Limits, Options, SystemClock},
    journal::{self, Journal, Recorder, StoreOptions, open_store},
    lines::{board::Board, pauses::Pauses},
    telemetry::{self, Metrics},
};

#[derive(Args, Debug)]
pub(super) struct Serve {
    /// Write the log as one JSON object per line
    #[arg(long)]
    json_log: bool,
}

impl Serve {
    pub(super) fn run(&self, settings: &Settings, filter: Option<&str>) -> anyhow::Result<ExitCode> {
        telemetry::init(self.json_log, filter)?;
        http::hush_panics();
        let serving = settings.for_serving()?;
        let passed = Passed::take()?;
        descriptors::enough_for(u64::from(serving.max_connections));
        let centres = centres::for_calls(settings, None);
        let (world, reviews) = line::world_and_reviews(settings, Judge::Quickly, SystemClock.now(), centres)?;
        let providers = providers::served(&serving)?;
        let not_served = providers::not_served(&serving.providers, &providers);
        let (recorder, journal) = journal(&serving);
        let app = Arc::new(App::new(Options {
            world: Arc::new(world),
            providers,
            public_url: serving.public_url.as_str().to_owned(),
            tokens: Tokens::new(serving.secrets.first(), &serving.secrets.older()),
            clock: Arc::new(SystemClock),
            metrics: Arc::new(Metrics::default()),
            board: Arc::new(Board { pauses: pauses(&serving), ..Board::default() }),
            recorder,
            flood: flood(&serving)?,
            other_machines: serving.other_machines,
        }));
        app.told().not_served(not_served);
        app.told().reviews(reviews);
        let door = door(&serving)?;
        #[cfg(feature = "otel")]
        let traces = match &serving.otlp_endpoint {
            Some(endpoint) => Some(telemetry::Traces::start(endpoint, &app.metrics())?),
            None => None,
        };
        let code = answer(app, door, &serving, settings.clone(), passed);
        #[cfg(feature = "otel")]
        traces.into_iter().for_each(telemetry::Traces::stop);
        // Nobody records any more: what is recorded is stored.
        if let Some(journal) = journal {
            journal.stop();
        }
        code
    }
}

/// Answers until told to stop.
fn answer(
    app: Arc<App>,
    door: Door,
    serving: &Serving,
    settings: Settings,
    passed: Passed,
) -> anyhow::Result<ExitCode> {
    let limits = Limits {
        connections: usize::try_from(serving.max_connections)?,
        linger: serving.linger,
        grace: serving.grace,
        ..Limits::default()
    };
    let runtime = runtime()?;
    let code = runtime.block_on(async {
        // Awaited before anybody can think that the server runs: unawaited, SIGHUP ends a process.
        let hangup = signal(SignalKind::hangup())?;
        let reloading = tokio::spawn(reload::on_hangup(hangup, app.clone(), settings));
        #[cfg(feature = "tls")]
        if let Door::Tls(tls) = &door {
            let mut hangup = signal(SignalKind::hangup())?;
            // It ends with the program.
            tokio::spawn(tls.clone().watch(app.clone(), async move || hangup.recv().await));
        }
        let code = serve(app, door, limits, serving, passed).await;
        reloading.abort();
        code
    });
    // A walk over flows that are being read again is not waited for: callers may be waiting for the next program.
    runtime.shutdown_background();
    code
}

/// The journal, on a thread of its own. Whatever is wrong with it, the line opens, and the log says what to mend.
fn journal(serving: &Serving) -> (Recorder, Option<Journal>) {
    let settings = &serving.journal;
    let Some(url) = settings.url.expose() else {
        tracing::info!("journal.url = none: what happens on the line is not kept");
        return (Recorder::default(), None);
    };
    let options = journal::Options {
        secret: serving.secrets.first().to_owned(),
        spool: settings.spool(),
        spool_bytes: u64::from(settings.spool_mb) << 20,
        second: Arc::new(|| SystemClock.signed_second()),
    };
    let store = StoreOptions { url: url.to_owned(), keep_days: settings.keep_days };
    let (recorder, journal) = Journal::start(options, move || open_store(store.clone()));
    (if settings.count_callers { recorder.counting_callers() } else { recorder }, journal)
}

/// How connections begin: with TLS where there is a certificate.
#[cfg(feature = "tls")]
fn door(serving: &Serving) -> anyhow::Result<Door> {
    let Some((certificate, key)) = serving.tls.clone() else { return Ok(Door::Plain) };
    let url = url::Url::parse(serving.public_url.as_str())?;
    let tls = Tls::open(certificate, key, url.host_str(), SystemClock.second()).context("server.tls_certificate")?;
    for doubt in tls.doubts() {
        tracing::warn!(doubt, "server.tls_certificate");
    }
    Ok(Door::Tls(Arc::new(tls)))
}

/// How connections begin. Settings with a certificate were refused already.
#[cfg(not(feature = "tls"))]
fn door(_: &Serving) -> anyhow::Result<Door> {
    Ok(Door::Plain)
}

/// The counts of new calls, under a key that is drawn now and forgotten at the end.
fn flood(serving: &Serving) -> anyhow::Result<Flood> {
    let mut key = [0; 32];
    getrandom::fill(&mut key)?;
    let limits = &serving.limits;
    Ok(Flood::new(
        FloodLimits { per_caller: limits.new_calls_per_caller, per_minute: limits.new_calls_per_minute },
        key,
    ))
}

/// The pauses of lines that outlived the last run. What is wrong with their file is told, and stops nothing.
fn pauses(serving: &Serving) -> Pauses {
    let Some(path) = &serving.lines_state else { return Pauses::default() };
    let (pauses, wrong) = Pauses::open(path.clone());
    if let Some(error) = wrong {
        tracing::error!(%error, "lines.state_path");
    }
    pauses
}

async fn serve(
    app: Arc<App>,
    door: Door,
    limits: Limits,
    serving: &Serving,
    passed: Passed,
) -> anyhow::Result<ExitCode> {
    let listener = listen(passed.providers, serving.listen, "server.listen").await?;
    let admin = listen(passed.operators, serving.admin, "admin.listen").await?;
    let (stop, stopped) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let linger = limits.linger.as_secs();
    let closing = tokio::spawn(async move {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        tracing::info!("stopping: calls in progress are answered to the end");
        stop.send_replace(true);
        manager::closing(format!(
            "closing: webhooks are answered for {linger} s more, and those in progress to the end"
        ))
        .await;
    });
    let until_stopped = |mut stopped: watch::Receiver<bool>| async move {
        // An error means that nobody can tell us any more: then it is time, too.
        let _ = stopped.wait_for(|stopped| *stopped).await;
    };
    let providers = app.providers().collect::<Vec<_>>().join(", ");
    let address = listener.local_addr()?;
    tracing::info!(listen = %address, admin = %admin.local_addr()?, providers, "the line is open");
    manager::open(format!("the line is open on {address} for {providers}")).await;
    let service = http::service(app.clone(), limits.clone());
    let watched = tokio::spawn(manager::watched(move || {
        let service = service.clone();
        async move { http::answers(&service).await }
    }));
    let operators = tokio::spawn(http::serve_admin(admin, app.clone(), until_stopped(stopped.clone())));
    let drained = http::serve_through(listener, door, app, limits, until_stopped(stopped)).await;
    operators.await?;
    watched.abort();
    closing.await?;
    tracing::info!(cut = drained.cut, "the line is closed");
    Ok(ExitCode::SUCCESS)
}

/// The socket that was passed, else one of our own.
async fn listen(
    passed: Option<std::net::TcpListener>,
    address: SocketAddr,
    setting: &str,
) -> anyhow::Result<TcpListener> {
    let Some(passed) = passed else {
        let bound = TcpListener::bind(address).await;
        return bound.with_context(|| format!("{setting}: {address} can't be listened on"));
    };
    let listener = TcpListener::from_std(passed)?;
    tracing::info!(passed = %listener.local_addr()?, "the service manager passed a socket: {setting} is not listened on");
    Ok(listener)
}
