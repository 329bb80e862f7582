//! HTTPS: whose certificate is shown, and for which names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use app::ports::Clock;
use gateway::{Authority, Https};
use links::certificates::{Acme, AcmeSettings, CertificateError, HouseAuthority, OwnFiles, Shown, Source};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::config::{Config, Tls};

/// Files of the operator are looked at this often, and so is what is due.
const ROUND: Duration = Duration::from_secs(5);

/// Why HTTPS cannot be spoken as the settings say.
#[derive(Debug, thiserror::Error)]
pub enum HttpsError {
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    #[error("{0}")]
    Settings(&'static str),
    #[error("the TLS library cannot be used: {0}")]
    Tls(String),
}

/// Certificates and their keys, in the data folder.
pub(crate) fn folder(data: &Path) -> PathBuf {
    data.join("tls")
}

/// Where others reach what listens here.
fn reached(bound: SocketAddr) -> SocketAddr {
    streamer::reached_at(bound, &[]).first().copied().unwrap_or(bound)
}

/// Scheme, host and port where nobody said any.
pub(crate) fn own_url(config: &Config) -> String {
    let own = reached(config.https);
    match (config.tls_names.first(), own.port()) {
        (Some(name), 443) => format!("https://{}", written(name)),
        (Some(name), port) => format!("https://{}:{port}", written(name)),
        (None, 443) => format!("https://{}", written(&own.ip().to_string())),
        (None, _) => format!("https://{own}"),
    }
}

/// An address of IPv6 stands in brackets.
fn written(host: &str) -> String {
    if host.parse::<Ipv6Addr>().is_ok() { format!("[{host}]") } else { host.to_owned() }
}

/// The host of an address, without port and brackets.
fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split('/').next()?;
    let host = match authority.strip_prefix('[') {
        Some(six) => six.split(']').next()?,
        None => authority.split(':').next()?,
    };
    Some(host).filter(|host| !host.is_empty())
}

/// What the operator says that the certificate is for.
pub(crate) fn said_names(config: &Config) -> Vec<String> {
    if config.tls_names.is_empty() {
        host(&config.public_url).map(str::to_ascii_lowercase).into_iter().collect()
    } else {
        config.tls_names.iter().map(|name| name.to_ascii_lowercase()).collect()
    }
}

/// What a certificate of the house's own is for: also this machine's addresses, as they are now.
pub(crate) fn local_names(config: &Config, https: SocketAddr) -> Vec<String> {
    let own = [IpAddr::from(Ipv4Addr::LOCALHOST), Ipv6Addr::LOCALHOST.into()];
    let addresses = streamer::reached_at(https, &[]).into_iter().map(|address| address.ip()).chain(own);
    let mut names = said_names(config);
    names.extend(addresses.map(|address| address.to_string()).chain(["localhost".to_owned()]));
    names.sort();
    names.dedup();
    names
}

/// Where the certificate comes from; none where HTTPS is off.
///
/// # Errors
/// When the settings lack something that this way needs.
pub(crate) fn source(config: &Config, https: SocketAddr) -> Result<Option<Source>, HttpsError> {
    let source = match config.tls {
        Tls::Off => return Ok(None),
        Tls::Files => {
            if [&config.tls_certificate_file, &config.tls_key_file].iter().any(|file| file.as_os_str().is_empty()) {
                return Err(HttpsError::Settings("tls = \"files\" needs tls_certificate_file and tls_key_file"));
            }
            Source::Files(OwnFiles::new(config.tls_certificate_file.clone(), config.tls_key_file.clone()))
        }
        Tls::Local => Source::House(authority(config, https)),
        Tls::Acme => Source::Acme(Acme::new(acme(config)?)),
    };
    Ok(Some(source))
}

pub(crate) fn authority(config: &Config, https: SocketAddr) -> HouseAuthority {
    let config_then = config.clone();
    HouseAuthority::new(folder(&config.data), move || local_names(&config_then, https))
}

fn acme(config: &Config) -> Result<AcmeSettings, HttpsError> {
    let names = said_names(config);
    if names.is_empty() || names.iter().any(|name| name.parse::<IpAddr>().is_ok()) {
        let needs = "tls = \"acme\" needs a public name, not an address: tls_names = [\"shop.example\"], or public_url";
        return Err(HttpsError::Settings(needs));
    }
    Ok(AcmeSettings {
        folder: folder(&config.data),
        url: config.acme_url.clone(),
        contact: config.acme_contact.clone(),
        root: Some(config.acme_root_file.clone()).filter(|file| !file.as_os_str().is_empty()),
        names,
    })
}

/// What HTTPS is spoken with.
#[derive(Debug)]
pub(crate) struct Secure {
    pub(crate) door: Https,
    pub(crate) source: Source,
    pub(crate) shown: Arc<Shown>,
    pub(crate) authority: Option<Authority>,
}

/// Everything for a listener; `config` says which addresses are bound. What is there is shown before anybody comes; an
/// authority that looks at the house itself is asked once it listens.
///
/// # Errors
/// When the settings cannot be followed: each names what is wrong.
pub(crate) async fn open(
    config: &Config,
    listener: TcpListener,
    clock: &Arc<dyn Clock>,
) -> Result<Option<Secure>, HttpsError> {
    let Some(mut source) = source(config, config.https)? else { return Ok(None) };
    let shown = Arc::new(Shown::default());
    if !matches!(source, Source::Acme(_)) {
        source.round(clock.now(), &shown).await?;
    }
    let authority = to_trust(config, clock)?;
    let door = Https::new(listener, shown.clone()).map_err(|error| HttpsError::Tls(error.to_string()))?;
    Ok(Some(Secure { door, source, shown, authority }))
}

/// What phones have to trust, with the page that says how: by plain HTTP where others reach that.
fn to_trust(config: &Config, clock: &Arc<dyn Clock>) -> Result<Option<Authority>, HttpsError> {
    let (url, http, https) = (config.browsers_url(), config.http, config.https);
    if config.tls != Tls::Local {
        return Ok(None);
    }
    let facts = authority(config, https).facts(clock.now())?;
    let plain = host(&url).filter(|_| https.ip().is_loopback() || !http.ip().is_loopback());
    let page = plain.map_or_else(|| url.clone(), |host| format!("http://{}:{}", written(host), http.port()));
    Ok(Some(Authority {
        name: facts.name,
        certificate: facts.certificate.into(),
        fingerprint: facts.fingerprint,
        page: format!("{page}/trust"),
    }))
}

/// Shows another certificate whenever one is due.
pub(crate) async fn keep_up(mut source: Source, clock: Arc<dyn Clock>, shown: Arc<Shown>, stopping: CancellationToken) {
    loop {
        tokio::select! {
            biased;
            () = stopping.cancelled() => return,
            done = source.round(clock.now(), &shown) => {
                if let Err(error) = done {
                    tracing::error!(%error, "the certificate stays as it is");
                }
            }
        }
        tokio::select! {
            biased;
            () = stopping.cancelled() => return,
            () = tokio::time::sleep(ROUND) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;

    #[test]
    fn the_address_of_the_house_follows_from_what_is_said() {
        let check = |names: &str, public: &str, https: &str, url: &str, expected: &[&str]| {
            let over = Overrides {
                tls: Some("local".into()),
                tls_names: Some(names.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()),
                public_url: Some(public.into()),
                https: Some(https.parse().expect("an address")),
                ..Overrides::default()
            };
            let config = Config::load(&over).expect("loads");
            assert_eq!(config.browsers_url(), url);
            assert_eq!(local_names(&config, config.https), expected, "{url}");
        };
        let own = ["127.0.0.1", "::1", "localhost"];
        check("", "", "127.0.0.1:8443", "https://127.0.0.1:8443", &own);
        check("", "", "127.0.0.1:443", "https://127.0.0.1", &own);
        check(
            "",
            "https://Shop.example:8443/",
            "127.0.0.1:443",
            "https://Shop.example:8443",
            &["127.0.0.1", "::1", "localhost", "shop.example"],
        );
        check(
            "till.lan",
            "",
            "192.0.2.7:8443",
            "https://till.lan:8443",
            &["127.0.0.1", "192.0.2.7", "::1", "localhost", "till.lan"],
        );
        check(
            "2001:db8::7",
            "",
            "[::1]:443",
            "https://[2001:db8::7]",
            &["127.0.0.1", "2001:db8::7", "::1", "localhost"],
        );
    }
}
