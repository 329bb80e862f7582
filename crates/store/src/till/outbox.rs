//! Events for others, written with what they tell of.

use std::sync::LazyLock;

use app::ports::{Outbox, StoreError, WaitingEvent, WaitingMessage, WhyGivenUp};
use async_trait::async_trait;
use futures::FutureExt;
use kernel::{EntryId, Random, Timestamp};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use shop::books::TillEvent;

use super::TillStore;
use super::sql::{Int, Sql, Text, ids, int, json, parsed, written};
use crate::{Lane, failed};

static ADD: LazyLock<Sql> = LazyLock::new(|| Sql::insert("outbox", &[("id", Text), ("event", Text), ("at", Int)], ""));
static TAKEN: LazyLock<Sql> = LazyLock::new(|| {
    Sql::over(&[("id", Text)], "DELETE FROM outbox WHERE id IN (SELECT r.id FROM {rows}) RETURNING id")
});
static QUEUED: LazyLock<Sql> = LazyLock::new(|| {
    let columns = [("id", Text), ("sealed", Text), ("attempts", Int), ("next_at", Int), ("until", Int)];
    Sql::insert("message", &columns, "ON CONFLICT (id) DO NOTHING")
});

#[derive(Debug, Serialize)]
struct Row {
    id: String,
    event: String,
    at: i64,
}

#[derive(Debug, Serialize)]
struct MessageRow {
    id: String,
    sealed: String,
    attempts: u32,
    next_at: i64,
    until: i64,
}

impl From<&WaitingMessage> for MessageRow {
    fn from(message: &WaitingMessage) -> Self {
        Self {
            id: message.id.to_string(),
            sealed: message.sealed.clone(),
            attempts: message.attempts,
            next_at: message.next_at.unix_micros(),
            until: message.until.unix_micros(),
        }
    }
}

/// Writes events in their order: their ids count up from the batch's draw.
pub(super) async fn add(
    db: &impl ConnectionTrait,
    events: &[TillEvent],
    at: Timestamp,
    random: &mut Random,
) -> Result<(), StoreError> {
    let mut drawn: Vec<EntryId> = events.iter().map(|_| EntryId::mint(at, random)).collect();
    drawn.sort_unstable();
    let row =
        |(id, event): (&EntryId, &TillEvent)| Row { id: id.to_string(), event: written(event), at: at.unix_micros() };
    let rows: Vec<Row> = drawn.iter().zip(events).map(row).collect();
    ADD.run(db, &rows).await.map(drop)
}

#[async_trait]
impl Outbox for TillStore {
    async fn waiting(&self, now: Timestamp, limit: u32) -> Result<Vec<WaitingEvent>, StoreError> {
        let sql = "SELECT id, event, tries FROM outbox WHERE next_at <= $1 ORDER BY id LIMIT $2";
        let rows = self.store.rows(sql, [now.unix_micros().into(), i64::from(limit).into()]).await?;
        let read = |row: &sea_orm::QueryResult| {
            let tries = u32::try_from(int(row, "tries")?).unwrap_or(u32::MAX);
            Ok(WaitingEvent { id: parsed(row, "id")?, event: json(row, "event").ok(), tries })
        };
        rows.iter().map(read).collect()
    }

    async fn put_off(&self, event: EntryId, next_at: Timestamp) -> Result<(), StoreError> {
        self.store
            .unit(Lane::Ordinary, move |tx| {
                async move {
                    let sql = "UPDATE outbox SET tries = tries + 1, next_at = $1 WHERE id = $2";
                    let values = [next_at.unix_micros().into(), event.to_string().into()];
                    tx.run(sql, values).await.map(drop).map_err(failed)
                }
                .boxed()
            })
            .await
    }

    async fn set_aside(&self, event: EntryId, detail: String, at: Timestamp) -> Result<(), StoreError> {
        let lost = "SELECT id, 'event' AS kind, event AS content, tries + 1 AS attempts FROM outbox WHERE id = $1";
        let taken = "DELETE FROM outbox WHERE id = $1";
        self.store.keep_given_up(event, [lost, taken], WhyGivenUp::Unreadable, detail, at).await
    }

    async fn hand_over(&self, events: Vec<EntryId>, messages: Vec<WaitingMessage>) -> Result<Vec<EntryId>, StoreError> {
        self.store
            .unit(Lane::Ordinary, move |tx| {
                async move {
                    let taken = TAKEN.find(tx, &ids(events)).await?;
                    let mut taken: Vec<EntryId> =
                        taken.iter().map(|row| parsed(row, "id")).collect::<Result<_, _>>()?;
                    taken.sort_unstable();
                    let own = messages.iter().filter(|message| taken.contains(&message.id));
                    let rows: Vec<MessageRow> = own.map(MessageRow::from).collect();
                    QUEUED.run(tx, &rows).await?;
                    Ok(taken)
                }
                .boxed()
            })
            .await
    }
}
