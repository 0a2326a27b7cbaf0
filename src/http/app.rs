//! The application: everything that a webhook needs, made once and shared by all of them.
//!
//! Nothing here changes but counters, those of new calls among them, the board of the lines, who accepted a call, and the flag that says that the server is going down. It
//! doesn't know the settings: whoever serves maps them to [`Options`].

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use arc_swap::{ArcSwap, Guard};

use axum::http::HeaderValue;

use super::{apology::Apologies, clock::Clock, flood::Flood, seldom::Seldom, told::Told};
use crate::{
    call::{E164, Recording, Tokens},
    directory::Directory,
    engine::World,
    journal::Recorder,
    lines::{acceptance::Acceptance, board::Board},
    provider::Dialect,
    telemetry::{Metrics, ProviderMetrics},
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
    /// What is known of the lines now.
    pub board: Arc<Board>,
    /// Takes what happens, for the journal.
    pub recorder: Recorder,
    /// Counts new calls.
    pub flood: Flood,
    /// Other machines may be asked by the same calls.
    pub other_machines: bool,
}

/// Everything that a webhook needs.
pub struct App {
    pub(super) sites: Vec<Site>,
    generation: ArcSwap<Generation>,
    pub(super) public_url: String,
    pub(super) tokens: Tokens,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) board: Arc<Board>,
    pub(super) recorder: Recorder,
    pub(super) flood: Flood,
    pub(super) other_machines: bool,
    /// Who has accepted a call with a key.
    pub(super) acceptance: Acceptance,
    /// Refused webhooks, for the log: those without a signature, and those with one that does not fit.
    pub(super) unsigned: Seldom,
    pub(super) forged: Seldom,
    /// Calls that began with the short words, for the log.
    pub(super) limited: Seldom,
    draining: AtomicBool,
    told: Told,
    /// When it was made, in seconds since 1970.
    pub(super) started: u64,
}

/// A provider, with what is prepared for it.
pub(super) struct Site {
    pub(super) dialect: Box<dyn Dialect>,
    pub(super) caller_id: Option<E164>,
    pub(super) content_type: HeaderValue,
    /// What is counted of it.
    pub(super) measured: Arc<ProviderMetrics>,
    /// Its position among the sites.
    position: usize,
}

/// What a reload replaces as a whole: a world, and the apologies that it says.
pub(super) struct Generation {
    pub(super) world: Arc<World>,
    /// By the position of the site.
    apologies: Vec<Apologies>,
    recordings: Recordings,
    /// Those of the generation before: calls in progress have their URLs.
    recordings_before: Recordings,
}

/// Recordings by their id.
type Recordings = Arc<HashMap<String, Arc<Recording>>>;

impl Generation {
    fn new(world: Arc<World>, sites: &[Site], public_url: &str, recordings_before: Recordings) -> Generation {
        let prepare =
            |site: &Site| Apologies::prepare(&world, site.dialect.as_ref(), site.caller_id.as_ref(), public_url);
        let apologies = sites.iter().map(prepare).collect();
        let by_id = |sound: &Arc<Recording>| (sound.id().to_owned(), sound.clone());
        let recordings = Arc::new(world.recordings().map(by_id).collect());
        Generation { world, apologies, recordings, recordings_before }
    }

    /// What may be played now, or might be just before.
    pub(super) fn recording(&self, id: &str) -> Option<Arc<Recording>> {
        self.recordings.get(id).or_else(|| self.recordings_before.get(id)).cloned()
    }

    pub(super) fn apologies(&self, site: &Site) -> &Apologies {
        &self.apologies[site.position]
    }
}

impl App {
    /// Prepares everything, the apologies among it.
    pub fn new(options: Options) -> App {
        let public_url = options.public_url.trim_end_matches('/').to_owned();
        let site = |(position, Provider { dialect, caller_id })| Site {
            content_type: HeaderValue::from_static(Dialect::content_type(&*dialect)),
            measured: options.metrics.provider(dialect.name()),
            dialect,
            caller_id,
            position,
        };
        let sites: Vec<Site> = options.providers.into_iter().enumerate().map(site).collect();
        let generation = Generation::new(options.world, &sites, &public_url, Recordings::default());
        App {
            started: options.clock.second(),
            sites,
            generation: ArcSwap::from_pointee(generation),
            public_url,
            tokens: options.tokens,
            clock: options.clock,
            metrics: options.metrics,
            board: options.board,
            recorder: options.recorder,
            flood: options.flood,
            other_machines: options.other_machines,
            acceptance: Acceptance::default(),
            unsigned: Seldom::default(),
            forged: Seldom::default(),
            limited: Seldom::default(),
            draining: AtomicBool::new(false),
            told: Told::default(),
        }
    }

    /// Puts another world on the air, whole: webhooks in progress end in the old one, the next ones find the new one.
    pub fn put_on_air(&self, world: Arc<World>) {
        let before = self.generation.load().recordings.clone();
        self.generation.store(Arc::new(Generation::new(world, &self.sites, &self.public_url, before)));
    }

    /// The centres that are on the air.
    pub fn directory(&self) -> Option<Arc<Directory>> {
        self.generation.load().world.directory.clone()
    }

    /// What is on the air.
    pub(super) fn generation(&self) -> Guard<Arc<Generation>> {
        self.generation.load()
    }

    /// The counters.
    pub fn metrics(&self) -> Arc<Metrics> {
        self.metrics.clone()
    }

    /// Where facts go, for the journal.
    pub fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// What whoever serves tells of itself.
    pub fn told(&self) -> &Told {
        &self.told
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
