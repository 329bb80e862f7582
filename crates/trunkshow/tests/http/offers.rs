//! Offers over HTTP: made in the office, typed at the checkout, explained on the order, and used up once.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::floor::{Floor, text};
use crate::house::{Answer, Browser, TestHouse};
use crate::till::{check_out, checkout_body, put};
use crate::wares::Wares;

/// Ten percent off by the code, in two orders, one for each buyer.
fn ten() -> Value {
    json!({"name": {"en": "Silk week", "zh": "丝绸周"}, "code": "silk 10", "from": "2020-01-01T00:00:00Z",
        "gives": {"kind": "percent", "basis_points": 1_000}, "uses": 2, "per_buyer": 1, "combinable": true})
}

async fn basket(browser: &Browser, codes: &str) -> Value {
    browser.get(&format!("/basket?currency=USD&country=US&codes={codes}")).await.expect(StatusCode::OK)
}

async fn buy(browser: &Browser, wares: &Wares, key: &str, phone: &str, total: i64) -> Answer {
    let seen = put(browser, wares, 1).await;
    let mut body = checkout_body(wares, seen["version"].as_i64().expect("a version"));
    body["codes"] = json!(["SILK10"]);
    body["contact"]["phone"] = json!(phone);
    body["expected_total"]["amount_minor"] = json!(total);
    body["sandbox_outcome"] = json!("approve");
    check_out(browser, key, &body).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_takes_off_what_it_says_until_it_is_used_up() {
    const LESS: i64 = 17_820 + 1_200;
    let house = TestHouse::start().await;
    let wares = house.belt(9).await;
    let office = house.owner().await;
    let made = office.post("/office/offers", &ten()).await.expect(StatusCode::CREATED);
    assert_eq!((text(&made, "code"), &made["used"], &made["version"]), ("SILK10", &json!(0), &json!(1)));
    let twice = office.post("/office/offers", &ten()).await;
    assert_eq!((twice.problem(), twice.fault().0), ((422, "invalid".into()), "code"));
    let stranger = house.viewer().await;
    assert_eq!(stranger.get("/office/offers").await.problem(), (401, "sign_in_first".into()));

    let [ann, bea, cem] = [house.viewer().await, house.viewer().await, house.viewer().await];
    for browser in [&ann, &bea, &cem] {
        put(browser, &wares, 1).await;
    }
    let seen = basket(&ann, "silk10,nothing").await;
    assert_eq!(
        (&seen["total"]["amount_minor"], &seen["offers"][0]["off"]["amount_minor"]),
        (&json!(LESS), &json!(1_980))
    );
    assert_eq!(seen["lines"][0]["reductions"][0]["name"], "Silk week");
    assert_eq!(
        (text(&seen["refused_codes"][0], "code"), text(&seen["refused_codes"][0], "why")),
        ("NOTHING", "unknown")
    );
    assert_eq!(basket(&ann, "").await["total"]["amount_minor"], 19_800 + 1_200);

    let first = buy(&ann, &wares, "a", "+1 212 555 0001", LESS).await.expect(StatusCode::CREATED);
    let order = ann.get(&format!("/orders/{}", text(&first, "order_id"))).await.expect(StatusCode::OK);
    let line = &order["lines"][0];
    assert_eq!((&line["unit"]["amount_minor"], &line["total"]["amount_minor"]), (&json!(19_800), &json!(17_820)));
    assert_eq!(
        (&order["totals"]["offers"][0]["code"], &order["totals"]["total"]["amount_minor"]),
        (&json!("SILK10"), &json!(LESS))
    );

    // Once for each buyer, by whatever name; then it is gone, and given back it counts again.
    assert_eq!(basket(&ann, "SILK10").await["refused_codes"], json!([]), "an empty basket refuses nothing");
    put(&ann, &wares, 1).await;
    assert_eq!(text(&basket(&ann, "SILK10").await["refused_codes"][0], "why"), "your_limit");
    let same = buy(&bea, &wares, "b", "001 212 555 0001", LESS).await;
    assert_eq!(same.problem(), (409, "offer_used_up".into()));
    let second = buy(&bea, &wares, "b2", "+1 212 555 0002", LESS).await.expect(StatusCode::CREATED);
    house.clock.pass(kernel::Millis::from_secs(2));
    assert_eq!(text(&basket(&cem, "SILK10").await["refused_codes"][0], "why"), "used_up");
    let cancel = format!("/orders/{}/cancel", text(&second, "order_id"));
    let cancel = office.request(Method::POST, &cancel).header("idempotency-key", "back");
    office.send(cancel.json(&json!({"reason": "buyer_asked"}))).await.expect(StatusCode::OK);
    house.clock.pass(kernel::Millis::from_secs(2));
    buy(&cem, &wares, "c", "+1 212 555 0003", LESS).await.expect(StatusCode::CREATED);

    let path = format!("/office/offers/{}", text(&made, "id"));
    let mut more = ten();
    (more["version"], more["uses"]) = (json!(9), json!(null));
    assert_eq!(office.put(&path, &more).await.problem(), (409, "changed_meanwhile".into()));
    more["version"] = json!(1);
    assert_eq!(office.put(&path, &more).await.expect(StatusCode::OK)["used"], 2);
    let stopped = office.post(&format!("{path}/stop"), &json!({})).await.expect(StatusCode::OK);
    assert_eq!((&stopped["stopped"], &stopped["version"]), (&json!(true), &json!(3)));
    put(&cem, &wares, 1).await;
    assert_eq!(text(&basket(&cem, "SILK10").await["refused_codes"][0], "why"), "over");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_live_price_holds_for_what_is_bought_from_the_show() {
    let floor = Floor::live().await;
    let media = floor.picture().await;
    let piece = json!({"title": "Silk scarf", "media_id": media, "quantity": 9,
        "prices": [{"amount_minor": 19_800, "currency": "USD"}]});
    floor.post("list-on-air", &piece).await.expect(StatusCode::CREATED);
    floor.house.clock.pass(kernel::Millis(1));
    let offer = json!({"name": {"en": "Tonight"}, "from": "2020-01-01T00:00:00Z", "show_id": floor.show,
        "gives": {"kind": "price", "amounts": [{"amount_minor": 15_000, "currency": "USD"}]}});
    floor.shop.office.post("/office/offers", &offer).await.expect(StatusCode::CREATED);
    let viewer = floor.house.viewer().await;
    let item = floor.tray(&viewer).await[0].clone();
    let seen = floor.put(&viewer, &item).await.expect(StatusCode::OK);
    assert_eq!((&seen["subtotal"]["amount_minor"], &seen["offers"][0]["name"]), (&json!(15_000), &json!("Tonight")));
    let path = format!("/basket/lines/{}?currency=USD&country=US", text(&item["variants"][0], "id"));
    let other = floor.house.viewer().await;
    let elsewhere = other.put(&path, &json!({"quantity": 1})).await.expect(StatusCode::OK);
    assert_eq!(elsewhere["subtotal"]["amount_minor"], 19_800, "bought past the show it has its list price");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bundle_costs_less_together_and_a_gift_comes_on_top_while_there_is_one() {
    let floor = Floor::live().await;
    let media = floor.picture().await;
    let mut listed = Vec::new();
    for (title, quantity) in [("Silk scarf", 2), ("Woven belt", 2), ("Felt pouch", 1)] {
        let piece = json!({"title": title, "media_id": media, "quantity": quantity,
            "prices": [{"amount_minor": 19_800, "currency": "USD"}]});
        floor.post("list-on-air", &piece).await.expect(StatusCode::CREATED);
    }
    floor.house.clock.pass(kernel::Millis(1));
    let viewer = floor.house.viewer().await;
    for item in floor.tray(&viewer).await.as_array().expect("a tray") {
        listed.push((
            text(&item["product"], "id").to_owned(),
            text(&item["variants"][0], "id").to_owned(),
            item.clone(),
        ));
    }
    let usd = |minor: i64| json!([{"amount_minor": minor, "currency": "USD"}]);
    let bundle = json!({"name": {"en": "Both"}, "from": "2020-01-01T00:00:00Z", "combinable": true,
        "gives": {"kind": "bundle", "products": [listed[0].0, listed[1].0], "amounts": usd(30_000)}});
    let gift = json!({"name": {"en": "On us"}, "from": "2020-01-01T00:00:00Z", "combinable": true, "minimum": usd(20_000),
        "gives": {"kind": "gift", "variant_id": listed[2].1, "quantity": 1}});
    for offer in [bundle, gift] {
        floor.shop.office.post("/office/offers", &offer).await.expect(StatusCode::CREATED);
    }
    floor.house.clock.pass(kernel::Millis::from_secs(2));

    let alone = floor.put(&viewer, &listed[0].2).await.expect(StatusCode::OK);
    assert_eq!((&alone["subtotal"]["amount_minor"], &alone["offers"]), (&json!(19_800), &json!([])));
    let both = floor.put(&viewer, &listed[1].2).await.expect(StatusCode::OK);
    assert_eq!(both["subtotal"]["amount_minor"], 30_000, "{both}");
    let gifts = |basket: &Value| -> Vec<Value> {
        let lines = basket["lines"].as_array().cloned().unwrap_or_default();
        lines.into_iter().filter(|line| line["gift"] == true).map(|line| line["variant_id"].clone()).collect()
    };
    assert_eq!(gifts(&both), [json!(listed[2].1)]);
    let placed = floor.check_out(&viewer, "both").await.expect(StatusCode::CREATED);
    let order = viewer.get(&format!("/orders/{}", text(&placed, "order_id"))).await.expect(StatusCode::OK);
    let lines = order["lines"].as_array().expect("lines");
    let paid: i64 = lines.iter().filter_map(|line| line["total"]["amount_minor"].as_i64()).sum();
    assert_eq!((lines.len(), paid, &order["totals"]["subtotal"]["amount_minor"]), (3, 30_000, &json!(30_000)));
    let named: Vec<&str> = lines.iter().map(|line| text(&line["reductions"][0], "name")).collect();
    assert_eq!(named, ["Both", "Both", "On us"], "each line says what took off");

    // The pouch is given away; the bundle is there as long as both are.
    let late = floor.house.viewer().await;
    floor.put(&late, &listed[0].2).await.expect(StatusCode::OK);
    let without = floor.put(&late, &listed[1].2).await.expect(StatusCode::OK);
    assert_eq!((&without["subtotal"]["amount_minor"], gifts(&without)), (&json!(30_000), vec![]));
    floor.check_out(&late, "late").await.expect(StatusCode::CREATED);
}
