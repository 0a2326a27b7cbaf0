//! `allo-cmp doctor`: sends the running server a correctly signed request, and says in words what is wrong between it, the
//! settings and the outside.
//!
//! The request tells the end of a call that never was, at `/NAME/status`: no call is placed, no line is reserved, nothing
//! is said. Where it is refused, it is signed again for other forms of the public URL; the one that the server believes
//! is the one that it was started with. Each refusal counts as one in `signature_refused`.

mod exchange;
mod forms;

use std::{io::Write, process::ExitCode};

use clap::{Args, builder::PossibleValuesParser};

use self::exchange::{Answer, exchange};
use super::{line, print, providers, runtime};
use crate::{
    call::CallKey,
    check::{day, lints},
    config::{PublicUrl, Settings, variable},
    diagnostic::Severity,
    directory,
    http::{Clock, SystemClock},
    phone::{Semantics, Signed, Signer, WebRequest},
    provider::{Method, capabilities::ALL, console::Console},
};

/// Seconds between two clocks that are worth a word, and those that Telnyx' signatures allow.
const SKEW: (u64, u64) = (5, 300);

#[derive(Args, Debug)]
pub(super) struct Doctor {
    /// One provider; without it, each whose secret is set
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(ALL.map(|one| one.name)))]
    provider: Option<String>,
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
        if let Some(public) = &settings.server.public_url {
            runtime()?.block_on(outside(settings, public, &names, &mut report));
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

/// Where the server is asked, and what it is told that the request is for.
struct Way {
    base: String,
    host: Option<String>,
}

impl Way {
    fn to(public: &PublicUrl, settings: &Settings, report: &mut Report) -> Way {
        let text = public.as_str();
        if text.starts_with("http://") {
            report.look("the public URL is http: what callers press can be read on the way. Use https");
            let bare = text.rsplit_once('@').map_or_else(|| text.to_owned(), |(_, rest)| format!("http://{rest}"));
            return Way { base: bare, host: None };
        }
        let host = text.trim_start_matches("https://").split('/').next().unwrap_or_default();
        let host = host.rsplit('@').next().unwrap_or_default().to_owned();
        let listen = settings.server.listen;
        report.untried(format!(
            "this command speaks no TLS: it asks the server at {listen} (server.listen), as the proxy does. Name, \
             certificate and proxy are tried from outside by: curl -i -X POST https://{}/NAME/voice (it must answer 403, \
             and nothing else)",
            text.trim_start_matches("https://").rsplit('@').next().unwrap_or_default()
        ));
        Way { base: format!("http://{listen}"), host: Some(host) }
    }

    async fn ask(&self, path: &str, signed: Option<&Signed>) -> Result<Answer, String> {
        exchange(&format!("{}{path}", self.base), self.host.as_deref(), signed).await
    }
}

/// The server, as the outside comes to it.
async fn outside(settings: &Settings, public: &PublicUrl, names: &[&str], report: &mut Report) {
    let way = Way::to(public, settings, report);
    let base = &way.base;
    match way.ask("/healthz", None).await {
        Err(reason) => {
            return report.wrong(format!(
                "nobody answers at {base}: {reason}. Is the server started, and do host and port of the setting lead to it?"
            ));
        }
        Ok(answer) => {
            clock(&answer, names, report);
            match answer.status {
                200 if answer.body.is_empty() => report.right(format!("the server answers at {base}")),
                404 => {
                    return report.wrong(format!(
                        "{base}/healthz is not found: the path is changed on the way, or something else answers. Behind \
                         the public URL this server awaits /healthz and /NAME/voice, without anything before them"
                    ));
                }
                status => report
                    .wrong(format!("{base}/healthz answers {status}: something else than this server{}", led(&answer))),
            }
        }
    }
    for name in names {
        signed(settings, &way, public, name, report).await;
    }
}

fn led(answer: &Answer) -> String {
    answer.location.as_ref().map_or_else(String::new, |to| format!(". It leads to {to}: providers must be given that"))
}

fn clock(answer: &Answer, names: &[&str], report: &mut Report) {
    let Some(second) = answer.second.and_then(|second| u64::try_from(second).ok()) else {
        return report.untried("the server's clock: the answer has no date");
    };
    let apart = second.abs_diff(SystemClock.second());
    let words = format!("the server's clock and that of this machine are {apart} s apart");
    if apart > SKEW.1 && names.contains(&"telnyx") {
        report.wrong(format!("{words}: Telnyx' webhooks are refused when the server's is wrong by {} s", SKEW.1));
    } else if apart > SKEW.0 {
        report.look(format!("{words}: set them by the network (NTP)"));
    } else {
        report.right(words);
    }
}

/// The end of a call that never was, signed as the provider would, for the public URL `public`.
fn end_of_a_call(public: &str, name: &str, signer: &Signer) -> Signed {
    let pairs = [
        ("CallSid", CallKey::OF_DOCTOR),
        ("CallUUID", CallKey::OF_DOCTOR),
        ("CallStatus", "completed"),
        ("From", "anonymous"),
    ];
    let params = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    WebRequest { method: Method::Post, url: format!("{public}/{name}/status"), params }.signed_by(signer)
}

async fn signed(settings: &Settings, way: &Way, public: &PublicUrl, name: &str, report: &mut Report) {
    let Some(semantics) = Semantics::of(name) else { return };
    let path = format!("/{name}/status");
    let Ok(secret) = providers::signing(settings, name) else {
        return unsigned(way, name, semantics, report).await;
    };
    let signer = Signer::new(semantics, secret.expose(), || SystemClock.second());
    let answer = way.ask(&path, Some(&end_of_a_call(public.as_str(), name, &signer))).await;
    match answer {
        Err(reason) => report.wrong(format!("{name}: no answer to a signed request: {reason}")),
        Ok(answer) if answer.status == 200 => {
            report
                .right(format!("{name}: a signed request is believed: secret, scheme, host, port and path are right"));
        }
        Ok(answer) if answer.is_our_refusal() => {
            for form in forms::near(public.as_str(), settings.server.listen.port()) {
                let tried = way.ask(&path, Some(&end_of_a_call(&form.url, name, &signer))).await;
                if tried.is_ok_and(|answer| answer.status == 200) {
                    let at = form.url.rsplit_once('@').map_or(form.url.as_str(), |(_, rest)| rest);
                    return report.wrong(format!(
                        "{name}: the server that runs takes its public URL to be {at}: {}. Give it and this command the \
                         same server.public_url, to the letter what stands in the console, and start it again",
                        form.differs
                    ));
                }
            }
            report.wrong(format!(
                "{name}: a signed request is refused, for every form of the public URL: the server that runs has another \
                 secret than these settings, or quite another server.public_url, or path and query are changed on the way"
            ));
        }
        Ok(answer) => unexpected(name, &path, &answer, report),
    }
}

/// Where we have no secret to sign with, whether the path leads to us is all that can be tried.
async fn unsigned(way: &Way, name: &str, semantics: &'static Semantics, report: &mut Report) {
    let path = format!("/{name}/status");
    let nobodys = end_of_a_call(&way.base, name, &Signer::new(semantics, "", || SystemClock.second()));
    match way.ask(&path, Some(&nobodys)).await {
        Err(reason) => report.wrong(format!("{name}: no answer: {reason}")),
        Ok(answer) if answer.is_our_refusal() => {
            report.right(format!("{name}: {path} leads to the server, which refuses what {name} has not signed"));
        }
        Ok(answer) => unexpected(name, &path, &answer, report),
    }
    if name == "telnyx" {
        report.untried("telnyx: only Telnyx can sign for Telnyx. Call the line: a wrong key stands in the log as 403");
    }
}

fn unexpected(name: &str, path: &str, answer: &Answer, report: &mut Report) {
    let words = match answer.status {
        404 => {
            "not found: the server that runs does not serve this provider (no secret in its settings), or the path is \
                changed on the way"
                .to_owned()
        }
        403 => "refused, but not by this server: something in front of it lets the provider not through".to_owned(),
        300..=399 => format!("a redirect, which providers don't follow well{}", led(answer)),
        status => format!("{status}, which is no answer of this server's"),
    };
    report.wrong(format!("{name}: {path}: {words}"));
}

/// The operators' listener.
async fn operators(settings: &Settings, report: &mut Report) {
    let listen = settings.admin.listen;
    match exchange(&format!("http://{listen}/readyz"), None, None).await {
        Ok(answer) if answer.status == 200 => report.right(format!("the operators' listener answers at {listen}")),
        Ok(answer) => report.wrong(format!("admin.listen: {listen} answers {}", answer.status)),
        Err(reason) => report.wrong(format!("admin.listen: nobody answers at {listen}: {reason}")),
    }
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
            let words = format!("the list of centres is {days} day(s) old");
            if days > directory::OLD_DAYS {
                report.look(format!("{words}: import a new one"))
            } else {
                report.right(words)
            }
        }
    }
}
