//! An authority of fiction, and the certificates that it signs: good ones, ended ones, for another name.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use allo_cmp::http::{Clock, SystemClock};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

/// An authority.
pub(crate) struct Authority {
    pub(crate) pem: String,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate and its key, in PEM.
#[derive(Clone)]
pub(crate) struct Signed {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

/// The day of the machine: programs of their own look at no other clock.
pub(crate) fn today() -> Date {
    let second = i64::try_from(SystemClock.second()).unwrap();
    Timestamp::from_second(second).unwrap().to_zoned(TimeZone::UTC).date()
}

/// The year, the month and the day, as `rcgen` takes them.
fn numbers(day: Date) -> (i32, u8, u8) {
    let [month, day_of] = [day.month(), day.day()].map(|number| u8::try_from(number).unwrap());
    (day.year().into(), month, day_of)
}

impl Authority {
    pub(crate) fn new() -> Authority {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, "an authority of fiction");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Authority { pem, issuer: Issuer::new(params, key) }
    }

    /// A certificate for `names` that holds from `days.0` days from today to `days.1`.
    pub(crate) fn sign_for(&self, names: &[&str], days: (i64, i64)) -> Signed {
        let key = KeyPair::generate().unwrap();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        let [(y, m, d), (year, month, day)] = [days.0, days.1].map(|days| numbers(today() + days.days()));
        params.not_before = date_time_ymd(y, m, d);
        params.not_after = date_time_ymd(year, month, day);
        let certificate = params.signed_by(&key, &self.issuer).unwrap().pem();
        Signed { certificate, key: key.serialize_pem() }
    }

    /// One for the line and for this machine, that holds for some months, with its chain.
    #[cfg(feature = "tls")]
    pub(crate) fn sign(&self) -> Signed {
        let alone = self.sign_for(&["line.example.org", "127.0.0.1"], (-10, 80));
        Signed { certificate: alone.certificate + &self.pem, ..alone }
    }

    /// Its own certificate as a file.
    pub(crate) fn file(&self, folder: &Path) -> PathBuf {
        let path = folder.join("authority.pem");
        fs::write(&path, &self.pem).unwrap();
        path
    }
}

impl Signed {
    /// Writes both files: one after the other, as whoever renews does.
    #[cfg(feature = "tls")]
    pub(crate) fn write(&self, folder: &Path) -> [PathBuf; 2] {
        let paths = ["certificate.pem", "key.pem"].map(|name| folder.join(name));
        fs::write(&paths[1], &self.key).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&paths[1], std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        fs::write(&paths[0], &self.certificate).unwrap();
        paths
    }

    /// Its bytes, as a client sees them.
    pub(crate) fn der(&self) -> CertificateDer<'static> {
        CertificateDer::from_pem_slice(self.certificate.as_bytes()).unwrap()
    }

    /// What speaks TLS with it.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        let key = PrivateKeyDer::from_pem_slice(self.key.as_bytes()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        TlsAcceptor::from(Arc::new(config.with_single_cert(vec![self.der()], key).unwrap()))
    }
}
