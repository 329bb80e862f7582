//! What is known of each uploaded picture.

use app::ports::{MediaRow, MediaRows, StoreError};
use async_trait::async_trait;
use futures::FutureExt;
use kernel::{MediaId, Timestamp};
use sea_orm::QueryResult;

use crate::rows::{json_list, number, parsed, parsed_or_none};
use crate::{Lane, Store, failed};

fn pixels(row: &QueryResult, column: &str) -> Result<u32, StoreError> {
    u32::try_from(number(row, column)?).map_err(|error| StoreError::Failed(format!("{column}: {error}")))
}

fn read(row: &QueryResult) -> Result<MediaRow, StoreError> {
    Ok(MediaRow {
        id: parsed(row, "id")?,
        brand_id: parsed_or_none(row, "brand_id")?,
        width: pixels(row, "width")?,
        height: pixels(row, "height")?,
        size_bytes: number(row, "size_bytes")?,
        created_at: Timestamp::from_unix_micros(number(row, "created_at")?),
    })
}

#[async_trait]
impl MediaRows for Store {
    async fn add_media(&self, media: MediaRow) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let brand: Option<String> = media.brand_id.map(|id| id.to_string());
                let sql = "INSERT INTO media (id, brand_id, width, height, size_bytes, created_at) \
                           VALUES ($1, $2, $3, $4, $5, $6)";
                let values = [
                    media.id.to_string().into(),
                    brand.into(),
                    i64::from(media.width).into(),
                    i64::from(media.height).into(),
                    media.size_bytes.into(),
                    media.created_at.unix_micros().into(),
                ];
                tx.run(sql, values).await.map(|_| ()).map_err(failed)
            }
            .boxed()
        })
        .await
    }

    async fn media(&self, ids: &[MediaId]) -> Result<Vec<MediaRow>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let sql = self.either(
            "SELECT id, brand_id, width, height, size_bytes, created_at FROM media \
             WHERE id IN (SELECT value FROM json_each($1))",
            "SELECT id, brand_id, width, height, size_bytes, created_at FROM media \
             WHERE id IN (SELECT json_array_elements_text(CAST($1 AS json)))",
        );
        self.rows(sql, [json_list(ids)?]).await?.iter().map(read).collect()
    }
}
