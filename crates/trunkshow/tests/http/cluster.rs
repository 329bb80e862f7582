//! Two processes on one PostgreSQL.

use std::time::Duration;

use reqwest::StatusCode;
use rustix::process::Signal;
use serde_json::json;

use crate::process::Process;
use crate::room::socket::Socket;

/// A viewer of this process, with a name; their cookie.
async fn viewer(process: &Process, name: &str) -> String {
    let browser = process.browser();
    let viewer = browser.post("/viewer", &json!({})).await.expect(StatusCode::OK);
    browser.put("/me/chat-name", &json!({"name": name})).await.expect(StatusCode::OK);
    format!("ts_viewer={}", viewer["token"].as_str().expect("a token"))
}

/// Joins; the code of the close frame where it is not let in.
async fn join(process: &Process, path: &str, cookie: &str) -> Result<Socket, u16> {
    let mut socket = Socket::connect(process.http(), path, cookie).await;
    socket.send(json!({"t": "join"})).await;
    let hello = socket.next().await?;
    assert_eq!(hello["t"], "hello", "{hello}");
    Ok(socket)
}

async fn say(socket: &mut Socket, text: &str) {
    socket.send(json!({"t": "say", "ref": text, "text": text})).await;
    loop {
        let frame = socket.next().await.expect("the room is open");
        assert_ne!(frame["t"], "refused", "{frame}");
        if frame["t"] == "ack" && frame["ref"] == text {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_moves_to_another_process_when_its_leader_stalls() {
    let Some(database) = store::testing::postgres_url().await else { return };
    let folders = [tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder")];
    let one = Process::start(folders[0].path(), &["--database", &database]);
    // Nodes of one house share its master key.
    std::fs::copy(folders[0].path().join("master.key"), folders[1].path().join("master.key")).expect("copied");
    let two = Process::start(folders[1].path(), &["--database", &database]);
    let show = one.planned_show().await;
    let path = format!("/api/v1/shows/{show}/room");
    let (ann, bob) = (viewer(&one, "Ann").await, viewer(&two, "Bob").await);

    let mut first = join(&one, &path, &ann).await.expect("the room is free");
    say(&mut first, "from one").await;
    assert_eq!(join(&two, &path, &bob).await.err(), Some(4529), "led elsewhere: come back");

    one.signal(Signal::STOP);
    let mut second = loop {
        match join(&two, &path, &bob).await {
            Ok(socket) => break socket,
            Err(code) => assert_eq!(code, 4529),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    say(&mut second, "from two").await;

    one.signal(Signal::CONT);
    let closed = loop {
        if let Err(code) = first.next().await {
            break code;
        }
    };
    assert_eq!(closed, 4501, "who stalled has lost the room");
    assert_eq!(join(&one, &path, &ann).await.err(), Some(4529));
    say(&mut second, "still two").await;
}
