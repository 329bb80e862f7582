//! Imports: staged revisions, and the one commit that switches them on.

use app::ports::{ImportRow, ImportState, Imports, NewRevision, SaveRefused, StoreError};
use async_trait::async_trait;
use futures::FutureExt;
use kernel::{ImportId, Timestamp};
use sea_orm::QueryResult;

use super::parties::changed;
use super::revisions;
use crate::rows::{number, parsed, parsed_or_none};
use crate::{Lane, Store, failed};

/// Rows taken away in one unit when staged ones are discarded.
const DISCARD: i64 = 500;

fn read(row: &QueryResult) -> Result<ImportRow, StoreError> {
    let applied_at: Option<i64> = row.try_get("", "applied_at").map_err(failed)?;
    let state: String = row.try_get("", "state").map_err(failed)?;
    Ok(ImportRow {
        id: parsed(row, "id")?,
        format: row.try_get("", "format").map_err(failed)?,
        brand_id: parsed(row, "brand_id")?,
        seller_id: parsed_or_none(row, "seller_id")?,
        location_id: parsed(row, "location_id")?,
        language: parsed(row, "language")?,
        currency: parsed(row, "currency")?,
        state: match applied_at {
            Some(at) => ImportState::Applied { at: Timestamp::from_unix_micros(at) },
            None if state == "staging" => ImportState::Staging,
            None => ImportState::Checked,
        },
        stocked: number(row, "stocked")? == 1,
        created_at: Timestamp::from_unix_micros(number(row, "created_at")?),
    })
}

impl Store {
    async fn import_step(&self, sql: &'static str, id: ImportId, at: i64) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let written = tx.run(sql, [id.to_string().into(), at.into()]).await.map_err(failed)?;
                changed(written.rows_affected())
            }
            .boxed()
        })
        .await
    }

    /// Runs a bounded DELETE, each time in a unit of its own, until nothing is left of it.
    async fn drain_staged(&self, sql: &'static str, id: ImportId) -> Result<(), StoreError> {
        loop {
            let gone: u64 = self
                .unit(Lane::Ordinary, move |tx| {
                    async move {
                        let done = tx.run(sql, [id.to_string().into(), DISCARD.into()]).await.map_err(failed)?;
                        Ok::<u64, StoreError>(done.rows_affected())
                    }
                    .boxed()
                })
                .await?;
            if gone == 0 {
                return Ok(());
            }
        }
    }
}

#[async_trait]
impl Imports for Store {
    async fn add_import(&self, import: ImportRow) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let seller: Option<String> = import.seller_id.map(|id| id.to_string());
                let sql = "INSERT INTO import_run (id, format, brand_id, seller_id, location_id, language, currency, \
                           state, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'checked', $8)";
                let values = [
                    import.id.to_string().into(),
                    import.format.into(),
                    import.brand_id.to_string().into(),
                    seller.into(),
                    import.location_id.to_string().into(),
                    import.language.to_string().into(),
                    import.currency.to_string().into(),
                    import.created_at.unix_micros().into(),
                ];
                tx.run(sql, values).await.map(|_| ()).map_err(failed)
            }
            .boxed()
        })
        .await
    }

    async fn import(&self, id: ImportId) -> Result<Option<ImportRow>, StoreError> {
        let rows = self.rows("SELECT * FROM import_run WHERE id = $1", [id.to_string().into()]).await?;
        rows.first().map(read).transpose()
    }

    async fn begin_import(&self, id: ImportId) -> Result<(), StoreError> {
        let sql = "UPDATE import_run SET state = 'staging' WHERE id = $1 AND state = 'checked' AND created_at <> $2";
        self.import_step(sql, id, i64::MIN).await
    }

    async fn stage(&self, id: ImportId, chunk: Vec<NewRevision>) -> Result<(), SaveRefused> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                for revision in &chunk {
                    revisions::write(tx, revision, Some(id)).await?;
                }
                Ok(())
            }
            .boxed()
        })
        .await
    }

    async fn switch_on(&self, id: ImportId, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE import_run SET state = 'applied', applied_at = $2 WHERE id = $1 AND state = 'staging'";
        self.import_step(sql, id, now.unix_micros()).await
    }

    async fn discard_staged(&self, id: ImportId) -> Result<(), StoreError> {
        // Prices and revisions first: the identities that they point at go last.
        for sql in [
            "DELETE FROM variant_price WHERE id IN (SELECT e.id FROM variant_price e JOIN import_run i \
             ON i.id = e.import_id WHERE i.id = $1 AND i.state = 'staging' LIMIT $2)",
            "DELETE FROM product_revision WHERE import_id = $1 AND product_id IN (SELECT r.product_id \
             FROM product_revision r JOIN import_run i ON i.id = r.import_id \
             WHERE i.id = $1 AND i.state = 'staging' LIMIT $2)",
            "DELETE FROM variant WHERE id IN (SELECT v.id FROM variant v JOIN import_run i \
             ON i.id = v.import_id WHERE i.id = $1 AND i.state = 'staging' LIMIT $2)",
            "DELETE FROM product WHERE id IN (SELECT p.id FROM product p JOIN import_run i \
             ON i.id = p.import_id WHERE i.id = $1 AND i.state = 'staging' LIMIT $2)",
        ] {
            self.drain_staged(sql, id).await?;
        }
        let sql = "UPDATE import_run SET state = 'checked' WHERE id = $1 AND state = 'staging' AND created_at <> $2";
        self.import_step(sql, id, i64::MIN).await
    }

    async fn set_stocked(&self, id: ImportId) -> Result<(), StoreError> {
        let sql = "UPDATE import_run SET stocked = 1 WHERE id = $1 AND state = 'applied' AND created_at <> $2";
        self.import_step(sql, id, i64::MIN).await
    }

    async fn unfinished_imports(&self) -> Result<Vec<ImportRow>, StoreError> {
        let sql = "SELECT * FROM import_run WHERE state = 'staging' OR (state = 'applied' AND stocked = 0) ORDER BY id";
        self.rows(sql, []).await?.iter().map(read).collect()
    }
}
