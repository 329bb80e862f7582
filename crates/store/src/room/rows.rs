//! Between the rooms' rows and their types.

use app::ports::{Evidence, ProductAnswer, StoreError, WordsByOffset};
use kernel::{MessageId, Timestamp};
use room::{Event, Kind, Room, Words};
use sea_orm::QueryResult;
use serde::Serialize;

use crate::failed;
use crate::room::has_words;
use crate::text::parse;

#[derive(Serialize)]
struct EventRow {
    place: i64,
    kind: &'static str,
    message_id: Option<String>,
    programme_ms: i64,
    body: String,
}

#[derive(Serialize)]
struct WordsRow {
    place: i64,
    message_id: String,
    viewer_id: String,
    name: String,
    text: String,
}

/// A batch as the JSON that the statements unfold.
pub(super) struct EventRows {
    pub(super) events: String,
    /// None when nobody said anything.
    pub(super) words: Option<String>,
    /// (offset of the removal, or of the refusal; line taken away).
    pub(super) removed: Vec<(u64, MessageId)>,
    /// Lines that waited and stand in the chat now.
    pub(super) let_through: Vec<MessageId>,
}

pub(super) fn unreadable(error: serde_json::Error) -> StoreError {
    StoreError::Failed(error.to_string())
}

/// An offset as the databases count.
pub(super) fn place(offset: u64) -> Result<i64, StoreError> {
    i64::try_from(offset).map_err(|_| StoreError::Failed(format!("offset {offset} is past what a log can hold")))
}

pub(super) fn offset(row: &QueryResult) -> Result<u64, StoreError> {
    let place: i64 = row.try_get("", "place").map_err(failed)?;
    u64::try_from(place).map_err(|_| StoreError::Failed(format!("place {place} is before the log")))
}

impl EventRows {
    pub(super) fn of(events: Vec<Event>) -> Result<Self, StoreError> {
        let (mut rows, mut words, mut removed, mut let_through) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for mut event in events {
            let place = place(event.offset)?;
            let said = event.kind.part();
            words.extend(said.zip(event.kind.words()).map(|(Words { name, text }, (id, viewer))| WordsRow {
                place,
                message_id: id.to_string(),
                viewer_id: viewer.to_string(),
                name,
                text,
            }));
            let mut message_id = None;
            match &event.kind {
                Kind::Message { id, held, .. } => {
                    message_id = Some(id.to_string());
                    let_through.extend(*held);
                }
                Kind::Request { wording: Some(wording), .. } => message_id = Some(wording.id.to_string()),
                Kind::Reply(reply) => message_id = Some(reply.id.to_string()),
                Kind::Removed { message_id } | Kind::HeldRefused { message_id } => {
                    removed.push((event.offset, *message_id))
                }
                _ => {}
            }
            rows.push(EventRow {
                place,
                kind: event.kind.name(),
                message_id,
                programme_ms: event.programme_ms,
                body: serde_json::to_string(&event.kind).map_err(unreadable)?,
            });
        }
        let words = if words.is_empty() { None } else { Some(serde_json::to_string(&words).map_err(unreadable)?) };
        Ok(Self { events: serde_json::to_string(&rows).map_err(unreadable)?, words, removed, let_through })
    }
}

fn words_of(row: &QueryResult) -> Result<Option<Words>, StoreError> {
    let name: Option<String> = row.try_get("", "name").map_err(failed)?;
    let text: Option<String> = row.try_get("", "text").map_err(failed)?;
    Ok(name.zip(text).map(|(name, text)| Words { name, text }))
}

pub(crate) fn event_of(row: &QueryResult) -> Result<Event, StoreError> {
    let body: String = row.try_get("", "body").map_err(failed)?;
    let mut kind: Kind = serde_json::from_str(&body).map_err(unreadable)?;
    if has_words(&kind) {
        kind.rejoin(words_of(row)?);
    }
    Ok(Event { offset: offset(row)?, programme_ms: row.try_get("", "programme_ms").map_err(failed)?, kind })
}

pub(super) fn rejoin_words(fold: Room, rows: &[QueryResult]) -> Result<Room, StoreError> {
    let mut words = WordsByOffset::new();
    for row in rows {
        if let Some(said) = words_of(row)? {
            words.insert(offset(row)?, said);
        }
    }
    Ok(fold.with_words(&words))
}

/// A reply about the number whose product is asked for; none about another number of the show.
pub(super) fn answer(row: &QueryResult) -> Result<Option<ProductAnswer>, StoreError> {
    let number: i64 = row.try_get("", "number").map_err(failed)?;
    let show: String = row.try_get("", "show_id").map_err(failed)?;
    let Event { programme_ms: at_ms, kind, .. } = event_of(row)?;
    let Kind::Reply(reply) = kind else { return Ok(None) };
    let is_it = reply.is_kept() && reply.number.map(i64::from) == Some(number);
    Ok(if is_it { Some(ProductAnswer { show: parse(&show)?, at_ms, reply: *reply }) } else { None })
}

pub(super) fn evidence_row(row: &QueryResult) -> Result<Evidence, StoreError> {
    let text = |column: &str| row.try_get::<String>("", column).map_err(failed);
    Ok(Evidence {
        message_id: parse(&text("message_id")?)?,
        viewer_id: parse(&text("viewer_id")?)?,
        words: Words { name: text("name")?, text: text("text")? },
        removed_by: parse(&text("removed_by")?)?,
        reason: text("reason")?,
        removed_at: Timestamp::from_unix_micros(row.try_get("", "removed_at").map_err(failed)?),
    })
}
