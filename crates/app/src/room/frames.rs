//! The server's frames as JSON text: each is encoded once and its bytes are shared by all who get it.

use std::fmt::Write;

use bytes::Bytes;
use kernel::{Language, RequestId, Timestamp, ViewerId};
use room::{Event, Fx, Kind, Snapshot};
use serde::Serialize;

use super::ask::Done;
use super::direct::ClaimNews;
use super::refused::Refused;
use crate::ports::ActedBy;

/// Whoever joined, as told to themselves.
#[derive(Clone, Debug, Serialize)]
pub struct You {
    pub viewer_id: ViewerId,
    pub name: Option<String>,
    pub staff: bool,
    pub muted_until_ms: Option<i64>,
    /// They may not write any more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub blocked: bool,
    /// Their lines that wait to be read, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<Event>,
    /// The requests that they have a voice in: open ones, and those that were closed last.
    pub asked: Vec<RequestId>,
    /// What was replied to them alone, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<Event>,
    /// Their vote in the poll that is open, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voted: Option<u8>,
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| unreachable!("our own frames have text keys: {error}"))
}

pub(super) fn event(event: &Event) -> String {
    json(event)
}

/// An encoded event with the name of who did it.
pub(super) fn named(event: &str, by: &ActedBy) -> String {
    format!(r#"{},"by":{}}}"#, event.strip_suffix('}').unwrap_or(event), json(by))
}

pub(super) fn snapshot(snapshot: &Snapshot) -> String {
    json(snapshot)
}

/// `snapshot`: already encoded; none when the tail follows instead.
pub(super) fn hello(epoch: &str, now: Timestamp, you: &You, snapshot: Option<&str>) -> Bytes {
    let mut text = format!(
        r#"{{"t":"hello","epoch":{},"server_ms":{},"you":{},"resumed":{}"#,
        json(&epoch),
        now.unix_millis(),
        json(you),
        snapshot.is_none()
    );
    if let Some(snapshot) = snapshot {
        text.push_str(r#","snapshot":"#);
        text.push_str(snapshot);
    }
    text.push('}');
    text.into()
}

/// `events` are encoded already and cover `from..=to` but for `left_out` chat lines; without any, `from` is one more than `to`.
pub(super) fn frame<'a>(
    from: u64,
    to: u64,
    left_out: usize,
    events: impl Iterator<Item = &'a str>,
    fx: Option<Fx>,
) -> Bytes {
    let mut text = format!(r#"{{"t":"frame","from":{from},"to":{to},"left_out":{left_out},"events":["#);
    for (place, event) in events.enumerate() {
        if place > 0 {
            text.push(',');
        }
        text.push_str(event);
    }
    text.push(']');
    if let Some(fx) = fx {
        // Writing into a String cannot fail.
        let _always = write!(text, r#","fx":{{"hearts":{},"viewers":{}}}"#, fx.hearts, fx.viewers);
    }
    text.push('}');
    text.into()
}

pub(super) fn ack(reference: &str, done: Done) -> Bytes {
    let held = done.held.map(|id| format!(r#","held":"{id}""#)).unwrap_or_default();
    format!(r#"{{"t":"ack","ref":{},"offset":{}{held}}}"#, json(&reference), done.offset).into()
}

/// What a moderator decided about one viewer, and why, for their seats; none where it takes nothing from them.
pub(super) fn moderated(event: &Event, reason: &str) -> Option<Bytes> {
    let at = event.programme_ms;
    let act = match &event.kind {
        Kind::Removed { message_id } => format!(r#""removed","message_id":"{message_id}""#),
        Kind::HeldRefused { message_id } => format!(r#""held_refused","message_id":"{message_id}""#),
        Kind::Muted { until_ms, .. } if *until_ms <= at => r#""unmuted""#.to_owned(),
        Kind::Muted { until_ms, .. } => format!(r#""muted","until_ms":{until_ms}"#),
        Kind::Blocked { blocked: false, .. } => r#""unblocked""#.to_owned(),
        Kind::Blocked { .. } => r#""blocked""#.to_owned(),
        _ => return None,
    };
    Some(format!(r#"{{"t":"moderated","o":{},"act":{act},"reason":{}}}"#, event.offset, json(&reason)).into())
}

pub(super) fn refused(reference: &str, refused: &Refused, language: &Language) -> Bytes {
    format!(
        r#"{{"t":"refused","ref":{},"code":"{}","detail":{}}}"#,
        json(&reference),
        refused.code(),
        json(&refused.detail(language))
    )
    .into()
}

/// What was replied to one viewer alone, for their seats.
pub(super) fn reply(reply: &Event) -> Bytes {
    format!(r#"{{"t":"reply",{}"#, event(reply).strip_prefix('{').unwrap_or_default()).into()
}

pub(super) fn claim(news: &ClaimNews, now: Timestamp) -> Bytes {
    let ClaimNews { change, claim, drop, number, until } = news;
    let mut text = format!(r#"{{"t":"claim","news":{},"claim_id":"{claim}""#, json(change));
    // Writing into a String cannot fail.
    if let Some(drop) = drop {
        let _always = write!(text, r#","drop_id":"{drop}""#);
    }
    if let Some(number) = number {
        let _always = write!(text, r#","number":{number}"#);
    }
    if let Some(until) = until {
        let _always = write!(text, r#","until_ms":{}"#, until.unix_millis());
    }
    let _always = write!(text, r#","server_ms":{}}}"#, now.unix_millis());
    text.into()
}

pub(super) fn pong(client_ms: i64, now: Timestamp) -> Bytes {
    format!(r#"{{"t":"pong","client_ms":{client_ms},"server_ms":{}}}"#, now.unix_millis()).into()
}

/// What came of a viewer's report or appeal, for their seats.
pub(super) fn settled(act: &str, answer: &str) -> Bytes {
    format!(r#"{{"t":"moderated","act":"{act}","reason":{}}}"#, json(&answer)).into()
}
