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
    #[must_use]
    pub fn https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}
