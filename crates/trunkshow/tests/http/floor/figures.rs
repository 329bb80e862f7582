//! What staff and viewers are told of a show comes from its log and the till.

use kernel::Millis;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::Floor;

#[tokio::test]
async fn a_show_counts_what_was_said_shown_and_sold() {
    let floor = Floor::live().await;
    let (scarf, brooch) = (floor.list("Silk scarf").await, floor.list("Gold brooch").await);
    let (ann, mei) = (floor.house.viewer().await, floor.house.viewer().await);
    ann.put("/me/chat-name", &json!({"name": "Ann"})).await.expect(StatusCode::OK);
    let mut seat = floor.join(&ann).await;
    seat.frame("hello").await;
    let mut staff = floor.join(&floor.shop.office).await;
    staff.frame("hello").await;
    seat.send(json!({"t": "say", "ref": "1", "text": "lovely"})).await;
    seat.frame("ack").await;
    staff.send(json!({"t": "pin", "ref": "2", "number": 2})).await;
    staff.frame("ack").await;
    seat.send(json!({"t": "heart", "count": 3})).await;
    floor.house.clock.pass(Millis::from_secs(6));
    assert_eq!(seat.event("hearts").await["count"], 3);

    floor.put(&ann, &scarf).await.expect(StatusCode::OK);
    floor.check_out(&ann, "k").await.expect(StatusCode::CREATED);
    floor.put(&mei, &brooch).await.expect(StatusCode::OK);
    floor.claim(&mei, "k").await.expect(StatusCode::CREATED);

    let path = format!("/studio/shows/{}", floor.show);
    let show = floor.shop.office.get(&path).await.expect(StatusCode::OK);
    let figures = &show["figures"];
    let gmv = json!([{"amount_minor": 19_800, "currency": "USD"}]);
    let expected =
        json!({"viewers": 2, "peak": 2, "messages": 1, "hearts": 3, "orders": 1, "gmv": gmv, "sold_this_minute": 1});
    for (name, value) in expected.as_object().expect("figures") {
        assert_eq!(&figures[name], value, "{name} in {figures}");
    }
    let minute = figures["minutes"].as_array().and_then(|minutes| minutes.last()).expect("this minute");
    assert_eq!((&minute["orders"], &minute["gmv"]), (&json!(1), &gmv));
    let counted = |item: &Value| [&item["free"], &item["claimed"], &item["sold"]].map(|n| n.as_i64().unwrap_or(-1));
    let sheet = show["run_sheet"].as_array().expect("a sheet");
    assert_eq!(sheet.iter().map(counted).collect::<Vec<_>>(), [[0, 0, 1], [0, 1, 0]]);
    assert_eq!((&sheet[0]["title"], &sheet[0]["prices"]), (&json!({"en": "Silk scarf"}), &gmv));
    assert!(sheet[0]["picture"]["width"].is_number(), "{}", sheet[0]);

    let public = mei.get(&format!("/shows/{}", floor.show)).await.expect(StatusCode::OK);
    assert_eq!(public["pinned_number"], 2);
    let shown = |at: usize| public["tray"][at]["shown_at"].as_array().map(Vec::len);
    assert_eq!((shown(0), shown(1)), (Some(0), Some(1)));
    let list = floor.shop.office.get("/studio/shows?state=live").await.expect(StatusCode::OK);
    assert_eq!((&list["items"][0]["lifecycle"], &list["items"][0]["publishing"]), (&json!("live"), &json!(false)));
    assert_eq!(list["items"][0]["brand"]["name"], "Maison Claire");

    floor.step("end").await;
    let ended = floor.shop.office.get(&path).await.expect(StatusCode::OK);
    assert_eq!((&ended["figures"]["messages"], &ended["figures"]["gmv"]), (&json!(1), &gmv));
}
