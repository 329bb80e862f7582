//! Settings: the file, then the environment, then the flags. `default.toml` beside this file is the reference.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use shop::payment::Method;

use crate::https;

/// The commented reference, which is also what `trunkshow config` prints.
pub const DEFAULT: &str = include_str!("default.toml");

/// How one process runs. See `default.toml` for what each means.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub data: PathBuf,
    pub http: SocketAddr,
    pub https: SocketAddr,
    pub tls: Tls,
    pub tls_names: Vec<String>,
    pub tls_certificate_file: PathBuf,
    pub tls_key_file: PathBuf,
    pub acme_url: String,
    pub acme_contact: String,
    pub acme_root_file: PathBuf,
    pub rtmp: SocketAddr,
    pub webrtc: SocketAddr,
    pub public_url: String,
    pub public_rtmp_url: String,
    pub public_webrtc: Vec<Reached>,
    pub database: String,
    pub trusted_proxies: Vec<Proxy>,
    pub smtp_url: String,
    pub mail_from: String,
    pub payments: PaymentProvider,
    pub stripe_key_file: PathBuf,
    pub stripe_webhook_secret_file: PathBuf,
    pub stripe_methods: Vec<Method>,
    pub stripe_url: String,
    pub log_format: LogFormat,
    pub log: String,
    pub part_ms: u32,
    pub connections_per_address: u32,
    pub requests_per_address: u32,
    pub publishers: u32,
    pub metrics_token: String,
    pub drain_secs: u32,
    pub objects: String,
    pub keep_free_mb: u32,
    pub keep_recordings_days: u32,
}

/// The network of one or more proxies: `10.0.0.2`, or `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proxy(pub IpNet);

impl FromStr for Proxy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let network = text.parse::<IpAddr>().map(IpNet::from).or_else(|_| text.parse());
        network.map(Self).map_err(|_| format!("{text} is no address and no network such as 10.0.0.0/8"))
    }
}

impl<'de> Deserialize<'de> for Proxy {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Proxy {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Where browsers reach WebRTC: `203.0.113.7`, or with another port `203.0.113.7:9000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached(pub SocketAddr);

impl FromStr for Reached {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let address = text.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 0)).or_else(|_| text.parse());
        address.map(Self).map_err(|_| format!("{text} is no address such as 203.0.113.7 or 203.0.113.7:9000"))
    }
}

impl<'de> Deserialize<'de> for Reached {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Reached {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.port() {
            0 => serializer.collect_str(&self.0.ip()),
            _ => serializer.collect_str(&self.0),
        }
    }
}

/// Whose certificate browsers are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    Off,
    Files,
    Local,
    Acme,
}

/// Who takes the buyers' money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentProvider {
    Sandbox,
    Stripe,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

/// The settings that a flag or the environment can override.
#[derive(Clone, Debug, Default, Args)]
pub struct Overrides {
    /// Settings file; the defaults hold for what it leaves out.
    #[arg(long, env = "TRUNKSHOW_CONFIG")]
    pub config: Option<PathBuf>,
    /// Data folder.
    #[arg(long, env = "TRUNKSHOW_DATA")]
    pub data: Option<PathBuf>,
    /// Address for pages, API and sockets.
    #[arg(long, env = "TRUNKSHOW_HTTP")]
    pub http: Option<SocketAddr>,
    /// Address for the same by HTTPS.
    #[arg(long, env = "TRUNKSHOW_HTTPS")]
    pub https: Option<SocketAddr>,
    /// `off`, `files`, `local` or `acme`.
    #[arg(long, env = "TRUNKSHOW_TLS")]
    pub tls: Option<String>,
    /// Names and addresses that the certificate is for, separated by commas.
    #[arg(long, env = "TRUNKSHOW_TLS_NAMES", value_delimiter = ',')]
    pub tls_names: Option<Vec<String>>,
    /// File with the certificate and what signed it.
    #[arg(long, env = "TRUNKSHOW_TLS_CERTIFICATE_FILE")]
    pub tls_certificate_file: Option<PathBuf>,
    /// File with the certificate's key.
    #[arg(long, env = "TRUNKSHOW_TLS_KEY_FILE")]
    pub tls_key_file: Option<PathBuf>,
    /// Directory of the authority that gives a certificate.
    #[arg(long, env = "TRUNKSHOW_ACME_URL")]
    pub acme_url: Option<String>,
    /// Mail address that the authority may write to.
    #[arg(long, env = "TRUNKSHOW_ACME_CONTACT")]
    pub acme_contact: Option<String>,
    /// Certificate that signs the authority's own site, where this system does not know it.
    #[arg(long, env = "TRUNKSHOW_ACME_ROOT_FILE")]
    pub acme_root_file: Option<PathBuf>,
    /// Address for encoders.
    #[arg(long, env = "TRUNKSHOW_RTMP")]
    pub rtmp: Option<SocketAddr>,
    /// Address for WebRTC, by UDP and TCP.
    #[arg(long, env = "TRUNKSHOW_WEBRTC")]
    pub webrtc: Option<SocketAddr>,
    /// How browsers reach the house.
    #[arg(long, env = "TRUNKSHOW_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// How encoders reach the house.
    #[arg(long, env = "TRUNKSHOW_PUBLIC_RTMP_URL")]
    pub public_rtmp_url: Option<String>,
    /// Addresses at which browsers reach WebRTC, separated by commas.
    #[arg(long, env = "TRUNKSHOW_PUBLIC_WEBRTC", value_delimiter = ',')]
    pub public_webrtc: Option<Vec<Reached>>,
    /// `postgres://…`, or empty for SQLite.
    #[arg(long, env = "TRUNKSHOW_DATABASE")]
    pub database: Option<String>,
    /// Proxies to believe, or their networks, separated by commas.
    #[arg(long, env = "TRUNKSHOW_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Option<Vec<Proxy>>,
    /// `smtps://…`, or empty for a folder.
    #[arg(long, env = "TRUNKSHOW_SMTP_URL")]
    pub smtp_url: Option<String>,
    /// Who mails are from.
    #[arg(long, env = "TRUNKSHOW_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// `sandbox` or `stripe`.
    #[arg(long, env = "TRUNKSHOW_PAYMENTS")]
    pub payments: Option<String>,
    /// File that holds Stripe's secret key.
    #[arg(long, env = "TRUNKSHOW_STRIPE_KEY_FILE")]
    pub stripe_key_file: Option<PathBuf>,
    /// File that holds the secret of Stripe's webhook.
    #[arg(long, env = "TRUNKSHOW_STRIPE_WEBHOOK_SECRET_FILE")]
    pub stripe_webhook_secret_file: Option<PathBuf>,
    /// Ways to pay at Stripe, separated by commas.
    #[arg(long, env = "TRUNKSHOW_STRIPE_METHODS", value_delimiter = ',')]
    pub stripe_methods: Option<Vec<String>>,
    /// Where Stripe answers.
    #[arg(long, env = "TRUNKSHOW_STRIPE_URL")]
    pub stripe_url: Option<String>,
    /// `text` or `json`.
    #[arg(long, env = "TRUNKSHOW_LOG_FORMAT")]
    pub log_format: Option<String>,
    /// What is logged.
    #[arg(long, env = "TRUNKSHOW_LOG")]
    pub log: Option<String>,
    /// 500 or 200.
    #[arg(long, env = "TRUNKSHOW_PART_MS")]
    pub part_ms: Option<u32>,
    /// Sockets and encoders from one address.
    #[arg(long, env = "TRUNKSHOW_CONNECTIONS_PER_ADDRESS")]
    pub connections_per_address: Option<u32>,
    /// Requests a second from one address; 0 for no limit.
    #[arg(long, env = "TRUNKSHOW_REQUESTS_PER_ADDRESS")]
    pub requests_per_address: Option<u32>,
    /// Encoders at once.
    #[arg(long, env = "TRUNKSHOW_PUBLISHERS")]
    pub publishers: Option<u32>,
    /// Opens /metrics to other machines.
    #[arg(long, env = "TRUNKSHOW_METRICS_TOKEN", hide_env_values = true)]
    pub metrics_token: Option<String>,
    /// Seconds to go on serving as `not ready` before stopping.
    #[arg(long, env = "TRUNKSHOW_DRAIN_SECS")]
    pub drain_secs: Option<u32>,
    /// `s3://…`, or empty for a folder.
    #[arg(long, env = "TRUNKSHOW_OBJECTS", hide_env_values = true)]
    pub objects: Option<String>,
    /// Megabytes of the objects' disk that recordings leave free.
    #[arg(long, env = "TRUNKSHOW_KEEP_FREE_MB")]
    pub keep_free_mb: Option<u32>,
    /// Days; 0 for ever.
    #[arg(long, env = "TRUNKSHOW_KEEP_RECORDINGS_DAYS")]
    pub keep_recordings_days: Option<u32>,
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{0} cannot be read: {1}")]
    Read(PathBuf, std::io::Error),
    #[error("{from}: {cause}")]
    Parse { from: String, cause: toml::de::Error },
    #[error("the environment has {0}, which is no setting. `trunkshow serve --help` lists them")]
    Unknown(String),
    #[error("part_ms is 500 or 200, not {0}")]
    PartMs(u32),
    #[error("public_url begins with https:// where tls is on, and {0} does not")]
    PublicUrl(String),
}

/// The first variable that looks like a setting and is none.
fn unknown(names: impl Iterator<Item = OsString>) -> Option<String> {
    let settings = Overrides::augment_args(clap::Command::default());
    let known: BTreeSet<&OsStr> = settings.get_arguments().filter_map(|argument| argument.get_env()).collect();
    names
        .filter(|name| !known.contains(name.as_os_str()))
        .filter_map(|name| name.into_string().ok())
        .find(|name| name.starts_with("TRUNKSHOW_") && !name.starts_with("TRUNKSHOW_TEST_"))
}

impl Config {
    /// Puts the layers together and checks the result.
    ///
    /// # Errors
    /// When the file cannot be read, it or the environment has an unknown key, or a value is out of its range.
    pub fn load(over: &Overrides) -> Result<Self, ConfigError> {
        if let Some(name) = unknown(std::env::vars_os().map(|(name, _)| name)) {
            return Err(ConfigError::Unknown(name));
        }
        let parse =
            |text: &str, from: String| text.parse::<toml::Table>().map_err(|cause| ConfigError::Parse { from, cause });
        let mut table = parse(DEFAULT, "default.toml".into())?;
        let mut from = "settings".to_owned();
        if let Some(file) = &over.config {
            from = file.display().to_string();
            let text = std::fs::read_to_string(file).map_err(|error| ConfigError::Read(file.clone(), error))?;
            table.extend(parse(&text, from.clone())?);
        }
        let mut set = |key: &str, value: Option<toml::Value>| {
            if let Some(value) = value {
                table.insert(key.into(), value);
            }
        };
        let text = |value: &Option<String>| value.clone().map(toml::Value::String);
        let number = |value: Option<u32>| value.map(|n| toml::Value::Integer(n.into()));
        let path = |value: Option<&Path>| value.map(|p| toml::Value::String(p.display().to_string()));
        set("data", path(over.data.as_deref()));
        set("http", over.http.map(|a| toml::Value::String(a.to_string())));
        set("https", over.https.map(|a| toml::Value::String(a.to_string())));
        let words = |list: &Vec<String>| toml::Value::Array(list.iter().cloned().map(toml::Value::String).collect());
        set("tls", text(&over.tls));
        set("tls_names", over.tls_names.as_ref().map(words));
        set("tls_certificate_file", path(over.tls_certificate_file.as_deref()));
        set("tls_key_file", path(over.tls_key_file.as_deref()));
        set("acme_url", text(&over.acme_url));
        set("acme_contact", text(&over.acme_contact));
        set("acme_root_file", path(over.acme_root_file.as_deref()));
        set("rtmp", over.rtmp.map(|a| toml::Value::String(a.to_string())));
        set("webrtc", over.webrtc.map(|a| toml::Value::String(a.to_string())));
        set("public_url", text(&over.public_url));
        set("public_rtmp_url", text(&over.public_rtmp_url));
        let reached = |list: &Vec<Reached>| toml::Value::try_from(list).ok();
        set("public_webrtc", over.public_webrtc.as_ref().and_then(reached));
        set("database", text(&over.database));
        let proxies = |list: &Vec<Proxy>| list.iter().map(|proxy| toml::Value::String(proxy.0.to_string())).collect();
        set("trusted_proxies", over.trusted_proxies.as_ref().map(|list| toml::Value::Array(proxies(list))));
        set("smtp_url", text(&over.smtp_url));
        set("mail_from", text(&over.mail_from));
        set("payments", text(&over.payments));
        set("stripe_key_file", path(over.stripe_key_file.as_deref()));
        set("stripe_webhook_secret_file", path(over.stripe_webhook_secret_file.as_deref()));
        set("stripe_methods", over.stripe_methods.as_ref().map(words));
        set("stripe_url", text(&over.stripe_url));
        set("log_format", text(&over.log_format));
        set("log", text(&over.log));
        set("part_ms", number(over.part_ms));
        set("connections_per_address", number(over.connections_per_address));
        set("requests_per_address", number(over.requests_per_address));
        set("publishers", number(over.publishers));
        set("metrics_token", text(&over.metrics_token));
        set("drain_secs", number(over.drain_secs));
        set("objects", text(&over.objects));
        set("keep_free_mb", number(over.keep_free_mb));
        set("keep_recordings_days", number(over.keep_recordings_days));
        let config: Self = table.try_into().map_err(|cause| ConfigError::Parse { from, cause })?;
        let public = &config.public_url;
        if config.tls != Tls::Off && !public.is_empty() && !public.starts_with("https://") {
            return Err(ConfigError::PublicUrl(public.clone()));
        }
        if matches!(config.part_ms, 200 | 500) { Ok(config) } else { Err(ConfigError::PartMs(config.part_ms)) }
    }

    /// The address that browsers use, without a slash at the end.
    #[must_use]
    pub fn browsers_url(&self) -> String {
        match (self.public_url.is_empty(), self.tls) {
            (false, _) => self.public_url.trim_end_matches('/').to_owned(),
            (true, Tls::Off) => format!("http://{}", self.http),
            (true, _) => https::own_url(self),
        }
    }
}

impl Config {
    /// The server that staff enter in their encoder.
    #[must_use]
    pub fn encoders_url(&self) -> String {
        if self.public_rtmp_url.is_empty() {
            format!("rtmp://{}/live", self.rtmp)
        } else {
            self.public_rtmp_url.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_win_in_their_order() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("trunkshow.toml");
        std::fs::write(&file, "part_ms = 200\nlog = \"debug\"\n").expect("written");
        let over = Overrides { config: Some(file), log: Some("warn".into()), ..Overrides::default() };
        let config = Config::load(&over).expect("loads");
        assert_eq!((config.part_ms, config.log.as_str(), config.http.port()), (200, "warn", 8080));
    }

    #[test]
    fn a_variable_that_is_no_setting_is_named() {
        let check = |name: &str, expected: Option<&str>| {
            let names = ["PATH", "TRUNKSHOW_HTTP", name].map(OsString::from);
            assert_eq!(unknown(names.into_iter()).as_deref(), expected);
        };
        check("TRUNKSHOW_DATA", None);
        check("TRUNKSHOW_TEST_S3", None);
        check("TRUNKSHOW_HTPP", Some("TRUNKSHOW_HTPP"));
    }

    /// A value that is not the default, for each setting.
    const OTHERS: [(&str, &str); 35] = [
        ("data", "/srv/house"),
        ("http", "0.0.0.0:80"),
        ("https", "0.0.0.0:443"),
        ("tls", "local"),
        ("tls_names", "shop.example,192.168.1.5"),
        ("tls_certificate_file", "/etc/shop/fullchain.pem"),
        ("tls_key_file", "/etc/shop/privkey.pem"),
        ("acme_url", "https://acme.example/directory"),
        ("acme_contact", "maison@shop.example"),
        ("acme_root_file", "/etc/shop/acme-root.pem"),
        ("rtmp", "0.0.0.0:1936"),
        ("webrtc", "0.0.0.0:9000"),
        ("public_webrtc", "203.0.113.7,[2001:db8::7]:9000"),
        ("public_url", "https://shop.example"),
        ("public_rtmp_url", "rtmp://shop.example/live"),
        ("database", "postgres://house@db/house"),
        ("trusted_proxies", "10.0.0.0/8"),
        ("smtp_url", "smtp://mail.example"),
        ("mail_from", "Maison <maison@shop.example>"),
        ("payments", "stripe"),
        ("stripe_key_file", "/run/secrets/stripe"),
        ("stripe_webhook_secret_file", "/run/secrets/stripe-webhook"),
        ("stripe_methods", "card,alipay"),
        ("stripe_url", "http://127.0.0.1:12111"),
        ("log_format", "json"),
        ("log", "warn"),
        ("part_ms", "200"),
        ("connections_per_address", "7"),
        ("requests_per_address", "8"),
        ("publishers", "9"),
        ("metrics_token", "secret"),
        ("drain_secs", "3"),
        ("objects", "s3://house?region=eu-west-1"),
        ("keep_free_mb", "4"),
        ("keep_recordings_days", "5"),
    ];

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        over: Overrides,
    }

    #[test]
    fn every_setting_is_explained_and_every_flag_reaches_it() {
        let settings = toml::Table::try_from(Config::load(&Overrides::default()).expect("loads")).expect("a table");
        let lines: Vec<&str> = DEFAULT.lines().collect();
        for key in settings.keys() {
            let at = lines.iter().position(|line| line.starts_with(&format!("{key} =")));
            let at = at.unwrap_or_else(|| panic!("default.toml lacks {key}"));
            assert!(at > 0 && lines[at - 1].starts_with('#'), "default.toml does not say what {key} is");
            let other = OTHERS.iter().find(|(name, _)| name == key).unwrap_or_else(|| panic!("{key} is not tried")).1;
            let flag = format!("--{}", key.replace('_', "-"));
            let line = <Line as clap::Parser>::try_parse_from(["trunkshow", &flag, other]).expect("a flag");
            let changed = toml::Table::try_from(Config::load(&line.over).expect("loads")).expect("a table");
            assert_ne!(changed[key], settings[key], "{flag} has no effect");
            let same = |(name, value): &(&String, &toml::Value)| *name == key || settings[*name] == **value;
            assert!(changed.iter().all(|pair| same(&pair)), "{flag} changes something else");
        }
        let command = <Line as clap::CommandFactory>::command();
        for flag in command.get_arguments().filter(|flag| flag.get_id() != "config") {
            let name = flag.get_id().as_str();
            assert!(settings.contains_key(name), "--{name} is no setting");
            let variable = format!("TRUNKSHOW_{}", name.to_uppercase());
            assert_eq!(flag.get_env().and_then(std::ffi::OsStr::to_str), Some(variable.as_str()));
        }
    }

    #[test]
    fn what_is_unknown_or_out_of_range_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("trunkshow.toml");
        std::fs::write(&file, "prat_ms = 200\n").expect("written");
        let error = Config::load(&Overrides { config: Some(file), ..Overrides::default() }).expect_err("a typo");
        assert!(error.to_string().contains("prat_ms"), "{error}");
        let error = Config::load(&Overrides { part_ms: Some(333), ..Overrides::default() }).expect_err("no such part");
        assert!(matches!(error, ConfigError::PartMs(333)));
    }
}
