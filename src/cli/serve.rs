//! `allo-cmp serve`: the webhook server, until it is told to stop (SIGTERM). SIGHUP reads flows and scripts again, whole:
//! a set with an error is refused, and the old one keeps serving.

use std::{process::ExitCode, sync::Arc};

use anyhow::Context;
use clap::Args;
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
};

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
    http::{self, App, Clock, Door, Flood, FloodLimits, Limits, Options, Reload, SystemClock},
    journal::{self, Journal, Recorder, StoreOptions, open_store},
    lines::{board::Board, pauses::Pauses},
    telemetry::{self, Metric, Metrics},
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
        }));
        app.told().not_served(not_served);
        app.told().reviews(reviews);
        let door = door(&serving)?;
        #[cfg(feature = "otel")]
        let traces = match &serving.otlp_endpoint {
            Some(endpoint) => Some(telemetry::Traces::start(endpoint, &app.metrics())?),
            None => None,
        };
        let code = answer(app, door, &serving, settings.clone());
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
fn answer(app: Arc<App>, door: Door, serving: &Serving, settings: Settings) -> anyhow::Result<ExitCode> {
    let limits = Limits {
        connections: usize::try_from(serving.max_connections)?,
        linger: serving.linger,
        grace: serving.grace,
        ..Limits::default()
    };
    runtime()?.block_on(async {
        // Awaited before anybody can think that the server runs: unawaited, SIGHUP ends a process.
        let hangup = signal(SignalKind::hangup())?;
        let reloading = tokio::spawn(reload_on_hangup(hangup, app.clone(), settings));
        #[cfg(feature = "tls")]
        if let Door::Tls(tls) = &door {
            let mut hangup = signal(SignalKind::hangup())?;
            // It ends with the program.
            tokio::spawn(tls.clone().watch(app.clone(), async move || hangup.recv().await));
        }
        let code = serve(app, door, limits, serving).await;
        reloading.abort();
        code
    })
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
        second: Arc::new(|| i64::try_from(SystemClock.second()).unwrap_or(i64::MAX)),
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

/// Reads the line again at each SIGHUP. Calls in progress go on: a key means what was spoken, else it is read again.
async fn reload_on_hangup(mut hangup: Signal, app: Arc<App>, settings: Settings) {
    while hangup.recv().await.is_some() {
        let settings = settings.clone();
        // Reading files and walking every state takes its time: not on a thread that answers calls.
        let on_air = app.directory();
        let read = tokio::task::spawn_blocking(move || {
            let directory = centres::for_calls(&settings, on_air);
            line::world_and_reviews(&settings, Judge::Wholly, SystemClock.now(), directory)
        });
        let read = read.await;
        // A panic over one set must not end the wait for the next.
        let minute = SystemClock.now().minute;
        match read.unwrap_or_else(|panicked| Err(panicked.into())) {
            Ok((world, reviews)) => {
                app.put_on_air(Arc::new(world));
                tracing::info!("flows and scripts were read again: the new ones are on the air");
                app.metrics().count(Metric::Reloads);
                app.told().reviews(reviews);
                app.told().reloaded(Reload { minute, refused: None });
            }
            Err(error) => {
                tracing::error!(%error, "flows and scripts were read again and refused: the old ones keep serving");
                app.metrics().count(Metric::ReloadsRefused);
                app.told().reloaded(Reload { minute, refused: Some(format!("{error:#}")) });
            }
        }
    }
}

async fn serve(app: Arc<App>, door: Door, limits: Limits, serving: &Serving) -> anyhow::Result<ExitCode> {
    let listener = TcpListener::bind(serving.listen)
        .await
        .with_context(|| format!("server.listen: {} can't be listened on", serving.listen))?;
    let admin = TcpListener::bind(serving.admin)
        .await
        .with_context(|| format!("admin.listen: {} can't be listened on", serving.admin))?;
    let (stop, stopped) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        tracing::info!("stopping: calls in progress are answered to the end");
        stop.send_replace(true);
    });
    let until_stopped = |mut stopped: watch::Receiver<bool>| async move {
        // An error means that nobody can tell us any more: then it is time, too.
        let _ = stopped.wait_for(|stopped| *stopped).await;
    };
    let providers = app.providers().collect::<Vec<_>>().join(", ");
    tracing::info!(listen = %listener.local_addr()?, admin = %admin.local_addr()?, providers, "the line is open");
    let operators = tokio::spawn(http::serve_admin(admin, app.clone(), until_stopped(stopped.clone())));
    let drained = http::serve_through(listener, door, app, limits, until_stopped(stopped)).await;
    operators.await?;
    tracing::info!(cut = drained.cut, "the line is closed");
    Ok(ExitCode::SUCCESS)
}
