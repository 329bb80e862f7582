//! The house's settings: one row of JSON.

use app::house::House;
use app::ports::{Houses, StoreError};
use async_trait::async_trait;
use futures::FutureExt;
use sea_orm::{ConnectionTrait, Statement};

use crate::text::{from_json, to_json};
use crate::{Lane, Store, failed};

#[async_trait]
impl Houses for Store {
    async fn house(&self) -> Result<Option<House>, StoreError> {
        let query = Statement::from_string(self.backend(), "SELECT settings FROM house WHERE id = 1");
        let row = self.read().query_one_raw(query).await.map_err(failed)?;
        let settings = |row: sea_orm::QueryResult| row.try_get::<String>("", "settings").map_err(failed);
        row.map(|row| from_json(&settings(row)?)).transpose()
    }

    async fn save_house(&self, house: House) -> Result<(), StoreError> {
        let read = house.version;
        let settings = to_json(&House { version: read + 1, ..house })?;
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let sql = "INSERT INTO house (id, version, settings) VALUES (1, $1, $2) \
                           ON CONFLICT (id) DO UPDATE SET version = excluded.version, settings = excluded.settings \
                           WHERE house.version = excluded.version - 1";
                let saved = tx.run(sql, [(read + 1).into(), settings.into()]).await.map_err(failed)?;
                if saved.rows_affected() == 0 { Err(StoreError::Changed) } else { Ok(()) }
            }
            .boxed()
        })
        .await
    }
}
