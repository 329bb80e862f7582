//! Messages that wait to go out.

use app::ports::{GivenUp, Lost, MessageQueue, StoreError, WaitingMessage, WhyGivenUp};
use async_trait::async_trait;
use futures::FutureExt;
use kernel::{EntryId, Timestamp};
use sea_orm::QueryResult;

use crate::rows::{number, parsed, text};
use crate::{Lane, Store, failed};

/// What was given up is kept for staff up to so many; past it, the oldest goes.
const KEPT: i64 = 2_000;

impl Store {
    /// Takes a row away and keeps it among what was given up, in one commit. `lost` selects what is kept of it, `taken`
    /// deletes it, both by the id in `$1`.
    pub(crate) async fn keep_given_up(
        &self,
        id: EntryId,
        [lost, taken]: [&'static str; 2],
        why: WhyGivenUp,
        detail: String,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let id = id.to_string();
                let keep = format!(
                    "INSERT INTO given_up (id, kind, content, why, detail, attempts, at) \
                     SELECT l.id, l.kind, l.content, CAST($2 AS TEXT), CAST($3 AS TEXT), l.attempts, \
                     CAST($4 AS BIGINT) FROM ({lost}) AS l WHERE true ON CONFLICT (id) DO NOTHING"
                );
                let values = [id.clone().into(), why.as_str().into(), detail.into(), at.unix_micros().into()];
                tx.run(&keep, values).await.map_err(failed)?;
                tx.run(taken, [id.into()]).await.map_err(failed)?;
                let bound = "DELETE FROM given_up WHERE id <= \
                             (SELECT id FROM given_up ORDER BY id DESC LIMIT 1 OFFSET $1)";
                tx.run(bound, [KEPT.into()]).await.map(drop).map_err(failed)
            }
            .boxed()
        })
        .await
    }
}

fn read_given_up(row: &QueryResult) -> Result<GivenUp, StoreError> {
    let (kind, content, why) = (text(row, "kind")?, text(row, "content")?, text(row, "why")?);
    let known = WhyGivenUp::ALL.into_iter().find(|known| known.as_str() == why);
    Ok(GivenUp {
        id: parsed(row, "id")?,
        lost: if kind == "event" { Lost::Event { text: content } } else { Lost::Message { sealed: content } },
        why: known.ok_or_else(|| StoreError::Failed(format!("given up for {why}")))?,
        detail: text(row, "detail")?,
        attempts: u32::try_from(number(row, "attempts")?).unwrap_or(u32::MAX),
        at: Timestamp::from_unix_micros(number(row, "at")?),
    })
}

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
                    // What is of use for the shortest time goes first: a sign-in link does not wait for the letters of a rush.
                    // Asked twice for the time, since another process may have taken a row meanwhile.
                    let sql = "UPDATE message SET next_at = $1, attempts = attempts + 1 WHERE next_at <= $2 AND id IN \
                               (SELECT id FROM message WHERE next_at <= $2 ORDER BY until, id LIMIT $3) \
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

    async fn give_up(&self, id: EntryId, why: WhyGivenUp, detail: String, at: Timestamp) -> Result<(), StoreError> {
        let lost = "SELECT id, 'message' AS kind, sealed AS content, attempts FROM message WHERE id = $1";
        let taken = "DELETE FROM message WHERE id = $1";
        self.keep_given_up(id, [lost, taken], why, detail, at).await
    }

    async fn given_up(&self, after: Option<EntryId>, limit: u32) -> Result<Vec<GivenUp>, StoreError> {
        // Every id sorts before a tilde.
        let before = after.map_or_else(|| "~".to_owned(), |id| id.to_string());
        let sql = "SELECT id, kind, content, why, detail, attempts, at FROM given_up WHERE id < $1 \
                   ORDER BY id DESC LIMIT $2";
        let rows = self.rows(sql, [before.into(), i64::from(limit).into()]).await?;
        rows.iter().map(read_given_up).collect()
    }
}
