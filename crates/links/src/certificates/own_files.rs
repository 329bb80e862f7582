//! A certificate that the operator brings, read again when its files change.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{Certificate, CertificateError, Shown};

/// When a file was changed, and how long it is.
type Stamp = Option<(SystemTime, u64)>;

/// Two files in PEM form: the chain, its own certificate first, and the key.
#[derive(Debug)]
pub struct OwnFiles {
    certificate: PathBuf,
    key: PathBuf,
    seen: Option<[Stamp; 2]>,
}

impl OwnFiles {
    #[must_use]
    pub fn new(certificate: PathBuf, key: PathBuf) -> Self {
        Self { certificate, key, seen: None }
    }

    /// A change is looked at once: files that are wrong, or half written, are named, and looked at again when they change.
    pub(super) fn round(&mut self, shown: &Shown) -> Result<(), CertificateError> {
        let now = [stamp(&self.certificate), stamp(&self.key)];
        if self.seen == Some(now) {
            return Ok(());
        }
        self.seen = Some(now);
        shown.show(Certificate::read(&self.certificate, &self.key)?.key);
        Ok(())
    }
}

fn stamp(file: &Path) -> Stamp {
    let about = fs::metadata(file).ok()?;
    Some((about.modified().ok()?, about.len()))
}
