//! An authority of the house's own, for a network without a public name: who trusts it trusts every certificate that this
//! house makes for itself, however often its address changes.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use kernel::{Millis, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::folder::{self, Readers};
use super::{Certificate, CertificateError, Shown};

/// How long phones need not be asked again.
const AUTHORITY_DAYS: i64 = 3_650;
/// Browsers take 825 days at most from an authority of somebody's own; a short one is as little work.
const LEAF_DAYS: i64 = 90;
/// Renewed in the last third.
const LAST: i64 = 3;
/// Clocks of phones go wrong.
const BEFORE: Millis = Millis::from_days(1);

/// What a person compares before they trust it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorityFacts {
    /// As it stands in the lists of a phone.
    pub name: String,
    /// The certificate itself, DER.
    pub certificate: Vec<u8>,
    /// SHA-256 of it, as phones and browsers show it: `AB:CD:…`.
    pub fingerprint: String,
}

/// The authority with its files, and what makes the house's certificate.
pub struct HouseAuthority {
    folder: PathBuf,
    names: Box<dyn Fn() -> Vec<String> + Send + Sync>,
    shown: Option<Certificate>,
}

impl fmt::Debug for HouseAuthority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HouseAuthority").field("folder", &self.folder).finish_non_exhaustive()
    }
}

fn not_made(error: rcgen::Error) -> CertificateError {
    CertificateError::NotMade(error.to_string())
}

impl HouseAuthority {
    /// In this folder. `names` says how browsers reach the house now; it is asked again and again.
    #[must_use]
    pub fn new(folder: PathBuf, names: impl Fn() -> Vec<String> + Send + Sync + 'static) -> Self {
        Self { folder, names: Box::new(names), shown: None }
    }

    /// Where the certificate of the house and its key lie.
    #[must_use]
    pub fn leaf(folder: &Path) -> (PathBuf, PathBuf) {
        (folder.join("house.pem"), folder.join("house.key"))
    }

    /// What phones are to trust; made where there is none yet.
    ///
    /// # Errors
    /// When its files cannot be read or written.
    pub fn facts(&self, now: Timestamp) -> Result<AuthorityFacts, CertificateError> {
        let (pem, _key) = self.pair(now)?;
        let unusable = |cause: &dyn fmt::Display| CertificateError::Unusable(self.files().0, cause.to_string());
        let der = CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|error| unusable(&error))?;
        let (_, read) = x509_parser::parse_x509_certificate(&der).map_err(|error| unusable(&error))?;
        let name = read.subject().iter_common_name().next().and_then(|name| name.as_str().ok());
        let name = name.unwrap_or_default().to_owned();
        let print: Vec<String> = digest(&SHA256, &der).as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
        Ok(AuthorityFacts { name, fingerprint: print.join(":"), certificate: der.to_vec() })
    }

    fn files(&self) -> (PathBuf, PathBuf) {
        (self.folder.join("authority.pem"), self.folder.join("authority.key"))
    }

    /// Certificate and key of the authority, both PEM.
    fn pair(&self, now: Timestamp) -> Result<(String, KeyPair), CertificateError> {
        let (certificate, secret) = self.files();
        if let (Some(pem), Some(key)) = (folder::read(&certificate)?, folder::read(&secret)?) {
            let key = KeyPair::from_pem(&key).map_err(|_| CertificateError::NoKey(secret))?;
            return Ok((pem, key));
        }
        let key = KeyPair::generate().map_err(not_made)?;
        let mut params = params(now, AUTHORITY_DAYS);
        let print = digest(&SHA256, key.public_key_raw());
        let mark: String = print.as_ref().iter().take(3).map(|byte| format!("{byte:02x}")).collect();
        params.distinguished_name.push(DnType::CommonName, format!("Trunkshow house {mark}"));
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let pem = params.self_signed(&key).map_err(not_made)?.pem();
        folder::make(&self.folder)?;
        // The key first: a certificate without one would be trusted for nothing.
        folder::write(&secret, &key.serialize_pem(), Readers::Owner)?;
        folder::write(&certificate, &pem, Readers::Everybody)?;
        Ok((pem, key))
    }

    pub(super) fn round(&mut self, now: Timestamp, shown: &Shown) -> Result<(), CertificateError> {
        let (names, (certificate, key)) = ((self.names)(), Self::leaf(&self.folder));
        let will_do = |own: &Certificate| !own.nears_its_end(now, LAST) && names.iter().all(|name| own.covers(name));
        if self.shown.as_ref().is_some_and(will_do) {
            return Ok(());
        }
        let (authority, signer) = self.pair(now)?;
        // One that another authority of this folder signed is of no use.
        let kept = Certificate::read(&certificate, &key).ok().filter(|own| will_do(own) && is_of(own, &authority));
        let own = match kept {
            Some(own) => own,
            None => {
                self.make(now, &names, &authority, signer)?;
                Certificate::read(&certificate, &key)?
            }
        };
        shown.show(own.key.clone());
        self.shown = Some(own);
        Ok(())
    }

    fn make(&self, now: Timestamp, names: &[String], authority: &str, signer: KeyPair) -> Result<(), CertificateError> {
        let issuer = Issuer::from_ca_cert_pem(authority, signer).map_err(not_made)?;
        let secret = KeyPair::generate().map_err(not_made)?;
        let mut params = params(now, LEAF_DAYS);
        params.subject_alt_names = CertificateParams::new(names).map_err(not_made)?.subject_alt_names;
        params.distinguished_name.push(DnType::CommonName, "Trunkshow");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let leaf = params.signed_by(&secret, &issuer).map_err(not_made)?;
        let (certificate, key) = Self::leaf(&self.folder);
        folder::write(&key, &secret.serialize_pem(), Readers::Owner)?;
        folder::write(&certificate, &format!("{}{authority}", leaf.pem()), Readers::Everybody)
    }
}

/// Whether this authority stands behind it in its chain.
fn is_of(own: &Certificate, authority: &str) -> bool {
    let authority = CertificateDer::from_pem_slice(authority.as_bytes());
    authority.is_ok_and(|authority| own.key.cert.get(1) == Some(&authority))
}

/// Nothing but how long it holds.
fn params(now: Timestamp, days: i64) -> CertificateParams {
    let at = |time: Timestamp| {
        let secs = u64::try_from(time.unix_secs()).unwrap_or(0);
        date_time_ymd(1970, 1, 1) + Duration::from_secs(secs)
    };
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    (params.not_before, params.not_after) = (at(now - BEFORE), at(now + Millis::from_days(days)));
    params
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::sync::{Arc, Mutex};

    use super::*;

    fn mode(file: &Path) -> u32 {
        fs::metadata(file).expect("a file").permissions().mode() & 0o777
    }

    #[test]
    fn a_leaf_is_kept_until_its_time_or_its_names_are_over_and_the_authority_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let names = Arc::new(Mutex::new(vec!["localhost".to_owned(), "192.168.1.5".to_owned()]));
        let asked = Arc::clone(&names);
        let house = || {
            let asked = Arc::clone(&asked);
            HouseAuthority::new(folder.path().join("tls"), move || asked.lock().expect("names").clone())
        };
        let (certificate, key) = HouseAuthority::leaf(&folder.path().join("tls"));
        let shown = Shown::default();
        let begin = Timestamp::from_unix_millis(1_790_000_000_000);
        let look = |now: Timestamp| {
            house().round(now, &shown).expect("a round");
            fs::read_to_string(&certificate).expect("a certificate")
        };
        let first = look(begin);
        let facts = house().facts(begin).expect("facts");
        assert_eq!([mode(&key), mode(&folder.path().join("tls/authority.key"))], [0o600; 2]);
        assert!(facts.name.starts_with("Trunkshow house ") && facts.fingerprint.len() == 95, "{facts:?}");
        let own = Certificate::read(&certificate, &key).expect("read");
        assert!(own.covers("192.168.1.5") && own.covers("LOCALHOST") && !own.covers("192.168.1.6"), "{own:?}");

        assert_eq!(look(begin + Millis::from_days(50)), first, "kept");
        let second = look(begin + Millis::from_days(70));
        assert_ne!(second, first, "renewed in its last third");
        names.lock().expect("names").push("192.168.1.6".into());
        let third = look(begin + Millis::from_days(70));
        assert_ne!(third, second, "made anew for another address");
        assert_eq!(house().facts(begin + Millis::from_days(70)).expect("facts"), facts, "phones need not be asked");

        fs::remove_file(folder.path().join("tls/authority.pem")).expect("removed");
        assert_ne!(look(begin + Millis::from_days(70)), third, "another authority signs anew");
    }
}
