//! Between a leader and the log: nothing is answered or shown before it is durable.

use std::time::Duration;

use room::{Kind, Lane, Room};

use super::{Batch, Done, Leader, lock, tell};
use crate::ports::{Append, RoomKey, RoomLog, StoreError};
use crate::room::frames;
use crate::room::history::{History, KEPT};
use crate::room::refused::Refused;

/// A fold is kept after so many events.
const KEEP_FOLD_EVERY: u64 = 500;
/// Attempts to append what the house itself says, when somebody else is faster each time.
const APPENDS: u32 = 3;
/// Attempts to read the log again after a failed append, 0.1 s to 2 s apart.
const RELOADS: u32 = 8;

/// The room as its log says, and its newest events.
pub(in crate::room) async fn load(log: &dyn RoomLog, key: RoomKey) -> Result<(Room, History), StoreError> {
    let last = log.last(key).await?;
    let mut room = log.fold(key).await?.unwrap_or_default();
    let mut history = History::default();
    let mut after = room.offset().min(last.saturating_sub(KEPT as u64));
    let limit = u32::try_from(KEPT).unwrap_or(u32::MAX);
    loop {
        let events = log.tail(key, after, limit).await?;
        for event in &events {
            if event.offset > room.offset() {
                room.apply(event);
            }
            history.push(event, &room, None, false);
            after = event.offset;
        }
        if events.len() < KEPT {
            return Ok((room, history));
        }
    }
}

impl Leader {
    /// Makes a batch durable, then answers. Says whether something must be shown at once; `None` when this room cannot go
    /// on.
    pub(super) async fn commit(&mut self, mut batch: Batch) -> Option<bool> {
        for _ in 0..APPENDS {
            let notices = std::mem::take(&mut batch.notices);
            let failed = match self.append(batch).await {
                Ok(urgent) => return Some(urgent),
                Err(failed) => failed,
            };
            tracing::warn!(show = %self.key.show, error = %failed, "a room's events were not appended");
            self.gate.forget_texts();
            if !self.reload().await {
                return None;
            }
            if !matches!(failed, StoreError::Duplicate(_)) {
                // It may have happened: saying it again could double it.
                break;
            }
            batch = Batch::default();
            for (notice, by) in notices {
                self.notice(self.clock.now(), notice, by, &mut batch);
            }
        }
        Some(true)
    }

    async fn append(&mut self, batch: Batch) -> Result<bool, StoreError> {
        let Batch { events, by, buyers, moderated, replies, .. } = batch;
        if !events.is_empty() {
            let append =
                Append { room: self.key, at: self.clock.now(), events: events.clone(), moderated: moderated.clone() };
            if let Err(error) = self.log.append(append).await {
                for (reply, _) in replies {
                    tell(reply, Err(Refused::Busy));
                }
                return Err(error);
            }
        }
        self.sum_up(&events);
        for event in &events {
            self.history.push(event, &self.room, by.get(&event.offset), buyers.contains(&event.offset));
        }
        for (reply, offset) in replies {
            tell(reply, Ok(Done { offset, held: self.room.held_at(offset) }));
        }
        self.moderated(&events, &moderated);
        for event in &events {
            if let Kind::Reply(reply) = &event.kind
                && reply.private
            {
                lock(&self.ears).tell(reply.viewer_id, &frames::reply(event));
            }
        }
        // Who has answered, or voted, is forgotten once it is decided: until then the fold would be kept with all of them.
        if self.room.offset() - self.kept >= KEEP_FOLD_EVERY && !self.room.asks() && !self.room.polls() {
            self.kept = self.room.offset();
            if let Err(error) = self.log.keep_fold(self.key, self.room.clone().without_words()).await {
                tracing::warn!(show = %self.key.show, %error, "a room's fold was not kept");
            }
        }
        Ok(events.iter().any(|event| event.kind.lane() == Lane::State))
    }

    /// What pages and figures ask for without asking the leader.
    fn sum_up(&self, events: &[room::Event]) {
        if let Some(facts) = &mut *lock(&self.facts) {
            events.iter().for_each(|event| facts.apply(event));
        }
    }

    /// Folds anew after an append whose outcome is unknown or that somebody else was faster with.
    async fn reload(&mut self) -> bool {
        for attempt in 0..RELOADS {
            match load(&*self.log, self.key).await {
                Ok((room, history)) => {
                    *lock(&self.facts) = Some(room.facts().clone());
                    (self.room, self.history) = (room, history);
                    self.hold_to_rules();
                    self.snapshot = None;
                    if self.history.after(self.shown, self.room.offset(), false).is_none() {
                        self.shown = self.room.offset();
                        self.ring.gap();
                    }
                    return true;
                }
                Err(error) => {
                    tracing::warn!(show = %self.key.show, %error, "a room's log cannot be read");
                    tokio::time::sleep(Duration::from_millis((100 << attempt).min(2_000))).await;
                }
            }
        }
        false
    }
}
