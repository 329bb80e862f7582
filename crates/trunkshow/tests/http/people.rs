use kernel::Millis;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::house::TestHouse;

#[tokio::test]
async fn the_first_link_makes_the_owner_once() {
    let test = TestHouse::start().await;
    let token = app::people::setup::setup_token(&test.house.app).await.expect("asked").expect("no owner yet");
    let body = |token: &str, password: &str| json!({"token": token, "name": "Olive", "email": "Owner@Example.com", "password": password});
    let browser = test.browser();
    let short = browser.post("/setup", &body(&token, "short")).await;
    assert_eq!(short.problem(), (422, "invalid".into()));
    assert_eq!(short.fault(), ("password", "too_short"));
    let mut nowhere = body(&token, "a long password");
    nowhere["email"] = json!("olive,ann@example.com");
    let refused = browser.post("/setup", &nowhere).await;
    assert_eq!(refused.fault(), ("email", "not_an_email"));
    assert_eq!(browser.post("/setup", &body("guess", "a long password")).await.problem().1, "link_used_or_expired");
    browser.post("/setup", &body(&token, "a long password")).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(browser.post("/setup", &body(&token, "a long password")).await.problem().1, "already_set_up");
    let me = browser.get("/me").await.expect(StatusCode::OK);
    assert_eq!(me["person"]["email"], "owner@example.com");
    assert_eq!(me["memberships"], json!([{"role": "owner", "scope": {"kind": "house", "id": null}}]));
}

#[tokio::test]
async fn a_session_opens_ends_and_runs_out() {
    let test = TestHouse::start().await;
    let owner = test.owner().await;
    owner.delete("/sessions/current").await.expect(StatusCode::NO_CONTENT);
    assert!(owner.get("/me").await.expect(StatusCode::OK)["person"].is_null());
    let again = test.owner().await;
    assert!(again.get("/me").await.expect(StatusCode::OK)["person"].is_object());
    test.clock.pass(Millis::from_days(31));
    assert!(again.get("/me").await.expect(StatusCode::OK)["person"].is_null());
}

#[tokio::test]
async fn guessing_a_password_is_slowed_down() {
    let test = TestHouse::start().await;
    test.owner().await;
    let browser = test.browser();
    let guess = json!({"email": "owner@example.com", "password": "wrong password"});
    for _ in 0..5 {
        assert_eq!(browser.post("/sessions", &guess).await.problem(), (401, "sign_in_failed".into()));
    }
    let slowed = browser.post("/sessions", &guess).await;
    assert_eq!(slowed.problem(), (429, "slow_down".into()));
    assert_eq!(slowed.headers["retry-after"], "60");
    let own = json!({"email": "owner@example.com", "password": "a long password"});
    assert_eq!(browser.post("/sessions", &own).await.problem(), (429, "slow_down".into()));
    // Who guesses locks out nobody else.
    test.browser_at([127, 0, 0, 2]).post("/sessions", &own).await.expect(StatusCode::NO_CONTENT);
    test.clock.pass(Millis::from_mins(6));
    test.owner().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guessing_side_by_side_is_no_faster() {
    let test = TestHouse::start().await;
    test.owner().await;
    let browser = test.browser();
    let guess = json!({"email": "owner@example.com", "password": "wrong password"});
    let answers = futures::future::join_all((0..40).map(|_| browser.post("/sessions", &guess))).await;
    let told = |code: &str| answers.iter().filter(|answer| answer.problem().1 == code).count();
    assert_eq!((told("sign_in_failed"), told("slow_down")), (5, 35));
}

#[tokio::test]
async fn a_session_is_only_believed_from_our_own_pages() {
    let test = TestHouse::start().await;
    let owner = test.owner().await;
    let foreign = owner.client.delete(format!("{}/api/v1/sessions/current", owner.base));
    let answer = owner.send(foreign.header("origin", "https://evil.example")).await;
    assert_eq!(answer.problem(), (403, "foreign_origin".into()));
}

#[tokio::test]
async fn a_viewer_stays_the_same_viewer() {
    let test = TestHouse::start().await;
    let viewer = test.viewer().await;
    let first = viewer.get("/me").await.expect(StatusCode::OK)["viewer_id"].clone();
    let again = viewer.post("/viewer", &json!({})).await.expect(StatusCode::OK)["viewer_id"].clone();
    assert!(first.is_string());
    assert_eq!(first, again);
}

#[tokio::test]
async fn bad_requests_are_told_in_the_readers_language() {
    let test = TestHouse::start().await;
    let browser = test.browser();
    let not_json =
        browser.request(Method::POST, "/sessions?lang=zh").header("content-type", "application/json").body("{");
    let answer = browser.send(not_json).await;
    assert_eq!(answer.problem(), (400, "bad_request".into()));
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    assert_eq!(answer.body["title"], "无法识别");
    let large = json!({"email": "a".repeat(300_000), "password": ""});
    assert_eq!(browser.post("/sessions", &large).await.problem(), (413, "too_large".into()));
    let shape = async |body: Value, expected: (&str, &str)| {
        let answer = browser.post("/sessions", &body).await;
        assert_eq!((answer.problem(), answer.fault()), ((422, "invalid".into()), expected));
    };
    shape(json!({"email": 1, "password": ""}), ("email", "wrong_type")).await;
    shape(json!({"email": "ann@example.com"}), ("password", "missing")).await;
    assert_eq!(browser.get("/nothing").await.problem(), (404, "not_found".into()));
    assert_eq!(browser.put("/me", &json!({})).await.problem(), (405, "method_not_allowed".into()));
}
