//! Bad input gets a named refusal or a numbered close, and nobody else notices.

use kernel::Millis;
use reqwest::StatusCode;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::OnAir;
use super::socket::Socket;

/// Somebody else still talks and hears.
async fn undisturbed(witness: &mut Socket, line: &str) {
    witness.send(json!({"t": "say", "ref": line, "text": line})).await;
    assert_eq!(witness.event("message").await["text"], line);
}

#[tokio::test]
async fn frames_that_are_none() {
    let on_air = OnAir::start().await;
    let mut witness = on_air.join_as(&on_air.owner).await;
    let mut mei = on_air.join("Mei").await;
    for (frame, reference) in [
        ("", ""),
        ("not json", ""),
        ("{\"t\":", ""),
        ("[1,2,3]", ""),
        (r#"{"t":"dance","ref":"d"}"#, "d"),
        (r#"{"t":"heart","count":-1}"#, ""),
        (r#"{"t":"say","ref":"s"}"#, "s"),
        (r#"{"t":"join"}"#, ""),
    ] {
        mei.send_raw(Message::text(frame)).await;
        let refused = mei.frame("refused").await;
        assert_eq!((&refused["code"], &refused["ref"]), (&json!("bad_frame"), &json!(reference)), "{frame}");
        assert!(!refused["detail"].as_str().expect("a sentence").is_empty());
    }
    mei.send(json!({"t": "say", "ref": "long", "text": "a".repeat(501)})).await;
    assert_eq!(mei.frame("refused").await["code"], "message_too_long");
    undisturbed(&mut witness, "after bad frames").await;
}

#[tokio::test]
async fn what_closes_a_socket() {
    let on_air = OnAir::start().await;
    let mut witness = on_air.join_as(&on_air.owner).await;
    let join = || Message::text(r#"{"t":"join"}"#);
    let check = async |name: &str, cookie: &str, frames: Vec<Message>, expected: u16| {
        let mut socket = on_air.connect(cookie).await;
        for frame in frames {
            socket.send_raw(frame).await;
        }
        assert_eq!(socket.closed().await, expected, "{name}");
    };
    let mei = on_air.viewer("Mei").await;
    check("binary", &mei, vec![join(), Message::binary(vec![0; 10])], 4415).await;
    check("no join", &mei, vec![Message::text(r#"{"t":"ping","client_ms":1}"#)], 4400).await;
    check("no cookie", "", vec![join()], 4401).await;
    check("forged cookie", "ts_viewer=01ARZ3NDEKTSV4RRFFQ69G5FAV.AAAA", vec![join()], 4401).await;
    check("forged ticket", &mei, vec![Message::text(r#"{"t":"join","ticket":"a.b.c.d.e"}"#)], 4401).await;
    check("20 KB", &mei, vec![join(), Message::text("x".repeat(20_000))], 4400).await;
    let nonsense = std::iter::once(join()).chain((0..21).map(|_| Message::text("x"))).collect();
    check("nonsense over and over", &mei, nonsense, 4429).await;
    let hearts = std::iter::once(join()).chain((0..10_000).map(|_| Message::text(r#"{"t":"heart","count":50}"#)));
    let hearts: Vec<_> = hearts.collect();
    let mut flood = on_air.connect(&mei).await;
    for heart in hearts {
        flood.send_raw(heart).await;
    }
    // Closing with hearts unread may reset the connection before the code is read.
    assert!(matches!(flood.closed().await, 4429 | 1006));
    let mut megabyte = on_air.connect(&mei).await;
    megabyte.send_raw(join()).await;
    megabyte.send_raw(Message::text("x".repeat(1_000_000))).await;
    assert!(matches!(megabyte.closed().await, 4400 | 1006));
    undisturbed(&mut witness, "after the closed ones").await;
}

#[tokio::test]
async fn strangers_to_the_room() {
    let on_air = OnAir::start().await;
    let http = on_air.house.house.http;
    let mei = on_air.viewer("Mei").await;
    let join = json!({"t": "join"});
    let check = async |mut socket: Socket, expected: u16| {
        socket.send(join.clone()).await;
        assert_eq!(socket.closed().await, expected);
    };
    // Another site's page, with our cookie sent along by the browser.
    check(Socket::connect_from(http, &on_air.path(), &mei, "https://evil.example").await, 4401).await;
    check(Socket::connect(http, "/api/v1/shows/01ARZ3NDEKTSV4RRFFQ69G5FAV/room", &mei).await, 4404).await;
    // No rehearsal is going on.
    check(Socket::connect(http, &format!("{}?stage=rehearsal", on_air.path()), &mei).await, 4404).await;
    let not_an_id = on_air.house.browser().get("/shows/nonsense/room").await;
    assert_eq!(not_an_id.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_ticket_opens_one_room_for_half_a_minute() {
    let on_air = OnAir::start().await;
    let path = format!("/shows/{}/room-ticket", on_air.show);
    let nobody = on_air.house.browser().post(&path, &json!({})).await;
    assert_eq!(nobody.problem(), (401, "viewer_needed".into()));
    let browser = on_air.house.viewer().await;
    let ticket = browser.post(&path, &json!({})).await.expect(StatusCode::OK)["ticket"].clone();
    let join = json!({"t": "join", "ticket": ticket});
    let http = on_air.house.house.http;
    // The embedding page's origin is not ours, and it has no cookie.
    let embedded = || Socket::connect_from(http, on_air.path().leak(), "", "https://blog.example");
    let mut socket = embedded().await;
    socket.send(join.clone()).await;
    assert_eq!(socket.frame("hello").await["you"]["staff"], false);
    on_air.house.clock.pass(Millis::from_secs(30));
    let mut late = embedded().await;
    late.send(join).await;
    assert_eq!(late.closed().await, 4401);
}
