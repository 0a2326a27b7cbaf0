//! `allo-cmp health`: asks the server that runs whether calls may be sent to it. For images without a shell, and for scripts.

use std::{
    io::Write as _,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    process::ExitCode,
    time::Duration,
};

use anyhow::bail;
use clap::Args;
use http_body_util::Full;
use hyper::{Request, body::Bytes};

use super::{exchange::send, runtime};
use crate::config::Settings;

/// For the whole answer. A server that takes longer to say how it is would lose calls.
const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Args, Debug)]
pub(super) struct Health {
    /// The server to ask, as in http://127.0.0.1:8080; without it, the one of server.listen
    #[arg(long)]
    url: Option<String>,
    /// Ask only whether it lives (/healthz), not whether it takes calls (/readyz)
    #[arg(long)]
    live: bool,
}

impl Health {
    pub(super) fn run(&self, settings: &Settings) -> anyhow::Result<ExitCode> {
        let server = match &self.url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{}", near(settings.server.listen)),
        };
        let (path, well) = if self.live { ("healthz", "it lives") } else { ("readyz", "it takes calls") };
        let url = format!("{server}/{path}");
        let request = Request::get(&url).body(Full::<Bytes>::default())?;
        match runtime()?.block_on(send(request, PATIENCE)).map(|answer| answer.status().as_u16()) {
            Ok(200) => super::print(|out| writeln!(out, "{url}: {well}"))?,
            Ok(503) => bail!("{url}: it answers 503: it takes no calls now"),
            Ok(status) => bail!("{url}: it answers {status}, as no server of ours does"),
            Err(error) => bail!("{url}: {error}"),
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Where a server on this machine is reached that listens at `address`.
fn near(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn a_server_that_listens_everywhere_is_asked_on_this_machine() {
        for (listens, asked) in [
            ("0.0.0.0:8080", "127.0.0.1:8080"),
            ("[::]:81", "[::1]:81"),
            ("10.0.0.7:82", "10.0.0.7:82"),
            ("127.0.0.2:83", "127.0.0.2:83"),
        ] {
            assert_eq!(near(listens.parse().unwrap()).to_string(), asked);
        }
    }
}
