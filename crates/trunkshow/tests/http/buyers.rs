//! Accounts without a password: links, codes, and what comes along.

use kernel::Millis;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::house::{Browser, TestHouse};
use crate::outbox::messages;
use crate::till::{check_out, checkout_body, put, text};
use crate::wares::Wares;

async fn ask_link(browser: &Browser, email: &str) -> (u16, Value) {
    let answer = browser.post("/sign-in-links", &json!({"email": email})).await;
    (answer.status.as_u16(), answer.body)
}

/// The token of the newest letter in the folder.
async fn token(owner: &Browser, count: usize) -> String {
    let mail = &messages(owner, count).await[0];
    let link = text(mail, "text").lines().find(|line| line.contains("/account?token=")).expect("a link").to_owned();
    link.split_once("token=").expect("a token").1.to_owned()
}

async fn code(owner: &Browser, count: usize) -> String {
    let sms = &messages(owner, count).await[0];
    text(sms, "text").split(|c: char| !c.is_ascii_digit()).find(|word| word.len() == 6).expect("a code").to_owned()
}

async fn buy_as_guest(browser: &Browser, wares: &Wares, contact: Value) -> Value {
    let basket = put(browser, wares, 1).await;
    let mut body = checkout_body(wares, basket["version"].as_i64().expect("a version"));
    body["contact"] = contact;
    check_out(browser, "guest", &body).await.expect(StatusCode::CREATED)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_opens_an_account_once_and_brings_the_basket() {
    let test = TestHouse::start().await;
    let (owner, wares) = (test.owner().await, test.belt(9).await);
    let guest = test.viewer().await;
    let contact = json!({"name": "Ann", "email": "ann@example.com"});
    let placed = buy_as_guest(&guest, &wares, contact).await;

    let phone = test.viewer().await;
    put(&phone, &wares, 3).await;
    assert_eq!(ask_link(&phone, "Ann@Example.com").await.0, 202);
    let link = token(&owner, 1).await;
    phone.post("/sessions/by-link", &json!({"token": link})).await.expect(StatusCode::NO_CONTENT);
    let me = phone.get("/me").await.expect(StatusCode::OK);
    assert_eq!((&me["person"]["kind"], &me["person"]["email"]), (&json!("buyer"), &json!("ann@example.com")));
    assert_eq!(me["may"], json!([]));
    let replayed = test.viewer().await.post("/sessions/by-link", &json!({"token": link})).await;
    assert_eq!(replayed.problem(), (410, "link_used_or_expired".into()));

    // The basket came along, and lies on every device of the account; what was bought as a guest is there too.
    test.clock.pass(Millis::from_secs(1));
    let laptop = test.viewer().await;
    assert_eq!(ask_link(&laptop, "ann@example.com").await.0, 202);
    let link = token(&owner, 2).await;
    laptop.post("/sessions/by-link", &json!({"token": link})).await.expect(StatusCode::NO_CONTENT);
    for device in [&phone, &laptop] {
        let basket = device.get("/basket?currency=USD&country=US").await.expect(StatusCode::OK);
        assert_eq!(basket["lines"][0]["quantity"], 3);
        let mine = device.get("/my/orders").await.expect(StatusCode::OK);
        assert_eq!((&mine["items"][0]["id"], &mine["items"][1]), (&placed["order_id"], &Value::Null));
        device.get(&format!("/orders/{}", text(&placed, "order_id"))).await.expect(StatusCode::OK);
    }
    let basket = laptop.get("/basket?currency=USD&country=US").await.expect(StatusCode::OK);
    let mut body = checkout_body(&wares, basket["version"].as_i64().expect("a version"));
    body["expected_total"] = basket["total"].clone();
    let bought = check_out(&laptop, "laptop", &body).await.expect(StatusCode::CREATED);
    let mine = phone.get("/my/orders").await.expect(StatusCode::OK);
    let ids: Vec<&Value> = mine["items"].as_array().expect("a page").iter().map(|order| &order["id"]).collect();
    assert_eq!(ids, [&bought["order_id"], &placed["order_id"]]);
    let stranger = test.viewer().await.get(&format!("/orders/{}", text(&bought, "order_id"))).await;
    assert_eq!(stranger.problem(), (404, "not_found".into()));

    // Signed out, the device has its own basket again, and the session is over.
    phone.delete("/sessions/current").await.expect(StatusCode::NO_CONTENT);
    let basket = phone.get("/basket?currency=USD&country=US").await.expect(StatusCode::OK);
    assert_eq!(basket["lines"], json!([]));
    test.clock.pass(Millis::from_days(31));
    assert!(laptop.get("/me").await.expect(StatusCode::OK)["person"].is_null());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asking_tells_nothing_about_who_exists_and_is_throttled() {
    let test = TestHouse::start().await;
    let owner = test.owner().await;
    let browser = test.viewer().await;
    let nobody = ask_link(&browser, "nobody@example.com").await;
    assert_eq!(nobody, ask_link(&browser, "owner@example.com").await, "staff, buyers and strangers are told the same");
    let sent = messages(&owner, 2).await;
    let to_staff = sent.iter().find(|mail| mail["to"] == "owner@example.com").expect("written to");
    assert!(!text(to_staff, "text").contains("token="), "no link opens a staff account: {to_staff}");
    for _ in 0..2 {
        assert_eq!(ask_link(&browser, "nobody@example.com").await.0, 202);
    }
    assert_eq!(ask_link(&browser, "nobody@example.com").await.1["code"], "slow_down");
    let broken = browser.post("/sign-in-links", &json!({"email": "nobody"})).await;
    assert_eq!(broken.fault(), ("email", "not_an_email"));
    for phone in ["call me", "020 7946 0000"] {
        let broken = browser.post("/sign-in-codes", &json!({"phone": phone})).await;
        assert_eq!(broken.fault(), ("phone", "not_a_phone"), "{phone}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_is_short_lived_and_cannot_be_guessed() {
    let test = TestHouse::start().await;
    let owner = test.owner().await;
    let browser = test.viewer().await;
    let phone = "+86 138 0013 8000";
    let ask = async || browser.post("/sign-in-codes?lang=zh", &json!({"phone": phone})).await.status.as_u16();
    let enter = async |code: &str| browser.post("/sessions/by-code", &json!({"phone": phone, "code": code})).await;
    assert_eq!(ask().await, 202);
    let first = code(&owner, 1).await;
    test.clock.pass(Millis::from_secs(1));
    assert_eq!(ask().await, 202);
    let second = code(&owner, 2).await;
    if first != second {
        assert_eq!(enter(&first).await.problem(), (410, "link_used_or_expired".into()), "a newer one was asked for");
    }
    enter(&second).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(browser.get("/me").await.body["person"]["phone"], "+8613800138000");
    assert_eq!(enter(&second).await.problem().0, 410, "used");

    test.clock.pass(Millis::from_mins(6));
    assert_eq!(ask().await, 202);
    let right = code(&owner, 3).await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        assert_eq!(enter(wrong).await.problem().0, 410);
    }
    assert_eq!(enter(&right).await.problem(), (429, "slow_down".into()));
    test.clock.pass(Millis::from_mins(6));
    assert_eq!(enter(&right).await.problem().0, 410, "five wrong ones end it");
    assert_eq!(ask().await, 202);
    let late = code(&owner, 4).await;
    test.clock.pass(Millis::from_mins(16));
    assert_eq!(enter(&late).await.problem().0, 410, "expired");
}
