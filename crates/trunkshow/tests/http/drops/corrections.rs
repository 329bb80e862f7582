//! A wrong price that was said on air is made good without a spreadsheet.

use kernel::Millis;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Stage, claim};
use crate::floor::text;
use crate::house::Browser;
use crate::outbox::messages;

/// Buys the scarf with a code, and pays.
async fn buy_with(stage: &Stage, key: &str, code: &str) -> String {
    let buyer = stage.viewer().await;
    let item = stage.floor.tray(&buyer).await[0].clone();
    stage.floor.put(&buyer, &item).await.expect(StatusCode::OK);
    let seen = buyer.get(&format!("/basket?currency=USD&country=US&codes={code}")).await.expect(StatusCode::OK);
    let of = json!({"basket_version": seen["version"], "codes": [code]});
    let placed = pay(&buyer, key, &seen, &of).await;
    stage.pass(Millis::from_secs(1));
    text(&placed, "order_id").to_owned()
}

/// Pays one claim, at what its tab comes to.
async fn pay_claim(buyer: &Browser, held: &Value) {
    let wish = json!({"currency": "USD", "country": "US", "claims": [held["id"]]});
    let path = format!("/shows/{}/tab/quote", text(held, "show_id"));
    let seen = buyer.post(&path, &wish).await.expect(StatusCode::OK);
    pay(buyer, "claim", &seen, &json!({"claims": [held["id"]]})).await;
}

async fn pay(buyer: &Browser, key: &str, seen: &Value, of: &Value) -> Value {
    let mut body = json!({
        "currency": "USD", "country": "US", "contact": {"name": "Ann Buyer", "phone": "+1 212 555 0199"},
        "address": {"lines": ["1 Long Street"], "city": "New York", "region": "NY", "postal_code": "10013", "country": "US"},
        "shipping_id": seen["shipping_id"], "expected_total": seen["total"], "payment_method": "sandbox",
        "sandbox_outcome": "approve", "language": "en",
    });
    for (name, value) in of.as_object().expect("fields") {
        body[name] = value.clone();
    }
    let request = buyer.request(Method::POST, "/checkouts").header("idempotency-key", key).json(&body);
    buyer.send(request).await.expect(StatusCode::CREATED)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_paid_a_wrong_price_is_found_and_made_good() {
    let stage = Stage::with(9).await;
    let now = || stage.floor.house.house.app.now();
    let buy = async |key: &str| {
        let buyer = stage.viewer().await;
        let item = stage.floor.tray(&buyer).await[0].clone();
        stage.floor.put(&buyer, &item).await.expect(StatusCode::OK);
        let placed = stage.floor.check_out(&buyer, key).await.expect(StatusCode::CREATED);
        stage.pass(Millis::from_secs(1));
        text(&placed, "order_id").to_owned()
    };
    let reprice = async |minor: i64| {
        let prices = json!({"prices": [{"amount_minor": minor, "currency": "USD"}]});
        assert_eq!(stage.floor.post("items/1/reprice", &prices).await.status, StatusCode::NO_CONTENT);
        stage.pass(Millis(1));
    };
    buy("right").await;
    let from = now();
    reprice(25_000).await;
    let (dear, other) = (buy("dear").await, buy("other").await);
    // Bought with ten percent off, the wrong price cost less; a drop has a price of its own, which was right.
    let code = json!({"name": {"en": "Silk week"}, "code": "SILK10", "from": "2020-01-01T00:00:00Z",
        "gives": {"kind": "percent", "basis_points": 1_000}, "combinable": true});
    stage.office().post("/office/offers", &code).await.expect(StatusCode::CREATED);
    stage.pass(Millis::from_secs(2));
    let less = buy_with(&stage, "less", "SILK10").await;
    let drop = stage.open(&stage.draft(1)).await;
    let dropped = stage.viewer().await;
    claim(&dropped, &drop, "mine", false).await.expect(StatusCode::CREATED);
    let held = stage.tab(&dropped).await["claims"][0].clone();
    pay_claim(&dropped, &held).await;
    reprice(15_000).await;
    let cheap = buy("cheap").await;
    reprice(19_800).await;
    let path = format!("/office/corrections?variant_id={}&from={from}&until={}", stage.variant, now());
    let list = async || stage.office().get(&path).await.expect(StatusCode::OK)["items"].clone();
    let found = list().await;
    let over: Vec<&Value> = found.as_array().expect("items").iter().map(|item| &item["over"]["amount_minor"]).collect();
    assert_eq!(over, [&json!(-4_800), &json!(4_680), &json!(5_200), &json!(5_200)]);
    assert_eq!((&found[1]["order_id"], &found[1]["unit"]["amount_minor"]), (&json!(less), &json!(22_500)));
    assert_eq!((&found[0]["order_id"], &found[0]["right"]["amount_minor"]), (&json!(cheap), &json!(19_800)));
    let stranger = stage.viewer().await;
    assert_eq!(stranger.get(&path).await.problem(), (401, "sign_in_first".into()));

    let correct = async |orders: &[&String], how: &str| {
        let message = json!({"en": "We said a wrong price tonight.", "zh": "今晚我们报错了价格。"});
        let body = json!({"variant_id": stage.variant, "orders": orders, "how": how, "message": message});
        stage.office().post("/office/corrections", &body).await
    };
    messages(stage.office(), 6).await;
    let done = correct(&[&dear], "refund").await.expect(StatusCode::OK);
    assert_eq!(done["items"], json!([{"order_id": dear, "problem": null}]));
    let order = stage.office().get(&format!("/office/orders/{dear}")).await.expect(StatusCode::OK);
    assert_eq!((text(&order, "state"), &order["refunds"][0]["amount"]["amount_minor"]), ("paid", &json!(5_200)));
    let sms = messages(stage.office(), 7).await[0].clone();
    assert!(text(&sms, "text").contains("We said a wrong price tonight. We return 52.00 USD"), "{sms}");
    // Once more gives nothing back twice; too little paid owes nothing; the rest is honoured or cancelled.
    let twice = correct(&[&dear], "refund").await.expect(StatusCode::OK);
    assert_eq!(twice["items"][0]["problem"], "nothing_to_refund");
    let order = stage.office().get(&format!("/office/orders/{dear}")).await.expect(StatusCode::OK);
    assert_eq!(order["refunds"].as_array().map(Vec::len), Some(1));
    assert_eq!(list().await[3]["refunded"]["amount_minor"], 5_200);
    let nothing = correct(&[&cheap], "refund").await.expect(StatusCode::OK);
    assert_eq!(nothing["items"][0]["problem"], "nothing_to_refund");
    correct(&[&cheap], "honour").await.expect(StatusCode::OK);
    correct(&[&other], "cancel").await.expect(StatusCode::OK);
    let order = stage.office().get(&format!("/office/orders/{other}")).await.expect(StatusCode::OK);
    assert_eq!((text(&order, "state"), text(&order, "payment_state")), ("cancelled", "refunded"));
    let odd = correct(&[&other], "guess").await;
    assert_eq!((odd.problem(), odd.fault().0), ((422, "invalid".into()), "how"));
}
