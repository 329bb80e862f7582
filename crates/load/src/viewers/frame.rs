//! The room's frames as a simulated viewer reads them: what covers which offsets, and what each event comes to.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, VecDeque};
use std::hash::{Hash, Hasher};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::socket::inflated;

/// Frames that are remembered by what they read: thousands of viewers get the same bytes at nearly the same time.
const REMEMBERED: usize = 256;
/// What stands before the microsecond at which a text was to be said, and its speaker's number.
pub(super) const MARK: &str = "at ";

/// One frame, read.
#[derive(Debug)]
pub(super) enum Frame {
    Hello(Hello),
    Covers(Covers),
    Ack,
    Refused(String),
    Other,
}

#[derive(Debug)]
pub(super) struct Hello {
    pub(super) epoch: String,
    /// None when it was resumed.
    pub(super) snapshot: Option<Start>,
}

/// What a snapshot says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Start {
    pub(super) offset: u64,
    pub(super) state: State,
}

#[derive(Debug)]
pub(super) struct Covers {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) left_out: u64,
    pub(super) events: Vec<Seen>,
}

/// One event.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) offset: u64,
    pub(super) lane: Lane,
    /// Of everything that all viewers are told about it.
    pub(super) print: u64,
    /// When it was to be said and by which speaker, where the text names them.
    pub(super) sent: Option<(u64, u64)>,
    /// The id of a chat line.
    pub(super) line: Option<String>,
    /// The id of the line that is gone.
    pub(super) removed: Option<String>,
    /// What the state is folded from.
    pub(super) event: Option<Arc<Value>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    State,
    Chat,
    Fx,
}

/// The part of a room that a snapshot and the fold of the state lane must agree on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    show: Value,
    programme: Value,
    pinned: Value,
    announcement: Value,
    /// (id, phase, left), in the order in which they were first told.
    drops: Vec<(Value, Value, Value)>,
}

impl State {
    fn of_snapshot(snapshot: &Value) -> Self {
        let drops = snapshot["drops"].as_array().into_iter().flatten();
        Self {
            show: snapshot["state"].clone(),
            programme: snapshot["programme_id"].clone(),
            pinned: snapshot["pinned"]["number"].clone(),
            announcement: snapshot["announcement"].clone(),
            drops: drops.map(|drop| (drop["id"].clone(), drop["phase"].clone(), drop["left"].clone())).collect(),
        }
    }

    /// Takes one event in.
    pub(super) fn apply(&mut self, event: &Value) {
        match event["k"].as_str().unwrap_or_default() {
            "show_state" => (self.show, self.programme) = (event["state"].clone(), event["programme_id"].clone()),
            "pinned" => self.pinned = event["number"].clone(),
            "unpinned" => self.pinned = Value::Null,
            "announcement" if event["text"] == "" => self.announcement = Value::Null,
            "announcement" => self.announcement = event["text"].clone(),
            "drop" => {
                let known = self.drops.iter().position(|(id, ..)| *id == event["id"]);
                let told = (event["id"].clone(), event["phase"].clone(), event["left"].clone());
                match known {
                    Some(place) if event["phase"] == "ended" => drop(self.drops.remove(place)),
                    Some(place) => self.drops[place] = told,
                    None if event["phase"] == "ended" => {}
                    None => self.drops.push(told),
                }
            }
            _ => {}
        }
    }
}

impl Frame {
    pub(super) fn read(text: &[u8]) -> Result<Self, serde_json::Error> {
        let frame: Value = serde_json::from_slice(text)?;
        let number = |key: &str| frame[key].as_u64().unwrap_or_default();
        Ok(match frame["t"].as_str().unwrap_or_default() {
            "hello" => {
                let snapshot = frame.get("snapshot").map(|snapshot| Start {
                    offset: snapshot["offset"].as_u64().unwrap_or_default(),
                    state: State::of_snapshot(snapshot),
                });
                Self::Hello(Hello { epoch: frame["epoch"].as_str().unwrap_or_default().to_owned(), snapshot })
            }
            "frame" => {
                let (from, to, left_out) = (number("from"), number("to"), number("left_out"));
                let events = match frame {
                    Value::Object(mut fields) => fields.remove("events"),
                    _ => None,
                };
                let events = match events {
                    Some(Value::Array(events)) => events.into_iter().map(seen).collect(),
                    _ => Vec::new(),
                };
                Self::Covers(Covers { from, to, left_out, events })
            }
            "ack" => Self::Ack,
            "refused" => Self::Refused(frame["code"].as_str().unwrap_or_default().to_owned()),
            _ => Self::Other,
        })
    }
}

fn seen(mut event: Value) -> Seen {
    // Staff are told who did it; viewers are not.
    if let Value::Object(fields) = &mut event {
        fields.remove("by");
    }
    let lane = match event["k"].as_str().unwrap_or_default() {
        "message" => Lane::Chat,
        "hearts" | "viewers" | "request" | "vote" => Lane::Fx,
        _ => Lane::State,
    };
    let id = |kind: &str, key: &str| {
        let named = event[key].as_str().filter(|_| event["k"] == kind);
        named.map(str::to_owned)
    };
    let (line, removed) = (id("message", "id"), id("removed", "message_id"));
    let text = event["text"].as_str().and_then(|text| text.strip_prefix(MARK));
    Seen {
        offset: event["o"].as_u64().unwrap_or_default(),
        lane,
        // Keys are sorted, so equal events read alike.
        print: print(event.to_string().as_bytes()),
        sent: text.and_then(|text| {
            let mut words = text.split(' ');
            Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?))
        }),
        line,
        removed,
        event: (lane == Lane::State).then(|| Arc::new(event)),
    }
}

fn print(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

/// Reads each shared frame once for all viewers of this process.
#[derive(Debug, Default)]
pub(super) struct Reader(Mutex<Remembered>);

#[derive(Debug, Default)]
struct Remembered {
    frames: HashMap<u64, Arc<Frame>>,
    /// Oldest first.
    order: VecDeque<u64>,
}

impl Reader {
    pub(super) fn read(&self, text: &[u8]) -> io::Result<Arc<Frame>> {
        if !text.starts_with(br#"{"t":"frame""#) {
            return Ok(Arc::new(Frame::read(text)?));
        }
        let key = print(text);
        self.known(key).map_or_else(|| self.remember(key, Frame::read(text)?), Ok)
    }

    /// The same for a frame that came compressed.
    pub(super) fn read_deflated(&self, bytes: &[u8]) -> io::Result<Arc<Frame>> {
        let key = print(bytes);
        self.known(key).map_or_else(|| self.remember(key, Frame::read(&inflated(bytes)?)?), Ok)
    }

    fn remembered(&self) -> MutexGuard<'_, Remembered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self, key: u64) -> Option<Arc<Frame>> {
        self.remembered().frames.get(&key).map(Arc::clone)
    }

    /// What everybody gets is kept for the next one.
    fn remember(&self, key: u64, frame: Frame) -> io::Result<Arc<Frame>> {
        let frame = Arc::new(frame);
        if !matches!(*frame, Frame::Covers(_)) {
            return Ok(frame);
        }
        let mut remembered = self.remembered();
        if remembered.frames.insert(key, Arc::clone(&frame)).is_none() {
            remembered.order.push_back(key);
        }
        if remembered.order.len() > REMEMBERED
            && let Some(oldest) = remembered.order.pop_front()
        {
            remembered.frames.remove(&oldest);
        }
        Ok(frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_says_what_the_fold_says() {
        let mut state = State::default();
        for event in [
            r#"{"k":"show_state","state":"live","programme_id":"p"}"#,
            r#"{"k":"pinned","number":3}"#,
            r#"{"k":"drop","id":"d","phase":"armed","left":5}"#,
            r#"{"k":"drop","id":"e","phase":"armed","left":5}"#,
            r#"{"k":"drop","id":"d","phase":"open","left":4}"#,
            r#"{"k":"drop","id":"e","phase":"ended","left":4}"#,
            r#"{"k":"announcement","text":"hello"}"#,
        ] {
            state.apply(&serde_json::from_str(event).expect("JSON"));
        }
        let snapshot = r#"{"state":"live","programme_id":"p","pinned":{"number":3,"programme_ms":1},
            "announcement":"hello","drops":[{"id":"d","phase":"open","left":4,"limit":1}]}"#;
        assert_eq!(State::of_snapshot(&serde_json::from_str(snapshot).expect("JSON")), state);
    }

    #[test]
    fn staff_and_viewers_see_the_same_event() {
        let read = |text: &str| match Frame::read(text.as_bytes()).expect("JSON") {
            Frame::Covers(covers) => covers.events,
            other => panic!("{other:?}"),
        };
        let staff = read(r#"{"t":"frame","from":1,"to":1,"events":[{"o":1,"k":"pinned","number":2,"by":{"id":"x"}}]}"#);
        let viewer = read(r#"{"t":"frame","from":1,"to":1,"events":[{"number":2,"k":"pinned","o":1}]}"#);
        assert_eq!(staff[0].print, viewer[0].print);
        let said = read(r#"{"t":"frame","from":2,"to":2,"events":[{"o":2,"k":"message","text":"at 12345 7 xxxx"}]}"#);
        assert_eq!((said[0].sent, said[0].lane), (Some((12_345, 7)), Lane::Chat));
    }
}
