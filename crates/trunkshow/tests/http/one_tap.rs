//! A returning buyer pays in one request: with what is kept, for a piece, in a drop, or for a tab.

use std::time::Duration;

use kernel::Millis;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::drops::{Stage, claim};
use crate::floor::text;
use crate::house::{Answer, Browser};

/// The links that were sent to an address, the newest first.
async fn links(office: &Browser, email: &str) -> Vec<String> {
    let page = office.get("/sent-messages").await.expect(StatusCode::OK);
    let mails = page["items"].as_array().into_iter().flatten().filter(|mail| mail["to"] == email);
    let link = |mail: &Value| {
        let line = text(mail, "text").lines().find(|line| line.contains("/account?token="))?;
        line.split_once("token=").map(|(_, token)| token.to_owned())
    };
    mails.filter_map(link).collect()
}

/// Signs a viewer in by a link that comes by mail.
pub(crate) async fn sign_in(office: &Browser, browser: &Browser, email: &str) {
    let before = links(office, email).await.len();
    browser.post("/sign-in-links", &json!({"email": email})).await.expect(StatusCode::ACCEPTED);
    for _ in 0..400 {
        let sent = links(office, email).await;
        if sent.len() > before {
            let token = json!({"token": sent[0]});
            browser.post("/sessions/by-link", &token).await.expect(StatusCode::NO_CONTENT);
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no link came to {email}");
}

/// Checks out a basket of one piece, and wants all to be kept.
pub(crate) async fn buy_and_keep(browser: &Browser, variant: &str, method: &str) -> Answer {
    let line = format!("/basket/lines/{variant}?currency=USD&country=US");
    let basket = browser.put(&line, &json!({"quantity": 1})).await.expect(StatusCode::OK);
    let mut body = json!({
        "basket_version": basket["version"], "currency": "USD", "country": "US", "remember": true,
        "contact": {"name": "Ann Buyer", "phone": "+1 212 555 0123"},
        "address": {"lines": ["1 Long Street"], "city": "New York", "region": "NY", "postal_code": "10013", "country": "US"},
        "shipping_id": basket["shipping_id"], "expected_total": basket["total"], "payment_method": method, "language": "en",
    });
    if method == "sandbox" {
        body["sandbox_outcome"] = json!("approve");
    }
    browser.send(browser.request(Method::POST, "/checkouts").header("idempotency-key", "keep").json(&body)).await
}

pub(crate) async fn offered(browser: &Browser, of: &str) -> Value {
    browser.get(&format!("/one-tap?currency=USD&{of}")).await.expect(StatusCode::OK)["tap"].clone()
}

/// What the button would send.
pub(crate) fn tap_body(tap: &Value, of: &Value) -> Value {
    let mut body = json!({
        "currency": "USD", "address_id": tap["address"]["id"], "method_id": tap["method"]["id"],
        "shipping_id": tap["shipping_id"], "expected_total": tap["total"], "language": "en",
    });
    for (name, value) in of.as_object().expect("fields") {
        body[name] = value.clone();
    }
    body
}

pub(crate) async fn tap(browser: &Browser, key: &str, body: &Value) -> Answer {
    browser.send(browser.request(Method::POST, "/one-tap").header("idempotency-key", key).json(body)).await
}

async fn order(browser: &Browser, placed: &Value) -> Value {
    let path = format!("/orders/{}?key={}", text(placed, "order_id"), text(placed, "order_key"));
    browser.get(&path).await.expect(StatusCode::OK)
}

/// A buyer who has bought here before, and kept it.
async fn returning(stage: &Stage) -> Browser {
    let ann = stage.viewer().await;
    sign_in(stage.office(), &ann, "ann@example.com").await;
    buy_and_keep(&ann, &stage.variant, "sandbox").await.expect(StatusCode::CREATED);
    ann
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_piece_of_a_drop_is_claimed_and_paid_by_one_tap() {
    let stage = Stage::with(6).await;
    let ann = returning(&stage).await;
    let wallet = ann.get("/my/wallet").await.expect(StatusCode::OK);
    let (kept, to) = (&wallet["methods"][0], &wallet["addresses"][0]);
    assert_eq!((text(kept, "brand"), text(kept, "last_four"), &kept["expired"]), ("visa", "4242", &json!(false)));
    assert_eq!((text(&to["address"], "city"), text(&to["contact"], "name")), ("New York", "Ann Buyer"));

    let drop = stage.open(&stage.draft(3)).await;
    let of = json!({"drop_id": drop});
    let seen = offered(&ann, &format!("drop_id={drop}")).await;
    let minor = |name: &str| seen[name]["amount_minor"].as_i64().expect("an amount");
    assert_eq!((minor("subtotal"), minor("total")), (9_900, 9_900 + minor("shipping")), "{seen}");
    assert!(seen["tax"]["note"]["text"].as_str().expect("words").contains("duty"), "{seen}");

    let body = tap_body(&seen, &of);
    let mut dear = body.clone();
    dear["expected_total"]["amount_minor"] = json!(1);
    let changed = tap(&ann, "dear", &dear).await;
    assert_eq!((changed.problem(), &changed.body["total"]), ((409, "price_changed".into()), &seen["total"]));
    assert_eq!(stage.tab(&ann).await["claims"], json!([]), "nothing was claimed for it");

    let paid = tap(&ann, "one", &body).await.expect(StatusCode::CREATED);
    assert_eq!((text(&paid, "state"), text(&paid["payment"], "next")), ("paid", "done"));
    let again = tap(&ann, "one", &body).await.expect(StatusCode::CREATED);
    assert_eq!(again["order_id"], paid["order_id"], "one press is one order, however often it is sent");
    assert_eq!(tap(&ann, "one", &dear).await.problem(), (409, "idempotency_key_reused".into()));
    let bought = order(&ann, &paid).await;
    assert_eq!((text(&bought, "state"), text(&bought, "payment_state")), ("paid", "captured"));
    assert_eq!(bought["lines"][0]["unit"]["amount_minor"], 9_900);
    assert_eq!((&bought["totals"]["total"], &bought["lines"][0]["show_number"]), (&seen["total"], &json!(1)));
    let greedy = tap(&ann, "two", &body).await;
    assert_eq!((greedy.problem(), &greedy.body["limit"]), ((409, "claim_limit".into()), &json!(1)));

    // Nobody taps for somebody else, or as a guest.
    let guest = stage.viewer().await;
    assert_eq!(offered(&guest, &format!("drop_id={drop}")).await, Value::Null);
    assert_eq!(tap(&guest, "one", &body).await.problem(), (401, "sign_in_first".into()));
    let bea = stage.viewer().await;
    stage.pass(Millis::from_secs(1));
    sign_in(stage.office(), &bea, "bea@example.com").await;
    assert_eq!(offered(&bea, &format!("drop_id={drop}")).await, Value::Null);
    assert_eq!(tap(&bea, "one", &body).await.fault(), ("address_id", "not_found"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_bank_declines_is_still_held_and_a_challenge_has_its_page() {
    let stage = Stage::with(6).await;
    let ann = returning(&stage).await;
    let drop = stage.open(&json!({"number": 1, "unit": [], "quantity": 3, "limit": 2, "hold": {"minutes": 5}})).await;
    let seen = offered(&ann, &format!("drop_id={drop}")).await;
    let mut body = tap_body(&seen, &json!({"drop_id": drop, "sandbox_outcome": "decline"}));
    for _ in 0..2 {
        assert_eq!(tap(&ann, "declined", &body).await.problem(), (402, "payment_declined".into()));
    }
    let held = stage.tab(&ann).await["claims"].clone();
    assert_eq!((held.as_array().map(Vec::len), text(&held[0], "state")), (Some(1), "open"), "the piece is not lost");

    // The tab is paid by a tap, too; this time the bank asks first.
    let claims = text(&held[0], "id");
    let seen = offered(&ann, &format!("claims={claims}")).await;
    body = tap_body(&seen, &json!({"claims": [claims], "sandbox_outcome": "challenge"}));
    let asked = tap(&ann, "asked", &body).await.expect(StatusCode::CREATED);
    assert_eq!((text(&asked, "state"), text(&asked["payment"], "next")), ("awaiting_payment", "redirect"));
    let again = tap(&ann, "asked", &body).await.expect(StatusCode::CREATED);
    assert_eq!(again, asked, "asked again, the same page is open");
    let page = format!("/sandbox/payments/{}", text(&asked["payment"], "id"));
    ann.post(&page, &json!({"outcome": "approve"})).await.expect(StatusCode::OK);
    let confirm = format!("/orders/{}/confirm?key={}", text(&asked, "order_id"), text(&asked, "order_key"));
    assert_eq!(text(&ann.post(&confirm, &json!({})).await.expect(StatusCode::OK), "state"), "paid");

    // Beside a drop, a piece is bought as it stands; stopped, it is not.
    let of = format!("variant_id={}&show_id={}&show_number=1", stage.variant, stage.floor.show);
    let seen = offered(&ann, &of).await;
    let piece = json!({"variant_id": stage.variant, "show_id": stage.floor.show, "show_number": 1});
    let bought = tap(&ann, "piece", &tap_body(&seen, &piece)).await.expect(StatusCode::CREATED);
    assert_eq!(text(&bought, "state"), "paid");
    stage.floor.post("items/1/stop-sale", &json!({})).await.expect(StatusCode::NO_CONTENT);
    stage.pass(Millis::from_secs(2));
    assert_eq!(tap(&ann, "piece", &tap_body(&seen, &piece)).await.body["order_id"], bought["order_id"]);
    let stopped = tap(&ann, "piece-2", &tap_body(&seen, &piece)).await;
    assert_eq!(stopped.problem(), (409, "sale_stopped".into()));
    assert_eq!(offered(&ann, &of).await, Value::Null);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_kept_can_be_forgotten_and_ends_with_its_month() {
    let stage = Stage::with(6).await;
    let ann = returning(&stage).await;
    let claimed = stage.open(&stage.draft(2)).await;
    claim(&ann, &claimed, "mine", false).await.expect(StatusCode::CREATED);
    let of = format!("variant_id={}", stage.variant);
    let body = tap_body(&offered(&ann, &of).await, &json!({"variant_id": stage.variant}));
    let bought = tap(&ann, "before", &body).await.expect(StatusCode::CREATED);

    stage.pass(Millis::from_days(5 * 365));
    sign_in(&stage.floor.house.owner().await, &ann, "ann@example.com").await;
    assert_eq!(ann.get("/my/wallet").await.expect(StatusCode::OK)["methods"][0]["expired"], true);
    assert_eq!(tap(&ann, "after", &body).await.problem(), (409, "card_expired".into()));
    assert_eq!(offered(&ann, &of).await, Value::Null);
    let again = tap(&ann, "before", &body).await.expect(StatusCode::CREATED);
    assert_eq!(again["order_id"], bought["order_id"], "what was bought with it was bought");

    let wallet = ann.get("/my/wallet").await.expect(StatusCode::OK);
    for (path, list) in [("/my/methods", "methods"), ("/my/addresses", "addresses")] {
        let path = format!("{path}/{}", text(&wallet[list][0], "id"));
        ann.delete(&path).await.expect(StatusCode::NO_CONTENT);
        assert_eq!(ann.delete(&path).await.problem(), (404, "not_found".into()));
    }
    assert_eq!(ann.get("/my/wallet").await.expect(StatusCode::OK), json!({"addresses": [], "methods": []}));
    assert_eq!(tap(&ann, "late", &body).await.fault(), ("address_id", "not_found"));
    assert_eq!(stage.viewer().await.get("/my/wallet").await.problem(), (401, "sign_in_first".into()));
}
