//! `allo-cmp doctor`: sends the running server a correctly signed request, and says in words what is wrong between it, the
//! settings and the outside.
//!
//! The server is asked twice: where it listens, as its proxy does, and through its public URL, as providers do. The request tells the end of a call that never was, at `/NAME/status`: no call is placed, no line is reserved, nothing
//! is said. Where it is refused, it is signed again for other forms of the public URL; the one that the server believes
//! is the one that it was started with. Each refusal counts as one in `signature_refused`.

mod exchange;
mod forms;
mod server;
mod words;

use std::{io::Write, path::PathBuf, process::ExitCode};

use clap::{Args, ValueEnum, builder::PossibleValuesParser};

use self::{exchange::exchange, server::Visit};
use super::{exchange::takes_calls, line, print, runtime};
use crate::{
    check::{day, lints},
    config::{Settings, variable},
    diagnostic::Severity,
    directory,
    http::{Clock, SystemClock},
    provider::{capabilities::ALL, console::Console},
    tls::{Pair, Trust},
};

#[derive(Args, Debug)]
pub(super) struct Doctor {
    /// One provider; without it, each whose secret is set
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(ALL.map(|one| one.name)))]
    provider: Option<String>,
    /// Ask only where the server listens (`listener`), or only through its public URL (`public`), as from another machine
    #[arg(long, value_name = "WAY")]
    only: Option<Only>,
    /// An authority of your own (PEM) that may have signed the certificate of the public URL, beside those of the system
    #[arg(long, value_name = "FILE")]
    authority: Option<PathBuf>,
}

/// One of the two ways to the server.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
enum Only {
    Listener,
    Public,
}

/// How a finding is to be taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Right,
    Look,
    Untried,
    Wrong,
}

/// Everything that was found, in order.
#[derive(Default)]
struct Report(Vec<(Mark, String)>);

impl Report {
    fn right(&mut self, words: impl Into<String>) {
        self.0.push((Mark::Right, words.into()));
    }

    fn look(&mut self, words: impl Into<String>) {
        self.0.push((Mark::Look, words.into()));
    }

    fn untried(&mut self, words: impl Into<String>) {
        self.0.push((Mark::Untried, words.into()));
    }

    fn wrong(&mut self, words: impl Into<String>) {
        self.0.push((Mark::Wrong, words.into()));
    }
}

impl Doctor {
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        let mut report = Report::default();
        let names = match self.provider.as_deref() {
            Some(name) => vec![name],
            None => settings.providers.configured(),
        };
        given(settings, &names, &mut report);
        certificate(settings, &mut report);
        if let Some(public) = &settings.server.public_url {
            let visit = Visit { settings, public, names: &names, authority: self.authority.as_deref() };
            runtime()?.block_on(visit.both(self.only, &mut report));
        }
        runtime()?.block_on(operators(settings, &mut report));
        texts(settings, &mut report);
        centres(settings, &mut report);
        let wrong = report.0.iter().filter(|(mark, _)| *mark == Mark::Wrong).count();
        print(|out| {
            for (mark, words) in &report.0 {
                let mark = match mark {
                    Mark::Right => "ok",
                    Mark::Look => "look",
                    Mark::Untried => "untried",
                    Mark::Wrong => "WRONG",
                };
                writeln!(out, "{mark:8}{words}")?;
            }
            writeln!(out, "{wrong} thing(s) wrong")
        })?;
        Ok(if wrong > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

/// What the settings lack.
fn given(settings: &Settings, names: &[&str], report: &mut Report) {
    let missing = |report: &mut Report, setting: &str| {
        report.wrong(format!("{setting} is not set (or {})", variable(setting)));
    };
    match &settings.server.public_url {
        Some(url) => report.right(format!("server.public_url is {url:?}")),
        None => missing(report, "server.public_url"),
    }
    if settings.server.secret.is_none() {
        missing(report, "server.secret");
    }
    if names.is_empty() {
        report.wrong("no provider has its secret: `allo-cmp setup --provider NAME` says which setting that is");
    }
    for name in names {
        let secret = Console::of(name).map_or("auth_token", |console| console.secret);
        if !settings.providers.configured().contains(name) {
            missing(report, &format!("providers.{name}.{secret}"));
        }
        if settings.providers.caller_id(name).is_none() {
            report.look(format!("providers.{name}.caller_id is not set: `allo-cmp fallback` needs it"));
        }
    }
}

/// The files with which the server itself speaks TLS.
fn certificate(settings: &Settings, report: &mut Report) {
    let (Some(certificate), Some(key)) = (&settings.server.tls_certificate, &settings.server.tls_key) else { return };
    let pair = match Pair::read(certificate, key) {
        Ok(pair) => pair,
        Err(wrong) => return report.wrong(format!("server.tls_certificate: {wrong}")),
    };
    let second = SystemClock.signed_second();
    let url = settings.server.public_url.as_ref().and_then(|public| url::Url::parse(public.as_str()).ok());
    let doubts = pair.doubts(second, url.as_ref().and_then(url::Url::host_str));
    if doubts.is_empty() {
        let days = pair.certificate.days_left(second);
        report.right(format!("server.tls_certificate fits its key, and holds {days} more day(s)"));
    }
    for doubt in doubts {
        report.look(format!("server.tls_certificate: {doubt}"));
    }
}

/// The operators' listener, and what the server itself says is not as it should be.
async fn operators(settings: &Settings, report: &mut Report) {
    let listen = settings.admin.listen;
    match exchange(&format!("http://{listen}/readyz"), None, None, &Trust::plain()).await {
        Ok(answer) if answer.status == 200 && !takes_calls(answer.body.as_bytes()) => {
            report.wrong(format!("admin.listen: {listen} answers with a page: something else than this server"));
        }
        Ok(answer) if answer.status == 200 => {
            report.right(format!("the operators' listener answers at {listen}"));
            for words in degraded(&answer.body) {
                report.look(format!("the running server says: {words}"));
            }
        }
        Ok(answer) => report.wrong(format!("admin.listen: {listen} answers {}", answer.status)),
        Err(reason) => report.wrong(format!("admin.listen: nobody answers at {listen}: {reason}")),
    }
}

/// What `/readyz` tells under `degraded`.
fn degraded(body: &str) -> Vec<String> {
    let told = serde_json::from_str::<serde_json::Value>(body).unwrap_or_default();
    let words = told["degraded"].as_array().into_iter().flatten();
    words.filter_map(|words| words.as_str().map(str::to_owned)).collect()
}

/// Flows and scripts: their errors, and what was to be read again by now.
fn texts(settings: &Settings, report: &mut Report) {
    let now = SystemClock.now();
    let found = lints(&line::load(settings, now), day(now));
    let errors = found.iter().filter(|found| found.severity == Severity::Error).count();
    if errors > 0 {
        report.wrong(format!("the line has {errors} error(s): `allo-cmp check` says which"));
    }
    match found.iter().filter(|found| found.code == "review-passed").count() {
        0 => report.right("no script and no fact is overdue for review"),
        overdue => report.look(format!("{overdue} script(s) or fact(s) are overdue for review: `allo-cmp check`")),
    }
}

/// The directory of centres.
fn centres(settings: &Settings, report: &mut Report) {
    let Some(path) = &settings.directory.path else {
        return report.look("directory.path is not set: callers are told how to find a centre, not which one");
    };
    match directory::Loaded::read(path, settings.directory.corrections.as_deref()) {
        Err(broken) => report.wrong(format!("directory.path: {}", broken.message)),
        Ok(loaded) => {
            let days = directory::age(loaded.state, day(SystemClock.now()));
            match days {
                ..0 => report.look(format!(
                    "the list of centres says that it is of {}, which is to come: import it again",
                    loaded.state
                )),
                0..=directory::OLD_DAYS => report.right(format!("the list of centres is {days} day(s) old")),
                _ => report.look(format!("the list of centres is {days} day(s) old: import a new one")),
            }
        }
    }
}
