//! What goes over the wire: compression, falling off the ring, and who opens too much.

use std::time::Duration;

use app::ports::{RoomFeed, RoomKey, Stage};
use kernel::Random;
use room::Notice;
use serde_json::json;

use super::OnAir;
use super::raw::{Raw, masked};

/// A line long enough to be worth compressing.
const LINE: &str = "the same words, the same words, the same words, the same words, the same words, the same words";

#[tokio::test]
async fn frames_are_compressed_for_who_offered_it_and_for_nobody_else() {
    let on_air = OnAir::start().await;
    let http = on_air.house.house.http;
    let mut staff = on_air.join_as(&on_air.owner).await;
    let check = async |deflate: bool| {
        let cookie = on_air.viewer("Mei").await;
        let (raw, _) = Raw::join(http, &on_air.path(), &cookie, deflate).await;
        assert_eq!(raw.head.contains("permessage-deflate; server_no_context_takeover"), deflate, "{}", raw.head);
        raw
    };
    let (mut squeezed, mut plain) = (check(true).await, check(false).await);
    for number in 0..3 {
        staff.send(json!({"t": "say", "ref": number.to_string(), "text": format!("{number} {LINE}")})).await;
        let mut seen = Vec::new();
        for (raw, first) in [(&mut squeezed, 0xc1), (&mut plain, 0x81)] {
            let (frame, json) = loop {
                let frame = raw.frame().await.expect("a frame");
                let json = frame.json();
                if json["events"][0]["k"] == "message" {
                    break (frame, json);
                }
            };
            assert_eq!(frame.first, first);
            seen.push((frame.payload.len(), json));
        }
        assert_eq!(seen[0].1, seen[1].1, "the same words either way");
        assert!(seen[0].0 < seen[1].0, "{} bytes, and {}", seen[0].0, seen[1].0);
    }
    // A client may compress too, in fragments if it likes.
    let ping: &[u8] = br#"{"t":"ping","client_ms":7}"#;
    let stored = [&[0x00, ping.len() as u8, 0x00, !(ping.len() as u8), 0xff][..], ping, &[0x00]].concat();
    squeezed.send(&[masked(0x41, &stored[..9]), masked(0x80, &stored[9..])].concat()).await;
    let pong = loop {
        let json = squeezed.frame().await.expect("a frame").json();
        if json["t"] == "pong" {
            break json;
        }
    };
    assert_eq!(pong["client_ms"], 7);
    plain.send(&masked(0xc1, &stored)).await;
    assert_eq!(plain.closed().await, 4400, "nobody agreed on that");
}

/// Who hardly reads: what they got, without a gap.
struct Dozing {
    raw: Raw,
    offset: u64,
    /// Tails and snapshots that the house sent by itself.
    started_anew: (u32, u32),
}

impl Dozing {
    async fn read(&mut self) {
        let frame = self.raw.frame().await.expect("the connection is kept").json();
        match frame["t"].as_str() {
            Some("hello") if frame["resumed"] == true => self.started_anew.0 += 1,
            Some("hello") => {
                self.started_anew.1 += 1;
                self.offset = frame["snapshot"]["offset"].as_u64().expect("an offset");
            }
            Some("frame") => {
                let bound = |key: &str| frame[key].as_u64().expect("an offset");
                assert!(bound("from") <= self.offset + 1, "nothing goes missing behind {}: {frame}", self.offset);
                let told: Vec<_> =
                    frame["events"].as_array().expect("events").iter().map(|e| e["o"].as_u64()).collect();
                assert_eq!(told, (bound("from")..=bound("to")).map(Some).collect::<Vec<_>>());
                self.offset = self.offset.max(bound("to"));
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn who_falls_off_the_ring_starts_from_a_snapshot_and_misses_nothing() {
    let on_air = OnAir::start().await;
    let room = RoomKey { show: on_air.show, stage: Stage::Live };
    let rooms = &on_air.house.house.app.rooms;
    let cookie = on_air.viewer("Mei").await;
    let (raw, hello) = Raw::join(on_air.house.house.http, &on_air.path(), &cookie, false).await;
    let offset = hello["snapshot"]["offset"].as_u64().expect("an offset");
    let mut dozing = Dozing { raw, offset, started_anew: (0, 0) };
    let last = async || rooms.log().last(room).await.expect("the log is read");
    // 15 MB, of which the ring holds 8; the room remembers 1,000 events.
    for part in 1..=3 {
        for first in 0..2_000 {
            let numbers = (0..500).map(|number| 9_000 + (number + first) % 900).collect();
            rooms.post(room, Notice::TrayChanged { numbers }).await;
        }
        while last().await < offset + part * 2_000 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // Who takes nothing at all for ten seconds is closed.
        dozing.read().await;
    }
    let last = last().await;
    while dozing.offset < last {
        dozing.read().await;
    }
    assert_eq!(dozing.started_anew, (0, 1));
}

#[tokio::test]
async fn each_malformed_frame_costs_its_own_connection_and_nobody_elses() {
    let on_air = OnAir::start().await;
    let (http, path) = (on_air.house.house.http, on_air.path());
    let mut witness = on_air.join_as(&on_air.owner).await;
    let mut random = Random::seeded(4400);
    let cookies = [on_air.viewer("Mei").await, on_air.viewer("Ann").await];
    for number in 0..60_usize {
        let (bad, expected) = match number % 6 {
            0 => (vec![0x81, 0x02, b'h', b'i'], 4400),
            1 => (masked(0x83, b"x"), 4400),
            2 => (masked(0x82, b"x"), 4415),
            3 => (vec![0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0], 4400),
            4 => (masked(0x81, &[0xff, random.below(256) as u8]), 4400),
            _ => (masked(0x89, &[0; 126]), 4400),
        };
        let (mut raw, _) = Raw::join(http, &path, &cookies[number % 2], false).await;
        raw.send(&bad).await;
        assert_eq!(raw.closed().await, expected, "{number}: {bad:02x?}");
    }
    witness.send(json!({"t": "say", "ref": "w", "text": "still here"})).await;
    assert_eq!(witness.event("message").await["text"], "still here");
}
