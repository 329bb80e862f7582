//! A tab is paid once, in one order with one shipping charge.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Stage, claim};
use crate::floor::text;
use crate::house::{Answer, Browser};

async fn pay(browser: &Browser, claims: &Value, quote: &Value, key: &str) -> Answer {
    pay_as(browser, claims, quote, key, "+1 212 555 0123").await
}

async fn pay_as(browser: &Browser, claims: &Value, quote: &Value, key: &str, phone: &str) -> Answer {
    let body = json!({"claims": claims, "currency": "USD", "country": "US", "language": "en",
        "contact": {"name": "Ann Buyer", "phone": phone}, "shipping_id": quote["shipping_id"],
        "address": {"lines": ["1 Long Street"], "city": "New York", "region": "NY", "postal_code": "10013", "country": "US"},
        "expected_total": quote["total"], "payment_method": "sandbox", "sandbox_outcome": "approve"});
    browser.send(browser.request(Method::POST, "/checkouts").header("idempotency-key", key).json(&body)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn claims_of_a_show_are_paid_together() {
    let stage = Stage::with(9).await;
    let ann = stage.viewer().await;
    let (first, second) = (stage.open(&stage.draft(3)).await, stage.open(&stage.draft(1)).await);
    for drop in [&first, &second] {
        claim(&ann, drop, "k", false).await.expect(StatusCode::CREATED);
    }
    let tab = stage.tab(&ann).await;
    assert_eq!((&tab["subtotal"]["amount_minor"], &tab["currency"]), (&json!(19_800), &json!("USD")));
    let claims: Value = tab["claims"].as_array().expect("claims").iter().map(|claim| claim["id"].clone()).collect();
    let path = format!("/shows/{}/tab/quote", stage.floor.show);
    let quote = ann.post(&path, &json!({"currency": "USD", "country": "US"})).await.expect(StatusCode::OK);
    assert_eq!((&quote["subtotal"]["amount_minor"], &quote["total"]["amount_minor"]), (&json!(19_800), &json!(21_000)));
    let line = &quote["lines"][0];
    assert_eq!((&line["claim_id"], line["held_until"].is_string()), (&claims[0], true));

    let stranger = stage.viewer().await;
    assert_eq!(pay(&stranger, &claims, &quote, "k").await.problem(), (409, "claim_over".into()));
    let paid = pay(&ann, &claims, &quote, "k").await.expect(StatusCode::CREATED);
    assert_eq!(text(&paid, "state"), "paid");
    assert_eq!(pay(&ann, &claims, &quote, "k").await.expect(StatusCode::CREATED)["order_id"], paid["order_id"]);
    let twice = pay(&ann, &claims, &quote, "other").await;
    assert_eq!((twice.problem(), twice.body["claims"].as_array().map(Vec::len)), ((409, "claim_over".into()), Some(2)));

    let order = ann.get(&format!("/orders/{}", text(&paid, "order_id"))).await.expect(StatusCode::OK);
    assert_eq!(order["lines"].as_array().map(Vec::len), Some(2));
    assert_eq!(order["totals"]["shipping"]["amount_minor"], 1_200);
    let tab = stage.tab(&ann).await;
    assert_eq!((&tab["claims"], &tab["subtotal"]), (&json!([]), &Value::Null));
    assert_eq!(stage.free().await, 5, "two are sold, two lie in the first drop's pot");
    let none = pay(&ann, &json!([]), &quote, "none").await;
    assert_eq!((none.problem(), none.fault().0), ((422, "invalid".into()), "claims"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_counts_people_and_not_browsers() {
    let stage = Stage::with(3).await;
    let drop = stage.open(&stage.draft(3)).await;
    let path = format!("/shows/{}/tab/quote", stage.floor.show);
    let mut answers = Vec::new();
    for phone in ["+1 212 555 0123", "001 (212) 555-0123", "+1 212 555 0199"] {
        let browser = stage.viewer().await;
        claim(&browser, &drop, "k", false).await.expect(StatusCode::CREATED);
        let quote = browser.post(&path, &json!({"currency": "USD", "country": "US"})).await.expect(StatusCode::OK);
        let claims: Value = json!([quote["lines"][0]["claim_id"]]);
        answers.push((pay_as(&browser, &claims, &quote, "k", phone).await, claims));
    }
    assert_eq!([0, 2].map(|at| answers[at].0.status), [StatusCode::CREATED; 2]);
    let (refused, claims) = &answers[1];
    assert_eq!(refused.problem(), (409, "claim_limit".into()));
    assert_eq!((&refused.body["limit"], &refused.body["claims"]), (&json!(1), claims));
}
