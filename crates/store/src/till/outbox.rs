//! Events for others, written with what they tell of.

use std::sync::LazyLock;

use app::ports::{Outbox, StoreError, WaitingMessage};
use async_trait::async_trait;
use futures::FutureExt;
use kernel::{EntryId, Random, Timestamp};
use sea_orm::{ConnectionTrait, Statement};
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
    async fn waiting(&self, limit: u32) -> Result<Vec<(EntryId, Timestamp, TillEvent)>, StoreError> {
        let text = "SELECT id, event, at FROM outbox ORDER BY id LIMIT $1";
        let statement = Statement::from_sql_and_values(self.store.backend(), text, [i64::from(limit).into()]);
        let rows = self.store.read().query_all_raw(statement).await.map_err(failed)?;
        let read = |row: &sea_orm::QueryResult| {
            Ok((parsed(row, "id")?, Timestamp::from_unix_micros(int(row, "at")?), json(row, "event")?))
        };
        rows.iter().map(read).collect()
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
