//! The room's ports in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use kernel::{MessageId, ShowId, Timestamp, ViewerId};
use room::{Event, Kind, Room, Words};

use crate::ports::{Append, ChatNames, Evidence, RoomBrief, RoomKey, RoomLog, RoomSource, StoreError, WordsByOffset};

#[derive(Debug, Default)]
struct Rows {
    epoch: u32,
    events: BTreeMap<(RoomKey, u64), Event>,
    appended: BTreeMap<(RoomKey, u64), Timestamp>,
    words: BTreeMap<(RoomKey, u64), Words>,
    folds: BTreeMap<RoomKey, Room>,
    evidence: Vec<(ShowId, Evidence)>,
    names: BTreeMap<ViewerId, String>,
    fail_next: u32,
}

/// Logs and names in memory.
#[derive(Debug, Default)]
pub struct MemoryRoomLog(Mutex<Rows>);

impl MemoryRoomLog {
    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As after a restore from a copy.
    pub fn renew_epoch(&self) {
        self.rows().epoch += 1;
    }

    /// The next so many appends are durable, but their answer is lost.
    pub fn lose_answers(&self, appends: u32) {
        self.rows().fail_next = appends;
    }
}

fn message_offset(rows: &Rows, room: RoomKey, message: MessageId) -> Option<u64> {
    let is_it = |event: &&Event| event.kind.words().is_some_and(|(id, _)| id == message);
    rows.events.range((room, 0)..=(room, u64::MAX)).map(|(_, event)| event).find(is_it).map(|event| event.offset)
}

#[async_trait]
impl RoomLog for MemoryRoomLog {
    async fn epoch(&self) -> Result<String, StoreError> {
        Ok(format!("memory-{}", self.rows().epoch))
    }

    async fn append(&self, append: Append) -> Result<(), StoreError> {
        let mut rows = self.rows();
        let room = append.room;
        if append.events.iter().any(|event| rows.events.contains_key(&(room, event.offset))) {
            return Err(StoreError::Duplicate("room_event".into()));
        }
        for mut event in append.events {
            if let Some(words) = event.kind.part() {
                rows.words.insert((room, event.offset), words);
            }
            if let Kind::Message { held: Some(held), .. } = event.kind
                && let Some(offset) = message_offset(&rows, room, held)
            {
                rows.words.remove(&(room, offset));
            }
            if let Kind::Removed { message_id } | Kind::HeldRefused { message_id } = event.kind
                && let Some(offset) = message_offset(&rows, room, message_id)
                && let Some(words) = rows.words.remove(&(room, offset))
                && let Some((_, viewer_id)) = rows.events.get(&(room, offset)).and_then(|event| event.kind.words())
                && let Some(why) = append.moderated.iter().find(|why| why.offset == event.offset)
            {
                let evidence = Evidence {
                    message_id,
                    viewer_id,
                    words,
                    removed_by: why.by,
                    reason: why.reason.clone(),
                    removed_at: why.at,
                };
                rows.evidence.push((room.show, evidence));
            }
            rows.appended.insert((room, event.offset), append.at);
            rows.events.insert((room, event.offset), event);
        }
        if rows.fail_next > 0 {
            rows.fail_next -= 1;
            return Err(StoreError::Failed("the answer got lost".into()));
        }
        Ok(())
    }

    async fn last(&self, room: RoomKey) -> Result<u64, StoreError> {
        Ok(self.rows().events.range((room, 0)..=(room, u64::MAX)).next_back().map_or(0, |((_, offset), _)| *offset))
    }

    async fn tail(&self, room: RoomKey, after: u64, limit: u32) -> Result<Vec<Event>, StoreError> {
        let rows = self.rows();
        let tail = rows.events.range((room, after + 1)..=(room, u64::MAX)).take(limit as usize);
        let rejoined = tail.map(|(place, event)| {
            let mut event = event.clone();
            event.kind.rejoin(rows.words.get(place).cloned());
            event
        });
        Ok(rejoined.collect())
    }

    async fn answers(&self, room: RoomKey, after: u64, limit: u32) -> Result<Vec<(Event, Timestamp)>, StoreError> {
        let rows = self.rows();
        let tail = rows.events.range((room, after + 1)..=(room, u64::MAX));
        let answers = tail.filter(|(_, event)| matches!(event.kind, Kind::Answer { .. })).take(limit as usize);
        let rejoined = answers.map(|(place, event)| {
            let mut event = event.clone();
            event.kind.rejoin(rows.words.get(place).cloned());
            (event, rows.appended.get(place).copied().unwrap_or(Timestamp::EPOCH))
        });
        Ok(rejoined.collect())
    }

    async fn fold(&self, room: RoomKey) -> Result<Option<Room>, StoreError> {
        let rows = self.rows();
        let Some(fold) = rows.folds.get(&room).cloned() else { return Ok(None) };
        let words: WordsByOffset =
            rows.words.range((room, 0)..=(room, u64::MAX)).map(|((_, o), w)| (*o, w.clone())).collect();
        Ok(Some(fold.with_words(&words)))
    }

    async fn keep_fold(&self, room: RoomKey, fold: Room) -> Result<(), StoreError> {
        self.rows().folds.insert(room, fold);
        Ok(())
    }

    async fn find_message(&self, room: RoomKey, message: MessageId) -> Result<Option<u64>, StoreError> {
        Ok(message_offset(&self.rows(), room, message))
    }

    async fn evidence(&self, show: ShowId) -> Result<Vec<Evidence>, StoreError> {
        let rows = self.rows();
        let of_show = rows.evidence.iter().rev().filter(|(of, _)| *of == show);
        Ok(of_show.map(|(_, evidence)| evidence.clone()).take(100).collect())
    }
}

#[async_trait]
impl ChatNames for MemoryRoomLog {
    async fn chat_name(&self, viewer: ViewerId) -> Result<Option<String>, StoreError> {
        Ok(self.rows().names.get(&viewer).cloned())
    }

    async fn set_chat_name(&self, viewer: ViewerId, name: &str) -> Result<(), StoreError> {
        self.rows().names.insert(viewer, name.to_owned());
        Ok(())
    }
}

/// What the house knows of its shows, as a test sets it.
#[derive(Debug, Default)]
pub struct Briefs(Mutex<BTreeMap<RoomKey, RoomBrief>>);

impl Briefs {
    pub fn set(&self, room: RoomKey, brief: RoomBrief) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(room, brief);
    }
}

#[async_trait]
impl RoomSource for Briefs {
    async fn brief(&self, room: RoomKey) -> Result<Option<RoomBrief>, StoreError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&room).cloned())
    }

    async fn has_paid(&self, _buyer: ViewerId) -> Result<bool, StoreError> {
        Ok(false)
    }
}
