//! The same request, sent twice because an answer got lost.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::floor::Floor;
use crate::house::{Answer, Browser, TestHouse};
use crate::uploads::PIXEL;

async fn keyed(browser: &Browser, path: &str, key: &str, body: &Value) -> Answer {
    browser.send(browser.request(Method::POST, path).header("idempotency-key", key).json(body)).await
}

async fn brands(browser: &Browser) -> usize {
    let brands = browser.get("/brands").await.expect(StatusCode::OK);
    brands.as_array().or_else(|| brands["items"].as_array()).expect("brands").len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_created_twice_with_one_key_is_created_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let test = TestHouse::start_in(folder.path()).await;
    let owner = test.owner().await;
    let body = json!({"name": "Maison Claire"});
    let first = keyed(&owner, "/brands", "once", &body).await;
    assert!(!first.headers.contains_key("idempotency-replayed"));
    let first = first.expect(StatusCode::CREATED);
    let again = keyed(&owner, "/brands", "once", &body).await;
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(again.headers["content-type"], "application/json");
    assert_eq!(again.expect(StatusCode::CREATED), first);
    let other = keyed(&owner, "/brands", "once", &json!({"name": "Maison Noire"})).await;
    assert_eq!(other.problem(), (409, "idempotency_key_reused".into()));
    let elsewhere = keyed(&owner, "/sellers", "once", &body).await;
    assert_eq!(elsewhere.problem(), (409, "idempotency_key_reused".into()));
    assert_eq!(brands(&owner).await, 1);

    let at_once = async |_| keyed(&owner, "/brands", "together", &body).await.expect(StatusCode::CREATED);
    let answers = futures::future::join_all((0..4).map(at_once)).await;
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(brands(&owner).await, 2);

    let long = keyed(&owner, "/brands", &"x".repeat(65), &body).await;
    assert_eq!(long.problem(), (422, "invalid".into()));
    test.house.stop().await;
    let test = TestHouse::start_in(folder.path()).await;
    let owner = test.owner().await;
    let later = keyed(&owner, "/brands", "once", &body).await.expect(StatusCode::CREATED);
    assert_eq!(later, first, "a restart forgets nothing");
    test.clock.pass(kernel::Millis::from_days(2));
    app::repeat::sweep(&test.house.app).await.expect("swept");
    let new = keyed(&owner, "/brands", "once", &body).await.expect(StatusCode::CREATED);
    assert_ne!(new, first, "after a day the key is free again");
}

#[tokio::test]
async fn a_refused_request_may_be_corrected_under_its_key() {
    let test = TestHouse::start().await;
    let owner = test.owner().await;
    let wrong = keyed(&owner, "/brands", "k", &json!({"name": ""})).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    keyed(&owner, "/brands", "k", &json!({"name": "Maison"})).await.expect(StatusCode::CREATED);
    let nobody = keyed(&test.viewer().await, "/brands", "k", &json!({"name": "Maison"})).await;
    assert_eq!(nobody.problem().0, 401, "another's key opens nothing");
}

#[tokio::test]
async fn a_piece_that_is_listed_twice_by_a_bad_connection_is_on_the_tray_once() {
    let floor = Floor::live().await;
    let media = floor.picture().await;
    let piece =
        json!({"title": "Silk scarf", "media_id": media, "prices": [{"amount_minor": 19_800, "currency": "USD"}]});
    let path = format!("/shows/{}/list-on-air", floor.show);
    let first = keyed(&floor.shop.office, &path, "scarf", &piece).await.expect(StatusCode::CREATED);
    let again = keyed(&floor.shop.office, &path, "scarf", &piece).await.expect(StatusCode::CREATED);
    assert_eq!(again, first);
    let tray = floor.tray(&floor.house.browser()).await;
    assert_eq!(tray.as_array().map(Vec::len), Some(1), "{tray}");

    let upload = async || {
        let part =
            reqwest::multipart::Part::bytes(PIXEL.to_vec()).file_name("file").mime_str("image/png").expect("a type");
        let form = reqwest::multipart::Form::new().part("file", part);
        let request = floor.shop.office.request(Method::POST, "/media").header("idempotency-key", "snapshot");
        floor.shop.office.send(request.multipart(form)).await.expect(StatusCode::CREATED)
    };
    assert_eq!(upload().await, upload().await, "a form's boundary is another one each time");
}
