//! What whoever runs the house relies on: addresses behind proxies, limits, and what the process says of itself.

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::json;
use trunkshow::config::Overrides;

use crate::house::{Answer, Browser, TestHouse};

fn behind_a_proxy() -> Overrides {
    Overrides {
        trusted_proxies: Some(vec!["127.0.0.0/8".parse().expect("a network")]),
        requests_per_address: Some(2),
        connections_per_address: Some(1),
        ..Overrides::default()
    }
}

/// A request as the proxy passes it on.
fn from(browser: &Browser, address: &str, method: Method, path: &str) -> RequestBuilder {
    browser.request(method, path).header("x-forwarded-for", address)
}

async fn metrics(browser: &Browser, with: impl FnOnce(RequestBuilder) -> RequestBuilder) -> (StatusCode, String) {
    let response = with(browser.client.get(format!("{}/metrics", browser.base))).send().await.expect("answered");
    (response.status(), response.text().await.expect("a page"))
}

#[tokio::test]
async fn one_address_is_slowed_down_and_its_neighbours_are_not() {
    let test = TestHouse::start_with(behind_a_proxy()).await;
    let browser = test.browser();
    let ask = async |address: &str| -> Answer { browser.send(from(&browser, address, Method::GET, "/house")).await };
    for _ in 0..20 {
        ask("203.0.113.9").await.expect(StatusCode::OK);
    }
    let slowed = ask("203.0.113.9").await;
    assert_eq!(slowed.problem(), (429, "slow_down".into()));
    assert_eq!(slowed.headers["retry-after"], "1");
    ask("198.51.100.7, 203.0.113.10").await.expect(StatusCode::OK);
    assert_eq!(ask("203.0.113.11, 203.0.113.9").await.problem().1, "slow_down", "the nearest hop counts");
    test.clock.pass(kernel::Millis::from_secs(1));
    ask("203.0.113.9").await.expect(StatusCode::OK);
    let icon =
        browser.client.get(format!("{}/media/x/160.webp", browser.base)).header("x-forwarded-for", "203.0.113.9");
    for _ in 0..30 {
        let status = icon.try_clone().expect("a request").send().await.expect("answered").status();
        assert_eq!(status, StatusCode::NOT_FOUND, "what caches serve is not counted");
    }
}

#[tokio::test]
async fn nobody_is_believed_who_is_no_proxy_of_ours() {
    let over = Overrides { requests_per_address: Some(1), ..Overrides::default() };
    let test = TestHouse::start_with(over).await;
    let browser = test.browser();
    for _ in 0..30 {
        let answer = browser.send(from(&browser, "203.0.113.9", Method::GET, "/house")).await;
        answer.expect(StatusCode::OK);
    }
}

#[tokio::test]
async fn guessing_secrets_is_slowed_down_by_address() {
    let over = Overrides { requests_per_address: Some(0), ..behind_a_proxy() };
    let test = TestHouse::start_with(over).await;
    let browser = test.browser();
    let guess = async |number: u32| {
        let body = json!({"token": format!("guess {number}"), "name": "x", "email": "x@example.com", "password": "a long password"});
        browser.send(from(&browser, "203.0.113.9", Method::POST, "/setup").json(&body)).await.problem().1
    };
    for number in 0..60 {
        assert_eq!(guess(number).await, "link_used_or_expired", "{number}");
    }
    assert_eq!(guess(60).await, "slow_down");
}

#[tokio::test]
async fn lines_of_one_address_are_counted() {
    let test = TestHouse::start_with(behind_a_proxy()).await;
    let viewer = test.viewer().await;
    let show = crate::room::planned(&test).await;
    let path = format!("/shows/{show}/room/events");
    let first = from(&viewer, "203.0.113.9", Method::GET, &path).send().await.expect("answered");
    assert_eq!(first.status(), StatusCode::OK);
    let second = viewer.send(from(&viewer, "203.0.113.9", Method::GET, &path)).await;
    assert_eq!(second.problem(), (429, "slow_down".into()));
    let other = from(&viewer, "203.0.113.10", Method::GET, &path).send().await.expect("answered");
    assert_eq!(other.status(), StatusCode::OK);
    // A whole network counts as one.
    let six = from(&viewer, "2001:db8::1", Method::GET, &path).send().await.expect("answered");
    assert_eq!(six.status(), StatusCode::OK);
    let seven = viewer.send(from(&viewer, "2001:db8::2", Method::GET, &path)).await;
    assert_eq!(seven.problem(), (429, "slow_down".into()));
}

#[tokio::test]
async fn metrics_are_for_this_machine_or_the_token() {
    let over = Overrides { metrics_token: Some("let me see".into()), ..Overrides::default() };
    let test = TestHouse::start_with(over).await;
    let browser = test.browser();
    browser.get("/house").await.expect(StatusCode::OK);
    let (status, page) = metrics(&browser, |request| request).await;
    assert_eq!(status, StatusCode::OK);
    for wanted in [
        "trunkshow_http_requests_total{method=\"GET\",route=\"/api/v1/house\",status=\"200\"}",
        "trunkshow_http_request_seconds_bucket{route=\"/api/v1/house\",le=\"0.5\"}",
        "trunkshow_commit_seconds_count",
        "trunkshow_outbox 0",
        "trunkshow_claims 0",
        "trunkshow_rooms ",
        "trunkshow_publishers 0",
        "process_resident_memory_bytes ",
        "process_open_fds ",
    ] {
        assert!(page.contains(wanted), "{wanted} is not in {page}");
    }
    let forwarded = |request: RequestBuilder| request.header("x-forwarded-for", "203.0.113.9");
    assert_eq!(metrics(&browser, forwarded).await.0, StatusCode::NOT_FOUND, "not through a proxy");
    let wrong = metrics(&browser, |request| forwarded(request).bearer_auth("let me in")).await;
    assert_eq!(wrong.0, StatusCode::NOT_FOUND);
    let right = metrics(&browser, |request| forwarded(request).bearer_auth("let me see")).await;
    assert_eq!(right.0, StatusCode::OK);
}
