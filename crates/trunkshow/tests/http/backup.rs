//! A copy is taken while buyers are buying, and another house is made of it.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::house::{Browser, TestHouse};
use crate::till::{check_out, checkout_body, put, text};
use crate::uploads::{PIXEL, send};
use crate::wares::Wares;

fn trunkshow(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_trunkshow")).args(arguments).output().expect("the binary runs")
}

#[track_caller]
fn done(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn path(folder: &Path) -> &str {
    folder.to_str().expect("a path")
}

/// Buys belts until told to stop; the answers that came.
async fn keep_buying(browser: Browser, wares: Wares, stop: Arc<AtomicBool>) -> Vec<Value> {
    let mut placed = vec![];
    while !stop.load(Ordering::Relaxed) {
        let basket = put(&browser, &wares, 1).await;
        let mut body = checkout_body(&wares, basket["version"].as_i64().expect("a version"));
        body["sandbox_outcome"] = json!("approve");
        let key = format!("order {}", placed.len());
        placed.push(check_out(&browser, &key, &body).await.expect(StatusCode::CREATED));
    }
    placed
}

async fn order(browser: &Browser, placed: &Value) -> Value {
    let path = format!("/orders/{}?key={}", text(placed, "order_id"), text(placed, "order_key"));
    browser.get(&path).await.expect(StatusCode::OK)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_taken_while_buyers_buy_holds_every_order_from_before() {
    let house = TestHouse::start().await;
    let wares = house.belt(100_000).await;
    let owner = house.owner().await;
    let media = send(&owner, "/media", PIXEL, "image/png").await.expect(StatusCode::CREATED);
    let mut before = vec![];
    let early = house.viewer().await;
    for number in 0..3 {
        let basket = put(&early, &wares, 1).await;
        let mut body = checkout_body(&wares, basket["version"].as_i64().expect("a version"));
        body["sandbox_outcome"] = json!("approve");
        before.push(check_out(&early, &format!("early {number}"), &body).await.expect(StatusCode::CREATED));
    }

    let stop = Arc::new(AtomicBool::new(false));
    let buying = tokio::spawn(keep_buying(house.viewer().await, wares, Arc::clone(&stop)));
    let folders = tempfile::tempdir().expect("a folder");
    let (copy, data) = (folders.path().join("copy.tar"), folders.path().join("restored"));
    let (from, to) = (house.data().to_owned(), copy.clone());
    let copied = tokio::task::spawn_blocking(move || {
        trunkshow(&["backup", "--with-key", "--data", path(&from), "--to", path(&to)])
    });
    done(&copied.await.expect("copied"));
    stop.store(true, Ordering::Relaxed);
    let meanwhile = buying.await.expect("bought");
    assert!(!meanwhile.is_empty(), "nobody bought while the copy was made");
    let epoch = house.house.app.rooms.log().epoch().await.expect("an epoch");

    let again = trunkshow(&["backup", "--data", path(house.data()), "--to", path(&copy)]);
    assert!(String::from_utf8_lossy(&again.stderr).contains("is there already"), "a copy is not written over");
    done(&trunkshow(&["restore", "--data", path(&data), "--from", path(&copy)]));
    let second = trunkshow(&["restore", "--data", path(&data), "--from", path(&copy)]);
    assert!(String::from_utf8_lossy(&second.stderr).contains("has files in it"), "a house is not written over");

    let restored = TestHouse::start_in(&data).await;
    let browser = restored.browser();
    for placed in &before {
        let (was, is) = (order(&early, placed).await, order(&browser, placed).await);
        assert_eq!((&is["state"], &is["number"], &is["totals"]), (&was["state"], &was["number"], &was["totals"]));
    }
    let url = media["url"].as_str().expect("a url").replace("{w}", "160");
    let picture = browser.client.get(format!("{}{url}", browser.base)).send().await.expect("answered");
    assert_eq!(picture.status(), StatusCode::OK);
    let renewed = restored.house.app.rooms.log().epoch().await.expect("an epoch");
    assert_ne!(renewed, epoch, "clients that come back start from a snapshot");
}

#[tokio::test]
async fn a_damaged_copy_is_refused_and_nothing_is_left_behind() {
    let house = TestHouse::start().await;
    let folders = tempfile::tempdir().expect("a folder");
    let (copy, data) = (folders.path().join("copy"), folders.path().join("restored"));
    done(&trunkshow(&["backup", "--data", path(house.data()), "--to", path(&copy)]));
    assert!(!copy.join("master.key").exists(), "the key stays behind unless asked for");
    let rows = copy.join("house.db");
    let mut bytes = std::fs::read(&rows).expect("the copy's rows");
    bytes[5_000] ^= 1;
    std::fs::write(&rows, bytes).expect("damaged");
    let refused = trunkshow(&["restore", "--data", path(&data), "--from", path(&copy)]);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("house.db is not as it was written"), "{refused:?}");
    assert!(!data.join("house.db").exists());
}

#[test]
fn postgresql_is_copied_by_its_own_tools() {
    let printed = trunkshow(&["backup", "--database", "postgres://house@db/house", "--to", "/copies/today"]);
    done(&printed);
    assert!(String::from_utf8_lossy(&printed.stdout).contains("pg_dump --format=custom"), "{printed:?}");
}
