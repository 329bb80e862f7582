//! What was asked before, and what was answered.

use app::ports::{Begun, RepeatKey, RepeatTimes, Repeats, StoreError};
use async_trait::async_trait;
use futures::FutureExt;
use kernel::Timestamp;

use crate::{Lane, Store, failed};

/// A key that is old, or whose request was cut off, is free again; so are one actor's oldest beyond the bound.
const FREE: &str = "DELETE FROM idempotency WHERE actor = $1 AND (
    (key = $2 AND (at < $3 OR (answer IS NULL AND at < $4)))
    OR at < (SELECT MIN(at) FROM (SELECT at FROM idempotency WHERE actor = $1 ORDER BY at DESC LIMIT $5) AS newest))";
const TAKE: &str = "INSERT INTO idempotency (actor, key, request_hash, at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (actor, key) DO NOTHING";
const BEFORE: &str = "SELECT request_hash, answer FROM idempotency WHERE actor = $1 AND key = $2";
const ANSWER: &str = "UPDATE idempotency SET answer = $3 WHERE actor = $1 AND key = $2";
const FORGET: &str = "DELETE FROM idempotency WHERE actor = $1 AND key = $2 AND answer IS NULL";
const SWEEP: &str = "DELETE FROM idempotency WHERE at < $1";

#[async_trait]
impl Repeats for Store {
    async fn begin(&self, key: RepeatKey, request_hash: String, times: RepeatTimes) -> Result<Begun, StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let named = || [key.actor.clone().into(), key.key.clone().into()];
                let [actor, name] = named();
                let (old, cut) = (times.forgotten.unix_micros(), times.abandoned.unix_micros());
                // One place is for the key that comes.
                let most = i64::from(times.most) - 1;
                tx.run(FREE, [actor, name, old.into(), cut.into(), most.into()]).await.map_err(failed)?;
                let [actor, name] = named();
                let now = times.now.unix_micros();
                let taken = tx.run(TAKE, [actor, name, request_hash.into(), now.into()]).await.map_err(failed)?;
                if taken.rows_affected() == 1 {
                    return Ok(Begun::First);
                }
                let rows = tx.rows(BEFORE, named()).await.map_err(failed)?;
                let row = rows.first().ok_or_else(|| StoreError::Failed("a key went while it was read".into()))?;
                Ok(Begun::Before {
                    request_hash: row.try_get("", "request_hash").map_err(failed)?,
                    answer: row.try_get("", "answer").map_err(failed)?,
                })
            }
            .boxed()
        })
        .await
    }

    async fn answered(&self, key: RepeatKey, answer: String) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                tx.run(ANSWER, [key.actor.into(), key.key.into(), answer.into()]).await.map(|_| ()).map_err(failed)
            }
            .boxed()
        })
        .await
    }

    async fn forget(&self, key: RepeatKey) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move { tx.run(FORGET, [key.actor.into(), key.key.into()]).await.map(|_| ()).map_err(failed) }.boxed()
        })
        .await
    }

    async fn sweep(&self, forgotten: Timestamp) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move { tx.run(SWEEP, [forgotten.unix_micros().into()]).await.map(|_| ()).map_err(failed) }.boxed()
        })
        .await
    }
}
