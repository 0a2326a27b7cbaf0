//! Why a server can't be reached, in words that say what to look at.

use std::{error::Error, io};

use tokio_rustls::rustls::{self, CertificateError};

/// Why a server can't be reached.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The URL can't be used.
    #[error("{0}")]
    Url(String),
    /// Its name leads nowhere.
    #[error("the name {host} can't be resolved: {reason}")]
    Name {
        /// The name.
        host: String,
        /// What the system says.
        reason: io::Error,
    },
    /// Nobody answers there.
    #[error("no connection: {0}")]
    Connection(io::Error),
    /// Its certificate is not to be believed.
    #[error("{}", in_words(.0))]
    Certificate(CertificateError),
    /// Whoever answers there speaks no TLS, or none that we speak.
    #[error("whoever answers there speaks no TLS that can be understood: {0}")]
    NoTls(String),
}

impl Fault {
    /// What TLS made of a handshake.
    pub(super) fn of_handshake(error: io::Error) -> Fault {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(rustls::Error::InvalidCertificate(error)) => Fault::Certificate(error.clone()),
            Some(error) => Fault::NoTls(error.to_string()),
            None => Fault::NoTls(error.to_string()),
        }
    }
}

/// The fault among the causes of an error.
pub fn fault_of<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e Fault> {
    chain(error).find_map(|error| error.downcast_ref())
}

/// An error with all its causes.
pub fn causes(error: &(dyn Error + 'static)) -> String {
    chain(error).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn chain<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

fn in_words(error: &CertificateError) -> String {
    let days = |from: u64, to: u64| to.saturating_sub(from) / (24 * 3600);
    match error {
        CertificateError::Expired => "its certificate has ended".to_owned(),
        CertificateError::ExpiredContext { time, not_after } => {
            format!("its certificate has ended, {} day(s) ago", days(not_after.as_secs(), time.as_secs()))
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "its certificate does not hold yet: is the clock of this machine right?".to_owned()
        }
        CertificateError::NotValidForName => "its certificate is for another name".to_owned(),
        CertificateError::NotValidForNameContext { presented, .. } => {
            // As in `DnsName("line.example.org")`.
            let bare = |name: &String| name.split('"').nth(1).unwrap_or(name).to_owned();
            let names: Vec<String> = presented.iter().map(bare).collect();
            format!("its certificate is for another name: {}", names.join(", "))
        }
        CertificateError::UnknownIssuer => {
            "its certificate is not trusted: no authority that this machine knows has signed it, or \
                                            the chain is not sent with it"
                .to_owned()
        }
        other => format!("its certificate is not trusted: {other}"),
    }
}
