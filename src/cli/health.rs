//! `allo-cmp health`: asks the server that runs whether calls may be sent to it. For images without a shell, and for scripts.

use std::{io::Write as _, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Error, bail};
use clap::Args;
use http_body_util::Full;
use hyper::{Request, body::Bytes};

use super::{
    exchange::{listener, send, takes_calls, trust_for},
    runtime,
};
use crate::config::Settings;

/// For the whole answer. A server that takes longer to say how it is would lose calls.
const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Args, Debug)]
pub(super) struct Health {
    /// The server to ask, as in http://127.0.0.1:8080 or https://line.example.org; without it, the one of server.listen
    #[arg(long)]
    url: Option<String>,
    /// An authority of your own (PEM) that may have signed the certificate of an https server, beside those of the system
    #[arg(long, value_name = "FILE")]
    authority: Option<PathBuf>,
    /// Ask only whether it lives (/healthz), not whether it takes calls (/readyz)
    #[arg(long)]
    live: bool,
}

impl Health {
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        let server = match &self.url {
            Some(url) => address(url).and_then(|url| Ok((trust_for(&url, self.authority.as_deref())?, url))),
            None => listener(settings).map(|(url, trust)| (trust, url)),
        };
        let (trust, server) = server.map_err(Error::msg)?;
        let (path, well) = if self.live { ("healthz", "it lives") } else { ("readyz", "it takes calls") };
        let url = format!("{server}/{path}");
        let request = Request::get(&url).body(Full::<Bytes>::default())?;
        let answer = runtime()?.block_on(send(request, PATIENCE, &trust));
        let answer = answer.map_err(|error| Error::msg(format!("{url}: {error}")))?;
        // Whatever else listens there may well have a page for every path.
        let ours = if self.live { answer.body().is_empty() } else { takes_calls(answer.body()) };
        match answer.status().as_u16() {
            200 if ours => super::print(|out| writeln!(out, "{url}: {well}"))?,
            200 => bail!("{url}: it answers with a page, as no server of ours does"),
            503 => bail!("{url}: it answers 503: it takes no calls now"),
            404 if !self.live => bail!(
                "{url}: it answers 404, as no server of ours does. A proxy in front of it may keep /readyz from strangers: \
                 ask through it with --live"
            ),
            status => bail!("{url}: it answers {status}, as no server of ours does"),
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The address of a server, without a slash at its end.
fn address(text: &str) -> Result<String, String> {
    let url = url::Url::parse(text).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.query().or(url.fragment()).is_none());
    let url = url.ok_or_else(|| {
        format!(
            "--url {text:?} is no address of a server: write it as in http://127.0.0.1:8080 or https://line.example.org"
        )
    })?;
    Ok(url.as_str().trim_end_matches('/').to_owned())
}
