//! Removing and muting.

use app::{Actor, Membership, Role, Scope};
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::OnAir;

#[tokio::test]
async fn a_removed_message_is_gone_for_everybody_and_for_who_comes_later() {
    let on_air = OnAir::start().await;
    let (mut troll, mut ann) = (on_air.join("Troll").await, on_air.join("Ann").await);
    let mut staff = on_air.join_as(&on_air.owner).await;
    let cookie = on_air.viewer("Away").await;
    let mut away = on_air.connect(&cookie).await;
    away.send(json!({"t": "join"})).await;
    let hello = away.frame("hello").await;
    drop(away);

    troll.send(json!({"t": "say", "ref": "t1", "text": "something vile"})).await;
    let said = ann.event("message").await;
    ann.send(json!({"t": "say", "ref": "a1", "text": "something kind"})).await;
    ann.frame("ack").await;
    staff.send(json!({"t": "remove", "ref": "r1", "message_id": said["id"], "reason": "insult"})).await;
    staff.frame("ack").await;
    for socket in [&mut ann, &mut troll] {
        assert_eq!(socket.event("removed").await["message_id"], said["id"]);
    }

    // Who joins later, and who comes back from before it was said.
    let cookie_late = on_air.viewer("Late").await;
    let mut late = on_air.connect(&cookie_late).await;
    late.send(json!({"t": "join"})).await;
    let late_hello = late.frame("hello").await.to_string();
    assert!(late_hello.contains("something kind") && !late_hello.contains("vile") && !late_hello.contains("Troll"));
    let mut back = on_air.connect(&cookie).await;
    back.send(json!({"t": "join", "epoch": hello["epoch"], "offset": hello["snapshot"]["offset"]})).await;
    assert_eq!(back.frame("hello").await["resumed"], true);
    let tombstone = back.event("message").await;
    assert_eq!((&tombstone["text"], &tombstone["removed"]), (&json!(""), &json!(true)));
    assert_eq!(back.event("removed").await["message_id"], said["id"]);

    let kept = on_air.house.house.app.rooms.log().evidence(on_air.show).await.expect("evidence");
    assert_eq!((kept[0].words.text.as_str(), kept[0].reason.as_str()), ("something vile", "insult"));
    let trail = app::audit::list(&on_air.house.house.app, &Actor::house(), Some(on_air.show), None, 9).await;
    let mut trail = trail.expect("a trail").into_iter().filter(|(entry, _)| entry.act == "message.removed");
    let (entry, name) = trail.next().expect("written down");
    assert_eq!(entry.detail.as_deref(), Some("insult"));
    assert_eq!((entry.subject.as_str(), name.as_deref()), (said["id"].as_str().expect("an id"), Some("Olive")));
}

#[tokio::test]
async fn a_muted_viewer_is_told_until_when() {
    let on_air = OnAir::start().await;
    let cookie = on_air.viewer("Mei").await;
    let (mut mei, mut staff) = (on_air.join_as(&cookie).await, on_air.join_as(&on_air.owner).await);
    mei.send(json!({"t": "say", "ref": "m1", "text": "hello"})).await;
    let viewer_id = staff.event("message").await["viewer_id"].clone();
    staff.send(json!({"t": "mute", "ref": "x", "viewer_id": viewer_id, "minutes": 5, "reason": "spam"})).await;
    staff.frame("ack").await;
    let until_ms = mei.event("muted").await["until_ms"].clone();
    mei.send(json!({"t": "say", "ref": "m2", "text": "but"})).await;
    assert_eq!(mei.frame("refused").await["code"], "muted");
    let mut again = on_air.connect(&cookie).await;
    again.send(json!({"t": "join"})).await;
    assert_eq!(again.frame("hello").await["you"]["muted_until_ms"], until_ms);
    staff.send(json!({"t": "unmute", "ref": "y", "viewer_id": viewer_id})).await;
    staff.frame("ack").await;
    mei.send(json!({"t": "say", "ref": "m3", "text": "thank you"})).await;
    assert_eq!(staff.event("message").await["text"], "thank you");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_that_was_taken_is_gone_from_open_sockets() {
    let on_air = OnAir::start().await;
    let app = &on_air.house.house.app;
    let (email, password) = ("ava@example.com", "a long password");
    let held = vec![Membership { role: Role::Assistant, scope: Scope::House }];
    let made = app::people::setup::add_staff(app, &Actor::house(), "Ava".into(), email, password.into(), held).await;
    let ava = made.expect("made");
    let browser = on_air.house.browser();
    let signed_in = browser.post("/sessions", &json!({"email": email, "password": password})).await;
    let cookie = signed_in.headers["set-cookie"].to_str().expect("text").split(';').next().expect("a cookie");

    let (mut assistant, mut owner) = (on_air.join_as(cookie).await, on_air.join_as(&on_air.owner).await);
    let mut mei = on_air.join("Mei").await;
    mei.send(json!({"t": "say", "ref": "m1", "text": "hello"})).await;
    let said = assistant.event("message").await["id"].clone();
    app::people::staff::set_memberships(app, &Actor::house(), ava, Vec::new()).await.expect("taken");
    assert_eq!(assistant.closed().await, 4501, "what staff alone see goes to her no more");
    let mut assistant = on_air.connect(cookie).await;
    assistant.send(json!({"t": "join"})).await;
    assert_eq!(assistant.frame("hello").await["you"]["staff"], false);
    assistant.send(json!({"t": "remove", "ref": "r", "message_id": said})).await;
    assert_eq!(assistant.frame("refused").await["code"], "staff_only");

    // Signed out elsewhere, the same.
    owner.send(json!({"t": "pin", "ref": "p1", "number": 1})).await;
    owner.frame("ack").await;
    let elsewhere = on_air.house.browser();
    let out = elsewhere.request(Method::DELETE, "/sessions/current").header("cookie", &on_air.owner);
    elsewhere.send(out).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(owner.closed().await, 4501);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_was_revoked_is_gone_from_open_streams() {
    let on_air = OnAir::start().await;
    let owner = on_air.house.browser();
    let with = |request: reqwest::RequestBuilder| request.header("cookie", &on_air.owner);
    let scopes = json!({"name": "prompter", "scopes": ["run_show"]});
    let made = owner.send(with(owner.request(Method::POST, "/tokens")).json(&scopes)).await.expect(StatusCode::CREATED);
    let secret = made["token"].as_str().expect("a secret");
    let url = format!("http://{}{}/events", on_air.house.house.http, on_air.path());
    let program = on_air.house.browser().client;
    let mut stream = program.get(url).bearer_auth(secret).send().await.expect("opens");
    let hello = stream.chunk().await.expect("goes on").expect("a chunk");
    assert!(String::from_utf8_lossy(&hello).starts_with("data: "), "{hello:?}");
    let path = format!("/tokens/{}", made["id"].as_str().expect("an id"));
    owner.send(with(owner.request(Method::DELETE, &path))).await.expect(StatusCode::NO_CONTENT);
    let mut told = String::from_utf8_lossy(&hello).into_owned();
    while let Some(chunk) = stream.chunk().await.expect("ends in order") {
        told.push_str(&String::from_utf8_lossy(&chunk));
    }
    assert!(told.contains("\"staff\":true") && told.ends_with("event: close\ndata: 4501\n\n"), "{told}");
}
