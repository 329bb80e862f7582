//! From a variant to a parcel, and everything that may go wrong between.

use app::ports::till;
use app::till::Desk;
use kernel::Millis;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shop::books::What;

use crate::house::{Answer, Browser, TestHouse};
use crate::wares::Wares;

pub(crate) const TOTAL: i64 = 19_800 + 1_200;

pub fn checkout_body(wares: &Wares, version: i64) -> Value {
    json!({
        "basket_version": version,
        "currency": "USD",
        "country": "US",
        "contact": {"name": "Ann Buyer", "phone": "+1 212 555 0123"},
        "address": {"lines": ["1 Long Street"], "city": "New York", "region": "NY", "postal_code": "10013", "country": "US"},
        "shipping_id": wares.rate.to_string(),
        "expected_total": {"amount_minor": TOTAL, "currency": "USD"},
        "payment_method": "sandbox",
        "language": "en",
    })
}

pub async fn put(browser: &Browser, wares: &Wares, quantity: u32) -> Value {
    let path = format!("/basket/lines/{}?currency=USD&country=US", wares.variant);
    browser.put(&path, &json!({"quantity": quantity})).await.expect(StatusCode::OK)
}

pub async fn check_out(browser: &Browser, key: &str, body: &Value) -> Answer {
    browser.send(browser.request(Method::POST, "/checkouts").header("idempotency-key", key).json(body)).await
}

/// A viewer with one belt in the basket who has pressed the button.
async fn bought(house: &TestHouse, wares: &Wares) -> (Browser, Value) {
    let browser = house.viewer().await;
    let basket = put(&browser, wares, 1).await;
    let body = checkout_body(wares, basket["version"].as_i64().expect("a version"));
    (browser.clone(), check_out(&browser, "once", &body).await.expect(StatusCode::CREATED))
}

pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}"))
}

async fn decide(browser: &Browser, placed: &Value, outcome: &str) -> Value {
    let path = format!("/sandbox/payments/{}", text(&placed["payment"], "id"));
    browser.post(&path, &json!({"outcome": outcome})).await.expect(StatusCode::OK)
}

async fn confirm(browser: &Browser, placed: &Value) -> Value {
    let path = format!("/orders/{}/confirm?key={}", text(placed, "order_id"), text(placed, "order_key"));
    browser.post(&path, &json!({})).await.expect(StatusCode::OK)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_belt_is_bought_paid_sent_and_seen() {
    let house = TestHouse::start().await;
    let wares = house.belt(3).await;
    let viewer = house.viewer().await;
    let quote = viewer.get(&format!("/quote?variant_id={}&currency=USD&country=US", wares.variant)).await;
    assert_eq!(quote.expect(StatusCode::OK)["total"]["amount_minor"], TOTAL);
    let basket = put(&viewer, &wares, 1).await;
    assert_eq!((&basket["total"]["amount_minor"], &basket["lines"][0]["free"]), (&json!(TOTAL), &json!("low")));
    assert_eq!(basket["seller"]["legal_name"], "Maison Inc.");

    let body = checkout_body(&wares, basket["version"].as_i64().expect("a version"));
    let placed = check_out(&viewer, "k1", &body).await.expect(StatusCode::CREATED);
    assert_eq!((text(&placed, "state"), text(&placed["payment"], "next")), ("awaiting_payment", "redirect"));
    assert_eq!(house.free(&wares).await, 2);
    let again = check_out(&viewer, "k1", &body).await.expect(StatusCode::CREATED);
    assert_eq!(again, placed, "a replayed checkout gets the same answer");

    decide(&viewer, &placed, "challenge").await;
    decide(&viewer, &placed, "approve").await;
    let order = confirm(&viewer, &placed).await;
    assert_eq!((text(&order, "state"), text(&order, "payment_state")), ("paid", "captured"));
    assert_eq!((&order["lines"][0]["title"], &order["lines"][0]["quantity"]), (&json!("Belt"), &json!(1)));
    assert_eq!(confirm(&viewer, &placed).await, order, "the back button changes nothing");

    let owner = house.owner().await;
    let list = owner.get("/office/orders?state=paid&query=ann").await.expect(StatusCode::OK);
    assert_eq!(list["items"].as_array().map(Vec::len), Some(0), "names are found as they are written");
    let list = owner.get("/office/orders?state=paid&query=Ann").await.expect(StatusCode::OK);
    assert_eq!(list["items"][0]["number"], order["number"]);
    let figures = owner.get("/office/figures").await.expect(StatusCode::OK);
    assert_eq!(figures["taken"], json!([{"orders": 1, "amount": {"amount_minor": TOTAL, "currency": "USD"}}]));
    let parcels = format!("/orders/{}/parcels", text(&order, "id"));
    let parcel = json!({"carrier": "UPS", "tracking_number": "1Z999"});
    let sent = owner.post(&parcels, &parcel).await.expect(StatusCode::CREATED);
    assert_eq!((text(&sent, "state"), sent["parcels"][0]["tracking_url"].is_string()), ("sent", true));
    assert_eq!(owner.post(&parcels, &parcel).await.problem(), (409, "nothing_to_send".into()));
    let mine = viewer.get("/my/orders").await.expect(StatusCode::OK);
    assert_eq!(mine["items"][0]["state"], "sent");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_buyers_of_the_last_belt_one_gets_it() {
    let house = TestHouse::start().await;
    let wares = house.belt(1).await;
    let (one, two) = (house.viewer().await, house.viewer().await);
    let versions = [put(&one, &wares, 1).await, put(&two, &wares, 1).await];
    let bodies = versions.map(|basket| {
        let mut body = checkout_body(&wares, basket["version"].as_i64().expect("a version"));
        body["sandbox_outcome"] = json!("approve");
        body
    });
    let (first, second) = tokio::join!(check_out(&one, "mine", &bodies[0]), check_out(&two, "mine", &bodies[1]));
    let (won, lost) = if first.status == StatusCode::CREATED { (first, second) } else { (second, first) };
    assert_eq!(won.body["state"], "paid");
    assert_eq!(lost.problem(), (409, "sold_out".into()));
    assert_eq!(lost.body["lines"], json!([wares.variant.to_string()]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_checkout_is_refused_by_name() {
    let house = TestHouse::start().await;
    let wares = house.belt(5).await;
    let browser = house.viewer().await;
    let version = put(&browser, &wares, 1).await["version"].as_i64().expect("a version");
    let check = async |change: fn(&mut Value), expected: (u16, &str), field: Option<(&str, &str)>| {
        let mut body = checkout_body(&wares, version);
        change(&mut body);
        let answer = check_out(&browser, "k", &body).await;
        assert_eq!(answer.problem(), (expected.0, expected.1.to_owned()), "{}", answer.body);
        if let Some((field, code)) = field {
            let named = json!({"field": field, "code": code});
            let fields = answer.body["fields"].as_array().expect("fields").clone();
            let found = fields.iter().find(|f| f["field"] == named["field"] && f["code"] == named["code"]);
            let found = found.unwrap_or_else(|| panic!("{named} in {}", answer.body));
            assert!(found["detail"].as_str().is_some_and(|detail| detail.ends_with('.')), "a sentence in {found}");
        }
    };
    check(|body| body["expected_total"]["amount_minor"] = json!(TOTAL - 1), (409, "price_changed"), None).await;
    check(|body| body["basket_version"] = json!(99), (409, "basket_changed"), None).await;
    check(|body| body["currency"] = json!("EUR"), (422, "not_sold_in_currency"), None).await;
    check(|body| body["shipping_id"] = json!("x"), (422, "invalid"), Some(("shipping_id", "not_an_id"))).await;
    check(|body| body["currency"] = json!("XXX"), (422, "invalid"), Some(("currency", "unknown_currency"))).await;
    check(|body| body["contact"] = json!({"name": ""}), (422, "invalid"), Some(("contact.name", "missing"))).await;
    check(|body| body["contact"] = json!({"name": ""}), (422, "invalid"), Some(("contact.email", "email_or_phone")))
        .await;
    check(
        |body| body["address"]["postal_code"] = json!("1"),
        (422, "invalid"),
        Some(("address.postal_code", "not_like_that")),
    )
    .await;
    check(|body| body["payment_method"] = json!("gold"), (422, "invalid"), Some(("payment_method", "not_a_choice")))
        .await;
    check(|body| body["expected_total"]["amount_minor"] = json!(0.005), (422, "invalid"), None).await;
    let unnamed = browser.post("/checkouts", &checkout_body(&wares, version)).await;
    assert_eq!(unnamed.problem(), (400, "idempotency_key_missing".into()));
    let negative = browser.put(&format!("/basket/lines/{}", wares.variant), &json!({"quantity": -1})).await;
    assert_eq!(negative.problem(), (422, "invalid".into()));
    let many = browser.put(&format!("/basket/lines/{}", wares.variant), &json!({"quantity": 100})).await;
    assert_eq!(many.problem(), (422, "invalid".into()));
    assert_eq!(house.free(&wares).await, 5, "nothing was taken");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_is_its_buyer_s_alone() {
    let house = TestHouse::start().await;
    let wares = house.belt(5).await;
    let (buyer, placed) = bought(&house, &wares).await;
    let stranger = house.viewer().await;
    let id = text(&placed, "order_id");
    assert_eq!(stranger.get(&format!("/orders/{id}")).await.problem(), (404, "not_found".into()));
    assert_eq!(stranger.get(&format!("/orders/{id}?key=guess")).await.problem(), (404, "not_found".into()));
    assert_eq!(stranger.post(&format!("/orders/{id}/confirm"), &json!({})).await.problem(), (404, "not_found".into()));
    assert_eq!(stranger.get("/office/orders").await.problem(), (401, "sign_in_first".into()));
    buyer.get(&format!("/orders/{id}")).await.expect(StatusCode::OK);
    let by_key = stranger.get(&format!("/orders/{id}?key={}", text(&placed, "order_key"))).await;
    assert_eq!(by_key.expect(StatusCode::OK)["contact"]["name"], "Ann Buyer");
}

/// Ends an order's claims without the provider being asked: the money is on its way just then.
async fn expire(desk: &Desk, placed: &Value) {
    let order = text(placed, "order_id").parse().expect("an id");
    till::expire(&*desk.till, desk.command(What::Expire { order })).await.expect("the till answers");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn late_money_takes_free_stock_or_goes_back() {
    let house = TestHouse::start().await;
    let wares = house.belt(1).await;
    let desk = &house.house.app.till.desk;
    let (late, placed) = bought(&house, &wares).await;
    house.clock.pass(Millis::from_mins(10));
    expire(desk, &placed).await;
    assert_eq!(house.free(&wares).await, 1);
    let (_, second) = bought(&house, &wares).await;
    decide(&late, &placed, "approve").await;
    let unlucky = confirm(&late, &placed).await;
    assert_eq!((text(&unlucky, "state"), text(&unlucky, "payment_state")), ("expired", "voided"));
    house.clock.pass(Millis::from_mins(10));
    expire(desk, &second).await;
    decide(&late, &second, "approve").await;
    let lucky = confirm(&late, &second).await;
    assert_eq!((text(&lucky, "state"), text(&lucky, "payment_state")), ("paid", "captured"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_declined_payment_may_be_tried_again_and_a_paid_order_cancelled() {
    let house = TestHouse::start().await;
    let wares = house.belt(1).await;
    let (buyer, placed) = bought(&house, &wares).await;
    decide(&buyer, &placed, "decline").await;
    let declined = confirm(&buyer, &placed).await;
    assert_eq!((text(&declined, "state"), text(&declined, "payment_state")), ("awaiting_payment", "declined"));
    assert_eq!(declined["pay_url"], placed["payment"]["redirect_url"]);
    decide(&buyer, &placed, "slow").await;
    assert_eq!(confirm(&buyer, &placed).await["state"], "awaiting_payment");
    house.clock.pass(Millis::from_secs(7));
    assert_eq!(confirm(&buyer, &placed).await["state"], "paid");
    let owner = house.owner().await;
    let path = format!("/orders/{}/cancel", text(&placed, "order_id"));
    let cancel = async || {
        let request = owner.request(Method::POST, &path).header("idempotency-key", "c");
        owner.send(request.json(&json!({"reason": "out_of_stock"}))).await.expect(StatusCode::OK)
    };
    let cancelled = cancel().await;
    assert_eq!((text(&cancelled, "state"), text(&cancelled, "payment_state")), ("cancelled", "refunded"));
    assert_eq!(cancelled["refunds"][0]["amount"]["amount_minor"], TOTAL);
    assert_eq!(cancel().await, cancelled, "cancelling twice refunds once");
    assert_eq!(house.free(&wares).await, 1);
}
