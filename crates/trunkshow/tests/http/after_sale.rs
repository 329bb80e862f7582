//! What happens to an order after the sale: a piece is missing, some are paid back, some come back and are exchanged.

use kernel::Millis;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::house::{Answer, Browser, TestHouse};
use crate::outbox::messages;
use crate::till::{check_out, checkout_body, put, text};
use crate::wares::Wares;

/// Buys so many belts and pays at once; who bought them, and the order as the office sees it.
async fn bought(house: &TestHouse, owner: &Browser, wares: &Wares, quantity: u32) -> (Browser, Value) {
    let buyer = house.viewer().await;
    let basket = put(&buyer, wares, quantity).await;
    let mut body = checkout_body(wares, basket["version"].as_i64().expect("a version"));
    body["expected_total"] = basket["total"].clone();
    body["contact"] = json!({"name": "Ann Buyer", "email": "ann@example.com"});
    body["sandbox_outcome"] = json!("approve");
    let placed = check_out(&buyer, &format!("{quantity}"), &body).await.expect(StatusCode::CREATED);
    let order = owner.get(&format!("/office/orders/{}", text(&placed, "order_id"))).await.expect(StatusCode::OK);
    (buyer, order)
}

fn path(order: &Value, rest: &str) -> String {
    format!("/orders/{}/{rest}", text(order, "id"))
}

fn pieces(order: &Value, quantity: u32) -> Value {
    json!([{"line_id": order["lines"][0]["id"], "quantity": quantity}])
}

async fn receive(owner: &Browser, order: &Value, at: usize) -> Answer {
    let id = text(&order["returns"][at], "id");
    owner.post(&path(order, &format!("returns/{id}/receive")), &json!({"version": order["version"]})).await
}

async fn accept(owner: &Browser, order: &Value, at: usize, mut how: Value) -> Answer {
    how["version"] = order["version"].clone();
    owner.post(&path(order, &format!("returns/{}/accept", text(&order["returns"][at], "id"))), &how).await
}

async fn sent(owner: &Browser, order: &Value) -> Value {
    let parcel = json!({"carrier": "UPS", "tracking_number": "1Z999"});
    owner.post(&path(order, "parcels"), &parcel).await.expect(StatusCode::CREATED)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_piece_is_packed_from_elsewhere_or_paid_back() {
    let house = TestHouse::start().await;
    let (owner, wares) = (house.owner().await, house.belt(3).await);
    let (buyer, order) = bought(&house, &owner, &wares, 2).await;
    let elsewhere = json!({"version": 0, "pieces": pieces(&order, 1)[0]});
    let order = owner.post(&path(&order, "take-elsewhere"), &elsewhere).await.expect(StatusCode::OK);
    assert_eq!((house.free(&wares).await, &order["version"]), (0, &json!(1)), "the third one is packed");
    let stale = owner.post(&path(&order, "take-elsewhere"), &elsewhere).await;
    assert_eq!(stale.problem(), (409, "changed_meanwhile".into()), "pressed twice is done once");
    let none = json!({"version": 1, "pieces": pieces(&order, 1)[0]});
    assert_eq!(owner.post(&path(&order, "take-elsewhere"), &none).await.problem(), (409, "sold_out".into()));

    let refund = json!({"version": 1, "pieces": pieces(&order, 1), "reason": "missing"});
    assert_eq!(buyer.post(&path(&order, "refunds"), &refund).await.problem(), (401, "sign_in_first".into()));
    let preview = owner.post(&path(&order, "refunds/preview"), &json!({"pieces": pieces(&order, 1)})).await;
    let preview = preview.expect(StatusCode::OK);
    assert_eq!((&preview["total"]["amount_minor"], &preview["sending"]["amount_minor"]), (&json!(19_800), &json!(0)));
    // The folder goes by time; the letters must not be of the same moment.
    house.clock.pass(Millis::from_secs(1));
    let order = owner.post(&path(&order, "refunds"), &refund).await.expect(StatusCode::CREATED);
    assert_eq!((text(&order, "state"), text(&order, "payment_state")), ("paid", "captured"));
    assert_eq!((&order["lines"][0]["left"], &order["refunds"][0]["amount"]), (&json!(1), &preview["total"]));
    assert_eq!(order["paid_back"][0]["sum"], preview);
    let mail = &messages(&owner, 2).await[0];
    assert!(text(mail, "subject").starts_with("Money back for order"), "{mail}");
    assert!(text(mail, "text").contains("1 × Belt: 198.00 USD\nComes back: 198.00 USD"), "{mail}");

    // The last one is missing too: nothing is left to send, and sending goes back with it.
    let refund = json!({"version": 2, "pieces": pieces(&order, 1), "reason": "missing"});
    let order = owner.post(&path(&order, "refunds"), &refund).await.expect(StatusCode::CREATED);
    assert_eq!((text(&order, "state"), text(&order, "payment_state")), ("cancelled", "refunded"));
    assert_eq!(order["refunds"][1]["amount"]["amount_minor"], 19_800 + 1_200);
    assert_eq!(house.free(&wares).await, 0, "what is missing is not sold again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pieces_come_back_for_the_money_and_for_others() {
    let house = TestHouse::start().await;
    let (owner, wares) = (house.owner().await, house.belt(5).await);
    let (buyer, order) = bought(&house, &owner, &wares, 3).await;
    let ask = |version: u64, reason: &str| json!({"version": version, "pieces": pieces(&order, 1), "reason": reason});
    let early = buyer.post(&path(&order, "returns"), &ask(0, "does_not_fit")).await;
    assert_eq!(early.problem(), (409, "pieces_not_there".into()), "nothing was sent yet");
    let order = sent(&owner, &order).await;
    assert_eq!(order["lines"][0]["returnable"], 3);
    let stranger = house.viewer().await;
    let foreign = stranger.post(&path(&order, "returns"), &ask(0, "does_not_fit")).await;
    assert_eq!(foreign.problem(), (404, "not_found".into()));
    let nonsense = buyer.post(&path(&order, "returns"), &ask(0, "bored")).await;
    assert_eq!(nonsense.fault(), ("reason", "not_a_choice"));

    house.clock.pass(Millis::from_secs(1));
    let asked = buyer.post(&path(&order, "returns"), &ask(0, "does_not_fit")).await.expect(StatusCode::CREATED);
    assert_eq!(text(&asked["returns"][0], "step"), "requested");
    let mail = &messages(&owner, 3).await[0];
    assert!(text(mail, "text").contains("Send them to: Maison Inc., 1 Spring Street"), "{mail}");
    let mut exchange = ask(1, "damaged");
    exchange["exchange_for"] = json!(wares.variant.to_string());
    let order = buyer.post(&path(&order, "returns"), &exchange).await.expect(StatusCode::CREATED);
    let list = owner.get("/office/returns?step=requested").await.expect(StatusCode::OK);
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2));
    assert_eq!((&list["items"][1]["buyer"], &list["items"][1]["titles"]), (&json!("Ann Buyer"), &json!(["1 × Belt"])));

    // Received and accepted are two steps.
    let refused = accept(&owner, &order, 0, json!({"restock": true})).await;
    assert_eq!(refused.problem(), (409, "return_not_at_that_step".into()));
    let order = receive(&owner, &order, 0).await.expect(StatusCode::OK);
    let order = receive(&owner, &order, 1).await.expect(StatusCode::OK);
    let too_much = accept(&owner, &order, 0, json!({"restock": true, "less_minor": 19_801})).await;
    assert_eq!(too_much.fault(), ("less_minor", "out_of_range"));
    let order = accept(&owner, &order, 0, json!({"restock": true, "less_minor": 800})).await.expect(StatusCode::OK);
    assert_eq!((text(&order["returns"][0], "step"), house.free(&wares).await), ("refunded", 3));
    assert_eq!(order["refunds"][0]["amount"]["amount_minor"], 19_000);
    let how = json!({"restock": false, "replace_with": wares.variant.to_string()});
    let order = accept(&owner, &order, 1, how).await.expect(StatusCode::OK);
    assert_eq!((text(&order, "state"), house.free(&wares).await), ("partly_sent", 2));
    assert_eq!(
        (&order["lines"][1]["replaces"], &order["lines"][1]["total"]["amount_minor"]),
        (&order["lines"][0]["id"], &json!(0))
    );
    let order = sent(&owner, &order).await;
    assert_eq!((text(&order, "state"), &order["lines"][1]["returnable"]), ("sent", &json!(1)));

    // A goodwill on top is asked twice and given once; never more than was paid.
    let goodwill = async |minor: i64| {
        let request = owner.request(Method::POST, &path(&order, "refunds/amount")).header("idempotency-key", "g");
        owner.send(request.json(&json!({"amount_minor": minor, "reason": "goodwill"}))).await
    };
    let twice = [goodwill(500).await.expect(StatusCode::CREATED), goodwill(500).await.expect(StatusCode::CREATED)];
    assert_eq!((&twice[0]["refunds"][1]["amount"]["amount_minor"], &twice[1]), (&json!(500), &twice[0]));
    let request = owner.request(Method::POST, &path(&order, "refunds/amount")).header("idempotency-key", "h");
    let most = owner.send(request.json(&json!({"amount_minor": 41_101, "reason": "goodwill"}))).await;
    assert_eq!((most.fault(), &most.body["left_minor"]), (("amount_minor", "out_of_range"), &json!(41_100)));

    // What is refused stays with the buyer, who may ask again.
    let third = json!({"version": order["version"], "pieces": pieces(&order, 1), "reason": "changed_mind"});
    let order = buyer.post(&path(&order, "returns"), &third).await.expect(StatusCode::CREATED);
    let refuse = json!({"version": order["version"], "reason": "worn"});
    let refuse =
        owner.post(&path(&order, &format!("returns/{}/refuse", text(&order["returns"][2], "id"))), &refuse).await;
    let order = refuse.expect(StatusCode::OK);
    assert_eq!((text(&order["returns"][2], "refused_because"), &order["lines"][0]["returnable"]), ("worn", &json!(1)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_buyer_withdraws_without_signing_in() {
    let house = TestHouse::start().await;
    let (owner, wares) = (house.owner().await, house.belt(5).await);
    let (_, order) = bought(&house, &owner, &wares, 2).await;
    let anybody = house.browser();
    let named = |contact: &str| json!({"order_number": text(&order, "number").to_lowercase(), "contact": contact});
    let wrong = anybody.post("/withdrawals/look", &named("bea@example.com")).await;
    assert_eq!(wrong.problem(), (404, "not_found".into()));
    assert_eq!(anybody.post("/withdrawals", &named("Bea")).await.problem(), (404, "not_found".into()));
    let found = anybody.post("/withdrawals/look", &named(" Ann@Example.com ")).await.expect(StatusCode::OK);
    assert_eq!((&found["lines"][0]["quantity"], &found["ends_at"]), (&json!(2), &Value::Null), "nothing was sent yet");

    // Of two pieces one is taken off before it is sent, and paid back at once.
    let mut one = named("ann@example.com");
    one["pieces"] = pieces(&order, 1);
    house.clock.pass(Millis::from_secs(1));
    let receipt = anybody.post("/withdrawals", &one).await.expect(StatusCode::CREATED);
    assert_eq!(text(&receipt, "received_at"), house.house.app.now().to_string());
    assert_eq!((&receipt["taken_off"][0]["quantity"], &receipt["coming"]), (&json!(1), &json!([])));
    assert_eq!(receipt["sum"]["total"]["amount_minor"], 19_800);
    let mail = &messages(&owner, 2).await[0];
    let (day, time) = text(&receipt, "received_at").split_once('T').expect("a time");
    let timed = format!("came in on {day} at {} UTC", &time[..8]);
    assert!(text(mail, "text").contains(&timed), "{timed}: {mail}");

    // The other one was delivered: for fourteen days after that day it may be sent back.
    let order = sent(&owner, &order).await;
    let parcel = text(&order["parcels"][0], "id").to_owned();
    let delivered = async || {
        let path = path(&order, &format!("parcels/{parcel}/delivered"));
        owner.post(&path, &json!({})).await.expect(StatusCode::OK)
    };
    let noted = delivered().await;
    assert_eq!((text(&noted, "state"), &noted["withdrawable"]), ("delivered", &json!(true)));
    house.clock.pass(Millis::from_days(14));
    assert_eq!(delivered().await["parcels"], noted["parcels"], "what is noted first stands");
    let receipt = anybody.post("/withdrawals", &named("ann@example.com")).await.expect(StatusCode::CREATED);
    assert_eq!((&receipt["coming"][0]["quantity"], &receipt["sum"]), (&json!(1), &Value::Null));
    assert!(text(&receipt, "send_to").starts_with("Maison Inc., 1 Spring Street"), "{receipt}");
    let again = anybody.post("/withdrawals", &named("ann@example.com")).await.expect(StatusCode::CREATED);
    assert_eq!(again, receipt, "asked twice it is one withdrawal");
    let list = owner.get("/office/returns?step=requested").await.expect(StatusCode::OK);
    assert_eq!(list["items"][0]["return"]["reason"], "withdrawal");

    // What comes back of it brings sending along, as nothing is kept.
    let order = owner.get(&format!("/office/orders/{}", text(&order, "id"))).await.expect(StatusCode::OK);
    let order = receive(&owner, &order, 0).await.expect(StatusCode::OK);
    let order = accept(&owner, &order, 0, json!({"restock": true})).await.expect(StatusCode::OK);
    assert_eq!((text(&order, "payment_state"), house.free(&wares).await), ("refunded", 5));
    assert_eq!(order["returns"][0]["sum"]["sending"]["amount_minor"], 1_200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_withdrawal_comes_too_late_or_was_not_sold() {
    let house = TestHouse::start().await;
    let (owner, wares) = (house.owner().await, house.belt(5).await);
    let (_, order) = bought(&house, &owner, &wares, 1).await;
    let order = sent(&owner, &order).await;
    let named = json!({"order_number": order["number"], "contact": "ann@example.com"});
    let anybody = house.browser();
    let found = anybody.post("/withdrawals/look", &named).await.expect(StatusCode::OK);
    assert!(found["ends_at"].is_string(), "nobody noted when it came, so that it has longer: {found}");
    let parcel = text(&order["parcels"][0], "id");
    owner.post(&path(&order, &format!("parcels/{parcel}/delivered")), &json!({})).await.expect(StatusCode::OK);
    house.clock.pass(Millis::from_days(15));
    let late = anybody.post("/withdrawals", &named).await;
    assert_eq!(late.problem(), (409, "withdrawal_over".into()));
    assert!(late.body["ended_at"].is_string(), "{}", late.body);

    // Of a piece that is sold without the right, the buyer is told so before, and it holds as it was said then.
    let owner = house.owner().await;
    let product = format!("/office/products/{}", wares.product);
    let mut edit = owner.get(&product).await.expect(StatusCode::OK);
    edit["no_withdrawal"] = json!("hygiene");
    let kept = ["brand_id", "seller_id", "category", "texts", "axes", "media_ids", "one_of_a_kind", "no_withdrawal"];
    let mut draft: serde_json::Map<String, Value> =
        kept.iter().map(|name| ((*name).to_owned(), edit[*name].clone())).collect();
    let variant = &edit["variants"][0];
    let prices: Vec<Value> = variant["prices"].as_array().cloned().unwrap_or_default();
    draft.insert(
        "variants".into(),
        json!([{"id": variant["id"], "sku": variant["sku"], "values": [], "prices": prices, "stock": [], "weight_g": null}]),
    );
    draft.insert("version".into(), edit["version"].clone());
    draft.insert("measurements".into(), json!([]));
    let path = format!("/products/{}", wares.product);
    owner.put(&path, &Value::Object(draft)).await.expect(StatusCode::OK);
    let shown = anybody.get(&path).await.expect(StatusCode::OK);
    assert_eq!(shown["no_withdrawal"], "hygiene");
    let (_, order) = bought(&house, &owner, &wares, 1).await;
    let named = json!({"order_number": order["number"], "contact": "ann@example.com"});
    let found = anybody.post("/withdrawals/look", &named).await.expect(StatusCode::OK);
    assert_eq!((&found["lines"], &found["excepted"][0]["why"]), (&json!([]), &json!("hygiene")));
    assert_eq!(anybody.post("/withdrawals", &named).await.problem(), (409, "nothing_to_withdraw".into()));
}

async fn sheet(browser: &Browser, path: &str, text: &str) -> Answer {
    let part = reqwest::multipart::Part::bytes(text.as_bytes().to_vec()).file_name("parcels.csv");
    let form = reqwest::multipart::Form::new().part("file", part);
    browser.send(browser.request(Method::POST, path).multipart(form)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tracking_numbers_come_from_a_sheet() {
    let house = TestHouse::start().await;
    let (owner, wares) = (house.owner().await, house.belt(5).await);
    let (buyer, first) = bought(&house, &owner, &wares, 1).await;
    let (_, second) = bought(&house, &owner, &wares, 1).await;
    let (check, send) = ("/office/parcel-sheets", "/office/parcel-sheets/send");
    let rows = |third: &str| {
        let line = |order: &Value, number: &str| format!("{},UPS,{number}\n", text(order, "number").to_lowercase());
        format!("order_number,carrier,tracking_number\n{}{}{third}", line(&first, "1Z1"), line(&second, "1Z2"))
    };
    assert_eq!(sheet(&buyer, check, &rows("")).await.problem(), (401, "sign_in_first".into()));
    let wrong = sheet(&owner, check, &rows("2611-NONE,UPS,3\n")).await.expect(StatusCode::OK);
    assert_eq!((&wrong["parcels"], &wrong["errors"][0]["line"]), (&json!(2), &json!(4)));
    assert_eq!(
        (&wrong["errors"][0]["column"], &wrong["errors"][0]["code"]),
        (&json!("order_number"), &json!("not_found"))
    );
    let refused = sheet(&owner, send, &rows("2611-NONE,UPS,3\n")).await;
    assert_eq!(refused.problem(), (409, "import_has_errors".into()));
    let state = async |order: &Value| {
        let order = owner.get(&format!("/office/orders/{}", text(order, "id"))).await.expect(StatusCode::OK);
        text(&order, "state").to_owned()
    };
    assert_eq!((state(&first).await, state(&second).await), ("paid".into(), "paid".into()), "all or nothing");
    let sent = sheet(&owner, send, &rows("")).await.expect(StatusCode::OK);
    assert_eq!((&sent["sent"], state(&first).await, state(&second).await), (&json!(2), "sent".into(), "sent".into()));
    let again = sheet(&owner, check, &rows("")).await.expect(StatusCode::OK);
    assert_eq!((&again["already"], &again["parcels"], &again["errors"]), (&json!(2), &json!(0), &json!([])));
    assert_eq!(sheet(&owner, send, &rows("")).await.expect(StatusCode::OK)["sent"], 0);
    messages(&owner, 4).await;
}
