//! What becomes of a sale: the buyer's letters, and what the room hears.

use std::time::Duration;

use app::Actor;
use app::shows::{lifecycle, plan, run_sheet};
use hub::ShowPlan;
use kernel::{BrandId, EntryId, Language, Millis, Random, ShowId, Texts, Timestamp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shop::books::TillEvent;

use crate::house::{Browser, TestHouse};
use crate::room::socket::Socket;
use crate::till::{TOTAL, check_out, checkout_body, text};
use crate::wares::Wares;

/// A show whose number 1 is the belt.
pub(crate) async fn show_with(house: &TestHouse, wares: &Wares) -> ShowId {
    let app = &house.house.app;
    let plan = ShowPlan {
        title: Texts::new([(Language::english(), "Belts".to_owned())]),
        description: Texts::new([]),
        brand: BrandId::mint(Timestamp::EPOCH, &mut Random::seeded(1)),
        host: app.ports.people.staff().await.expect("staff")[0].id,
        starts_at: app.now() + Millis::from_mins(5),
        time_zone: "Europe/Paris".into(),
        cover: None,
    };
    let show = plan::create(app, &Actor::house(), plan).await.expect("planned").id;
    run_sheet::add(app, &Actor::house(), show, wares.product).await.expect("on the sheet");
    show
}

/// Buys so many belts as number 1 of the show, and pays at once.
async fn buy(browser: &Browser, wares: &Wares, show: ShowId, quantity: u32, contact: Value, language: &str) -> Value {
    let path = format!("/basket/lines/{}?currency=USD&country=US", wares.variant);
    let line = json!({"quantity": quantity, "show_id": show, "show_number": 1});
    let basket = browser.put(&path, &line).await.expect(StatusCode::OK);
    let mut body = checkout_body(wares, basket["version"].as_i64().expect("a version"));
    body["expected_total"] = basket["total"].clone();
    body["contact"] = contact;
    body["language"] = json!(language);
    body["sandbox_outcome"] = json!("approve");
    check_out(browser, &format!("key {}", basket["version"]), &body).await.expect(StatusCode::CREATED)
}

/// The folder, newest first, once it holds so many messages.
pub(crate) async fn messages(owner: &Browser, count: usize) -> Vec<Value> {
    for _ in 0..400 {
        let page = owner.get("/sent-messages").await.expect(StatusCode::OK);
        let items = page["items"].as_array().cloned().unwrap_or_default();
        if items.len() >= count {
            assert_eq!(items.len(), count, "{items:?}");
            return items;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{count} messages never went out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_buyer_is_written_to_at_every_step() {
    let house = TestHouse::start().await;
    let (owner, wares) = (house.owner().await, house.belt(9).await);
    let show = show_with(&house, &wares).await;
    let contact = json!({"name": "Ann <b>Buyer</b>", "email": "Ann@Example.com", "phone": "+1 212 555 0123"});
    let placed = buy(&house.viewer().await, &wares, show, 1, contact, "en").await;
    let sent = messages(&owner, 1).await;
    let mail = &sent[0];
    assert_eq!((text(mail, "channel"), text(mail, "to")), ("mail", "ann@example.com"));
    let number = text(mail, "subject").strip_prefix("Order ").and_then(|rest| rest.strip_suffix(" is paid"));
    assert!(number.is_some(), "{mail}");
    assert!(text(mail, "text").contains("1 × Belt: 198.00 USD\nSending: 12.00 USD"), "{mail}");
    assert!(text(mail, "html").contains("Ann &lt;b&gt;Buyer&lt;/b&gt;"), "{mail}");

    // The link opens the order for whoever has the mail.
    let link = text(mail, "text").lines().find(|line| line.contains("/orders/")).expect("a link");
    let path = link.strip_prefix(&format!("{}/", house.house.url)).expect("on this house");
    let order = house.browser().get(&format!("/{path}")).await.expect(StatusCode::OK);
    assert_eq!((&order["id"], &order["totals"]["total"]["amount_minor"]), (&placed["order_id"], &json!(TOTAL)));

    house.clock.pass(Millis::from_secs(1));
    let parcels = format!("/orders/{}/parcels", text(&placed, "order_id"));
    owner.post(&parcels, &json!({"carrier": "UPS", "tracking_number": "1Z999"})).await.expect(StatusCode::CREATED);
    let mail = &messages(&owner, 2).await[0];
    assert!(text(mail, "text").contains("https://www.ups.com/track?tracknum=1Z999"), "{mail}");

    // A phone alone will do, and gets an SMS in its own language.
    house.clock.pass(Millis::from_secs(1));
    let contact = json!({"name": "王芳", "phone": "+86 138 0013 8000"});
    let placed = buy(&house.viewer().await, &wares, show, 1, contact, "zh").await;
    let sms = &messages(&owner, 3).await[0];
    assert_eq!((text(sms, "channel"), text(sms, "to")), ("sms", "+8613800138000"));
    assert!(text(sms, "text").contains("已付款") && text(sms, "text").contains("?key="), "{sms}");
    house.clock.pass(Millis::from_secs(1));
    let cancel = owner.request(Method::POST, &format!("/orders/{}/cancel", text(&placed, "order_id")));
    let cancel = cancel.header("idempotency-key", "c").json(&json!({"reason": "out_of_stock"}));
    owner.send(cancel).await.expect(StatusCode::OK);
    let sms = &messages(&owner, 4).await[0];
    assert!(text(sms, "text").contains("已取消") && text(sms, "text").contains("210.00 USD"), "{sms}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_room_counts_what_was_paid_and_shows_what_is_left() {
    let house = TestHouse::start().await;
    let (owner, wares) = (house.owner().await, house.belt(7).await);
    let show = show_with(&house, &wares).await;
    lifecycle::go_live(&house.house.app, &Actor::house(), show).await.expect("live");
    let viewer = house.browser();
    let token = viewer.post("/viewer", &json!({})).await.body["token"].as_str().expect("a token").to_owned();
    let path = format!("/api/v1/shows/{show}/room");
    let mut socket = Socket::connect(house.house.http, &path, &format!("ts_viewer={token}")).await;
    socket.send(json!({"t": "join"})).await;
    socket.frame("hello").await;
    let contact = |name: &str| json!({"name": name, "email": "ann@example.com"});
    buy(&viewer, &wares, show, 2, contact("Ann"), "en").await;
    let sold = socket.event("sold").await;
    assert_eq!((&sold["number"], &sold["quantity"], &sold["this_minute"]), (&json!(1), &json!(2), &json!(2)));
    buy(&house.viewer().await, &wares, show, 5, contact("Bea"), "en").await;
    // Five are left, then none.
    let mut seen = Vec::new();
    while seen.last() != Some(&json!("out")) {
        let stock = socket.event("stock").await;
        assert_eq!(stock["number"], 1);
        assert_eq!(stock["low_count"].as_u64(), (stock["free"] == "low").then_some(5), "{stock}");
        seen.push(stock["free"].clone());
    }
    let sold = socket.event("sold").await;
    assert_eq!((&sold["quantity"], &sold["this_minute"]), (&json!(5), &json!(7)));
    messages(&owner, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rehearsed_purchase_sends_nothing() {
    let house = TestHouse::start().await;
    let (owner, wares) = (house.owner().await, house.belt(7).await);
    let show = show_with(&house, &wares).await;
    lifecycle::rehearse(&house.house.app, &Actor::house(), show).await.expect("rehearsing");
    owner.post("/viewer", &json!({})).await.expect(StatusCode::OK);
    let contact = json!({"name": "Olive", "email": "olive@example.com"});
    buy(&owner, &wares, show, 1, contact.clone(), "en").await;
    assert_eq!(house.free(&wares).await, 7);
    // A real one after it: its letter is the only one, since events are delivered in order.
    lifecycle::stop_rehearsal(&house.house.app, &Actor::house(), show).await.expect("over");
    buy(&house.viewer().await, &wares, show, 1, json!({"name": "Ann", "email": "ann@example.com"}), "en").await;
    assert_eq!(messages(&owner, 1).await[0]["to"], "ann@example.com");
    let app = &house.house.app;
    assert!(app.till.outbox.waiting(app.now(), 9).await.expect("asked").is_empty());
}

#[tokio::test]
async fn the_folder_is_for_who_manages_the_house() {
    let house = TestHouse::start().await;
    let path = "/sent-messages";
    assert_eq!(house.viewer().await.get(path).await.problem(), (401, "sign_in_first".into()));
    assert_eq!(house.owner().await.get(&format!("{path}?after=x")).await.problem(), (422, "invalid".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_holds_up_nobody_elses_letter_and_is_listed() {
    let house = TestHouse::start().await;
    let (owner, wares) = (house.owner().await, house.belt(7).await);
    let show = show_with(&house, &wares).await;
    lifecycle::go_live(&house.house.app, &Actor::house(), show).await.expect("live");
    let contact = |name: &str| json!({"name": name, "email": format!("{name}@example.com")});
    let spoilt = buy(&house.viewer().await, &wares, show, 1, contact("ann"), "en").await;
    let good = buy(&house.viewer().await, &wares, show, 1, contact("bea"), "en").await;
    messages(&owner, 2).await;

    // An order, a product and an event that cannot be read; what they tell of happened an hour ago.
    let (app, order) = (&house.house.app, text(&spoilt, "order_id"));
    let at = app.now() - Millis::from_mins(60);
    let mut random = Random::seeded(5);
    let mut event = |text: String| {
        let id = EntryId::mint(at, &mut random);
        (id, format!("INSERT INTO outbox (id, event, at) VALUES ('{id}', '{text}', {});", at.unix_micros()))
    };
    let json = |event: &TillEvent| serde_json::to_string(event).expect("written");
    let paid = |order: &str| TillEvent::OrderPaid { order: order.parse().expect("an id") };
    let (of_order, first) = event(json(&paid(order)));
    let (of_product, second) = event(json(&TillEvent::StockMoved { free: vec![(wares.variant, 1)] }));
    let (of_nothing, third) = event("{".to_owned());
    let (_, last) = event(json(&paid(text(&good, "order_id"))));
    let spoil = format!(
        "UPDATE orders SET totals = 'unreadable' WHERE id = '{order}';
         UPDATE product_revision SET doc = 'unreadable' WHERE product_id = '{}';
         {first} {second} {third} {last}",
        wares.product
    );
    store::testing::write_past(&house.data().join("house.db"), &spoil).await;
    let mut to: Vec<Value> = messages(&owner, 3).await.iter().map(|message| message["to"].clone()).collect();
    to.sort_by_key(Value::to_string);
    assert_eq!(to, ["ann@example.com", "bea@example.com", "bea@example.com"]);

    // They are tried again and again however old they are, and then staff are told.
    let later = app.now() + Millis::from_days(1);
    let mut waiting = app.till.outbox.waiting(later, 9).await.expect("asked");
    let mut left: Vec<EntryId> = waiting.iter().map(|waiting| waiting.id).collect();
    left.sort_unstable();
    let mut spoilt = [of_order, of_product, of_nothing];
    spoilt.sort_unstable();
    assert_eq!(left, spoilt);
    for _ in 0..400 {
        if waiting.is_empty() {
            break;
        }
        assert!(waiting.iter().all(|waiting| waiting.tries < app::outbox::TRIES), "{waiting:?}");
        house.clock.pass(Millis::from_secs(30));
        tokio::time::sleep(Duration::from_millis(50)).await;
        waiting = app.till.outbox.waiting(later + Millis::from_days(1), 9).await.expect("asked");
    }
    let listed = messages(&owner, 6).await;
    let lost: Vec<&Value> = listed.iter().filter(|listed| listed["state"] == "given_up").collect();
    assert_eq!(lost.len(), 3, "{listed:?}");
    for lost in &lost {
        assert_eq!((&lost["why"], &lost["attempts"]), (&json!("unreadable"), &json!(app::outbox::TRIES)), "{lost}");
        assert!(lost["detail"].is_string() && lost["channel"].is_null(), "{lost}");
    }
    assert!(lost.iter().any(|lost| lost["order_id"] == json!(order)), "{lost:?}");
}
