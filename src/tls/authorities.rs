//! Whom a client of ours trusts: the authorities of the system, and one of the operator's own.

use std::{path::Path, sync::Arc};

use rustls_native_certs::load_native_certs;
use tokio_rustls::rustls::{
    self, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};

use super::ciphers;

/// Whom a client trusts.
#[derive(Clone, Debug)]
pub struct Trust(pub(super) Option<Arc<ClientConfig>>);

impl Trust {
    /// Nobody: for servers that are asked by plain HTTP.
    pub fn plain() -> Trust {
        Trust(None)
    }

    /// The authorities of the system, and those in the file `authority` (PEM). The error says what is wrong.
    pub fn system(authority: Option<&Path>) -> Result<Trust, String> {
        let mut roots = RootCertStore::empty();
        // One that can't be read keeps nobody from those that can.
        roots.add_parsable_certificates(load_native_certs().certs);
        if let Some(path) = authority {
            let wrong = |what: &str| format!("{}: {what}", path.display());
            let bytes = std::fs::read(path).map_err(|reason| wrong(&format!("it can't be read: {reason}")))?;
            let own: Vec<_> = CertificateDer::pem_slice_iter(&bytes).filter_map(Result::ok).collect();
            if roots.add_parsable_certificates(own).0 == 0 {
                return Err(wrong("there is no certificate in it: it must begin with -----BEGIN CERTIFICATE-----"));
            }
        }
        if roots.is_empty() {
            return Err(
                "this machine has no list of authorities (package ca-certificates): nobody could be trusted".to_owned()
            );
        }
        let config = builder(ciphers())?.with_root_certificates(roots).with_no_client_auth();
        Ok(Trust(Some(Arc::new(config))))
    }

    /// Anyone: where the address itself says that it is our own server, as that of a listener on this machine.
    pub fn anyone() -> Result<Trust, String> {
        let ciphers = ciphers();
        let builder = builder(ciphers.clone())?.dangerous();
        let config = builder.with_custom_certificate_verifier(Arc::new(Anyone(ciphers))).with_no_client_auth();
        Ok(Trust(Some(Arc::new(config))))
    }
}

type Builder = rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>;

fn builder(ciphers: Arc<CryptoProvider>) -> Result<Builder, String> {
    ClientConfig::builder_with_provider(ciphers)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())
}

#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
