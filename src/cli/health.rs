//! `allo-cmp health`: asks the server that runs whether calls may be sent to it. For images without a shell, and for scripts.

use std::{io::Write as _, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Error, bail};
use clap::Args;
use http_body_util::Full;
use hyper::{Request, body::Bytes};

use super::{
    exchange::{listener, send, trust_for},
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
            Some(url) => {
                trust_for(url, self.authority.as_deref()).map(|trust| (url.trim_end_matches('/').to_owned(), trust))
            }
            None => listener(settings),
        };
        let (server, trust) = server.map_err(Error::msg)?;
        let (path, well) = if self.live { ("healthz", "it lives") } else { ("readyz", "it takes calls") };
        let url = format!("{server}/{path}");
        let request = Request::get(&url).body(Full::<Bytes>::default())?;
        match runtime()?.block_on(send(request, PATIENCE, &trust)).map(|answer| answer.status().as_u16()) {
            Ok(200) => super::print(|out| writeln!(out, "{url}: {well}"))?,
            Ok(503) => bail!("{url}: it answers 503: it takes no calls now"),
            Ok(status) => bail!("{url}: it answers {status}, as no server of ours does"),
            Err(error) => bail!("{url}: {error}"),
        }
        Ok(ExitCode::SUCCESS)
    }
}
