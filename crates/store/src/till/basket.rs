//! Baskets: one row a viewer.

use app::ports::{Baskets, StoreError};
use async_trait::async_trait;
use futures::FutureExt;
use kernel::ViewerId;
use sea_orm::{ConnectionTrait, Statement};
use shop::basket::Basket;

use super::TillStore;
use super::sql::{int, json, written};
use crate::{Lane, failed};

#[async_trait]
impl Baskets for TillStore {
    async fn basket(&self, viewer: ViewerId) -> Result<Basket, StoreError> {
        let text = "SELECT version, lines FROM basket WHERE viewer_id = $1";
        let statement = Statement::from_sql_and_values(self.store.backend(), text, [viewer.to_string().into()]);
        let found = self.store.read().query_one_raw(statement).await.map_err(failed)?;
        let Some(row) = found else { return Ok(Basket::default()) };
        Ok(Basket { version: int(&row, "version")?, lines: json(&row, "lines")? })
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
