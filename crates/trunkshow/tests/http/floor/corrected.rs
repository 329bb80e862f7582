//! What was wrong on air is put right for everybody at once.

use kernel::Millis;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{Floor, text};

#[tokio::test]
async fn a_stopped_sale_is_refused_to_everybody_and_resumes() {
    let floor = Floor::live().await;
    let listed = floor.list("Silk scarf").await;
    let (holder, other) = (floor.house.viewer().await, floor.house.viewer().await);
    let (mut watching, mut staff) = (floor.join(&other).await, floor.join(&floor.shop.office).await);
    watching.frame("hello").await;
    staff.frame("hello").await;
    floor.put(&holder, &listed).await.expect(StatusCode::OK);

    let stopped = floor.post("items/1/stop-sale", &json!({})).await;
    assert_eq!(stopped.status, StatusCode::NO_CONTENT);
    let refused = floor.check_out(&holder, "k").await;
    assert_eq!(refused.problem(), (409, "sale_stopped".into()));
    assert_eq!(refused.body["lines"], json!([listed["variants"][0]["id"]]));
    let basket = floor.put(&other, &listed).await.expect(StatusCode::OK);
    assert_eq!(basket["lines"][0]["problem"], "stopped");
    assert_eq!(floor.check_out(&other, "k").await.problem(), (409, "sale_stopped".into()));
    assert_eq!(floor.tray(&other).await[0]["sale"], "stopped");

    let seen = watching.event("sale_stopped").await;
    assert_eq!((&seen["number"], &seen["by"]), (&json!(1), &Value::Null));
    let named = staff.event("sale_stopped").await;
    assert_eq!((&named["o"], &named["by"]["name"]), (&seen["o"], &json!("Olive Owner")));

    floor.post("items/1/resume-sale", &json!({})).await;
    watching.event("sale_resumed").await;
    floor.check_out(&holder, "k2").await.expect(StatusCode::CREATED);
    assert_eq!(floor.post("items/9/stop-sale", &json!({})).await.problem(), (404, "not_found".into()));
}

#[tokio::test]
async fn a_new_price_has_to_be_accepted_by_open_baskets() {
    let floor = Floor::live().await;
    let listed = floor.list("Silk scarf").await;
    let viewer = floor.house.viewer().await;
    let mut watching = floor.join(&viewer).await;
    watching.frame("hello").await;
    floor.put(&viewer, &listed).await.expect(StatusCode::OK);

    let dollars = |minor: i64| json!({"prices": [{"amount_minor": minor, "currency": "USD"}]});
    floor.house.clock.pass(Millis(1));
    let repriced = floor.post("items/1/reprice", &dollars(25_000)).await;
    assert_eq!(repriced.status, StatusCode::NO_CONTENT, "{}", repriced.body);
    floor.house.clock.pass(Millis(1));
    assert_eq!(watching.event("price_changed").await["number"], 1);
    assert_eq!(floor.check_out(&viewer, "k").await.problem(), (409, "price_changed".into()));
    let basket = viewer.get("/basket?currency=USD&country=US").await.expect(StatusCode::OK);
    assert_eq!(basket["lines"][0]["needs_acceptance"], true);
    let item = floor.tray(&viewer).await[0].clone();
    assert_eq!((&item["live_price"], &item["product"]["price"]["amount_minor"]), (&json!(true), &json!(25_000)));

    let accepted = json!({"version": basket["version"]});
    viewer.post("/basket/accept-prices?currency=USD&country=US", &accepted).await.expect(StatusCode::OK);
    floor.check_out(&viewer, "k2").await.expect(StatusCode::CREATED);
    assert_eq!(floor.post("items/1/reprice", &dollars(-1)).await.problem(), (422, "invalid".into()));
    assert_eq!(floor.post("items/1/reprice", &json!({"prices": []})).await.problem(), (422, "invalid".into()));
    assert_eq!(floor.post("items/2/reprice", &dollars(1)).await.problem(), (404, "not_found".into()));
}

#[tokio::test]
async fn a_piece_sold_over_the_counter_is_taken_from_whoever_has_not_paid() {
    let floor = Floor::live().await;
    let listed = floor.list("Silk scarf").await;
    let viewer = floor.house.viewer().await;
    floor.put(&viewer, &listed).await.expect(StatusCode::OK);
    let placed = floor.claim(&viewer, "k").await.expect(StatusCode::CREATED);
    assert_eq!(text(&placed, "state"), "awaiting_payment");

    let variant = json!({"variant_id": listed["variants"][0]["id"]});
    let sold = floor.post("items/1/sold-in-shop", &variant).await.expect(StatusCode::OK);
    assert_eq!(sold["lost"], 1);
    let order = viewer.get(&format!("/orders/{}", text(&placed, "order_id"))).await.expect(StatusCode::OK);
    assert_eq!((text(&order, "state"), text(&order, "cancelled_because")), ("cancelled", "sold_in_shop"));
    assert_eq!(floor.tray(&viewer).await[0]["sale"], "sold_out");

    assert_eq!(floor.post("items/1/sold-in-shop", &variant).await.problem(), (409, "all_paid_for".into()));
    let foreign = json!({"variant_id": floor.list("Brooch").await["variants"][0]["id"]});
    assert_eq!(floor.post("items/1/sold-in-shop", &foreign).await.problem(), (422, "invalid".into()));
    let path = format!("/shows/{}/items/1/sold-in-shop", floor.show);
    assert_eq!(viewer.post(&path, &variant).await.problem(), (401, "sign_in_first".into()));
}

#[tokio::test]
async fn a_piece_sold_over_the_counter_is_missing_in_the_room_too() {
    let floor = Floor::live().await;
    let price = json!({"amount_minor": 19_800, "currency": "USD"});
    let piece = json!({"title": "Silk scarf", "media_id": floor.picture().await, "prices": [price], "quantity": 6});
    let listed = floor.post("list-on-air", &piece).await.expect(StatusCode::CREATED);
    assert_eq!((&listed["variants"][0]["free"], &listed["product"]["one_of_a_kind"]), (&json!("in"), &json!(false)));
    let mut watching = floor.join(&floor.house.viewer().await).await;
    watching.frame("hello").await;
    let variant = json!({"variant_id": listed["variants"][0]["id"]});
    let sold = floor.post("items/1/sold-in-shop", &variant).await.expect(StatusCode::OK);
    assert_eq!(sold["lost"], 0);
    let stock = watching.event("stock").await;
    assert_eq!((&stock["number"], &stock["free"], &stock["low_count"]), (&json!(1), &json!("low"), &json!(5)));
}
