//! What `serve` can't do without, or a sentence for each thing that is missing: which setting, and how to give it.
//!
//! Also how settings are shown: all of them, none that is secret.

use std::{fmt, net::SocketAddr, path::PathBuf, time::Duration};

use super::{Journal, Limits, Providers, PublicUrl, Secrets, Settings, SettingsError, names::variable};

/// The settings of a server, complete.
#[derive(Clone, Debug)]
pub struct Serving {
    /// Where webhooks are awaited.
    pub listen: SocketAddr,
    /// What providers call, and what their signatures cover.
    pub public_url: PublicUrl,
    /// What seals the state of calls.
    pub secrets: Secrets,
    /// The files of certificate and key, where TLS is spoken.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Connections held at once.
    pub max_connections: u32,
    /// How long requests in progress are given at the end.
    pub grace: Duration,
    /// How long connections are still accepted once it was told to stop.
    pub linger: Duration,
    /// Whether other machines answer the same line.
    pub other_machines: bool,
    /// Where operators look; on this machine only.
    pub admin: SocketAddr,
    /// Where pauses of lines are kept.
    pub lines_state: Option<PathBuf>,
    /// Where what happens is kept.
    pub journal: Journal,
    /// How many new calls are answered with the whole line.
    pub limits: Limits,
    /// Where traces are sent.
    pub otlp_endpoint: Option<String>,
    /// The providers, of which at least one has its secret.
    pub providers: Providers,
}

impl Settings {
    /// What `serve` needs. The error names everything that is missing at once.
    pub fn for_serving(&self) -> Result<Serving, SettingsError> {
        let mut missing = Vec::new();
        if self.providers.configured().is_empty() {
            missing.push(format!(
                "No telephony provider can be served: give the secret of at least one. For Twilio it is the auth token \
                 of your account: {}.",
                how("providers.twilio.auth_token")
            ));
        }
        if self.server.secret.is_none() {
            missing.push(format!(
                "The secret that protects calls in progress is missing: make one with `openssl rand -hex 32` and give \
                 it as {}.",
                how("server.secret")
            ));
        }
        if self.server.public_url.is_none() {
            missing.push(format!(
                "The address at which providers reach this server is missing, as in https://line.example.org: give it \
                 as {}.",
                how("server.public_url")
            ));
        }
        if self.telemetry.otlp_endpoint.is_some() && !cfg!(feature = "otel") {
            missing.push(
                "This program was built without traces, and telemetry.otlp_endpoint is set: build it with \
                 `cargo build --release --features otel`, or take the setting out."
                    .to_owned(),
            );
        }
        let tls = match (&self.server.tls_certificate, &self.server.tls_key) {
            (Some(certificate), Some(key)) => Some((certificate.clone(), key.clone())),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => {
                missing.push(
                    "server.tls_certificate and server.tls_key belong together: give both, or take both out, where a reverse \
                     proxy speaks TLS."
                        .to_owned(),
                );
                None
            }
        };
        if tls.is_some() && !cfg!(feature = "tls") {
            missing.push(
                "This program was built without TLS, and server.tls_certificate is set: build it with \
                 `cargo build --release --features tls`, or take server.tls_certificate and server.tls_key out and let a reverse \
                 proxy speak TLS."
                    .to_owned(),
            );
        }
        match (&self.server.public_url, &self.server.secret) {
            (Some(public_url), Some(secrets)) if missing.is_empty() => Ok(Serving {
                listen: self.server.listen,
                public_url: public_url.clone(),
                secrets: secrets.clone(),
                tls,
                max_connections: self.server.max_connections,
                grace: Duration::from_secs(self.server.grace_seconds.into()),
                linger: Duration::from_secs(self.server.linger_seconds.into()),
                other_machines: self.server.other_machines,
                admin: self.admin.listen,
                otlp_endpoint: self.telemetry.otlp_endpoint.clone(),
                lines_state: self.lines.state_path.clone(),
                journal: self.journal.clone(),
                limits: self.limits.clone(),
                providers: self.providers.clone(),
            }),
            _ => Err(SettingsError::Missing(missing)),
        }
    }
}

fn how(setting: &str) -> String {
    format!("the setting {setting} in allo-cmp.toml, or the environment variable {}", variable(setting))
}

/// One line a setting, for the start of a log.
impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let given = |is: bool| if is { "given" } else { "not given" };
        let folder = |path: &Option<PathBuf>, none: &str| {
            path.as_ref().map_or_else(|| none.to_owned(), |path| path.display().to_string())
        };
        let server = &self.server;
        let url = server.public_url.as_ref().map_or_else(|| "not given".to_owned(), |url| format!("{url:?}"));
        let journal = &self.journal;
        let providers = self.providers.configured().join(", ");
        writeln!(f, "server.listen = {}", server.listen)?;
        writeln!(f, "server.public_url = {url}")?;
        writeln!(f, "server.secret = {}", given(server.secret.is_some()))?;
        writeln!(f, "server.tls_certificate = {}", folder(&server.tls_certificate, "none"))?;
        writeln!(f, "server.tls_key = {}", folder(&server.tls_key, "none"))?;
        writeln!(f, "server.max_connections = {}", server.max_connections)?;
        writeln!(f, "server.grace_seconds = {}", server.grace_seconds)?;
        writeln!(f, "server.linger_seconds = {}", server.linger_seconds)?;
        writeln!(f, "server.other_machines = {}", server.other_machines)?;
        writeln!(f, "admin.listen = {}", self.admin.listen)?;
        writeln!(f, "telemetry.otlp_endpoint = {}", self.telemetry.otlp_endpoint.as_deref().unwrap_or("none"))?;
        writeln!(f, "providers with a secret = {}", if providers.is_empty() { "none" } else { &providers })?;
        for name in ["twilio", "somleng", "plivo", "signalwire", "telnyx"] {
            for (lang, voice) in self.providers.voices(name).into_iter().flatten() {
                writeln!(f, "providers.{name}.voices.{lang} = {voice}")?;
            }
        }
        writeln!(f, "journal.url = {:?}", journal.url)?;
        writeln!(f, "journal.spool_path = {}", journal.spool().display())?;
        writeln!(f, "journal.spool_mb = {}", journal.spool_mb)?;
        writeln!(f, "journal.keep_days = {}", journal.keep_days)?;
        writeln!(f, "journal.count_callers = {}", journal.count_callers)?;
        writeln!(f, "journal.key = {}", given(journal.key.is_some()))?;
        writeln!(f, "directory.path = {}", folder(&self.directory.path, "none"))?;
        writeln!(f, "directory.corrections = {}", folder(&self.directory.corrections, "none"))?;
        writeln!(f, "directory.stale_days = {}", self.directory.stale_days)?;
        writeln!(f, "lines.state_path = {}", folder(&self.lines.state_path, "none"))?;
        writeln!(f, "limits.new_calls_per_caller = {}", self.limits.new_calls_per_caller)?;
        writeln!(f, "limits.new_calls_per_minute = {}", self.limits.new_calls_per_minute)?;
        writeln!(f, "flows = {}", folder(&self.flows, "those inside the program"))?;
        writeln!(f, "scripts = {}", folder(&self.scripts, "those inside the program"))?;
        writeln!(f, "flows_overlay = {}", folder(&self.flows_overlay, "none"))?;
        writeln!(f, "scripts_overlay = {}", folder(&self.scripts_overlay, "none"))?;
        writeln!(f, "line.operator = {:?}", self.line.operator)?;
        writeln!(f, "line.contact = {:?}", self.line.contact)?;
        writeln!(f, "line.fallback_number = {}", given(self.line.fallback_number.is_some()))?;
        write!(f, "line.call_is_free = {}", self.line.call_is_free)
    }
}
