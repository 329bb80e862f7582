//! Paying by Stripe, over HTTP on both sides: the house's own, and a Stripe that behaves like the real one.

use std::path::Path;
use std::sync::Arc;

use kernel::{Millis, PaymentId};
use links::stripe_fake::{Buys, FakeStripe, Fault, KEY, Message, WEBHOOK_SECRET};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use trunkshow::config::Overrides;

use crate::house::{Answer, Browser, TestClock, TestHouse};
use crate::one_tap::{buy_and_keep, offered, sign_in, tap, tap_body};
use crate::till::{TOTAL, check_out, checkout_body, put, text};
use crate::wares::Wares;

struct Shop {
    house: TestHouse,
    wares: Wares,
    fake: FakeStripe,
    _folder: tempfile::TempDir,
}

impl Shop {
    async fn open(stock: i64) -> Self {
        let clock = Arc::new(TestClock::default());
        let fake = FakeStripe::start(clock.clone()).await.expect("the fake listens");
        let folder = tempfile::tempdir().expect("a folder");
        let house = TestHouse::start_by(paying_by(&fake.url(), folder.path()), clock).await;
        let wares = house.belt(stock).await;
        Self { house, wares, fake, _folder: folder }
    }

    /// A belt in the basket, the button pressed.
    async fn bought(&self, method: &str) -> (Browser, Answer) {
        let browser = self.house.viewer().await;
        let basket = put(&browser, &self.wares, 1).await;
        let mut body = checkout_body(&self.wares, basket["version"].as_i64().expect("a version"));
        body["payment_method"] = json!(method);
        let answer = check_out(&browser, "once", &body).await;
        (browser, answer)
    }

    async fn placed(&self, method: &str) -> (Browser, Value, PaymentId) {
        let (browser, answer) = self.bought(method).await;
        let placed = answer.expect(StatusCode::CREATED);
        let payment = text(&placed["payment"], "id").parse().expect("an id");
        (browser, placed, payment)
    }

    async fn deliver(&self, message: &Message) -> Answer {
        let browser = self.house.browser();
        let request = browser.client.request(Method::POST, format!("{}/api/v1/payments/stripe/webhook", browser.base));
        let request = request.header("stripe-signature", self.fake.signature(&message.body));
        browser.send(request.header("content-type", "application/json").body(message.body.clone())).await
    }
}

/// Settings of a house in `folder` that is paid by a Stripe at `url`.
fn paying_by(url: &str, folder: &Path) -> Overrides {
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).expect("written");
        Some(path)
    };
    Overrides {
        data: Some(folder.join("house")),
        payments: Some("stripe".into()),
        stripe_key_file: file("key", &format!("{KEY}\n")),
        stripe_webhook_secret_file: file("hook", &format!("whsec_before\n{WEBHOOK_SECRET}\n")),
        stripe_methods: Some(vec!["card".into(), "alipay".into()]),
        stripe_url: Some(url.to_owned()),
        ..Overrides::default()
    }
}

async fn order(browser: &Browser, placed: &Value) -> Value {
    let path = format!("/orders/{}?key={}", text(placed, "order_id"), text(placed, "order_key"));
    browser.get(&path).await.expect(StatusCode::OK)
}

async fn confirm(browser: &Browser, placed: &Value) -> Value {
    let path = format!("/orders/{}/confirm?key={}", text(placed, "order_id"), text(placed, "order_key"));
    browser.post(&path, &json!({})).await.expect(StatusCode::OK)
}

fn states(order: &Value) -> (&str, &str) {
    (text(order, "state"), text(order, "payment_state"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_belt_is_paid_by_card_and_its_webhook_comes_fifty_times() {
    let shop = Shop::open(3).await;
    let (browser, placed, payment) = shop.placed("card").await;
    let page = text(&placed["payment"], "redirect_url");
    assert!(page.starts_with(&format!("{}/c/pay/", shop.fake.url())), "{page}");
    assert_eq!(states(&order(&browser, &placed).await), ("awaiting_payment", "open"));
    shop.fake.buy(payment, Buys::Declined);
    shop.fake.buy(payment, Buys::ChallengePassed);
    let told = shop.fake.messages().into_iter().find(|message| message.kind == "checkout.session.completed");
    let told = told.expect("a message");
    for _ in 0..50 {
        shop.deliver(&told).await.expect(StatusCode::OK);
    }
    let paid = order(&browser, &placed).await;
    assert_eq!(states(&paid), ("paid", "captured"));
    let whats: Vec<&str> = paid["timeline"].as_array().expect("a timeline").iter().map(|t| text(t, "what")).collect();
    assert_eq!(whats.iter().filter(|what| **what == "paid").count(), 1, "{whats:?}");
    // The rest comes out of order, and twice.
    for message in shop.fake.messages().iter().rev().chain(&shop.fake.messages()) {
        shop.deliver(message).await.expect(StatusCode::OK);
    }
    assert_eq!(confirm(&browser, &placed).await, paid, "nothing is added");
    assert_eq!((shop.fake.charged(payment), shop.fake.opened(payment)), ((TOTAL, 0), 1));

    let owner = shop.house.owner().await;
    let cancel = format!("/orders/{}/cancel", text(&placed, "order_id"));
    let cancel =
        owner.request(Method::POST, &cancel).header("idempotency-key", "c").json(&json!({"reason": "buyer_asked"}));
    let cancelled = owner.send(cancel).await.expect(StatusCode::OK);
    assert_eq!(states(&cancelled), ("cancelled", "refunded"));
    assert_eq!(shop.fake.charged(payment), (TOTAL, TOTAL));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_way_to_pay_is_chosen_from_what_is_offered() {
    let shop = Shop::open(3).await;
    let browser = shop.house.viewer().await;
    let methods = async |query: &str| {
        let body = browser.get(&format!("/payment-methods?{query}")).await.expect(StatusCode::OK);
        let items = body["items"].as_array().expect("items").clone();
        let shown = |item: &Value| (text(item, "method").to_owned(), item["refused"].as_str().map(str::to_owned));
        items.iter().map(shown).collect::<Vec<_>>()
    };
    let named = |method: &str, refused: Option<&str>| (method.to_owned(), refused.map(str::to_owned));
    assert_eq!(methods("currency=USD&amount=19800").await, [named("card", None), named("alipay", None)]);
    let large = Some("amount_too_large");
    assert_eq!(methods("currency=USD&amount=630000000").await, [named("card", large), named("alipay", large)]);
    assert_eq!(methods("currency=KWD&amount=5124").await, [named("card", Some("payment_method_not_offered"))]);
    let check = async |method: &str, expected: (u16, &str)| {
        let answer = shop.bought(method).await.1;
        assert_eq!(answer.problem(), (expected.0, expected.1.to_owned()), "{}", answer.body);
    };
    check("wechat_pay", (422, "payment_method_not_offered")).await;
    check("sandbox", (422, "payment_method_not_offered")).await;
    check("gold", (422, "invalid")).await;
    assert_eq!(shop.house.free(&shop.wares).await, 3, "nothing was set aside");
    assert_eq!(browser.get("/house").await.expect(StatusCode::OK)["sandbox"], false);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn money_that_comes_after_the_claim_takes_free_stock_or_goes_back() {
    let shop = Shop::open(1).await;
    let (late, placed, payment) = shop.placed("alipay").await;
    shop.fake.buy(payment, Buys::Later);
    shop.house.clock.pass(Millis::from_mins(11));
    shop.house.house.app.till.desk.expire_overdue().await.expect("a round");
    assert_eq!(states(&order(&late, &placed).await).0, "expired");
    // Somebody else takes the last one meanwhile.
    let (_, other, second) = shop.placed("alipay").await;
    shop.fake.buy(second, Buys::Approved);
    shop.fake.settle_later(payment, true);
    for message in shop.fake.messages() {
        assert_eq!(shop.deliver(&message).await.status, StatusCode::OK);
    }
    let expired = order(&late, &placed).await;
    assert_eq!(states(&expired), ("expired", "refunded"));
    assert_eq!((shop.fake.charged(payment), shop.fake.charged(second)), ((TOTAL, TOTAL), (TOTAL, 0)));
    let owner = shop.house.owner().await;
    let bought = owner.get(&format!("/office/orders/{}", text(&other, "order_id"))).await.expect(StatusCode::OK);
    assert_eq!(states(&bought), ("paid", "captured"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_believed_for_its_signature_alone() {
    let shop = Shop::open(3).await;
    let (browser, placed, payment) = shop.placed("card").await;
    shop.fake.buy(payment, Buys::Approved);
    let message = shop.fake.messages().pop().expect("a message");
    let post = async |provider: &str, signature: &str, body: &str| {
        let to = shop.house.browser();
        let request = to.client.request(Method::POST, format!("{}/api/v1/payments/{provider}/webhook", to.base));
        to.send(request.header("stripe-signature", signature).body(body.to_owned())).await.problem()
    };
    let signature = shop.fake.signature(&message.body);
    assert_eq!(post("stripe", "t=1,v1=00", &message.body).await, (403, "bad_signature".into()));
    assert_eq!(post("stripe", "", &message.body).await, (403, "bad_signature".into()));
    assert_eq!(post("stripe", &signature, "{}").await, (403, "bad_signature".into()));
    assert_eq!(post("sandbox", &signature, &message.body).await, (403, "bad_signature".into()));
    assert_eq!(post("nobody", &signature, &message.body).await, (404, "not_found".into()));
    assert_eq!(states(&order(&browser, &placed).await).0, "awaiting_payment");
    // Stripe does not answer just then: the order stays, and the next look finds the money.
    shop.fake.fail_next([Fault::Busy]);
    assert_eq!(shop.deliver(&message).await.problem(), (503, "payment_unavailable".into()), "it is sent again");
    assert_eq!(states(&confirm(&browser, &placed).await), ("paid", "captured"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dispute_stands_in_the_office_until_the_bank_decides() {
    let shop = Shop::open(1).await;
    let (browser, placed, payment) = shop.placed("card").await;
    shop.fake.buy(payment, Buys::Approved);
    assert_eq!(states(&confirm(&browser, &placed).await), ("paid", "captured"));
    shop.fake.dispute(payment);
    let opened = shop.fake.messages().pop().expect("a message");
    shop.fake.end_dispute(payment, true);
    let ended = shop.fake.messages().pop().expect("a message");
    let owner = shop.house.owner().await;
    // The later message comes first, and the earlier one changes nothing any more.
    for message in [&ended, &opened, &opened] {
        shop.deliver(message).await.expect(StatusCode::OK);
    }
    let list = owner.get("/office/disputes").await.expect(StatusCode::OK);
    let items = list["items"].as_array().expect("items");
    let shown: Vec<_> =
        items.iter().map(|item| (text(item, "order_id"), text(item, "state"), text(item, "reason"))).collect();
    assert_eq!(shown, [(text(&placed, "order_id"), "won", "fraudulent")]);
    assert_eq!(browser.get("/office/disputes").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(states(&order(&browser, &placed).await), ("paid", "captured"), "the ledger is shop and buyer's");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_finishes_with_the_provider_that_it_began_with() {
    let folder = tempfile::tempdir().expect("a folder");
    let (placed, browser) = {
        let house = TestHouse::start_in(&folder.path().join("house")).await;
        let wares = house.belt(3).await;
        let browser = house.viewer().await;
        let basket = put(&browser, &wares, 1).await;
        let body = checkout_body(&wares, basket["version"].as_i64().expect("a version"));
        let placed = check_out(&browser, "once", &body).await.expect(StatusCode::CREATED);
        house.house.stop().await;
        (placed, browser)
    };
    let house = TestHouse::start_by(paying_by("http://127.0.0.1:1", folder.path()), Arc::default()).await;
    let browser = Browser { base: format!("http://{}", house.house.http), ..browser };
    let path = format!("/sandbox/payments/{}", text(&placed["payment"], "id"));
    browser.post(&path, &json!({"outcome": "approve"})).await.expect(StatusCode::OK);
    assert_eq!(states(&confirm(&browser, &placed).await), ("paid", "captured"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_is_one_buyer_under_any_name() {
    let shop = Shop::open(9).await;
    let office = shop.house.owner().await;
    let once = json!({"name": {"en": "Silk week"}, "code": "ONCE", "from": "2020-01-01T00:00:00Z",
        "gives": {"kind": "percent", "basis_points": 1_000}, "per_buyer": 1, "combinable": true});
    office.post("/office/offers", &once).await.expect(StatusCode::CREATED);
    let mut orders = Vec::new();
    for phone in ["+1 212 555 0001", "+1 212 555 0002", "+1 212 555 0003"] {
        let browser = shop.house.viewer().await;
        let basket = put(&browser, &shop.wares, 1).await;
        let mut body = checkout_body(&shop.wares, basket["version"].as_i64().expect("a version"));
        (body["payment_method"], body["codes"]) = (json!("card"), json!(["ONCE"]));
        (body["contact"]["phone"], body["expected_total"]["amount_minor"]) = (json!(phone), json!(17_820 + 1_200));
        let placed = check_out(&browser, "once", &body).await.expect(StatusCode::CREATED);
        let payment: PaymentId = text(&placed["payment"], "id").parse().expect("an id");
        shop.fake.buy(payment, Buys::With(if phone.ends_with('3') { "fp_other" } else { "fp_same" }));
        orders.push((states(&confirm(&browser, &placed).await).0.to_owned(), shop.fake.charged(payment)));
        // Asked again, by browser or webhook, nothing changes.
        confirm(&browser, &placed).await;
    }
    let less = 17_820 + 1_200;
    assert_eq!(orders[0], ("paid".into(), (less, 0)));
    assert_eq!(orders[1], ("cancelled".into(), (0, 0)), "held, and let go: nothing was taken");
    assert_eq!(orders[2], ("paid".into(), (less, 0)));
    let letters = crate::outbox::messages(&office, 3).await;
    let told = |letter: &&Value| text(letter, "text").contains("as many of this as one buyer may");
    assert_eq!(letters.iter().filter(told).count(), 1, "{letters:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_that_stripe_keeps_pays_by_one_tap() {
    let shop = Shop::open(9).await;
    let (office, ann) = (shop.house.owner().await, shop.house.viewer().await);
    sign_in(&office, &ann, "ann@example.com").await;
    let variant = shop.wares.variant.to_string();
    let kept = buy_and_keep(&ann, &variant, "card").await.expect(StatusCode::CREATED);
    let payment = text(&kept["payment"], "id").parse().expect("an id");
    assert_eq!(shop.fake.form(payment)["payment_intent_data[setup_future_usage]"], "on_session");
    shop.fake.buy(payment, Buys::With("ann's card"));
    assert_eq!(states(&confirm(&ann, &kept).await), ("paid", "captured"));
    let wallet = ann.get("/my/wallet").await.expect(StatusCode::OK);
    let card = &wallet["methods"][0];
    assert_eq!((text(card, "brand"), text(card, "last_four"), text(card, "expires")), ("visa", "4242", "2029-04"));

    // At once; by a bank that says no; by one that asks the buyer first.
    let seen = offered(&ann, &format!("variant_id={variant}")).await;
    let body = tap_body(&seen, &json!({"variant_id": variant}));
    for _ in 0..2 {
        let paid = tap(&ann, "at once", &body).await.expect(StatusCode::CREATED);
        assert_eq!((text(&paid, "state"), text(&paid["payment"], "next")), ("paid", "done"));
        let payment = text(&paid["payment"], "id").parse().expect("an id");
        assert_eq!(shop.fake.charged(payment), (seen["total"]["amount_minor"].as_i64().expect("an amount"), 0));
    }
    shop.fake.banks_say([Buys::Declined]);
    for _ in 0..2 {
        assert_eq!(tap(&ann, "declined", &body).await.problem(), (402, "payment_declined".into()));
    }
    shop.fake.banks_say([Buys::ChallengePassed]);
    let asked = tap(&ann, "asked", &body).await.expect(StatusCode::CREATED);
    assert_eq!((text(&asked, "state"), text(&asked["payment"], "next")), ("awaiting_payment", "redirect"));
    assert!(text(&asked["payment"], "redirect_url").contains("/challenge/"), "{asked}");
    shop.fake.buy(text(&asked["payment"], "id").parse().expect("an id"), Buys::ChallengePassed);
    assert_eq!(states(&confirm(&ann, &asked).await), ("paid", "captured"));
    // An answer that is lost on the way is asked for again, and charged once.
    shop.fake.fail_next([Fault::AnswerLost, Fault::AnswerLost]);
    let lost = tap(&ann, "lost", &body).await;
    assert_eq!(lost.problem(), (503, "payment_unavailable".into()));
    shop.fake.heal();
    let paid = tap(&ann, "lost", &body).await.expect(StatusCode::CREATED);
    assert_eq!(text(&paid, "state"), "paid");

    assert_eq!(shop.fake.kept(), 1);
    ann.delete(&format!("/my/methods/{}", text(card, "id"))).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(shop.fake.kept(), 0, "Stripe has let it go");
}
