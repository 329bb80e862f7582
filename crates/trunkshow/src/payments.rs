//! The wiring of the payment providers: the one that new orders are paid with, and the sandbox, whose orders finish with it
//! whatever came after.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use app::ports::{Clock, NoAnswer};
use app::till::Providers;
use kernel::Random;
use links::{Sandbox, SandboxSettings, Secret, Stripe, StripeSettings};
use store::Store;

use crate::config::{Config, PaymentProvider};

/// A key is a line; more is another file.
const MAX_SECRET_FILE: u64 = 4_096;

#[derive(Debug, thiserror::Error)]
pub enum PaymentsError {
    #[error("{0} is empty; payments = \"stripe\" needs it: give the path of a file")]
    Unset(&'static str),
    #[error("{0}: {1}")]
    File(&'static str, io::Error),
    #[error("{0} holds no line that begins with {1}")]
    NotASecret(&'static str, &'static str),
    #[error("{0}")]
    Client(NoAnswer),
}

/// Opens the sandbox provider's file in the data folder.
pub fn sandbox(
    data: &Path,
    clock: &Arc<dyn Clock>,
    random: &mut Random,
    http: SocketAddr,
    public_url: &str,
) -> io::Result<Arc<Sandbox>> {
    let settings = SandboxSettings {
        file: data.join("sandbox-payments.jsonl"),
        public_url: public_url.to_owned(),
        webhook: Some(http),
        secret: random.bytes(),
    };
    Sandbox::open(settings, Arc::clone(clock)).map(Arc::new)
}

/// Reads what the settings name. Stripe is not spoken to yet.
pub fn providers(
    config: &Config,
    clock: &Arc<dyn Clock>,
    store: &Arc<Store>,
    sandbox: &Arc<Sandbox>,
) -> Result<Providers, PaymentsError> {
    if config.payments == PaymentProvider::Sandbox && config.stripe_key_file.as_os_str().is_empty() {
        return Ok(Providers::only(sandbox.clone()));
    }
    let settings = StripeSettings {
        url: config.stripe_url.clone(),
        key: key(config)?,
        webhook_secrets: webhook_secrets(config)?,
        methods: config.stripe_methods.clone(),
    };
    let stripe = Stripe::new(settings, Arc::clone(clock), store.clone()).map_err(PaymentsError::Client)?;
    let stripe = Arc::new(stripe);
    Ok(match config.payments {
        PaymentProvider::Stripe => Providers::new(stripe, vec![sandbox.clone()]),
        // Back to the sandbox, with Stripe's settings left in place: its orders go on.
        PaymentProvider::Sandbox => Providers::new(sandbox.clone(), vec![stripe]),
    })
}

/// Stripe's secret key.
pub(crate) fn key(config: &Config) -> Result<Secret, PaymentsError> {
    let name = "stripe_key_file";
    let lines = lines(name, &config.stripe_key_file)?;
    let found = lines.iter().find(|line| line.starts_with("sk_") || line.starts_with("rk_"));
    found.map(|line| Secret::new(line)).ok_or(PaymentsError::NotASecret(name, "sk_ or rk_"))
}

/// The secrets that a webhook may be signed with.
pub(crate) fn webhook_secrets(config: &Config) -> Result<Vec<Secret>, PaymentsError> {
    let name = "stripe_webhook_secret_file";
    let lines = lines(name, &config.stripe_webhook_secret_file)?;
    let found: Vec<Secret> =
        lines.iter().filter(|line| line.starts_with("whsec_")).map(|line| Secret::new(line)).collect();
    if found.is_empty() { Err(PaymentsError::NotASecret(name, "whsec_")) } else { Ok(found) }
}

fn lines(name: &'static str, file: &Path) -> Result<Vec<String>, PaymentsError> {
    if file.as_os_str().is_empty() {
        return Err(PaymentsError::Unset(name));
    }
    let read = || {
        if std::fs::metadata(file)?.len() > MAX_SECRET_FILE {
            return Err(io::Error::other(format!("longer than {MAX_SECRET_FILE} bytes: that is no key")));
        }
        std::fs::read_to_string(file)
    };
    let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", file.display()));
    let text = read().map_err(|error| PaymentsError::File(name, named(error)))?;
    Ok(text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect())
}
