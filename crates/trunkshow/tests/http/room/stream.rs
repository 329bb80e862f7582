//! The event stream, single commands, and the end of the process.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::OnAir;

/// Reads an event stream message by message.
struct Stream(reqwest::Response, String);

impl Stream {
    async fn next(&mut self) -> Value {
        loop {
            if let Some((message, rest)) = self.1.split_once("\n\n") {
                let data = message.strip_prefix("data: ").map(|data| serde_json::from_str(data).expect("JSON"));
                self.1 = rest.to_owned();
                if let Some(frame) = data {
                    return frame;
                }
                continue;
            }
            let chunk = self.0.chunk().await.expect("the stream goes on").expect("a chunk");
            self.1.push_str(std::str::from_utf8(&chunk).expect("text"));
        }
    }

    async fn event(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.next().await;
            if let Some(event) = frame["events"].as_array().into_iter().flatten().find(|event| event["k"] == kind) {
                return event.clone();
            }
        }
    }
}

#[tokio::test]
async fn a_stream_carries_the_same_frames() {
    let on_air = OnAir::start().await;
    let path = format!("/shows/{}/room", on_air.show);
    let browser = on_air.house.viewer().await;
    browser.put("/me/chat-name", &json!({"name": "Mei"})).await.expect(StatusCode::OK);
    let response = browser.request(reqwest::Method::GET, &format!("{path}/events")).send().await.expect("opens");
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut stream = Stream(response, String::new());
    let hello = stream.next().await;
    assert_eq!((&hello["t"], &hello["resumed"]), (&json!("hello"), &json!(false)));

    let say = json!({"t": "say", "ref": "s1", "text": "from a stream"});
    let commands = format!("{path}/commands");
    let ack = browser.post(&commands, &say).await.expect(StatusCode::OK);
    assert_eq!((&ack["t"], &ack["ref"]), (&json!("ack"), &json!("s1")));
    let seen = stream.event("message").await;
    assert_eq!((&seen["o"], &seen["text"]), (&ack["offset"], &json!("from a stream")));
    browser.post(&commands, &json!({"t": "heart", "count": 2})).await.expect(StatusCode::NO_CONTENT);
    assert_eq!(browser.post(&commands, &json!({"t": "pin", "ref": "p", "number": 1})).await.body["code"], "staff_only");

    // Resumed: the tail and nothing else.
    let query = format!(
        "{path}/events?epoch={}&offset={}",
        hello["epoch"].as_str().expect("an epoch"),
        hello["snapshot"]["offset"]
    );
    let response = browser.request(reqwest::Method::GET, &query).send().await.expect("opens");
    let mut resumed = Stream(response, String::new());
    assert_eq!(resumed.next().await["resumed"], true);
    assert_eq!(resumed.event("message").await, seen);

    let unknown = browser.get("/shows/01ARZ3NDEKTSV4RRFFQ69G5FAV/room/events").await;
    assert_eq!(unknown.problem(), (404, "not_found".into()));
    let huge = browser.post(&commands, &json!({"t": "say", "ref": "h", "text": "x".repeat(20_000)})).await;
    assert_eq!(huge.problem(), (413, "too_large".into()));
    let nobody = on_air.house.browser().post(&commands, &say).await;
    assert_eq!(nobody.problem(), (401, "viewer_needed".into()));
}

#[tokio::test]
async fn single_commands_count_with_the_frames_of_a_socket() {
    let on_air = OnAir::start().await;
    let cookie = on_air.viewer("Mei").await;
    let (browser, path) = (on_air.house.browser(), format!("/shows/{}/room/commands", on_air.show));
    let command = async |frame: &Value| {
        let request = browser.request(reqwest::Method::POST, &path).header("cookie", &cookie);
        browser.send(request.json(frame)).await
    };
    let mut mei = on_air.join_as(&cookie).await;
    let ping = json!({"t": "ping", "client_ms": 1});
    for _ in 0..30 {
        mei.send(ping.clone()).await;
        mei.frame("pong").await;
        command(&ping).await.expect(StatusCode::OK);
    }
    let say = json!({"t": "say", "ref": "s", "text": "one too many"});
    let refused = command(&say).await.expect(StatusCode::OK);
    assert_eq!((&refused["t"], &refused["code"]), (&json!("refused"), &json!("slow_down")));
    mei.send(say).await;
    assert_eq!(mei.frame("refused").await["code"], "slow_down");
    for _ in 0..498 {
        command(&ping).await.expect(StatusCode::OK);
    }
    assert_eq!(command(&ping).await.problem(), (429, "slow_down".into()));
}

#[tokio::test]
async fn a_house_that_stops_sends_everybody_to_come_back() {
    let on_air = OnAir::start().await;
    let mut mei = on_air.join("Mei").await;
    mei.send(json!({"t": "say", "ref": "last", "text": "last words"})).await;
    mei.frame("ack").await;
    let stopping = tokio::spawn(on_air.house.house.stop());
    assert_eq!(mei.event("message").await["text"], "last words");
    assert_eq!(mei.closed().await, 4500);
    drop(mei);
    stopping.await.expect("it stops");
}
