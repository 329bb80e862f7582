//! Who waits is offered what comes back, in order; who does not pay loses the right to claim.

use std::time::Duration;

use kernel::Millis;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{Stage, claim};
use crate::floor::text;
use crate::house::Browser;
use crate::outbox::messages;

/// The browser's tab, once it has a claim.
async fn offered(stage: &Stage, browser: &Browser) -> Value {
    for _ in 0..100 {
        let tab = stage.tab(browser).await;
        if let Some(claim) = tab["claims"].as_array().and_then(|claims| claims.first()) {
            assert_eq!(tab["waiting"], json!([]), "who was offered waits no longer");
            return claim.clone();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("nothing was offered: {}", stage.tab(browser).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_expires_is_offered_in_order_here_and_away() {
    let stage = Stage::with(9).await;
    let away = stage.viewer().await;
    // Who bought before can be written to.
    let item = stage.floor.tray(&away).await[0].clone();
    stage.floor.put(&away, &item).await.expect(StatusCode::OK);
    stage.floor.check_out(&away, "before").await.expect(StatusCode::CREATED);
    messages(stage.office(), 1).await;

    let drop = stage.open(&stage.draft(1)).await;
    let (first, here) = (stage.viewer().await, stage.viewer().await);
    let mut seat = stage.join(&here).await;
    claim(&first, &drop, "k", false).await.expect(StatusCode::CREATED);
    for (place, waits) in [(1, &here), (2, &away)] {
        let answer = claim(waits, &drop, "k", true).await.expect(StatusCode::ACCEPTED);
        assert_eq!(answer["waiting"]["place"], place);
    }
    let again = claim(&away, &drop, "other", true).await.expect(StatusCode::ACCEPTED);
    assert_eq!(again["waiting"]["place"], 2, "a viewer waits once");

    stage.pass(Millis::from_mins(2));
    let news = seat.frame("claim").await;
    assert_eq!((text(&news, "news"), &news["drop_id"], &news["number"]), ("offered", &json!(drop), &json!(1)));
    let claimed = offered(&stage, &here).await;
    assert_eq!(claimed["id"], news["claim_id"]);
    let until = |span: Millis| (stage.floor.house.house.app.now() + span).to_string();
    assert_eq!(claimed["until"], until(Millis::from_secs(60)), "a minute for who sits in the room");
    assert_eq!(claimed["unit"]["amount_minor"], 9_900, "at the price that was promised");

    // Let go by its buyer: next in line is away, gets half an hour, and a letter.
    here.delete(&format!("/claims/{}", text(&claimed, "id"))).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(seat.frame("claim").await["news"], "released");
    let claimed = offered(&stage, &away).await;
    assert_eq!(claimed["until"], until(Millis::from_mins(30)));
    let letter = messages(stage.office(), 2).await[0].clone();
    assert!(text(&letter, "text").contains("Silk scarf"), "{letter}");
    assert!(text(&letter, "text").contains(&format!("/shows/{}?tab=open", stage.floor.show)), "{letter}");
    let stranger = stage.viewer().await;
    let taken = stranger.delete(&format!("/claims/{}", text(&claimed, "id"))).await;
    assert_eq!(taken.problem(), (404, "not_found".into()), "a claim is its buyer's alone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_may_go_and_who_never_pays_may_not_claim() {
    let stage = Stage::with(9).await;
    let (waster, other) = (stage.viewer().await, stage.viewer().await);
    let mut seat = stage.join(&waster).await;
    for round in 0..3 {
        let drop = stage.open(&stage.draft(1)).await;
        claim(&waster, &drop, "k", false).await.expect(StatusCode::CREATED);
        if round == 0 {
            claim(&other, &drop, "k", true).await.expect(StatusCode::ACCEPTED);
            let path = format!("/drops/{drop}/wait");
            other.delete(&path).await.expect(StatusCode::NO_CONTENT);
            other.delete(&path).await.expect(StatusCode::NO_CONTENT);
            assert_eq!(stage.tab(&other).await["waiting"], json!([]));
        }
        stage.pass(Millis::from_mins(2));
        assert_eq!(seat.frame("claim").await["news"], "expired");
        stage.step(&drop, "end", &json!({})).await.expect(StatusCode::OK);
    }
    assert_eq!(stage.free().await, 9, "all of it is on the shelf again");
    let drop = stage.open(&stage.draft(1)).await;
    let barred = claim(&waster, &drop, "k", false).await;
    assert_eq!((barred.problem(), barred.body["until"].is_string()), ((403, "claims_barred".into()), true));

    let tabs = stage.office().get(&format!("/studio/shows/{}/tabs", stage.floor.show)).await.expect(StatusCode::OK);
    let tab = &tabs["items"][0];
    assert_eq!((tab["barred_until"].is_string(), &tab["here"]), (true, &json!(true)));
    let unbar = format!("/studio/buyers/{}/unbar", text(tab, "viewer_id"));
    assert_eq!(other.post(&unbar, &json!({})).await.problem(), (401, "sign_in_first".into()));
    stage.office().post(&unbar, &json!({})).await.expect(StatusCode::NO_CONTENT);
    claim(&waster, &drop, "k", false).await.expect(StatusCode::CREATED);
}
