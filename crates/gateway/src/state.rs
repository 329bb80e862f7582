use std::sync::Arc;

use app::App;

/// What every handler is given.
#[derive(Clone, Debug)]
pub struct Gateway {
    pub app: Arc<App>,
    pub settings: Arc<Settings>,
}

/// How this house is reached.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Scheme, host and port as a browser writes them, without a slash at the end: `https://shop.example`.
    pub public_url: String,
    /// Where encoders publish: `rtmp://shop.example/live`.
    pub rtmp_url: String,
    /// What is started for a demo: sandbox payments and the folder of sent messages are shown.
    pub demo: bool,
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
