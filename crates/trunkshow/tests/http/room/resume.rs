//! Coming back after a lost connection.

use kernel::Random;
use serde_json::{Value, json};

use super::OnAir;
use super::socket::Socket;

/// Folds frames, and refuses a gap.
#[derive(Default)]
struct Page {
    epoch: String,
    offset: u64,
    events: Vec<Value>,
    resumed: u32,
}

impl Page {
    async fn join(&mut self, socket: &mut Socket) {
        let join = if self.epoch.is_empty() {
            json!({"t": "join"})
        } else {
            json!({"t": "join", "epoch": self.epoch, "offset": self.offset})
        };
        socket.send(join).await;
        let hello = socket.frame("hello").await;
        self.epoch = hello["epoch"].as_str().expect("an epoch").into();
        if hello["resumed"] == true {
            self.resumed += 1;
        } else {
            assert!(self.events.is_empty(), "a short absence is resumed");
            self.offset = hello["snapshot"]["offset"].as_u64().expect("an offset");
        }
    }

    fn fold(&mut self, frame: &Value) {
        let (from, to) = (frame["from"].as_u64().expect("from"), frame["to"].as_u64().expect("to"));
        if frame["t"] != "frame" || to <= self.offset {
            return;
        }
        assert!(from <= self.offset + 1, "a gap between {} and {from}", self.offset);
        for event in frame["events"].as_array().expect("events") {
            if event["o"].as_u64().expect("an offset") > self.offset {
                self.events.push(event.clone());
            }
        }
        self.offset = to;
    }

    async fn read_until(&mut self, socket: &mut Socket, offset: u64) {
        while self.offset < offset {
            let frame = socket.frame("frame").await;
            self.fold(&frame);
        }
    }
}

#[tokio::test]
async fn random_cuts_lose_nothing() {
    let on_air = OnAir::start().await;
    let mut random = Random::seeded(5);
    let mut chatter = on_air.join_as(&on_air.owner).await;
    let mut cookies = Vec::new();
    for name in ["Mei", "Ann", "Zoe"] {
        cookies.push(on_air.viewer(name).await);
    }
    let mut pages: Vec<(Page, Option<Socket>)> = cookies.iter().map(|_| (Page::default(), None)).collect();
    let mut last = 0;
    for line in 0..60 {
        for ((page, socket), cookie) in pages.iter_mut().zip(&cookies) {
            match socket {
                // The connection is lost: nobody says goodbye.
                Some(_) if random.below(4) == 0 => *socket = None,
                Some(connected) if random.below(2) == 0 => page.read_until(connected, last).await,
                Some(_) => {}
                None => {
                    let mut connected = on_air.connect(cookie).await;
                    page.join(&mut connected).await;
                    *socket = Some(connected);
                }
            }
        }
        chatter.send(json!({"t": "say", "ref": format!("c{line}"), "text": format!("line {line}")})).await;
        last = chatter.frame("ack").await["offset"].as_u64().expect("an offset");
    }
    let log = on_air.house.house.app.rooms.log().tail(
        app::ports::RoomKey { show: on_air.show, stage: app::ports::Stage::Live },
        0,
        1_000,
    );
    let log = log.await.expect("the log");
    for ((mut page, socket), cookie) in pages.into_iter().zip(&cookies) {
        let mut connected = match socket {
            Some(connected) => connected,
            None => {
                let mut connected = on_air.connect(cookie).await;
                page.join(&mut connected).await;
                connected
            }
        };
        page.read_until(&mut connected, last).await;
        assert!(page.resumed > 3, "it came back {} times", page.resumed);
        let first = page.events[0]["o"].as_u64().expect("an offset");
        for (event, offset) in page.events.iter().zip(first..) {
            let written = &log[usize::try_from(offset).expect("small") - 1];
            assert_eq!(*event, serde_json::to_value(written).expect("JSON"));
        }
    }
}

#[tokio::test]
async fn a_resend_after_a_lost_answer_is_one_message() {
    let on_air = OnAir::start().await;
    let cookie = on_air.viewer("Mei").await;
    let say = json!({"t": "say", "ref": "once", "text": "just once"});
    let mut first = on_air.join_as(&cookie).await;
    first.send(say.clone()).await;
    let offset = first.frame("ack").await["offset"].clone();
    drop(first);
    let mut again = on_air.join_as(&cookie).await;
    again.send(say).await;
    let ack = again.next().await.expect("an answer");
    assert_eq!(ack["offset"], offset, "the answer is the first one's: {ack}");
}

#[tokio::test]
async fn an_epoch_that_is_over_starts_from_a_snapshot() {
    let on_air = OnAir::start().await;
    let cookie = on_air.viewer("Mei").await;
    for join in [
        json!({"t": "join", "epoch": "another", "offset": 1}),
        json!({"t": "join", "epoch": "another"}),
        json!({"t": "join", "epoch": "another", "offset": u64::MAX}),
    ] {
        let mut socket = on_air.connect(&cookie).await;
        socket.send(join.clone()).await;
        let hello = socket.frame("hello").await;
        assert_eq!(hello["resumed"], false, "{join}");
        assert!(hello["snapshot"].is_object());
    }
}
