//! The certificate that browsers are shown: of the operator's own files, of an authority that the house made for itself, or of
//! a public authority that gives one by ACME (RFC 8555).

mod acme;
mod authority;
mod folder;
mod own_files;
mod read;
mod shown;

use std::io;
use std::path::PathBuf;

use kernel::Timestamp;

pub use acme::{Acme, AcmeSettings, LastFailure};
pub use authority::{AuthorityFacts, HouseAuthority};
pub use own_files::OwnFiles;
pub use read::Certificate;
pub use shown::Shown;

/// Why there is no certificate to show, with what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    #[error("{0} cannot be read: {1}")]
    Read(PathBuf, io::Error),
    #[error("{0} cannot be written: {1}")]
    Write(PathBuf, io::Error),
    #[error("{0} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)")]
    NoCertificate(PathBuf),
    #[error("{0} holds no private key in PEM form (-----BEGIN PRIVATE KEY-----) without a password")]
    NoKey(PathBuf),
    #[error("{0} holds something that is no certificate of a server: {1}")]
    Unusable(PathBuf, String),
    #[error(
        "the key in {key} is not the one of the certificate in {certificate}: name the two files that belong together"
    )]
    WrongKey { certificate: PathBuf, key: PathBuf },
    #[error("a certificate could not be made: {0}")]
    NotMade(String),
    #[error("the authority at {url} gave no certificate: {said}")]
    Refused { url: String, said: String },
}

/// Where the certificate comes from.
#[derive(Debug)]
pub enum Source {
    Files(OwnFiles),
    House(HouseAuthority),
    Acme(Acme),
}

impl Source {
    /// Shows another certificate where one is due: to be called every few seconds. While this fails the one before is shown.
    ///
    /// # Errors
    /// When what is due cannot be had; an authority that was asked is asked again later, less and less often.
    pub async fn round(&mut self, now: Timestamp, shown: &Shown) -> Result<(), CertificateError> {
        match self {
            Self::Files(files) => files.round(shown),
            Self::House(house) => house.round(now, shown),
            Self::Acme(acme) => acme.round(now, shown).await,
        }
    }
}
