//! The application: everything that a webhook needs, made once and shared by all of them.
//!
//! Nothing here changes but counters, the occupancy of lines, and the flag that says that the server is going down. It
//! doesn't know the settings: whoever serves maps them to [`Options`].

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::http::HeaderValue;

use super::{apology::Apologies, clock::Clock, seldom::Seldom};
use crate::{
    call::{E164, Tokens},
    engine::World,
    lines::occupancy::Occupancy,
    provider::Dialect,
    telemetry::Metrics,
};

/// One provider that is served: its dialect, with its secrets, and our number there.
pub struct Provider {
    /// How it signs, asks and is answered. Its name is the first part of the paths.
    pub dialect: Box<dyn Dialect>,
    /// The number presented to the lines that we dial. `None`: the number that was called.
    pub caller_id: Option<E164>,
}

/// What an [`App`] is made of.
pub struct Options {
    /// What the line does and says.
    pub world: Arc<World>,
    /// The providers that are served; the others get 404.
    pub providers: Vec<Provider>,
    /// The URL under which providers reach this server, without query: `https://line.example.org`.
    pub public_url: String,
    /// Seals and opens the state of calls.
    pub tokens: Tokens,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The counters.
    pub metrics: Arc<Metrics>,
    /// Who is on which line.
    pub occupancy: Arc<Occupancy>,
}

/// Everything that a webhook needs.
pub struct App {
    pub(super) world: Arc<World>,
    pub(super) sites: Vec<Site>,
    pub(super) public_url: String,
    pub(super) tokens: Tokens,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) occupancy: Arc<Occupancy>,
    /// Refused webhooks, for the log.
    pub(super) refusals: Seldom,
    draining: AtomicBool,
}

/// A provider, with what is prepared for it.
pub(super) struct Site {
    pub(super) dialect: Box<dyn Dialect>,
    pub(super) caller_id: Option<E164>,
    pub(super) content_type: HeaderValue,
    pub(super) apologies: Apologies,
}

impl App {
    /// Prepares everything, the apologies among it.
    pub fn new(options: Options) -> App {
        let public_url = options.public_url.trim_end_matches('/').to_owned();
        let sites = options.providers.into_iter().map(|Provider { dialect, caller_id }| Site {
            apologies: Apologies::prepare(&options.world, dialect.as_ref(), caller_id.as_ref(), &public_url),
            content_type: HeaderValue::from_static(dialect.content_type()),
            dialect,
            caller_id,
        });
        App {
            sites: sites.collect(),
            world: options.world,
            public_url,
            tokens: options.tokens,
            clock: options.clock,
            metrics: options.metrics,
            occupancy: options.occupancy,
            refusals: Seldom::default(),
            draining: AtomicBool::new(false),
        }
    }

    /// The counters.
    pub fn metrics(&self) -> Arc<Metrics> {
        self.metrics.clone()
    }

    /// The names of the providers that are served.
    pub fn providers(&self) -> impl Iterator<Item = &'static str> {
        self.sites.iter().map(|site| site.dialect.name())
    }

    /// From now on `/readyz` says that the server is going down.
    pub(super) fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    pub(super) fn site(&self, name: &str) -> Option<&Site> {
        self.sites.iter().find(|site| site.dialect.name() == name)
    }
}
