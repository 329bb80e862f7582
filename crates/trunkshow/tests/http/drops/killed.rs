//! The real process dies in the middle of a drop: whatever a buyer was told is still so when it is back.

use std::collections::BTreeMap;

use reqwest::{Method, StatusCode};
use rustix::process::Signal;
use serde_json::{Value, json};

use super::claim;
use crate::floor::{id, text};
use crate::house::Browser;
use crate::process::Process;
use crate::uploads::{PIXEL, send};

/// A drop of so many that is open, in a show on air; the show's id and the drop's.
async fn open_drop(process: &Process, pieces: i64) -> (Browser, String, String) {
    let show = process.planned_show().await;
    let owner = process.browser();
    let password = json!({"email": "o@example.com", "password": "a long password"});
    owner.post("/sessions", &password).await.expect(StatusCode::NO_CONTENT);
    let planned = owner.get(&format!("/shows/{show}")).await.expect(StatusCode::OK);
    let brand = &planned["brand"]["id"];
    let seller = json!({"brand_id": brand, "legal_name": "Maison Inc.", "address": ["1 Spring Street"], "country": "US",
        "email": "shop@example.com", "tax_numbers": []});
    owner.post("/sellers", &seller).await.expect(StatusCode::CREATED);
    let location = json!({"brand_id": brand, "name": "Spring Street", "country": "US"});
    owner.post("/locations", &location).await.expect(StatusCode::CREATED);
    let rate = json!([{"country": "*", "name": {"en": "Parcel"}, "days": [3, 7],
        "price": [{"amount_minor": 1_200, "currency": "USD"}]}]);
    owner.put("/shipping-rates", &rate).await.expect(StatusCode::OK);
    owner.post(&format!("/shows/{show}/go-live"), &json!({})).await.expect(StatusCode::OK);
    let media = id(&send(&owner, "/media", PIXEL, "image/png").await.expect(StatusCode::CREATED));
    let piece = json!({"title": "Silk scarf", "media_id": media, "quantity": pieces,
        "prices": [{"amount_minor": 19_800, "currency": "USD"}]});
    owner.post(&format!("/shows/{show}/list-on-air"), &piece).await.expect(StatusCode::CREATED);
    let draft = json!({"number": 1, "quantity": pieces, "limit": 1, "hold": {"minutes": 30}});
    let drop = owner.post(&format!("/studio/shows/{show}/drops"), &draft).await.expect(StatusCode::CREATED);
    let drop = id(&drop);
    let step = |step: &str| format!("/studio/drops/{drop}/{step}");
    owner.post(&step("arm"), &json!({})).await.expect(StatusCode::OK);
    owner.post(&step("fire"), &json!({"lead_ms": 0})).await.expect(StatusCode::OK);
    (owner, show, drop)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_claim_that_was_acknowledged_is_lost() {
    let data = tempfile::tempdir().expect("a folder");
    let process = Process::start(data.path(), &[]);
    let (owner, show, drop) = open_drop(&process, 20).await;
    let mut buyers: Vec<(Browser, Option<Value>)> = Vec::new();
    let mut rush = tokio::task::JoinSet::new();
    for _ in 0..24 {
        let (buyer, drop) = (process.browser(), drop.clone());
        buyer.post("/viewer", &json!({})).await.expect(StatusCode::OK);
        rush.spawn(async move {
            let request = buyer.request(Method::POST, &format!("/drops/{drop}/claims")).header("idempotency-key", "k");
            let wish = json!({"currency": "USD", "country": "US", "wait": true});
            let told = match request.json(&wish).send().await {
                Ok(response) => response.json::<Value>().await.ok(),
                Err(_cut_off) => None,
            };
            (buyer, told)
        });
    }
    while let Some(done) = rush.join_next().await {
        buyers.push(done.expect("a buyer"));
        if buyers.len() == 8 {
            process.signal(Signal::KILL);
        }
    }
    tokio::task::spawn_blocking(|| process.end()).await.expect("it is gone");

    let process = Process::start(data.path(), &[]);
    let mut held: BTreeMap<String, usize> = BTreeMap::new();
    for (buyer, told) in buyers {
        let buyer = Browser { base: process.browser().base, ..buyer };
        // Asked again with the same key, the answer is the one that was given, or the first one.
        let again = claim(&buyer, &drop, "k", true).await;
        assert!(again.status.is_success(), "{}", again.body);
        if let Some(told) = told.filter(|told| told["claim"].is_object()) {
            assert_eq!(again.body["claim"]["id"], told["claim"]["id"], "an acknowledged claim stands");
        }
        let tab = buyer.get(&format!("/shows/{show}/tab")).await.expect(StatusCode::OK);
        let claims = tab["claims"].as_array().expect("claims");
        assert_eq!(claims.len() + tab["waiting"].as_array().map_or(0, Vec::len), 1, "{tab}");
        for claim in claims {
            *held.entry(text(claim, "id").to_owned()).or_default() += 1;
        }
    }
    assert_eq!((held.len(), held.values().max()), (20, Some(&1)), "each piece once");
    let owner = Browser { base: process.browser().base, ..owner };
    let list = owner.get(&format!("/studio/shows/{show}/drops")).await.expect(StatusCode::OK);
    assert_eq!((&list["items"][0]["left"], &list["items"][0]["waiting"]), (&json!(0), &json!(4)));
}
