//! The house's rules reach rooms that are open.

use kernel::Millis;
use reqwest::StatusCode;
use serde_json::json;

use super::Floor;

#[tokio::test]
async fn a_listed_word_is_refused_in_disguise() {
    let floor = Floor::live().await;
    let viewer = floor.house.viewer().await;
    viewer.put("/me/chat-name", &json!({"name": "Mei"})).await.expect(StatusCode::OK);
    let mut seat = floor.join(&viewer).await;
    seat.frame("hello").await;
    let path = "/house/blocked-words";
    let list = floor.shop.office.get(path).await.expect(StatusCode::OK);
    assert_eq!(list["words"], json!([]));
    let words = json!({"version": list["version"], "words": ["scammer", " 假货 ", "scammer"]});
    let kept = floor.shop.office.put(path, &words).await.expect(StatusCode::OK);
    assert_eq!(kept["words"], json!(["scammer", "假货"]));
    assert_eq!(floor.shop.office.put(path, &words).await.problem(), (409, "changed_meanwhile".into()));
    for (reference, text) in [("1", "you s.c a m m é r"), ("2", "这是假 货吧")] {
        seat.send(json!({"t": "say", "ref": reference, "text": text})).await;
        assert_eq!(seat.frame("refused").await["code"], "word_not_allowed", "{text}");
    }
    seat.send(json!({"t": "say", "ref": "3", "text": "lovely"})).await;
    seat.frame("ack").await;

    let house = floor.shop.office.get("/house").await.expect(StatusCode::OK);
    assert!(house.get("blocked_words").is_none(), "{house}");
    let renamed = json!({"version": house["version"], "name": "Maison", "logo_media_id": null, "theme": {"accent": null},
        "languages": ["en"], "currencies": ["USD"], "countries": ["US"]});
    floor.shop.office.put("/house", &renamed).await.expect(StatusCode::OK);
    assert_eq!(floor.shop.office.get(path).await.body["words"], kept["words"], "the settings leave the list alone");
    let empty = json!({"version": 2, "words": ["..."]});
    assert_eq!(floor.shop.office.put(path, &empty).await.problem(), (422, "invalid".into()));
    assert_eq!(viewer.get(path).await.problem(), (401, "sign_in_first".into()));
}

#[tokio::test]
async fn the_lobby_opens_by_itself() {
    let floor = Floor::planned().await;
    let viewer = floor.house.viewer().await;
    let mut seat = floor.join(&viewer).await;
    assert_eq!(seat.frame("hello").await["snapshot"]["state"], "scheduled");
    floor.house.clock.pass(Millis::from_mins(90));
    assert_eq!(seat.event("show_state").await["state"], "lobby");
}

#[tokio::test]
async fn a_new_name_holds_at_once() {
    let floor = Floor::live().await;
    let (mei, ann) = (floor.house.viewer().await, floor.house.viewer().await);
    let (mut seat, mut other) = (floor.join(&mei).await, floor.join(&ann).await);
    seat.frame("hello").await;
    other.frame("hello").await;
    let say = |reference: &str| json!({"t": "say", "ref": reference, "text": format!("hello {reference}")});
    seat.send(say("one")).await;
    assert_eq!(seat.frame("refused").await["code"], "name_needed");
    let people = floor.house.owner().await.get("/me").await.expect(StatusCode::OK);
    for taken in [people["person"]["name"].as_str().expect("a name"), "OLIVE  owner", "Ólive Owner"] {
        let answer = mei.put("/me/chat-name", &json!({"name": taken})).await;
        assert_eq!(answer.fault(), ("name", "reserved"), "{taken}");
    }
    for name in ["Mei", "Mei Lin"] {
        mei.put("/me/chat-name", &json!({"name": name})).await.expect(StatusCode::OK);
        seat.send(say(name)).await;
        seat.frame("ack").await;
        assert_eq!(other.event("message").await["name"], name);
    }
}

#[tokio::test]
async fn of_two_shows_of_one_host_that_go_live_at_once_one_does() {
    let floor = Floor::planned().await;
    let copy = floor.post("duplicate", &json!({})).await.expect(StatusCode::CREATED);
    let path = format!("/shows/{}/go-live", copy["id"].as_str().expect("an id"));
    let (office, nothing) = (&floor.shop.office, json!({}));
    let (one, other) = tokio::join!(floor.post("go-live", &nothing), office.post(&path, &nothing));
    let mut answers = [one, other];
    answers.sort_by_key(|answer| answer.status);
    assert_eq!(answers[0].status, StatusCode::OK);
    assert_eq!(answers[1].problem(), (409, "host_is_elsewhere".into()));
    let live = floor.house.browser().get("/shows?state=live").await.expect(StatusCode::OK);
    assert_eq!(live["items"].as_array().map(Vec::len), Some(1), "{live}");
}
