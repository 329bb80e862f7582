//! What staff do for a buyer: set aside, more time, a nudge, letting go.

use kernel::Millis;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::Stage;
use crate::floor::text;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_piece_is_set_aside_for_a_buyer_who_asked() {
    let stage = Stage::with(3).await;
    let ann = stage.viewer().await;
    let mut seat = stage.join(&ann).await;
    let viewer_id = ann.post("/viewer", &json!({})).await.expect(StatusCode::OK)["viewer_id"].clone();
    let path = format!("/studio/shows/{}/claims", stage.floor.show);
    let aside = json!({"viewer_id": viewer_id, "variant_id": stage.variant, "hold": {"minutes": 30}});
    assert_eq!(ann.post(&path, &aside).await.problem(), (401, "sign_in_first".into()));
    let held = stage.office().post(&path, &aside).await.expect(StatusCode::CREATED);
    assert_eq!((&held["drop_id"], &held["unit"]["amount_minor"]), (&Value::Null, &json!(19_800)));
    let news = seat.frame("claim").await;
    assert_eq!((text(&news, "news"), &news["claim_id"]), ("set_aside", &held["id"]));
    assert_eq!(stage.tab(&ann).await["claims"][0]["id"], held["id"]);
    assert_eq!(stage.free().await, 2);

    let claim = format!("/studio/claims/{}", text(&held, "id"));
    let nudged = stage.office().post(&format!("{claim}/nudge"), &json!({})).await.expect(StatusCode::OK);
    assert_eq!(nudged["written"], false, "nobody knows how to write to her");
    assert_eq!(seat.frame("claim").await["news"], "nudged");
    let until = (stage.floor.house.house.app.now() + Millis::from_mins(90)).to_string();
    let extend = |until: &str| json!({"until": until});
    let path = format!("{claim}/extend");
    stage.office().post(&path, &extend(&until)).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(seat.frame("claim").await["news"], "extended");
    assert_eq!(stage.tab(&ann).await["claims"][0]["until"], json!(until));
    let soon = stage.office().post(&path, &extend("soon")).await;
    assert_eq!((soon.problem(), soon.fault()), ((422, "invalid".into()), ("until", "not_a_time")));

    let tabs = stage.office().get(&format!("/studio/shows/{}/tabs", stage.floor.show)).await.expect(StatusCode::OK);
    let tab = &tabs["items"][0];
    assert_eq!((&tab["viewer_id"], &tab["reachable"], &tab["here"]), (&viewer_id, &json!(false), &json!(true)));
    stage.office().delete(&claim).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(seat.frame("claim").await["news"], "released");
    assert_eq!(stage.free().await, 3);
    let over = stage.office().post(&format!("{claim}/nudge"), &json!({})).await;
    assert_eq!(over.problem(), (409, "claim_over".into()));

    // A drop cannot take more than there is, and what cannot be is named.
    let drop = stage.plan(&stage.draft(4)).await;
    let armed = stage.step(&drop, "arm", &json!({})).await;
    assert_eq!((armed.problem(), &armed.body["free"]), ((409, "not_enough_stock".into()), &json!(3)));
    assert_eq!(stage.step(&drop, "fire", &json!({})).await.problem(), (409, "drop_not_armed".into()));
    stage.office().delete(&format!("/studio/drops/{drop}")).await.expect(StatusCode::NO_CONTENT);
    let mut draft = stage.draft(1);
    draft["limit"] = json!(11);
    let refused = stage.office().post(&format!("/studio/shows/{}/drops", stage.floor.show), &draft).await;
    assert_eq!((refused.problem(), refused.fault()), ((422, "invalid".into()), ("limit", "out_of_range")));
}
