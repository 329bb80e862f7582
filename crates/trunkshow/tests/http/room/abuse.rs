//! What one of bad will can take from the others: bounded, and counted here. How long others wait meanwhile is the bench's.

use std::collections::BTreeMap;

use app::ports::{RoomKey, Stage};
use futures::future::join_all;
use kernel::Millis;
use room::Kind;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio_tungstenite::tungstenite::Message;
use trunkshow::config::Overrides;

use super::OnAir;
use super::socket::Socket;
use crate::house::TestHouse;

/// Somebody else still talks and hears.
async fn undisturbed(witness: &mut Socket, line: &str) {
    witness.send(json!({"t": "say", "ref": line, "text": line})).await;
    while witness.event("message").await["text"] != line {}
}

#[tokio::test]
async fn a_thousand_lines_a_second_are_five_lines_and_a_closed_door() {
    let on_air = OnAir::start().await;
    let mut witness = on_air.join_as(&on_air.owner).await;
    let mut flood = on_air.join("Troll").await;
    for line in 0..1_000 {
        flood.send_raw(Message::text(format!(r#"{{"t":"say","ref":"r{line}","text":"line {line}"}}"#))).await;
    }
    // Closing with lines unread may reset the connection before the code is read.
    assert!(matches!(flood.closed().await, 4429 | 1006));
    undisturbed(&mut witness, "after the flood").await;
    let key = RoomKey { show: on_air.show, stage: Stage::Live };
    let log = on_air.house.house.app.rooms.log().tail(key, 0, 2_000).await.expect("the log is read");
    let mut lines: BTreeMap<String, u32> = BTreeMap::new();
    for event in log {
        if let Kind::Message { name, .. } = event.kind {
            *lines.entry(name).or_default() += 1;
        }
    }
    assert_eq!(lines, BTreeMap::from([("Olive".to_owned(), 1), ("Troll".to_owned(), 5)]));
}

#[tokio::test]
async fn hearts_without_end_count_as_a_person_s() {
    let on_air = OnAir::start().await;
    let mut witness = on_air.join_as(&on_air.owner).await;
    let mut troll = on_air.join("Troll").await;
    for _ in 0..15 {
        troll.send(json!({"t": "heart", "count": 1_000_000})).await;
    }
    // Behind them on the same connection: all have been counted.
    troll.send(json!({"t": "say", "ref": "t", "text": "that was me"})).await;
    troll.frame("ack").await;
    undisturbed(&mut witness, "after the hearts").await;
    on_air.house.clock.pass(Millis::from_secs(5));
    assert_eq!(witness.event("hearts").await["count"], 50);
}

/// A socket from this loopback address; the status that the handshake was answered with, and what keeps it open.
async fn knock(on_air: &OnAir, from: &str, cookie: &str) -> (String, tokio::net::TcpStream) {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(format!("{from}:0").parse().expect("an address")).expect("bound");
    let http = on_air.house.house.http;
    let mut stream = socket.connect(http).await.expect("connected");
    let request = format!(
        "GET {} HTTP/1.1\r\nHost: {http}\r\nOrigin: http://{http}\r\nCookie: {cookie}\r\nUpgrade: websocket\r\n\
         Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dHJ1bmtzaG93IGxvYWQhIQ==\r\n\r\n",
        on_air.path()
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut head = [0; 12];
    let answered = stream.read_exact(&mut head).await;
    (answered.map_or_else(|_| "closed".to_owned(), |_| String::from_utf8_lossy(&head[9..]).into_owned()), stream)
}

#[tokio::test]
async fn one_address_does_not_take_all_sockets() {
    let limits = Overrides { connections_per_address: Some(3), ..Overrides::default() };
    let on_air = OnAir::open(TestHouse::start_with(limits).await).await;
    let mut witness = on_air.join_as(&on_air.owner).await;
    let cookie = on_air.viewer("Troll").await;
    let mut open = Vec::new();
    let mut answers: BTreeMap<String, u32> = BTreeMap::new();
    for _ in 0..12 {
        let (status, stream) = knock(&on_air, "127.0.0.9", &cookie).await;
        *answers.entry(status).or_default() += 1;
        open.push(stream);
    }
    assert_eq!(answers.get("101"), Some(&3), "{answers:?}");
    let (neighbour, _stream) = knock(&on_air, "127.0.0.10", &cookie).await;
    assert_eq!(neighbour, "101", "its neighbours come in");
    undisturbed(&mut witness, "after the knocking").await;
    drop(open);
}

#[tokio::test]
async fn a_flood_of_joins_is_let_in_and_counted_by_person() {
    let on_air = OnAir::start().await;
    let mut witness = on_air.join_as(&on_air.owner).await;
    let mut cookies = Vec::new();
    for number in 0..15 {
        cookies.push(on_air.viewer(&format!("Guest {number}")).await);
    }
    let joins = cookies.iter().flat_map(|cookie| std::iter::repeat_n(cookie, 20));
    let mut seats = join_all(joins.map(|cookie| on_air.join_as(cookie))).await;
    let key = RoomKey { show: on_air.show, stage: Stage::Live };
    assert_eq!(on_air.house.house.app.rooms.viewers(key).0, 16, "a reload is never a new viewer");
    let mut one_more = on_air.connect(&cookies[0]).await;
    one_more.send(json!({"t": "join"})).await;
    assert_eq!(one_more.closed().await, 4409);
    undisturbed(&mut witness, "after the joins").await;
    for seat in &mut seats {
        assert_eq!(seat.event("message").await["text"], "after the joins");
    }
}
