//! An edition opens once for each market, and what is corrected on air is corrected for its drops.

use kernel::Millis;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{Stage, claim, claim_for};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_market_has_its_own_pieces_under_one_number() {
    let stage = Stage::with(9).await;
    let market = |countries: Value| {
        let mut draft = stage.draft(1);
        draft["countries"] = countries;
        draft
    };
    let nowhere =
        stage.office().post(&format!("/studio/shows/{}/drops", stage.floor.show), &market(json!(["XX"]))).await;
    assert_eq!((nowhere.problem(), nowhere.fault().0), ((422, "invalid".into()), "countries.0"));
    let here = stage.open(&market(json!(["US", "CA"]))).await;
    stage.pass(Millis(1));
    let there = stage.open(&market(json!(["GB"]))).await;
    let (ann, bea) = (stage.viewer().await, stage.viewer().await);
    let wish = |country: &str| json!({"currency": "USD", "country": country});
    assert_eq!(claim_for(&ann, &there, "k", &wish("US")).await.problem(), (409, "not_in_market".into()));
    claim_for(&ann, &here, "k", &wish("CA")).await.expect(StatusCode::CREATED);
    assert_eq!(claim_for(&bea, &here, "k", &wish("US")).await.problem(), (409, "sold_out".into()));
    claim_for(&bea, &there, "k", &wish("GB")).await.expect(StatusCode::CREATED);
    let shown = ann.get(&format!("/shows/{}", stage.floor.show)).await.expect(StatusCode::OK);
    assert_eq!(shown["drops"][1]["countries"], json!(["GB"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopped_sale_stops_its_drops_and_a_claim_keeps_the_better_price() {
    let stage = Stage::with(9).await;
    let (ann, bea) = (stage.viewer().await, stage.viewer().await);
    let draft = json!({"number": 1, "quantity": 5, "limit": 1, "hold": {"minutes": 20}});
    let drop = stage.open(&draft).await;
    claim(&ann, &drop, "k", false).await.expect(StatusCode::CREATED);
    let price = |minor: i64| json!({"prices": [{"amount_minor": minor, "currency": "USD"}]});
    stage.floor.post("items/1/reprice", &price(25_000)).await;
    stage.pass(Millis(1));
    let dearer = claim(&bea, &drop, "k", false).await.expect(StatusCode::CREATED);
    assert_eq!(dearer["claim"]["unit"]["amount_minor"], 25_000, "who claims now pays the new price");
    let quote = async |browser| {
        let path = format!("/shows/{}/tab/quote", stage.floor.show);
        stage_quote(browser, &path).await
    };
    assert_eq!(quote(&ann).await["subtotal"]["amount_minor"], 19_800, "who claimed before keeps the better one");
    stage.floor.post("items/1/reprice", &price(15_000)).await;
    stage.pass(Millis(1));
    assert_eq!(quote(&bea).await["subtotal"]["amount_minor"], 15_000);

    let mut room = stage.join(&ann).await;
    stage.floor.post("items/1/stop-sale", &json!({})).await;
    let ended = loop {
        let told = room.event("drop").await;
        if told["phase"] == "ended" {
            break told;
        }
    };
    assert_eq!(ended["id"], json!(drop));
    let cat = stage.viewer().await;
    assert_eq!(claim(&cat, &drop, "k", false).await.problem(), (409, "drop_ended".into()));
    let list = stage.office().get(&format!("/studio/shows/{}/drops", stage.floor.show)).await.expect(StatusCode::OK);
    assert_eq!(list["items"][0]["ended_because"], "stopped");
}

async fn stage_quote(browser: &crate::house::Browser, path: &str) -> Value {
    browser.post(path, &json!({"currency": "USD", "country": "US"})).await.expect(StatusCode::OK)
}
