//! Shows and their run sheets.

mod entity;
mod rows;

use app::ports::{ShowList, ShowRow, Shows, StoreError};
use async_trait::async_trait;
use futures::FutureExt;
use hub::Lifecycle;
use kernel::ShowId;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::shows::entity::{run_item, show};
use crate::tx::Tx;
use crate::{Lane, Store, failed};

async fn with_items(db: &impl ConnectionTrait, shows: Vec<show::Model>) -> Result<Vec<ShowRow>, StoreError> {
    let ids: Vec<&str> = shows.iter().map(|row| row.id.as_str()).collect();
    let mut items = run_item::Entity::find()
        .filter(run_item::Column::ShowId.is_in(ids))
        .order_by_asc(run_item::Column::Position)
        .all(db)
        .await
        .map_err(failed)?;
    let own = |row: show::Model| {
        let (own, rest) = std::mem::take(&mut items).into_iter().partition(|item| item.show_id == row.id);
        items = rest;
        rows::read(row, own)
    };
    shows.into_iter().map(own).collect()
}

/// Keeps who is live where, in the unit that saves the show.
async fn put_host(tx: &Tx, row: &ShowRow) -> Result<(), StoreError> {
    let (host, show) = (row.plan.host.to_string(), row.id.to_string());
    tx.run("DELETE FROM host_on_air WHERE show_id = $1", [show.clone().into()]).await.map_err(failed)?;
    if matches!(row.lifecycle, Lifecycle::Live { .. }) {
        let sql = "INSERT INTO host_on_air (host_id, show_id) VALUES ($1, $2)";
        tx.run(sql, [host.into(), show.into()]).await.map_err(failed)?;
    }
    Ok(())
}

async fn put_items(db: &impl ConnectionTrait, row: &ShowRow) -> Result<(), StoreError> {
    let own = run_item::Column::ShowId.eq(row.id.to_string());
    run_item::Entity::delete_many().filter(own).exec(db).await.map_err(failed)?;
    for item in rows::write_items(row) {
        run_item::Entity::insert(item).exec_without_returning(db).await.map_err(failed)?;
    }
    Ok(())
}

#[async_trait]
impl Shows for Store {
    async fn show(&self, id: ShowId) -> Result<Option<ShowRow>, StoreError> {
        let found = show::Entity::find_by_id(id.to_string()).all(self.read()).await.map_err(failed)?;
        Ok(with_items(self.read(), found).await?.pop())
    }

    async fn by_stream_key(&self, hash: &str) -> Result<Option<ShowRow>, StoreError> {
        let found = show::Entity::find().filter(show::Column::StreamKeyHash.eq(hash));
        Ok(with_items(self.read(), found.all(self.read()).await.map_err(failed)?).await?.pop())
    }

    async fn shows(&self, list: ShowList, after: Option<ShowId>, limit: u32) -> Result<Vec<ShowRow>, StoreError> {
        let ascending = list == ShowList::Coming;
        let states: &[&str] = match list {
            ShowList::Live => &["live"],
            ShowList::Coming => &["planned", "rehearsing"],
            ShowList::Ended => &["ended"],
            ShowList::All => &["planned", "rehearsing", "live", "ended"],
        };
        let mut query = show::Entity::find().filter(show::Column::State.is_in(states.iter().copied()));
        if let Some(after) = after {
            let last = show::Entity::find_by_id(after.to_string()).one(self.read()).await.map_err(failed)?;
            let Some(last) = last else { return Ok(Vec::new()) };
            let (start, id) = (show::Column::StartsAt, show::Column::Id);
            let same = Condition::all().add(start.eq(last.starts_at));
            query = query.filter(if ascending {
                Condition::any().add(start.gt(last.starts_at)).add(same.add(id.gt(last.id)))
            } else {
                Condition::any().add(start.lt(last.starts_at)).add(same.add(id.lt(last.id)))
            });
        }
        let query = if ascending {
            query.order_by_asc(show::Column::StartsAt).order_by_asc(show::Column::Id)
        } else {
            query.order_by_desc(show::Column::StartsAt).order_by_desc(show::Column::Id)
        };
        let found = query.limit(u64::from(limit)).all(self.read()).await.map_err(failed)?;
        with_items(self.read(), found).await
    }

    async fn add_show(&self, row: ShowRow) -> Result<(), StoreError> {
        let model = rows::write(&row)?;
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                show::Entity::insert(model).exec_without_returning(tx).await.map_err(failed)?;
                put_items(tx, &row).await
            }
            .boxed()
        })
        .await
    }

    async fn save_show(&self, row: ShowRow) -> Result<(), StoreError> {
        let read = row.version;
        let row = ShowRow { version: read + 1, ..row };
        let model = rows::write(&row)?;
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let saved = show::Entity::update_many()
                    .set(model)
                    .filter(show::Column::Id.eq(row.id.to_string()))
                    .filter(show::Column::Version.eq(read))
                    .exec(tx)
                    .await
                    .map_err(failed)?;
                if saved.rows_affected == 0 {
                    return Err(StoreError::Changed);
                }
                put_host(tx, &row).await?;
                put_items(tx, &row).await
            }
            .boxed()
        })
        .await
    }

    async fn remove_show(&self, id: ShowId) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| {
            async move {
                let items = run_item::Entity::delete_many().filter(run_item::Column::ShowId.eq(id.to_string()));
                items.exec(tx).await.map_err(failed)?;
                show::Entity::delete_by_id(id.to_string()).exec(tx).await.map_err(failed)?;
                Ok(())
            }
            .boxed()
        })
        .await
    }
}
