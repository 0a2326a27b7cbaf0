//! `allo-cmp lines pause` and `allo-cmp lines resume`: asked of the server that runs, at its operators' listener.

use std::{io::Write as _, process::ExitCode, time::Duration};

use anyhow::{Context, anyhow, bail};
use clap::{Args, Subcommand};
use http_body_util::Full;
use hyper::{Method, Request, StatusCode, body::Bytes, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{exchange::send, runtime};
use crate::{config::Settings, lines::moment, tls::Trust};

/// For the whole answer of a server on this machine.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Subcommand, Debug)]
pub(super) enum LinesAdmin {
    /// Put nobody through to a line of the server that runs, until a time; who talks there goes on talking
    Pause(Pause),
    /// Put callers through to a paused line again
    Resume(Resume),
}

#[derive(Args, Debug)]
pub(super) struct Pause {
    /// The line as lines.yaml names it, a person as in our_team/anne, or a group
    name: String,
    /// Until when: 2026-12-25T03:00 (Paris) or RFC 3339
    #[arg(long, value_name = "TIME")]
    until: String,
    /// Why, for whoever looks at the lines
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

#[derive(Args, Debug)]
pub(super) struct Resume {
    /// The line, person or group
    name: String,
}

impl LinesAdmin {
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        let said = match self {
            LinesAdmin::Pause(Pause { name, until, reason }) => {
                // Told here, where it was typed; the server judges it again.
                moment::seconds(until).with_context(|| format!("--until {until}: {}", moment::HOW))?;
                let answer = ask(settings, Method::POST, name, &json!({ "until": until, "reason": reason }))?;
                let until = answer["until"].as_str().unwrap_or(until);
                format!("paused until {until}: {}{}", names(&answer["paused"]), warning(&answer))
            }
            LinesAdmin::Resume(Resume { name }) => {
                let answer = ask(settings, Method::DELETE, name, &Value::Null)?;
                match names(&answer["resumed"]) {
                    none if none.is_empty() => format!("`{name}` was not paused"),
                    names => format!("resumed: {names}{}", warning(&answer)),
                }
            }
        };
        super::print(|out| writeln!(out, "{said}"))?;
        Ok(ExitCode::SUCCESS)
    }
}

fn names(names: &Value) -> String {
    let names = names.as_array().into_iter().flatten().filter_map(Value::as_str);
    names.collect::<Vec<_>>().join(", ")
}

fn warning(answer: &Value) -> String {
    answer["warning"].as_str().map_or_else(String::new, |warning| format!("\nwarning: {warning}"))
}

/// What the server answers to a request about one line; its refusal is an error.
fn ask(settings: &Settings, method: Method, name: &str, body: &Value) -> anyhow::Result<Value> {
    let server = settings.admin.listen;
    let url = format!("http://{server}/lines/{}/pause", utf8_percent_encode(name, NON_ALPHANUMERIC));
    let request = Request::builder().method(method).uri(url).header(header::CONTENT_TYPE, "application/json");
    let request = request.body(Full::new(Bytes::from(body.to_string())))?;
    let answered = runtime()?.block_on(send(request, PATIENCE, &Trust::plain())).map_err(|why| {
        anyhow!(
            "no server answers operators at {server} (admin.listen): start it with `allo-cmp serve`, or give the \
             settings with which it runs (--config): {why}"
        )
    })?;
    let status = answered.status();
    let answer: Value = serde_json::from_slice(answered.body()).unwrap_or_default();
    if status != StatusCode::OK {
        let error = answer["error"].as_str().unwrap_or("it answers as no server of ours does");
        let help = answer["help"].as_str().map_or_else(String::new, |help| format!(": {help}"));
        bail!("the server at {server} refuses ({}): {error}{help}", status.as_u16());
    }
    Ok(answer)
}
