//! The certificate and the key of a server: read from their files, held together, and what is doubtful about them.
//!
//! Errors name the file, say what is wrong with it, and how it is mended; never what stands in it.

use std::path::{Path, PathBuf};

use tokio_rustls::rustls::{
    self, InconsistentKeys,
    client::verify_server_name,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
    server::ParsedCertificate,
    sign::CertifiedKey,
};

use super::{Certificate, ciphers};
use crate::files::exposed;

/// More than any certificate with its chain has.
const MOST_BYTES: u64 = 1 << 20;

/// Why a certificate and its key can't be used. Says what to do about it.
#[derive(Debug, thiserror::Error)]
#[error("{}: {what}. {how}", path.display())]
pub struct PairError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong.
    pub what: String,
    /// How it is mended.
    pub how: &'static str,
}

/// What stands in the two files.
#[derive(Clone, PartialEq, Eq)]
pub struct Files {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

/// A certificate with its chain, and the key that fits it.
#[derive(Debug)]
pub struct Pair {
    /// For rustls.
    pub certified: CertifiedKey,
    /// What the certificate says of itself.
    pub certificate: Certificate,
    doubts: Vec<String>,
}

impl Files {
    /// Reads both.
    pub fn read(certificate: &Path, key: &Path) -> Result<Files, PairError> {
        Ok(Files { certificate: bytes(certificate)?, key: bytes(key)? })
    }
}

impl Pair {
    /// Reads the files and holds them together.
    pub fn read(certificate: &Path, key: &Path) -> Result<Pair, PairError> {
        Pair::of(&Files::read(certificate, key)?, certificate, key)
    }

    /// The same of what was read from the files `certificate` and `key`.
    pub fn of(files: &Files, certificate: &Path, key: &Path) -> Result<Pair, PairError> {
        let wrong = |path: &Path, what: String, how| Err(PairError { path: path.to_owned(), what, how });
        let chain: Vec<_> = match CertificateDer::pem_slice_iter(&files.certificate).collect() {
            Ok(chain) => chain,
            Err(_) => return wrong(certificate, "what stands in it is no whole PEM".to_owned(), PEM),
        };
        let Some(first) = chain.first() else {
            return wrong(certificate, "there is no certificate in it".to_owned(), PEM);
        };
        let Some(read) = Certificate::read(first) else {
            return wrong(certificate, "its first certificate can't be read".to_owned(), PEM);
        };
        let Ok(private) = PrivateKeyDer::from_pem_slice(&files.key) else {
            return if contains(&files.key, b"ENCRYPTED") {
                wrong(key, "the key in it is encrypted".to_owned(), DECRYPT)
            } else {
                wrong(key, "there is no private key in it".to_owned(), KEY)
            };
        };
        let mut doubts = Vec::new();
        if chain.len() == 1 && !read.vouches_for_itself {
            doubts.push(format!(
                "{} holds one certificate only: if a chain belongs to it (certbot's fullchain.pem), give that, or providers \
                 may not trust it",
                certificate.display()
            ));
        }
        doubts.extend(std::fs::metadata(key).ok().and_then(|data| exposed(key, &data)));
        match CertifiedKey::from_der(chain, private, &ciphers()) {
            Ok(certified) => Ok(Pair { certified, certificate: read, doubts }),
            Err(rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => {
                wrong(key, format!("the key does not fit the certificate in {}", certificate.display()), MATCH)
            }
            Err(error) => wrong(key, format!("it can't be used: {error}"), KEY),
        }
    }

    /// What should be mended although it stops nothing: at `second`, for a server that is reached by the name `host`.
    pub fn doubts(&self, second: i64, host: Option<&str>) -> Vec<String> {
        let mut doubts = self.doubts.clone();
        doubts.extend(self.certificate.end_is_near(second));
        let name = host.and_then(|host| ServerName::try_from(host.to_owned()).ok());
        let leaf = self.certified.cert.first().and_then(|leaf| ParsedCertificate::try_from(leaf).ok());
        if let (Some(name), Some(leaf), Some(host)) = (name, leaf, host)
            && verify_server_name(&leaf, &name).is_err()
        {
            doubts
                .push(format!("the certificate is not for {host}, the name in server.public_url: providers refuse it"));
        }
        doubts
    }
}

const PEM: &str = "It must be text that begins with -----BEGIN CERTIFICATE-----: the server's own first, then its chain \
                   (certbot: fullchain.pem)";
const KEY: &str = "It must be text that begins with -----BEGIN PRIVATE KEY----- (certbot: privkey.pem): RSA, ECDSA (P-256, P-384) \
                   or Ed25519";
const DECRYPT: &str =
    "Nobody is there to type its passphrase: take it away with `openssl pkey -in OLD -out NEW`, and `chmod 600` it";
const MATCH: &str = "Give the key with which this certificate was asked for";

fn bytes(path: &Path) -> Result<Vec<u8>, PairError> {
    use std::io::Read;
    let wrong = |what: String, how| PairError { path: path.to_owned(), what, how };
    let unreadable = |reason: std::io::Error| {
        wrong(format!("it can't be read: {reason}"), "Whom the program runs as must be allowed to read it")
    };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(unreadable)?;
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(wrong("it is far longer than a certificate".to_owned(), PEM));
    }
    Ok(bytes)
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}
