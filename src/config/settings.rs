//! The settings, one small struct per concern. `catalogue` tells what each means, and its default.
//!
//! Some do not act yet: they are accepted from the beginning, so that a file written today stays right.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use serde::{Deserialize, Deserializer, de};

use super::{JournalUrl, PublicUrl, Secret, Secrets};
use crate::call::{E164, Lang};

/// Everything that an operator can set.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The webhook server.
    pub server: Server,
    /// What operators see.
    pub admin: Admin,
    /// What is sent to those who watch over it.
    pub telemetry: Telemetry,
    /// The telephony providers.
    pub providers: Providers,
    /// What is counted and promised.
    pub journal: Journal,
    /// The CMPs.
    pub directory: Directory,
    /// What is kept of the lines' state.
    pub lines: Lines,
    /// How many new calls are answered with the whole line.
    pub limits: Limits,
    /// The folder of the call flows.
    pub flows: Option<PathBuf>,
    /// The folder of the audio scripts.
    pub scripts: Option<PathBuf>,
    /// A folder whose files lie over those of the call flows.
    pub flows_overlay: Option<PathBuf>,
    /// A folder whose files lie over those of the audio scripts.
    pub scripts_overlay: Option<PathBuf>,
    /// What the line says of itself.
    pub line: Line,
}

/// The webhook server.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Address and port that it listens on.
    #[serde(deserialize_with = "address")]
    pub listen: SocketAddr,
    /// The URL that providers call, without the path of a provider.
    pub public_url: Option<PublicUrl>,
    /// What seals the state of calls, at least 32 characters. Several, to replace one: the first seals.
    pub secret: Option<Secrets>,
    /// The file of the certificate with its chain, where this server itself speaks TLS (feature `tls`).
    pub tls_certificate: Option<PathBuf>,
    /// The file of the key that fits it.
    pub tls_key: Option<PathBuf>,
    /// Connections held at once.
    #[serde(deserialize_with = "count")]
    pub max_connections: u32,
    /// Seconds that requests in progress are given at the end.
    pub grace_seconds: u32,
    /// Seconds for which connections are still accepted once it was told to stop, while `/readyz` says no: for a balancer that
    /// must see it first. `ALLO_CMP__SERVER__LINGER_SECONDS`; default 0: who takes its place waits for the port.
    pub linger_seconds: u32,
    /// Whether other machines answer the same line.
    pub other_machines: bool,
}

impl Default for Server {
    fn default() -> Server {
        Server {
            listen: loopback(8080),
            public_url: None,
            secret: None,
            tls_certificate: None,
            tls_key: None,
            max_connections: 1024,
            grace_seconds: 10,
            linger_seconds: 0,
            other_machines: false,
        }
    }
}

/// The second listener, for operators: metrics and the like. Never reached from outside.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Admin {
    /// Its address and port, on this machine only.
    #[serde(deserialize_with = "own_address")]
    pub listen: SocketAddr,
}

impl Default for Admin {
    fn default() -> Admin {
        Admin { listen: loopback(9090) }
    }
}

/// What is sent to those who watch over it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Telemetry {
    /// The collector to which traces are sent by OTLP over HTTP; in programs built with the feature `otel` only.
    #[serde(deserialize_with = "collector")]
    pub otlp_endpoint: Option<String>,
}

/// The telephony providers. One without its secret is not served.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Providers {
    /// Twilio.
    pub twilio: TokenProvider,
    /// Somleng, which speaks Twilio's dialect.
    pub somleng: TokenProvider,
    /// Plivo.
    pub plivo: TokenProvider,
    /// SignalWire.
    pub signalwire: SignalWire,
    /// Telnyx.
    pub telnyx: Telnyx,
}

impl Providers {
    /// Whether each of those whose secret is given can dial short numbers; not if there is none.
    pub fn dial_short_numbers(&self) -> bool {
        let can = |name| match name {
            "twilio" => self.twilio.can_dial_short_numbers,
            "somleng" => self.somleng.can_dial_short_numbers,
            "plivo" => self.plivo.can_dial_short_numbers,
            _ => false,
        };
        let configured = self.configured();
        !configured.is_empty() && configured.into_iter().all(can)
    }

    /// Our own number at the provider of this name, if it is set.
    pub fn caller_id(&self, name: &str) -> Option<&E164> {
        let number = match name {
            "twilio" => &self.twilio.caller_id,
            "somleng" => &self.somleng.caller_id,
            "plivo" => &self.plivo.caller_id,
            "signalwire" => &self.signalwire.caller_id,
            "telnyx" => &self.telnyx.caller_id,
            _ => &None,
        };
        number.as_ref()
    }

    /// The voices that were chosen for the provider of this name.
    pub fn voices(&self, name: &str) -> Option<&BTreeMap<Lang, String>> {
        match name {
            "twilio" => Some(&self.twilio.voices),
            "somleng" => Some(&self.somleng.voices),
            "plivo" => Some(&self.plivo.voices),
            "signalwire" => Some(&self.signalwire.voices),
            "telnyx" => Some(&self.telnyx.voices),
            _ => None,
        }
    }

    /// The providers whose secret is given, by the name that stands in paths.
    pub fn configured(&self) -> Vec<&'static str> {
        let given = [
            ("twilio", self.twilio.auth_token.is_some()),
            ("somleng", self.somleng.auth_token.is_some()),
            ("plivo", self.plivo.auth_token.is_some()),
            ("signalwire", self.signalwire.signing_key.is_some()),
            ("telnyx", self.telnyx.public_key.is_some()),
        ];
        given.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect()
    }
}

/// A provider that signs with the account's auth token: Twilio, Somleng, Plivo.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TokenProvider {
    /// The account's auth token.
    pub auth_token: Option<Secret>,
    /// Our own number, presented when a call is put through.
    pub caller_id: Option<E164>,
    /// The operator knows that this account can dial short national numbers, as 3114.
    pub can_dial_short_numbers: bool,
    /// Voices in place of the provider's default ones, by language.
    pub voices: BTreeMap<Lang, String>,
}

/// SignalWire.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignalWire {
    /// The project's signing key.
    pub signing_key: Option<Secret>,
    /// Our own number, as for the others.
    pub caller_id: Option<E164>,
    /// Voices, as for the others.
    pub voices: BTreeMap<Lang, String>,
}

/// Telnyx.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Telnyx {
    /// The account's public key, base64.
    pub public_key: Option<Secret>,
    /// Our own number, as for the others.
    pub caller_id: Option<E164>,
    /// Voices, as for the others.
    pub voices: BTreeMap<Lang, String>,
}

/// What is counted and promised.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Journal {
    /// `sqlite:...` or `postgres://...`, or `none`: then nothing is kept.
    pub url: JournalUrl,
    /// The file in which facts wait while the journal can't be written.
    pub spool_path: Option<PathBuf>,
    /// Its megabytes at most.
    #[serde(deserialize_with = "count")]
    pub spool_mb: u32,
    /// Days for which single facts are kept, at least 2; what is counted of them stays.
    #[serde(deserialize_with = "days")]
    pub keep_days: u32,
    /// Whether different callers are counted, by a hash whose key is destroyed at the end of the day.
    pub count_callers: bool,
    /// What the numbers of those who asked for a call are encrypted with.
    pub key: Option<Secret>,
}

impl Default for Journal {
    fn default() -> Journal {
        Journal {
            url: JournalUrl::default(),
            spool_path: None,
            spool_mb: 256,
            keep_days: 30,
            count_callers: false,
            key: None,
        }
    }
}

impl Journal {
    /// Where facts wait while the journal can't be written.
    pub fn spool(&self) -> PathBuf {
        let beside = |file: PathBuf| {
            let mut name = file.into_os_string();
            name.push(".spool");
            PathBuf::from(name)
        };
        let chosen = self.spool_path.clone().or_else(|| self.url.file().map(beside));
        chosen.unwrap_or_else(|| PathBuf::from("data/journal.spool"))
    }
}

/// The CMPs.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Directory {
    /// The imported table of centres.
    pub path: Option<PathBuf>,
    /// What the operator knows better, beside it.
    pub corrections: Option<PathBuf>,
    /// Days after which the list is too old to be believed: callers then hear advice.
    #[serde(deserialize_with = "count")]
    pub stale_days: u32,
}

impl Default for Directory {
    fn default() -> Directory {
        Directory { path: None, corrections: None, stale_days: 180 }
    }
}

/// What is kept of the lines' state.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lines {
    /// The file in which pauses outlive a restart.
    pub state_path: Option<PathBuf>,
}

/// How many new calls are answered with the whole line; those beyond begin with short words and go on with any key. 0: no limit.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// From one number in ten minutes, at most 100.
    #[serde(deserialize_with = "per_caller")]
    pub new_calls_per_caller: u32,
    /// From all together in a minute.
    pub new_calls_per_minute: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { new_calls_per_caller: 12, new_calls_per_minute: 600 }
    }
}

/// What the line says of itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Line {
    /// Who runs it, by language, as spoken.
    pub operator: BTreeMap<Lang, String>,
    /// How to reach them, by language, as spoken.
    pub contact: BTreeMap<Lang, String>,
    /// Calling it costs nothing, and the line may say so.
    pub call_is_free: bool,
    /// Its number as people dial it, printed as written.
    pub number: Option<String>,
    /// Whom a provider calls when this server can't be reached.
    pub fallback_number: Option<E164>,
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}

fn address<'de, D: Deserializer<'de>>(d: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(d)?;
    let wrong = || de::Error::custom("write an address in figures and a port, as in 127.0.0.1:8080 or [::]:8080");
    text.trim().parse().map_err(|_| wrong())
}

fn own_address<'de, D: Deserializer<'de>>(d: D) -> Result<SocketAddr, D::Error> {
    let own = address(d)?;
    if own.ip().is_loopback() {
        return Ok(own);
    }
    Err(de::Error::custom(
        "it must not be reached from outside: write an address of this machine, as in 127.0.0.1:9090",
    ))
}

/// More than so many can't be counted (`http/flood`).
const MOST_PER_CALLER: u32 = 100;

fn per_caller<'de, D: Deserializer<'de>>(d: D) -> Result<u32, D::Error> {
    match u32::deserialize(d)? {
        count if count > MOST_PER_CALLER => {
            Err(de::Error::custom("100 at most; 0 is no limit, and so many calls in ten minutes are as good as none"))
        }
        count => Ok(count),
    }
}

fn collector<'de, D: Deserializer<'de>>(d: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(d)?;
    let url = text.trim().trim_end_matches('/');
    let plain = url.parse::<hyper::Uri>().ok().filter(|uri| uri.scheme_str() == Some("http") && uri.query().is_none());
    let host = plain.as_ref().and_then(|uri| uri.authority()).filter(|host| !host.as_str().contains('@'));
    if host.is_none() {
        return Err(de::Error::custom(
            "write the address of a collector near this machine, without a password, as in http://127.0.0.1:4318",
        ));
    }
    Ok(Some(url.to_owned()))
}

fn count<'de, D: Deserializer<'de>>(d: D) -> Result<u32, D::Error> {
    match u32::deserialize(d)? {
        0 => Err(de::Error::custom("at least 1 is needed")),
        count => Ok(count),
    }
}

fn days<'de, D: Deserializer<'de>>(d: D) -> Result<u32, D::Error> {
    match u32::deserialize(d)? {
        // A call may go on past midnight, and what it was is counted when it is over.
        0 | 1 => Err(de::Error::custom("at least 2 are needed")),
        days => Ok(days),
    }
}
