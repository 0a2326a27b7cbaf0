//! What whoever serves tells the application of itself, for operators to look at.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::tls::Certificate;

/// What there is to tell. Locked for moments, and never on the path of a call.
#[derive(Debug, Default)]
pub struct Told(Mutex<All>);

#[derive(Debug, Default)]
struct All {
    not_served: Vec<&'static str>,
    reload: Option<Reload>,
    reviews: Vec<u32>,
    served: Option<Served>,
}

/// The certificate with which TLS is spoken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Served {
    /// What it says of itself.
    pub certificate: Certificate,
    /// Why another that was found in its file is not used, if so.
    pub refused: Option<String>,
}

/// The last time that flows and scripts were read again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reload {
    /// When, in minutes since 1970.
    pub minute: u32,
    /// Why they were refused, if they were.
    pub refused: Option<String>,
}

impl Told {
    /// Providers that have their secret, and are not served.
    pub fn not_served(&self, names: Vec<&'static str>) {
        self.all().not_served = names;
    }

    /// Flows and scripts were read again.
    pub fn reloaded(&self, reload: Reload) {
        self.all().reload = Some(reload);
    }

    /// From which minutes on (since 1970) a script or a fact of what is on the air should have been looked at again.
    pub fn reviews(&self, due: Vec<u32>) {
        self.all().reviews = due;
    }

    /// With which certificate TLS is spoken.
    pub fn serves(&self, served: Served) {
        self.all().served = Some(served);
    }

    pub(super) fn served(&self) -> Option<Served> {
        self.all().served.clone()
    }

    pub(super) fn providers_not_served(&self) -> Vec<&'static str> {
        self.all().not_served.clone()
    }

    pub(super) fn last_reload(&self) -> Option<Reload> {
        self.all().reload.clone()
    }

    /// How many reviews are due at `minute`.
    pub(super) fn reviews_passed(&self, minute: u32) -> usize {
        self.all().reviews.iter().filter(|due| **due <= minute).count()
    }

    fn all(&self) -> MutexGuard<'_, All> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
