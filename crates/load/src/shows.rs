//! Shows that a run plans for itself.

use serde_json::{Value, json};

use crate::client::Client;
use crate::house::{Spoiled, ask, text};

/// Who plans them, and for whom.
#[derive(Debug)]
pub(crate) struct Shop {
    pub(crate) cookie: String,
    brand: String,
    host: Value,
}

impl Shop {
    /// The first brand of the house, with who is signed in as its host.
    pub(crate) async fn ask(client: &mut Client, cookie: String) -> Result<Self, Spoiled> {
        let me = ask(client, "GET", "/api/v1/me", &cookie, None).await?.json();
        let brands = ask(client, "GET", "/api/v1/brands", &cookie, None).await?.json();
        let brand = brands["items"].as_array().or(brands.as_array()).and_then(|brands| brands.first());
        match brand.map(|brand| text(brand, "id")) {
            Some(brand) => Ok(Self { cookie, brand, host: me["person"]["id"].clone() }),
            None => Err(Spoiled::Nothing("no brand: run it on a furnished house")),
        }
    }

    /// One show in the plan, far ahead; returns its id.
    pub(crate) async fn plan(&self, client: &mut Client, number: usize) -> Result<String, Spoiled> {
        let title = format!("Load {number}");
        let show = json!({
            "title": { "en": title, "zh": title },
            "description": { "en": "", "zh": "" },
            "brand_id": self.brand,
            "host_person_id": self.host,
            "starts_at": "2099-01-01T12:00:00.000Z",
            "time_zone": "Europe/Paris",
            "cover_media_id": null,
        });
        Ok(text(&ask(client, "POST", "/api/v1/shows", &self.cookie, Some(&show)).await?.json(), "id"))
    }
}
