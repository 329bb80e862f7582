//! Baskets: one row a viewer.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use app::ports::{Baskets, StoreError};
use async_trait::async_trait;
use futures::FutureExt;
use futures::future::BoxFuture;
use kernel::ViewerId;
use sea_orm::{DatabaseConnection, QueryResult};
use shop::basket::Basket;

use super::TillStore;
use super::sql::{Sql, Text, ids, int, json, parsed, written};
use crate::{Lane, failed};

static BASKETS: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT b.viewer_id, b.version, b.lines FROM {rows} JOIN basket b ON b.viewer_id = r.id";
    Sql::over(&[("id", Text)], text)
});

/// These viewers' baskets.
pub(super) fn baskets<'a>(
    reader: &'a DatabaseConnection,
    viewers: &'a BTreeSet<ViewerId>,
) -> BoxFuture<'a, Result<BTreeMap<ViewerId, Basket>, StoreError>> {
    async move {
        let read = |row: &QueryResult| {
            let basket = Basket { version: int(row, "version")?, lines: json(row, "lines")? };
            Ok((parsed(row, "viewer_id")?, basket))
        };
        BASKETS.find(reader, &ids(viewers)).await?.iter().map(read).collect()
    }
    .boxed()
}

#[async_trait]
impl Baskets for TillStore {
    async fn basket(&self, viewer: ViewerId) -> Result<Basket, StoreError> {
        Ok(self.asked.baskets.ask(viewer).await?.unwrap_or_default())
    }

    async fn keep(&self, viewer: ViewerId, basket: Basket, seen: i64) -> Result<(), StoreError> {
        self.store
            .unit(Lane::Ordinary, move |tx| {
                async move {
                    let text = "INSERT INTO basket (viewer_id, version, lines) VALUES ($1, $2, $3) \
                                ON CONFLICT (viewer_id) DO UPDATE SET version = excluded.version, \
                                lines = excluded.lines WHERE basket.version = $4";
                    let values =
                        [viewer.to_string().into(), basket.version.into(), written(&basket.lines).into(), seen.into()];
                    let kept = tx.run(text, values).await.map_err(failed)?.rows_affected();
                    if kept == 1 { Ok(()) } else { Err(StoreError::Changed) }
                }
                .boxed()
            })
            .await
    }
}
