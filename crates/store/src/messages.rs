//! Messages that wait to go out.

use app::ports::{MessageQueue, StoreError, WaitingMessage};
use async_trait::async_trait;
use futures::FutureExt;
use kernel::{EntryId, Timestamp};
use sea_orm::QueryResult;

use crate::rows::{number, parsed};
use crate::{Lane, Store, failed};

fn read(row: &QueryResult) -> Result<WaitingMessage, StoreError> {
    Ok(WaitingMessage {
        id: parsed(row, "id")?,
        sealed: row.try_get("", "sealed").map_err(failed)?,
        attempts: u32::try_from(number(row, "attempts")?).unwrap_or(u32::MAX),
        next_at: Timestamp::from_unix_micros(number(row, "next_at")?),
        until: Timestamp::from_unix_micros(number(row, "until")?),
    })
}

#[async_trait]
impl MessageQueue for Store {
    async fn queue(&self, message: WaitingMessage) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let sql = "INSERT INTO message (id, sealed, attempts, next_at, until) VALUES ($1, $2, $3, $4, $5) \
                           ON CONFLICT (id) DO NOTHING";
                let values = [
                    message.id.to_string().into(),
                    message.sealed.into(),
                    i64::from(message.attempts).into(),
                    message.next_at.unix_micros().into(),
                    message.until.unix_micros().into(),
                ];
                tx.run(sql, values).await.map(drop).map_err(failed)
            }
            .boxed()
        })
        .await
    }

    async fn take_due(&self, now: Timestamp, lease: Timestamp, limit: u32) -> Result<Vec<WaitingMessage>, StoreError> {
        // Nothing is written, and no unit of work taken, while nothing is due.
        let due = "SELECT 1 AS due FROM message WHERE next_at <= $1 LIMIT 1";
        if self.rows(due, [now.unix_micros().into()]).await?.is_empty() {
            return Ok(Vec::new());
        }
        let mut taken: Vec<WaitingMessage> = self
            .unit(Lane::Ordinary, move |tx| {
                async move {
                    // Asked twice for the time, since another process may have taken a row meanwhile.
                    let sql = "UPDATE message SET next_at = $1, attempts = attempts + 1 WHERE next_at <= $2 AND id IN \
                               (SELECT id FROM message WHERE next_at <= $2 ORDER BY next_at, id LIMIT $3) \
                               RETURNING id, sealed, attempts, next_at, until";
                    let values = [lease.unix_micros().into(), now.unix_micros().into(), i64::from(limit).into()];
                    tx.rows(sql, values).await.map_err(failed)?.iter().map(read).collect::<Result<_, StoreError>>()
                }
                .boxed()
            })
            .await?;
        taken.sort_by_key(|message| message.id);
        Ok(taken)
    }

    async fn put_off(&self, id: EntryId, next_at: Timestamp) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let values = [next_at.unix_micros().into(), id.to_string().into()];
                tx.run("UPDATE message SET next_at = $1 WHERE id = $2", values).await.map(drop).map_err(failed)
            }
            .boxed()
        })
        .await
    }

    async fn forget(&self, id: EntryId) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let sql = "DELETE FROM message WHERE id = $1";
                tx.run(sql, [id.to_string().into()]).await.map(drop).map_err(failed)
            }
            .boxed()
        })
        .await
    }
}
