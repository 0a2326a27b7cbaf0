//! TLS: certificates, read and judged, and connections to servers by https. It knows nothing of what is asked there.
//!
//! Who serves by TLS is in `http/tls`; this room gives it its certificate and key. All of it is rustls with ring: nothing of the
//! system must be updated with it but its list of authorities.

mod authorities;
mod certificate;
mod connector;
mod fault;
mod pair;
mod stream;

use std::sync::Arc;

use tokio_rustls::rustls::crypto::{CryptoProvider, ring};

pub use self::{
    authorities::Trust,
    certificate::{Certificate, SOON},
    connector::{Connector, Shown},
    fault::{Fault, causes, fault_of},
    pair::{Files, Pair, PairError},
    stream::Stream,
};

/// The ciphers.
pub(crate) fn ciphers() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}
