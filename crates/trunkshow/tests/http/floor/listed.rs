//! A piece that goes on sale from a phone.

use kernel::Millis;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{Floor, text};

#[tokio::test]
async fn a_piece_listed_on_air_is_bought_at_once() {
    let floor = Floor::live().await;
    let listed = floor.list("Silk scarf").await;
    assert_eq!((&listed["number"], &listed["sale"]), (&json!(1), &json!("open")));
    assert_eq!((&listed["product"]["one_of_a_kind"], &listed["variants"][0]["low_count"]), (&json!(true), &json!(1)));
    assert_eq!(floor.list("Gold brooch").await["number"], 2);

    let viewer = floor.house.viewer().await;
    assert_eq!(floor.tray(&viewer).await[0], listed);
    let basket = floor.put(&viewer, &listed).await.expect(StatusCode::OK);
    assert_eq!(basket["lines"][0]["product"]["price"], listed["product"]["price"]);
    assert_eq!(basket["lines"][0]["product"]["picture"]["width"], 1);
    let bought = floor.check_out(&viewer, "k").await.expect(StatusCode::CREATED);
    assert_eq!(text(&bought, "state"), "paid");
    assert_eq!(floor.tray(&viewer).await[0]["sale"], "sold_out");
}

#[tokio::test]
async fn a_piece_listed_in_several_currencies_is_bought_in_each_of_them() {
    let floor = Floor::live().await;
    let prices = json!([{"amount_minor": 19_800, "currency": "USD"}, {"amount_minor": 18_000, "currency": "EUR"}]);
    let piece = json!({"title": "Scarf", "media_id": floor.picture().await, "prices": prices, "quantity": 3});
    let listed = floor.post("list-on-air", &piece).await.expect(StatusCode::CREATED);
    let viewer = floor.house.viewer().await;
    for (currency, amount) in [("USD", json!(19_800)), ("EUR", json!(18_000)), ("JPY", Value::Null)] {
        let show = viewer.get(&format!("/shows/{}?currency={currency}", floor.show)).await.expect(StatusCode::OK);
        assert_eq!(show["tray"][0]["product"]["price"]["amount_minor"], amount, "{currency}");
        let path = format!("/basket/lines/{}?currency={currency}&country=US", text(&listed["variants"][0], "id"));
        let line = json!({"quantity": 1, "show_id": floor.show, "show_number": 1});
        let basket = viewer.put(&path, &line).await.expect(StatusCode::OK);
        assert_eq!(basket["lines"][0]["unit"]["amount_minor"], amount, "{basket}");
    }
}

#[tokio::test]
async fn a_piece_listed_in_rehearsal_is_for_staff_alone() {
    let floor = Floor::planned().await;
    floor.step("rehearse").await;
    let listed = floor.list("Silk scarf").await;
    let (viewer, office) = (floor.house.viewer().await, &floor.shop.office);
    assert_eq!(floor.tray(&viewer).await, json!([]));
    assert_eq!(floor.tray(office).await[0]["number"], listed["number"]);
    assert_eq!(floor.put(&viewer, &listed).await.problem(), (404, "not_found".into()));
    let behind = format!("/shows/{}?stage=rehearsal", floor.show);
    assert_eq!(viewer.get(&behind).await.problem(), (401, "sign_in_first".into()));
    let seen = office.get(&behind).await.expect(StatusCode::OK);
    assert_eq!(text(&seen["playback"], "hls"), format!("/air/{}/master.m3u8", text(&seen, "programme_id")));
    let public = office.get(&format!("/shows/{}", floor.show)).await.expect(StatusCode::OK);
    assert_eq!((&public["playback"], &public["programme_id"]), (&json!(null), &json!(null)));
    let found = viewer.get("/products?query=scarf").await.expect(StatusCode::OK);
    assert_eq!(found["items"], json!([]));

    floor.step("go-live").await;
    let public = format!("/products/{}/status", text(&listed["product"], "id"));
    office.put(&public, &json!({"status": "active"})).await.expect(StatusCode::OK);
    assert_eq!(floor.tray(&viewer).await[0]["number"], listed["number"]);
}

#[tokio::test]
async fn what_cannot_be_listed_is_refused_by_field() {
    let floor = Floor::live().await;
    let media = floor.picture().await;
    let check = async |field: &str, value: Value, expected: (&str, &str)| {
        let mut piece =
            json!({"title": "Scarf", "media_id": media, "prices": [{"amount_minor": 1, "currency": "USD"}]});
        piece[field] = value;
        let answer = floor.post("list-on-air", &piece).await;
        assert_eq!(answer.problem(), (422, "invalid".into()), "{field}");
        let found = &answer.body["fields"][0];
        assert_eq!((text(found, "field"), text(found, "code")), expected, "{}", answer.body);
    };
    check("title", json!("  "), ("title", "required")).await;
    check("quantity", json!(0), ("quantity", "not_positive")).await;
    check("media_id", json!("x"), ("media_id", "not_found")).await;
    check("media_id", json!(floor.show), ("media_ids.0", "not_found")).await;
    let dollars = |amount: Value| json!({"amount_minor": amount, "currency": "USD"});
    check("prices", json!([]), ("prices", "required")).await;
    check("prices", json!([dollars(json!(0))]), ("prices.0.amount_minor", "not_positive")).await;
    check("prices", json!([dollars(json!(0.5))]), ("prices.0.amount_minor", "amount_too_fine")).await;
    let twice = json!([dollars(json!(1)), dollars(json!(2))]);
    check("prices", twice, ("prices.1.currency", "duplicate")).await;
    let foreign = json!([dollars(json!(1)), {"amount_minor": 1, "currency": "SEK"}]);
    check("prices", foreign, ("prices.1.currency", "unknown_currency")).await;
    let viewer = floor.house.viewer().await;
    let piece = json!({"title": "Scarf", "media_id": media, "prices": [{"amount_minor": 1, "currency": "USD"}]});
    let path = format!("/shows/{}/list-on-air", floor.show);
    assert_eq!(viewer.post(&path, &piece).await.problem(), (401, "sign_in_first".into()));
    floor.step("end").await;
    assert_eq!(floor.post("list-on-air", &piece).await.problem(), (409, "show_has_ended".into()));
}

#[tokio::test]
async fn a_listed_piece_is_sold_by_who_sold_the_brands_newest_product() {
    let floor = Floor::live().await;
    let (shop, viewer) = (&floor.shop, floor.house.viewer().await);
    let by = async |title: &str| {
        let listed = floor.list(title).await;
        let path = format!("/products/{}?currency=USD", text(&listed["product"], "id"));
        let product = viewer.get(&path).await.expect(StatusCode::OK);
        product["seller"]["legal_name"].clone()
    };
    let seller = json!({"brand_id": shop.brand, "legal_name": "Claire Joaillerie SAS", "address": ["1 rue Claire"],
        "country": "FR", "email": "bijoux@cler.example", "tax_numbers": []});
    let seller = shop.office.post("/sellers", &seller).await.expect(StatusCode::CREATED);
    let mut belt = shop.belt();
    shop.add(&belt).await;
    assert_eq!(by("Silk scarf").await, "Maison Claire SARL");
    belt["variants"][0]["sku"] = json!("C-80");
    belt["variants"][1]["sku"] = json!("C-85");
    belt["seller_id"] = seller["id"].clone();
    floor.house.clock.pass(Millis::from_mins(1));
    shop.add(&belt).await;
    assert_eq!(by("Gold brooch").await, "Claire Joaillerie SAS");
}
