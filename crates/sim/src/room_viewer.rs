//! A simulated viewer: folds frames as a page does, and refuses what a page could not make sense of.

use std::collections::BTreeMap;
use std::time::Duration;

use app::room::{Guest, Position, Seat, Submitted, Told};
use serde_json::Value;
use tokio::time::timeout;

/// How long one look at the connection takes, in virtual time.
const LOOK: Duration = Duration::from_millis(3);

/// What refs of messages begin with.
pub(crate) const MESSAGE_REF: char = '#';

/// What one viewer knows, and their connection while they have one.
#[derive(Debug)]
pub(crate) struct Viewer {
    pub(crate) guest: Guest,
    pub(crate) seat: Option<Seat>,
    epoch: Option<String>,
    pub(crate) offset: u64,
    /// Chat lines by offset: (message id, text); a removal takes the line away.
    pub(crate) lines: BTreeMap<u64, (String, String)>,
    /// The other events since the last snapshot, by offset.
    pub(crate) events: BTreeMap<u64, Value>,
    pub(crate) pinned: Option<u64>,
    pub(crate) resumed: u32,
    pub(crate) snapshots: u32,
    /// Commands that have no answer yet, by `ref`.
    pub(crate) waiting: BTreeMap<String, String>,
    /// Acknowledged offsets by `ref`.
    pub(crate) acked: BTreeMap<String, u64>,
}

impl Viewer {
    pub(crate) fn new(guest: Guest) -> Self {
        Self {
            guest,
            seat: None,
            epoch: None,
            offset: 0,
            lines: BTreeMap::new(),
            events: BTreeMap::new(),
            pinned: None,
            resumed: 0,
            snapshots: 0,
            waiting: BTreeMap::new(),
            acked: BTreeMap::new(),
        }
    }

    /// Where their own log ends; nothing for a page that was just loaded.
    pub(crate) fn position(&self) -> Option<Position> {
        self.epoch.clone().map(|epoch| Position { epoch, offset: self.offset })
    }

    /// A reload: the page forgets everything.
    pub(crate) fn reload(&mut self) {
        let acked = std::mem::take(&mut self.acked);
        *self = Self { acked, ..Self::new(self.guest.clone()) };
    }

    pub(crate) async fn send(&mut self, reference: &str, frame: String) {
        let Some(seat) = &mut self.seat else { return };
        match seat.submit(&frame).await {
            Submitted::Later(answer) => {
                self.waiting.insert(reference.into(), frame);
                let answer = answer.wait().await;
                self.take(&answer);
            }
            Submitted::Answer(answer) | Submitted::Nonsense(answer) => self.take(&answer),
            Submitted::Nothing => {}
            Submitted::Flood => self.seat = None,
        }
    }

    /// Reads what has arrived, at most `frames`.
    pub(crate) async fn read(&mut self, frames: usize) {
        for _ in 0..frames {
            let Some(seat) = &mut self.seat else { return };
            match timeout(LOOK, seat.next()).await {
                Ok(Told::Own(all)) => all.iter().for_each(|frame| self.take(frame)),
                Ok(Told::Shared(frame)) => self.take(frame.text()),
                Ok(Told::Closed) => self.seat = None,
                Err(_) => return,
            }
        }
    }

    /// # Panics
    /// When a frame leaves an offset out without saying so, or comes in another order than the log's.
    pub(crate) fn take(&mut self, frame: &[u8]) {
        let frame: Value = serde_json::from_slice(frame).expect("a frame is JSON");
        match frame["t"].as_str().expect("a frame has a type") {
            "hello" => self.hello(&frame),
            "frame" => self.fold(&frame),
            "ack" => {
                let reference = frame["ref"].as_str().expect("a ref").to_owned();
                self.waiting.remove(&reference);
                let offset = frame["offset"].as_u64().expect("an offset");
                // Only messages are idempotent, and only their refs are never used twice here.
                if !reference.starts_with(MESSAGE_REF) {
                    return;
                }
                let before = self.acked.insert(reference, offset);
                assert!(before.is_none_or(|before| before == offset), "one command was acknowledged at two offsets");
            }
            "refused" => {
                assert_ne!(frame["code"], "message_repeated", "no line here is said twice on purpose");
                // A refusal as busy leaves open what happened: the command is sent again.
                if frame["code"] != "busy" {
                    self.waiting.remove(frame["ref"].as_str().expect("a ref"));
                }
            }
            // To one viewer alone, about what the log says.
            "moderated" => {}
            other => panic!("{other} is no frame of this simulation"),
        }
    }

    fn hello(&mut self, hello: &Value) {
        self.epoch = Some(hello["epoch"].as_str().expect("an epoch").into());
        if hello["resumed"] == true {
            self.resumed += 1;
            return;
        }
        let snapshot = &hello["snapshot"];
        self.snapshots += 1;
        self.offset = snapshot["offset"].as_u64().expect("an offset");
        self.events.clear();
        self.lines.clear();
        self.pinned = snapshot["pinned"]["number"].as_u64();
        for message in snapshot["messages"].as_array().expect("messages") {
            assert!(message["removed"] != true, "a snapshot shows no removed message");
            self.message(message);
        }
    }

    fn fold(&mut self, frame: &Value) {
        let (from, to) = (frame["from"].as_u64().expect("from"), frame["to"].as_u64().expect("to"));
        let events = frame["events"].as_array().expect("events");
        if to < from || to <= self.offset {
            return;
        }
        assert!(from <= self.offset + 1, "a gap: {} is known, the frame begins at {from}", self.offset);
        for event in events {
            let offset = event["o"].as_u64().expect("an offset");
            if offset <= self.offset {
                continue;
            }
            assert_eq!(offset, self.offset + 1, "events come in the log's order");
            self.offset = offset;
            match event["k"].as_str().expect("a kind") {
                "message" if event["removed"] == true => {}
                "message" => self.message(event),
                "removed" => self.lines.retain(|_, (id, _)| *id != event["message_id"].as_str().expect("an id")),
                "pinned" => self.pinned = event["number"].as_u64(),
                "unpinned" => self.pinned = None,
                _ => {}
            }
            if event["k"] != "message" {
                let mut logged = event.clone();
                // Staff are shown who acted, beside what the log says.
                logged.as_object_mut().expect("an event").remove("by");
                self.events.insert(offset, logged);
            }
        }
        assert_eq!(self.offset, to, "a frame covers what it says");
    }

    fn message(&mut self, event: &Value) {
        let text = |name: &str| event[name].as_str().expect("a text").to_owned();
        self.lines.insert(event["o"].as_u64().expect("an offset"), (text("id"), text("text")));
    }
}
