//! The shop floor during a show.

mod corrected;
mod figures;
mod listed;
mod rehearsed;
mod rules;

use kernel::Millis;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::catalogue::Boutique;
use crate::house::{Answer, Browser, TestHouse};
use crate::room::socket::Socket;
use crate::uploads::{PIXEL, send};

const POSTAGE: i64 = 1_200;

/// A boutique whose show is planned for in two hours, and what sending costs.
pub(crate) struct Floor {
    pub(crate) house: TestHouse,
    pub(crate) shop: Boutique,
    pub(crate) show: String,
    rate: String,
}

impl Floor {
    pub(crate) async fn planned() -> Self {
        let house = TestHouse::start().await;
        let shop = Boutique::open(&house).await;
        let me = shop.office.get("/me").await.expect(StatusCode::OK);
        let show = json!({"title": {"en": "An evening of belts"}, "brand_id": shop.brand, "time_zone": "Europe/Paris",
            "host_person_id": me["person"]["id"], "starts_at": (house.house.app.now() + Millis::from_mins(120)).to_string()});
        let show = id(&shop.office.post("/shows", &show).await.expect(StatusCode::CREATED));
        let rate = json!([{"country": "*", "name": {"en": "Parcel"}, "days": [3, 7],
            "price": [{"amount_minor": POSTAGE, "currency": "USD"}]}]);
        let rates = shop.office.put("/shipping-rates", &rate).await.expect(StatusCode::OK);
        let rate = id(&rates[0]);
        Self { house, shop, show, rate }
    }

    /// The same, on air.
    pub(crate) async fn live() -> Self {
        let floor = Self::planned().await;
        floor.step("go-live").await;
        floor
    }

    pub(crate) async fn step(&self, step: &str) -> Value {
        self.post(step, &json!({"confirm": "end"})).await.expect(StatusCode::OK)
    }

    /// What staff do to the show.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.shop.office.post(&format!("/shows/{}/{path}", self.show), body).await
    }

    pub(crate) async fn picture(&self) -> String {
        id(&send(&self.shop.office, "/media", PIXEL, "image/png").await.expect(StatusCode::CREATED))
    }

    /// Lists a piece on air at US$198.00.
    pub(crate) async fn list(&self, title: &str) -> Value {
        let media = self.picture().await;
        let piece = json!({"title": title, "media_id": media, "prices": [{"amount_minor": 19_800, "currency": "USD"}]});
        self.post("list-on-air", &piece).await.expect(StatusCode::CREATED)
    }

    pub(crate) async fn tray(&self, browser: &Browser) -> Value {
        browser.get(&format!("/shows/{}?currency=USD", self.show)).await.expect(StatusCode::OK)["tray"].clone()
    }

    /// Puts a listed piece into the browser's basket.
    pub(crate) async fn put(&self, browser: &Browser, item: &Value) -> Answer {
        let path = format!("/basket/lines/{}?currency=USD&country=US", text(&item["variants"][0], "id"));
        let line = json!({"quantity": 1, "show_id": self.show, "show_number": item["number"]});
        browser.put(&path, &line).await
    }

    /// Buys what is in the basket, approved at once.
    pub(crate) async fn check_out(&self, browser: &Browser, key: &str) -> Answer {
        self.press(browser, key, json!("approve")).await
    }

    /// Has what is in the basket set aside, without paying yet.
    pub(crate) async fn claim(&self, browser: &Browser, key: &str) -> Answer {
        self.press(browser, key, Value::Null).await
    }

    /// A seat in the room.
    pub(crate) async fn join(&self, browser: &Browser) -> Socket {
        let path = format!("/shows/{}/room", self.show);
        let ticket = browser.post(&format!("{path}-ticket"), &json!({})).await.expect(StatusCode::OK);
        let mut socket = Socket::connect(self.house.house.http, &format!("/api/v1{path}"), "").await;
        socket.send(json!({"t": "join", "ticket": ticket["ticket"]})).await;
        socket
    }

    async fn press(&self, browser: &Browser, key: &str, outcome: Value) -> Answer {
        let basket = browser.get("/basket?currency=USD&country=US").await.expect(StatusCode::OK);
        let body = json!({"basket_version": basket["version"], "currency": "USD", "country": "US", "language": "en",
            "contact": {"name": "Ann Buyer", "phone": "+1 212 555 0123"}, "shipping_id": self.rate,
            "address": {"lines": ["1 Long Street"], "city": "New York", "region": "NY", "postal_code": "10013", "country": "US"},
            "expected_total": basket["total"], "payment_method": "sandbox", "sandbox_outcome": outcome});
        browser.send(browser.request(Method::POST, "/checkouts").header("idempotency-key", key).json(&body)).await
    }
}

pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}"))
}

pub(crate) fn id(value: &Value) -> String {
    text(value, "id").to_owned()
}
