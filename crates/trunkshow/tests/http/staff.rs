//! Invitations, roles, API tokens and the trail.

use app::{Actor, Membership, Role, Scope};
use kernel::{BrandId, Millis, Random, Timestamp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::house::{Answer, Browser, TestHouse};
use crate::outbox::messages;
use crate::till::text;

const PASSWORD: &str = "a long password";

/// The token of the newest invitation in the folder.
async fn invited(owner: &Browser, count: usize) -> String {
    let mail = &messages(owner, count).await[0];
    let link = text(mail, "text").lines().find(|line| line.contains("/invitation?token=")).expect("a link").to_owned();
    link.split_once("token=").expect("a token").1.to_owned()
}

async fn accept(browser: &Browser, token: &str) -> Answer {
    browser.post("/invitations/accept", &json!({"token": token, "name": "Ava", "password": PASSWORD})).await
}

fn house_scope() -> Value {
    json!({"kind": "house", "id": null})
}

/// Somebody of the staff, signed in.
async fn staff(test: &TestHouse, email: &str, held: Vec<Membership>) -> Browser {
    let app = &test.house.app;
    let made = app::people::setup::add_staff(app, &Actor::house(), email.into(), email, PASSWORD.into(), held).await;
    made.expect("made");
    let browser = test.browser();
    browser.post("/sessions", &json!({"email": email, "password": PASSWORD})).await.expect(StatusCode::NO_CONTENT);
    browser
}

async fn acts(browser: &Browser, path: &str) -> Vec<(String, String)> {
    let page = browser.get(path).await.expect(StatusCode::OK);
    let items = page["items"].as_array().expect("a page").iter();
    items.map(|entry| (text(entry, "act").to_owned(), text(entry, "subject").to_owned())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_makes_its_reader_staff_once() {
    let test = TestHouse::start().await;
    let owner = test.owner().await;
    let body = json!({"email": "Ava@Example.com", "role": "assistant", "scope": {"kind": "house"}});
    let made = owner.post("/invitations", &body).await.expect(StatusCode::CREATED);
    assert_eq!((text(&made, "email"), text(&made, "role")), ("ava@example.com", "assistant"));
    assert!(!made.to_string().contains("token"), "the link is in the mail alone");
    let token = invited(&owner, 1).await;
    test.clock.pass(Millis::from_secs(1));
    let ava = test.browser();
    let short = json!({"token": token, "name": "Ava", "password": "short"});
    assert_eq!(ava.post("/invitations/accept", &short).await.problem(), (422, "invalid".into()));
    accept(&ava, &token).await.expect(StatusCode::NO_CONTENT);
    let me = ava.get("/me").await.expect(StatusCode::OK);
    assert_eq!(me["memberships"], json!([{"role": "assistant", "scope": house_scope()}]));
    assert_eq!(me["person"]["kind"], "staff");
    assert_eq!(accept(&test.browser(), &token).await.problem(), (410, "link_used_or_expired".into()));
    assert_eq!(owner.get("/invitations").await.expect(StatusCode::OK), json!([]));
    assert_eq!(ava.get("/people").await.problem(), (403, "not_allowed".into()));
    assert_eq!(ava.post("/invitations", &body).await.problem(), (403, "not_allowed".into()));
    let joined = ("person.joined".to_owned(), "Ava".to_owned());
    assert_eq!(acts(&owner, "/audit?limit=1").await, [joined]);

    // Who is staff already keeps name and password, and gets the further role.
    test.clock.pass(Millis::from_secs(1));
    let host = json!({"email": "ava@example.com", "role": "host", "scope": {"kind": "house"}});
    owner.post("/invitations", &host).await.expect(StatusCode::CREATED);
    let token = invited(&owner, 2).await;
    let stranger = test.browser();
    accept(&stranger, &token).await.expect(StatusCode::NO_CONTENT);
    assert!(stranger.get("/me").await.expect(StatusCode::OK)["person"].is_null());
    assert_eq!(ava.get("/me").await.body["memberships"].as_array().map(Vec::len), Some(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_ends_when_it_is_withdrawn_or_old() {
    let test = TestHouse::start().await;
    let owner = test.owner().await;
    let body = json!({"email": "ava@example.com", "role": "host", "scope": {"kind": "house"}});
    let made = owner.post("/invitations", &body).await.expect(StatusCode::CREATED);
    let token = invited(&owner, 1).await;
    let path = format!("/invitations/{}", text(&made, "id"));
    owner.delete(&path).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(owner.delete(&path).await.problem(), (404, "not_found".into()));
    let trail = owner.get("/audit").await.expect(StatusCode::OK).to_string();
    assert!(trail.contains(text(&made, "id")) && !trail.contains("ava@"), "it keeps no address: {trail}");
    assert_eq!(accept(&test.browser(), &token).await.problem(), (410, "link_used_or_expired".into()));
    test.clock.pass(Millis::from_secs(1));
    owner.post("/invitations", &body).await.expect(StatusCode::CREATED);
    let token = invited(&owner, 2).await;
    test.clock.pass(Millis::from_days(8));
    assert_eq!(accept(&test.browser(), &token).await.problem(), (410, "link_used_or_expired".into()));
    let unknown = json!({"email": "ava@example.com", "role": "boss", "scope": {"kind": "house"}});
    let refused = test.owner().await.post("/invitations", &unknown).await;
    assert_eq!(refused.fault(), ("role", "not_a_choice"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_house_keeps_an_owner_and_roles_keep_to_their_scope() {
    let test = TestHouse::start().await;
    let owner = test.owner().await;
    test.belt(1).await;
    let brand: BrandId = test.house.app.ports.catalogue.brands().await.expect("brands")[0].id;
    let of_brand = |role| Membership { role, scope: Scope::Brand(brand) };
    let chief = staff(&test, "chief@example.com", vec![of_brand(Role::Owner)]).await;
    let helper = staff(&test, "helper@example.com", vec![of_brand(Role::Assistant)]).await;
    let id = async |email: &str| {
        let people = owner.get("/people").await.expect(StatusCode::OK);
        let found = people.as_array().expect("a list").iter().find(|person| person["email"] == email).cloned();
        text(&found.expect("there"), "id").to_owned()
    };
    let (me, other) = (id("owner@example.com").await, id("helper@example.com").await);
    let memberships = |person: &str| format!("/people/{person}/memberships");
    let last = owner.put(&memberships(&me), &json!([])).await;
    assert_eq!(last.problem(), (409, "last_owner".into()));

    // A brand's owner gives the brand's roles, and no other.
    let at_brand = |role: &str| json!({"role": role, "scope": {"kind": "brand", "id": brand}});
    let path = memberships(&other);
    let raised = json!([at_brand("host"), {"role": "merchant", "scope": {"kind": "house"}}]);
    assert_eq!(chief.put(&path, &raised).await.problem(), (403, "not_allowed".into()));
    assert_eq!(chief.put(&memberships(&me), &json!([])).await.problem(), (403, "not_allowed".into()));
    assert_eq!(helper.put(&path, &json!([])).await.problem(), (403, "not_allowed".into()));
    let invite = json!({"email": "x@example.com", "role": "host", "scope": {"kind": "house"}});
    assert_eq!(chief.post("/invitations", &invite).await.problem(), (403, "not_allowed".into()));
    chief.put(&path, &json!([at_brand("host")])).await.expect(StatusCode::OK);
    assert_eq!(chief.get("/people").await.expect(StatusCode::OK).as_array().map(Vec::len), Some(2));

    let elsewhere = BrandId::mint(Timestamp::EPOCH, &mut Random::seeded(8));
    let unknown = json!([{"role": "host", "scope": {"kind": "brand", "id": elsewhere}}]);
    let refused = owner.put(&path, &unknown).await;
    assert_eq!(refused.fault(), ("0.scope.id", "not_found"));

    // Another owner frees the first; who is left without roles is locked out at once.
    owner.put(&path, &json!([{"role": "owner", "scope": {"kind": "house"}}])).await.expect(StatusCode::OK);
    test.clock.pass(Millis::from_secs(1));
    owner.put(&memberships(&me), &json!([])).await.expect(StatusCode::OK);
    assert_eq!(owner.get("/people").await.problem(), (403, "not_allowed".into()));
    let changed = ("person.roles_changed".to_owned(), "Olive Owner".to_owned());
    assert_eq!(acts(&helper, "/audit?limit=1").await, [changed]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_does_what_its_scopes_say_and_no_more() {
    let test = TestHouse::start().await;
    let owner = test.owner().await;
    let made = owner.post("/tokens", &json!({"name": "till", "scopes": ["see_orders", "manage_people"]})).await;
    let made = made.expect(StatusCode::CREATED);
    let secret = text(&made, "token").to_owned();
    let listed = owner.get("/tokens").await.expect(StatusCode::OK);
    assert_eq!((&listed[0]["name"], &listed[0]["last_used_at"]), (&json!("till"), &Value::Null));
    assert!(!listed.to_string().contains(&secret), "it is shown once");

    let program = test.browser();
    let ask = async |method: Method, path: &str| {
        let url = format!("{}/api/v1{path}", program.base);
        program.send(program.client.request(method, url).bearer_auth(&secret).json(&json!({}))).await
    };
    ask(Method::GET, "/office/orders").await.expect(StatusCode::OK);
    ask(Method::GET, "/people").await.expect(StatusCode::OK);
    assert_eq!(ask(Method::GET, "/sent-messages").await.problem(), (403, "not_allowed".into()), "without the scope");
    assert_eq!(ask(Method::GET, "/tokens").await.problem(), (403, "not_allowed".into()), "a token makes no tokens");
    let may = ask(Method::GET, "/me").await.expect(StatusCode::OK)["may"].clone();
    assert_eq!(may, json!(["manage_people", "see_orders"]));
    assert!(owner.get("/tokens").await.body[0]["last_used_at"].is_string());

    let too_much = json!({"name": "more", "scopes": ["refund"]});
    let host = staff(&test, "host@example.com", vec![Membership { role: Role::Host, scope: Scope::House }]).await;
    assert_eq!(host.post("/tokens", &too_much).await.problem(), (403, "not_allowed".into()));
    let unknown = owner.post("/tokens", &json!({"name": "x", "scopes": ["everything"]})).await;
    assert_eq!(unknown.fault(), ("scopes.0", "not_a_choice"));

    let path = format!("/tokens/{}", text(&made, "id"));
    assert_eq!(host.delete(&path).await.problem(), (404, "not_found".into()), "another person's");
    test.clock.pass(Millis::from_secs(1));
    owner.delete(&path).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(ask(Method::GET, "/me").await.problem(), (401, "sign_in_first".into()));
    let trail = acts(&owner, "/audit").await;
    let acts: Vec<&str> = trail.iter().map(|(act, _)| act.as_str()).collect();
    assert_eq!(acts, ["token.revoked", "token.created"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_matters_stands_in_the_trail() {
    let test = TestHouse::start().await;
    let owner = test.owner().await;
    let wares = test.belt(3).await;
    let show = crate::outbox::show_with(&test, &wares).await;
    let step = async || test.clock.pass(Millis::from_secs(1));
    let prices = format!("/variants/{}/prices", wares.variant);
    owner.put(&prices, &json!([{"amount_minor": 18_810, "currency": "USD"}])).await.expect(StatusCode::OK);
    step().await;
    owner.post(&format!("/shows/{show}/go-live"), &json!({})).await.expect(StatusCode::OK);
    step().await;
    owner.post(&format!("/shows/{show}/items/1/stop-sale"), &json!({})).await.expect(StatusCode::NO_CONTENT);
    step().await;
    let entry = |act: &str, subject: &str| (act.to_owned(), subject.to_owned());
    let of_show = [entry("sale.stopped", "#1"), entry("show.live", "Belts")];
    assert_eq!(acts(&owner, &format!("/audit?show={show}")).await, of_show);
    let all = owner.get("/audit").await.expect(StatusCode::OK);
    let last = &all["items"][2];
    assert_eq!((&last["act"], &last["subject"]), (&json!("prices.changed"), &json!("BELT")));
    assert_eq!((&last["detail"], &last["person"]["name"]), (&json!("188.10 USD"), &json!("Olive Owner")));
    let first = owner.get("/audit?limit=2").await.expect(StatusCode::OK);
    let next = format!("/audit?limit=2&after={}", text(&first, "next"));
    assert_eq!(acts(&owner, &next).await, [entry("prices.changed", "BELT")]);
    let fulfilment = Membership { role: Role::Fulfilment, scope: Scope::House };
    let other = staff(&test, "pack@example.com", vec![fulfilment]).await;
    assert_eq!(other.get("/audit").await.problem(), (403, "not_allowed".into()));
    assert_eq!(other.get(&format!("/audit?show={show}")).await.problem(), (403, "not_allowed".into()));
}
