//! A certificate of a public authority, asked for by ACME (RFC 8555) and renewed in its last third. The authority looks at the
//! port of HTTPS itself (TLS-ALPN-01, RFC 8737), so nothing else has to be open.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use instant_acme::{
    Account, AccountCredentials, AuthorizationStatus, ChallengeType, Error as AcmeError, Identifier, NewAccount,
    NewOrder, OrderStatus, RetryPolicy,
};
use kernel::{Millis, Timestamp};
use rcgen::{CertificateParams, CustomExtension, DistinguishedName, KeyPair};
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::CertifiedKey;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use super::folder::{self, Readers};
use super::{Certificate, CertificateError, Shown};

/// Renewed in the last third, as authorities ask for.
const LAST: i64 = 3;
/// An order takes so long at most.
const ORDER: Duration = Duration::from_secs(120);
/// After the first failure, then twice as long each time: five within the first hour, which authorities allow.
const RETRY: Millis = Millis::from_mins(2);
const RETRY_AT_MOST: Millis = Millis::from_mins(6 * 60);

/// Whom to ask for what.
#[derive(Clone, Debug)]
pub struct AcmeSettings {
    /// Account, certificate and key are kept here.
    pub folder: PathBuf,
    /// The authority's directory.
    pub url: String,
    /// An address that the authority may write to; empty for none.
    pub contact: String,
    /// The certificate that signs the authority's own site, PEM, where it is none that this system knows.
    pub root: Option<PathBuf>,
    /// Public names that lead to this machine.
    pub names: Vec<String>,
}

/// Why the last order failed, until one works.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct LastFailure {
    pub at: Timestamp,
    pub said: String,
}

#[derive(Debug)]
pub struct Acme {
    settings: AcmeSettings,
    shown: Option<Certificate>,
    failures: u32,
    again_at: Timestamp,
}

/// An account, and where it is one.
#[derive(Deserialize, Serialize)]
struct Kept {
    url: String,
    credentials: AccountCredentials,
}

impl Acme {
    #[must_use]
    pub fn new(settings: AcmeSettings) -> Self {
        Self { settings, shown: None, failures: 0, again_at: Timestamp::EPOCH }
    }

    /// Where the certificate and its key lie.
    #[must_use]
    pub fn pair(folder: &Path) -> (PathBuf, PathBuf) {
        (folder.join("acme.pem"), folder.join("acme.key"))
    }

    /// Why there is no newer certificate, if the last order failed.
    #[must_use]
    pub fn last_failure(folder: &Path) -> Option<LastFailure> {
        serde_json::from_str(&folder::read(&failure(folder)).ok()??).ok()
    }

    pub(super) async fn round(&mut self, now: Timestamp, shown: &Shown) -> Result<(), CertificateError> {
        let (certificate, key) = Self::pair(&self.settings.folder);
        if self.shown.is_none() {
            // What is there is shown even past its end: who looks at it sees why.
            self.shown = Certificate::read(&certificate, &key).ok();
            if let Some(own) = &self.shown {
                shown.show(own.key.clone());
            }
        }
        let will_do = |own: &Certificate| {
            !own.nears_its_end(now, LAST) && self.settings.names.iter().all(|name| own.covers(name))
        };
        if self.shown.as_ref().is_some_and(will_do) || now < self.again_at {
            return Ok(());
        }
        let ordered = timeout(ORDER, order(&self.settings, shown)).await;
        shown.forget_challenges();
        let ordered = ordered.unwrap_or_else(|_| Err(Failed::Said("it took longer than two minutes".into())));
        let failure = failure(&self.settings.folder);
        match ordered {
            Ok(Pair { chain, secret }) => {
                folder::write(&key, &secret, Readers::Owner)?;
                folder::write(&certificate, &chain, Readers::Everybody)?;
                folder::remove(&failure)?;
                let own = Certificate::read(&certificate, &key)?;
                tracing::info!(names = ?own.names, ends = %own.ends, "a certificate was given");
                shown.show(own.key.clone());
                (self.shown, self.failures) = (Some(own), 0);
                Ok(())
            }
            Err(why) => {
                let wait = RETRY.0.saturating_mul(1 << self.failures.min(20)).min(RETRY_AT_MOST.0);
                (self.failures, self.again_at) = (self.failures + 1, now + Millis(wait));
                let why = match why {
                    Failed::Ours(error) => return Err(error),
                    Failed::Said(said) => LastFailure { at: now, said },
                };
                folder::make(&self.settings.folder)?;
                folder::write(&failure, &serde_json::to_string(&why).unwrap_or_default(), Readers::Everybody)?;
                Err(CertificateError::Refused { url: self.settings.url.clone(), said: why.said })
            }
        }
    }
}

fn failure(folder: &Path) -> PathBuf {
    folder.join("acme.failed")
}

/// Both PEM.
struct Pair {
    chain: String,
    secret: String,
}

enum Failed {
    Said(String),
    Ours(CertificateError),
}

impl From<AcmeError> for Failed {
    fn from(error: AcmeError) -> Self {
        let mut said = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(deeper) = cause {
            if !said.contains(&deeper.to_string()) {
                said = format!("{said}: {deeper}");
            }
            cause = deeper.source();
        }
        Self::Said(said)
    }
}

impl From<CertificateError> for Failed {
    fn from(error: CertificateError) -> Self {
        Self::Ours(error)
    }
}

impl From<rcgen::Error> for Failed {
    fn from(error: rcgen::Error) -> Self {
        Self::Ours(CertificateError::NotMade(error.to_string()))
    }
}

async fn order(settings: &AcmeSettings, shown: &Shown) -> Result<Pair, Failed> {
    let account = account(settings).await?;
    let names: Vec<Identifier> = settings.names.iter().cloned().map(Identifier::Dns).collect();
    let mut order = account.new_order(&NewOrder::new(&names)).await?;
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization?;
        match authorization.status {
            AuthorizationStatus::Valid => continue,
            AuthorizationStatus::Pending => {}
            other => return Err(Failed::Said(format!("it does not believe that a name is ours ({other:?})"))),
        }
        let offered = authorization.challenge(ChallengeType::TlsAlpn01);
        let Some(mut challenge) = offered else {
            return Err(Failed::Said("it does not look at HTTPS itself (tls-alpn-01)".into()));
        };
        let name = challenge.identifier().to_string();
        shown.answer(&name, Arc::new(answer(&name, challenge.key_authorization().digest().as_ref())?));
        challenge.set_ready().await?;
    }
    let patience = RetryPolicy::new().timeout(ORDER);
    if order.poll_ready(&patience).await? != OrderStatus::Ready {
        let mut said = vec!["it did not find this house behind the name".to_owned()];
        let mut authorizations = order.authorizations();
        while let Some(Ok(authorization)) = authorizations.next().await {
            said.extend(authorization.challenges.iter().filter_map(|one| one.error.as_ref().map(ToString::to_string)));
        }
        return Err(Failed::Said(said.join("; ")));
    }
    let secret = KeyPair::generate()?;
    let mut request = CertificateParams::new(settings.names.clone())?;
    request.distinguished_name = DistinguishedName::new();
    order.finalize_csr(request.serialize_request(&secret)?.der()).await?;
    let chain = order.poll_certificate(&patience).await?;
    Ok(Pair { chain, secret: secret.serialize_pem() })
}

/// The account at this authority, made where there is none. That its terms are agreed to is what the setting says.
async fn account(settings: &AcmeSettings) -> Result<Account, Failed> {
    let builder = || match &settings.root {
        Some(root) => Account::builder_with_root(root),
        None => Account::builder(),
    };
    let file = settings.folder.join("acme-account.json");
    let kept = folder::read(&file)?.and_then(|text| serde_json::from_str::<Kept>(&text).ok());
    if let Some(kept) = kept.filter(|kept| kept.url == settings.url) {
        return Ok(builder()?.from_credentials(kept.credentials).await?);
    }
    let mailto = format!("mailto:{}", settings.contact);
    let contact: &[&str] = if settings.contact.is_empty() { &[] } else { &[&mailto] };
    let new = NewAccount { contact, terms_of_service_agreed: true, only_return_existing: false };
    let (account, credentials) = builder()?.create(&new, settings.url.clone(), None).await?;
    let kept = Kept { url: settings.url.clone(), credentials };
    let text = serde_json::to_string(&kept).map_err(|error| Failed::Said(error.to_string()))?;
    folder::make(&settings.folder)?;
    folder::write(&file, &text, Readers::Owner)?;
    Ok(account)
}

/// The certificate that proves whose name it is (RFC 8737, section 3).
fn answer(name: &str, digest: &[u8]) -> Result<CertifiedKey, Failed> {
    let secret = KeyPair::generate()?;
    let mut params = CertificateParams::new([name.to_owned()])?;
    params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
    let certificate = params.self_signed(&secret)?;
    let der = PrivateKeyDer::try_from(secret.serialize_der());
    let key = der.ok().and_then(|der| any_supported_type(&der).ok());
    let key = key.ok_or_else(|| CertificateError::NotMade("a key of ours cannot be used".into()))?;
    Ok(CertifiedKey::new(vec![certificate.der().clone()], key))
}
