//! Drops over HTTP: planned, armed, fired, claimed in, waited for, paid.

mod corrections;
mod killed;
mod line;
mod markets;
mod staff;
mod tab;

use kernel::Millis;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::floor::{Floor, text};
use crate::house::{Answer, Browser};
use crate::room::socket::Socket;

/// A show on air with a scarf at US$198.00 as its number 1.
pub(crate) struct Stage {
    pub(crate) floor: Floor,
    pub(crate) variant: String,
}

impl Stage {
    pub(crate) async fn with(pieces: i64) -> Self {
        let floor = Floor::live().await;
        let media = floor.picture().await;
        let piece = json!({"title": "Silk scarf", "media_id": media, "quantity": pieces,
            "prices": [{"amount_minor": 19_800, "currency": "USD"}]});
        let listed = floor.post("list-on-air", &piece).await.expect(StatusCode::CREATED);
        let variant = text(&listed["variants"][0], "id").to_owned();
        // What was listed at this instant has its price from now on.
        floor.house.clock.pass(Millis(1));
        Self { floor, variant }
    }

    pub(crate) fn office(&self) -> &Browser {
        &self.floor.shop.office
    }

    pub(crate) async fn viewer(&self) -> Browser {
        self.floor.house.viewer().await
    }

    /// A seat in the room, past its hello.
    pub(crate) async fn join(&self, browser: &Browser) -> Socket {
        let mut socket = self.floor.join(browser).await;
        socket.frame("hello").await;
        socket
    }

    pub(crate) fn pass(&self, span: Millis) {
        self.floor.house.clock.pass(span);
    }

    /// A drop of so many at US$99.00, one each, held for two minutes.
    pub(crate) fn draft(&self, quantity: i64) -> Value {
        json!({"number": 1, "unit": [{"amount_minor": 9_900, "currency": "USD"}], "quantity": quantity, "limit": 1,
            "hold": {"minutes": 2}})
    }

    pub(crate) async fn plan(&self, draft: &Value) -> String {
        let path = format!("/studio/shows/{}/drops", self.floor.show);
        let planned = self.office().post(&path, draft).await.expect(StatusCode::CREATED);
        assert_eq!((&planned["phase"], &planned["left"]), (&json!("planned"), &json!(0)));
        text(&planned, "id").to_owned()
    }

    pub(crate) async fn step(&self, drop: &str, step: &str, body: &Value) -> Answer {
        self.office().post(&format!("/studio/drops/{drop}/{step}"), body).await
    }

    /// A drop that is open.
    pub(crate) async fn open(&self, draft: &Value) -> String {
        let drop = self.plan(draft).await;
        self.step(&drop, "arm", &json!({})).await.expect(StatusCode::OK);
        self.step(&drop, "fire", &json!({"lead_ms": 0})).await.expect(StatusCode::OK);
        drop
    }

    pub(crate) async fn tab(&self, browser: &Browser) -> Value {
        browser.get(&format!("/shows/{}/tab", self.floor.show)).await.expect(StatusCode::OK)
    }

    /// How many of the scarf can be bought without a drop.
    pub(crate) async fn free(&self) -> Value {
        let path = format!("/studio/shows/{}", self.floor.show);
        self.office().get(&path).await.expect(StatusCode::OK)["run_sheet"][0]["free"].clone()
    }
}

/// One press of the button.
pub(crate) async fn claim(browser: &Browser, drop: &str, key: &str, wait: bool) -> Answer {
    claim_for(browser, drop, key, &json!({"currency": "USD", "country": "US", "wait": wait})).await
}

pub(crate) async fn claim_for(browser: &Browser, drop: &str, key: &str, wish: &Value) -> Answer {
    let path = format!("/drops/{drop}/claims");
    browser.send(browser.request(Method::POST, &path).header("idempotency-key", key).json(wish)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drop_opens_for_everybody_at_once_and_sells_what_it_has() {
    let stage = Stage::with(5).await;
    let (ann, bea, cat) = (stage.viewer().await, stage.viewer().await, stage.viewer().await);
    let mut room = stage.join(&ann).await;
    let drop = stage.plan(&stage.draft(2)).await;
    assert_eq!(claim(&ann, &drop, "early", false).await.problem(), (409, "drop_not_open".into()));

    let armed = stage.step(&drop, "arm", &json!({})).await.expect(StatusCode::OK);
    assert_eq!((&armed["phase"], &armed["left"]), (&json!("armed"), &json!(2)));
    assert_eq!(stage.free().await, 3, "its pieces are set aside");
    let told = room.event("drop").await;
    assert_eq!((&told["phase"], &told["left"], &told["opens_at_ms"]), (&json!("armed"), &json!(2), &Value::Null));

    // Fired, called off within the countdown, and fired again.
    let fired = stage.step(&drop, "fire", &json!({"lead_ms": 5_000})).await.expect(StatusCode::OK);
    assert!(fired["opens_at"].is_string(), "{fired}");
    assert!(room.event("drop").await["opens_at_ms"].is_i64());
    let early = claim(&ann, &drop, "early", false).await;
    assert_eq!((early.problem(), &early.body["opens_at"]), ((409, "drop_not_open".into()), &fired["opens_at"]));
    stage.step(&drop, "arm", &json!({})).await.expect(StatusCode::OK);
    assert_eq!(room.event("drop").await["opens_at_ms"], Value::Null);
    stage.step(&drop, "fire", &json!({})).await.expect(StatusCode::OK);
    stage.pass(Millis::from_secs(3));

    let product = format!("/products/{}/drops", text(&stage.floor.tray(&ann).await[0]["product"], "id"));
    let shown = cat.get(&product).await.expect(StatusCode::OK)["items"].clone();
    assert_eq!((&shown[0]["show_id"], &shown[0]["drop"]["id"]), (&json!(stage.floor.show), &json!(drop)));
    assert_eq!((&shown[0]["drop"]["phase"], &shown[0]["drop"]["left"]), (&json!("open"), &json!(2)));

    let held = claim(&ann, &drop, "mine", false).await.expect(StatusCode::CREATED);
    let seen = &held["claim"];
    assert_eq!((&seen["unit"]["amount_minor"], &seen["was"]["amount_minor"]), (&json!(9_900), &json!(19_800)));
    assert_eq!((text(seen, "state"), &seen["number"], &seen["drop_id"]), ("open", &json!(1), &json!(drop)));
    let again = claim(&ann, &drop, "mine", false).await.expect(StatusCode::CREATED);
    assert_eq!(again["claim"]["id"], seen["id"], "one press is one claim, however often it is sent");
    let greedy = claim(&ann, &drop, "more", false).await;
    assert_eq!((greedy.problem(), &greedy.body["limit"]), ((409, "claim_limit".into()), &json!(1)));
    claim(&bea, &drop, "mine", false).await.expect(StatusCode::CREATED);
    assert_eq!(claim(&cat, &drop, "late", false).await.problem(), (409, "sold_out".into()));
    let waits = claim(&cat, &drop, "late", true).await.expect(StatusCode::ACCEPTED);
    assert_eq!(waits["waiting"]["place"], 1);

    let gone = loop {
        let told = room.event("drop").await;
        if told["phase"] == "gone" && told["waiting"] == 1 {
            break told;
        }
    };
    assert_eq!((&gone["left"], &gone["quantity"]), (&json!(0), &json!(2)));
    let shown = cat.get(&format!("/shows/{}", stage.floor.show)).await.expect(StatusCode::OK);
    assert_eq!((&shown["drops"][0]["id"], &shown["drops"][0]["phase"]), (&json!(drop), &json!("gone")));
    let tab = stage.tab(&cat).await;
    assert_eq!(tab["waiting"], json!([{"drop_id": drop, "number": 1, "place": 1}]));
    assert_eq!(stage.tab(&bea).await["subtotal"]["amount_minor"], 9_900);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_window_closes_and_what_ended_never_starts_again() {
    let stage = Stage::with(5).await;
    let ann = stage.viewer().await;
    let mut room = stage.join(&ann).await;
    let draft = json!({"number": 1, "quantity": 5, "limit": 2, "hold": {"after_show_hours": 2}, "window_s": 60});
    let drop = stage.open(&draft).await;
    let held = claim(&ann, &drop, "mine", false).await.expect(StatusCode::CREATED);
    assert_eq!((&held["claim"]["unit"]["amount_minor"], &held["claim"]["was"]), (&json!(19_800), &Value::Null));
    stage.pass(Millis::from_secs(60));
    assert_eq!(claim(&ann, &drop, "late", false).await.problem(), (409, "drop_ended".into()));
    let ended = loop {
        let told = room.event("drop").await;
        if told["phase"] == "ended" {
            break told;
        }
    };
    assert_eq!(ended["id"], json!(drop));
    assert_eq!(stage.free().await, 4, "what nobody claimed is on sale again");
    for step in ["arm", "fire"] {
        assert_eq!(stage.step(&drop, step, &json!({})).await.problem(), (409, "drop_ended".into()), "{step}");
    }
    let update = stage.office().put(&format!("/studio/drops/{drop}"), &draft).await;
    assert_eq!(update.problem(), (409, "drop_not_planned".into()));
    let removed = stage.office().delete(&format!("/studio/drops/{drop}")).await;
    assert_eq!(removed.problem(), (409, "drop_not_planned".into()));

    // Hours after the show are counted from its end.
    stage.floor.step("end").await;
    let until = (stage.floor.house.house.app.now() + Millis::from_mins(120)).to_string();
    for _ in 0..100 {
        if stage.tab(&ann).await["claims"][0]["until"] == json!(until) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{} is not until {until}", stage.tab(&ann).await);
}
