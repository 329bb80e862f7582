use std::sync::Arc;

use app::App;
use bytes::Bytes;
use ipnet::IpNet;

use crate::client::Limits;
use crate::measure::Metrics;
use crate::room::door::Door;
use crate::room::fanout::Fanouts;

/// What every handler is given.
#[derive(Clone, Debug)]
pub struct Gateway {
    pub app: Arc<App>,
    pub settings: Arc<Settings>,
    pub metrics: Arc<dyn Metrics>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) fanouts: Fanouts,
    pub(crate) door: Door,
}

impl Gateway {
    #[must_use]
    pub fn new(app: Arc<App>, settings: Settings, metrics: Arc<dyn Metrics>) -> Self {
        let limits = Arc::new(Limits::new(settings.requests_per_address, settings.connections_per_address));
        let (fanouts, door) = (Fanouts::default(), Door::default());
        Self { app, settings: Arc::new(settings), metrics, limits, fanouts, door }
    }
}

/// How this house is reached.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Scheme, host and port as a browser writes them, without a slash at the end: `https://shop.example`.
    pub public_url: String,
    /// Whether the operator said so; otherwise it is the address that is listened on, one of several maybe.
    pub named: bool,
    /// Where encoders publish: `rtmp://shop.example/live`.
    pub rtmp_url: String,
    /// What is started for a demo: sandbox payments and the folder of sent messages are shown.
    pub demo: bool,
    /// Proxies whose word on the client's address is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Requests a second from one address; 0 for no limit.
    pub requests_per_address: u32,
    /// Room sockets and event streams from one address at once.
    pub connections_per_address: u32,
    /// The authority of the house's own, which phones have to trust; none where its certificate is another's.
    pub authority: Option<Authority>,
    /// Opens `/metrics` to other machines as a bearer token; empty for this machine alone.
    pub metrics_token: String,
}

/// What signs the house's certificate where nobody else does.
#[derive(Clone, Debug)]
pub struct Authority {
    /// As it stands in the lists of a phone.
    pub name: String,
    /// DER.
    pub certificate: Bytes,
    /// SHA-256, as phones show it.
    pub fingerprint: String,
    /// The page that explains how to trust it, as a phone reaches it before it does.
    pub page: String,
}

impl Settings {
    /// Who is paid, as a payment provider's page names it.
    #[must_use]
    pub fn merchant(&self) -> String {
        self.public_url.split_once("://").map_or("Trunkshow", |(_, host)| host).to_owned()
    }

    #[must_use]
    pub fn https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}
