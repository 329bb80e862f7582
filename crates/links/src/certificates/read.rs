//! A certificate with its key, read from two files in PEM form.

use std::fs;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use kernel::{Millis, Timestamp};
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{Error as TlsError, InconsistentKeys};
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::CertificateError;

/// A chain with its key, and what its first certificate says.
#[derive(Clone, Debug)]
pub struct Certificate {
    pub(super) key: Arc<CertifiedKey>,
    /// Names and addresses that it is for.
    pub names: Vec<String>,
    pub begins: Timestamp,
    pub ends: Timestamp,
}

impl Certificate {
    /// Reads both files, and sees that they belong together.
    ///
    /// # Errors
    /// Each names its file.
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, CertificateError> {
        let read = |file: &Path| fs::read(file).map_err(|error| CertificateError::Read(file.to_owned(), error));
        let (chain, secret) = (read(certificate)?, read(key)?);
        let unusable =
            |cause: &dyn std::fmt::Display| CertificateError::Unusable(certificate.to_owned(), cause.to_string());
        let chain: Vec<CertificateDer<'static>> =
            CertificateDer::pem_slice_iter(&chain).collect::<Result<_, _>>().map_err(|error| unusable(&error))?;
        let Some(first) = chain.first() else { return Err(CertificateError::NoCertificate(certificate.to_owned())) };
        let (_, facts) = X509Certificate::from_der(first).map_err(|error| unusable(&error))?;
        let names = facts.subject_alternative_name().map_err(|error| unusable(&error))?;
        let names = names.map(|names| names.value.general_names.iter().filter_map(said).collect());
        let at = |secs: i64| Timestamp::from_unix_millis(secs.saturating_mul(1_000));
        let (begins, ends) = (at(facts.validity.not_before.timestamp()), at(facts.validity.not_after.timestamp()));
        let secret = PrivateKeyDer::from_pem_slice(&secret).map_err(|_| CertificateError::NoKey(key.to_owned()))?;
        let secret = any_supported_type(&secret).map_err(|_| CertificateError::NoKey(key.to_owned()))?;
        let pair = CertifiedKey::new(chain, secret);
        match pair.keys_match() {
            Err(TlsError::InconsistentKeys(InconsistentKeys::KeyMismatch)) => {
                return Err(CertificateError::WrongKey { certificate: certificate.to_owned(), key: key.to_owned() });
            }
            Err(TlsError::InconsistentKeys(_)) | Ok(()) => {}
            Err(error) => return Err(unusable(&error)),
        }
        Ok(Self { key: Arc::new(pair), names: names.unwrap_or_default(), begins, ends })
    }

    /// Whether a browser that asks for this name or address takes it.
    #[must_use]
    pub fn covers(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let wild = name.split_once('.').map(|(_, parent)| format!("*.{parent}"));
        self.names.iter().any(|own| *own == name || Some(own) == wild.as_ref())
    }

    /// Whether less than this share (one in so many) of its time is left.
    pub(super) fn nears_its_end(&self, now: Timestamp, one_in: i64) -> bool {
        let whole = self.ends - self.begins;
        self.ends - now < Millis(whole.0 / one_in)
    }
}

/// As browsers write it.
fn said(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some(name.to_ascii_lowercase()),
        GeneralName::IPAddress(octets) => {
            let four = <[u8; 4]>::try_from(*octets).map(IpAddr::from);
            let address = four.or_else(|_| <[u8; 16]>::try_from(*octets).map(IpAddr::from));
            address.ok().map(|address| address.to_string())
        }
        _ => None,
    }
}
