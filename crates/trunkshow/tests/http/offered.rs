//! What the till keeps of the catalogue between baskets follows every change to it at once.

use kernel::Millis;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::house::{Browser, TestHouse};
use crate::till::put;

async fn basket(viewer: &Browser) -> Value {
    viewer.get("/basket?currency=USD&country=US").await.expect(StatusCode::OK)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_price_seller_rate_or_status_is_in_the_next_basket() {
    let house = TestHouse::start().await;
    let wares = house.belt(3).await;
    let (owner, viewer) = (house.owner().await, house.viewer().await);
    let first = put(&viewer, &wares, 1).await;
    assert_eq!(basket(&viewer).await, first, "seen twice, it is the same");

    let prices = format!("/variants/{}/prices", wares.variant);
    owner.put(&prices, &json!([{"amount_minor": 22_000, "currency": "USD"}])).await.expect(StatusCode::OK);
    // The clock stands still until it is turned, and a price holds from the moment after the one it was set in.
    house.clock.pass(Millis(1));
    let line = basket(&viewer).await["lines"][0].clone();
    assert_eq!((&line["unit"]["amount_minor"], &line["needs_acceptance"]), (&json!(22_000), &json!(true)));

    let mut seller = owner.get("/sellers").await.expect(StatusCode::OK)[0].clone();
    let path = format!("/sellers/{}", seller["id"].as_str().expect("an id"));
    seller["legal_name"] = json!("Maison & Daughters Inc.");
    seller.as_object_mut().expect("an object").remove("id");
    owner.put(&path, &seller).await.expect(StatusCode::OK);
    assert_eq!(basket(&viewer).await["seller"]["legal_name"], "Maison & Daughters Inc.");

    let mut rates = owner.get("/shipping-rates").await.expect(StatusCode::OK);
    rates[0]["price"] = json!([{"amount_minor": 700, "currency": "USD"}]);
    owner.put("/shipping-rates", &rates).await.expect(StatusCode::OK);
    assert_eq!(basket(&viewer).await["shipping"]["amount_minor"], 700);

    let status = format!("/products/{}/status", wares.product);
    owner.put(&status, &json!({"status": "archived"})).await.expect(StatusCode::OK);
    assert_eq!(basket(&viewer).await["lines"][0]["problem"], "stopped");
}
