//! Every row of the books in one look, a page at a time.

use std::collections::BTreeMap;

use app::ports::{BookRows, StoreError};
use async_trait::async_trait;
use kernel::{DropId, OrderId};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    IsolationLevel, QueryResult, Statement, TransactionTrait, Value,
};
use shop::reconcile::Row;
use shop::shelf::Stock;

use super::sql::{int, json, parsed, text};
use super::{claim, drop, order};
use crate::{OpenError, SCHEMA_VERSION, Store, Target, failed, look};

/// Rows a statement: each is short, whatever the house has sold.
const PAGE: u16 = 500;

/// The books of a house that may go on serving: opened to be read, and not brought up to date.
#[derive(Clone, Debug)]
pub struct BookReader(DatabaseConnection);

impl BookReader {
    /// The books of an open store.
    #[must_use]
    pub fn of(store: &Store) -> Self {
        Self(store.read().clone())
    }

    /// # Errors
    /// When there is no house of this release's schema.
    pub async fn open(target: &Target) -> Result<Self, OpenError> {
        let schema = look(target).await?.and_then(|looked| looked.schema);
        if schema != Some(SCHEMA_VERSION) {
            let found = schema.map_or_else(|| "no house".to_owned(), |schema| format!("schema {schema}"));
            let text =
                format!("there is {found}; this release reads schema {SCHEMA_VERSION}. Start the house with it once");
            return Err(OpenError::Connect(text));
        }
        let mut options = match target {
            Target::Sqlite(file) => ConnectOptions::new(format!("sqlite://{}?mode=ro", file.display())),
            Target::Postgres(url) => ConnectOptions::new(url.clone()),
        };
        options.max_connections(1).sqlx_logging(false);
        Database::connect(options).await.map(Self).map_err(|error| OpenError::Connect(error.to_string()))
    }
}

#[async_trait]
impl BookRows for BookReader {
    async fn every_row(&self, each: &mut (dyn FnMut(Row) + Send)) -> Result<(), StoreError> {
        let snapshot = match self.0.get_database_backend() {
            DbBackend::Postgres => {
                let (level, mode) = (Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly));
                self.0.begin_with_config(level, mode).await
            }
            _ => self.0.begin().await,
        };
        let snapshot = snapshot.map_err(failed)?;
        stock(&snapshot, each).await?;
        drops(&snapshot, each).await?;
        claims(&snapshot, each).await?;
        allocations(&snapshot, each).await?;
        offers(&snapshot, each).await?;
        returns(&snapshot, each).await?;
        orders(&snapshot, each).await?;
        snapshot.rollback().await.map_err(failed)
    }
}

type Each<'a> = &'a mut (dyn FnMut(Row) + Send);

/// Calls `each` with the rows of a statement over `$1`, the last id before, and `$2`, the size of a page.
async fn pages(
    db: &DatabaseTransaction,
    sql: &str,
    id: &str,
    mut each: impl FnMut(&QueryResult) -> Result<(), StoreError> + Send,
) -> Result<(), StoreError> {
    let mut last = String::new();
    loop {
        let rows = found(db, sql, vec![last.clone().into(), i64::from(PAGE).into()]).await?;
        rows.iter().try_for_each(&mut each)?;
        let Some(row) = rows.last().filter(|_| rows.len() == usize::from(PAGE)) else { return Ok(()) };
        last = text(row, id)?;
    }
}

async fn found(db: &DatabaseTransaction, sql: &str, values: Vec<Value>) -> Result<Vec<QueryResult>, StoreError> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    db.query_all_raw(statement).await.map_err(failed)
}

async fn stock(db: &DatabaseTransaction, each: Each<'_>) -> Result<(), StoreError> {
    // A page ends between two places of a variant, too: both halves of the key go on.
    let sql = "SELECT variant_id || location_id AS place, variant_id, location_id, on_hand, buffer, claimed, allocated \
               FROM stock WHERE variant_id || location_id > $1 ORDER BY variant_id || location_id LIMIT $2";
    pages(db, sql, "place", |row| {
        each(Row::Stock(Stock {
            variant: parsed(row, "variant_id")?,
            location: parsed(row, "location_id")?,
            on_hand: int(row, "on_hand")?,
            buffer: int(row, "buffer")?,
            claimed: int(row, "claimed")?,
            allocated: int(row, "allocated")?,
        }));
        Ok(())
    })
    .await
}

async fn drops(db: &DatabaseTransaction, each: Each<'_>) -> Result<(), StoreError> {
    let sql = "SELECT drop_id, COUNT(*) AS waiters FROM waiter GROUP BY drop_id";
    let mut waiters: BTreeMap<DropId, i64> = BTreeMap::new();
    for row in found(db, sql, vec![]).await? {
        waiters.insert(parsed(&row, "drop_id")?, int(&row, "waiters")?);
    }
    let sql = format!("SELECT {} FROM drop_offer d WHERE d.id > $1 ORDER BY d.id LIMIT $2", drop::COLUMNS);
    pages(db, &sql, "id", |row| {
        let drop = drop::read(row)?;
        let waiters = waiters.get(&drop.id).copied().unwrap_or(0);
        each(Row::Drop { drop: Box::new(drop), waiters });
        Ok(())
    })
    .await
}

async fn claims(db: &DatabaseTransaction, each: Each<'_>) -> Result<(), StoreError> {
    let sql = format!("SELECT {} FROM claim c WHERE c.id > $1 ORDER BY c.id LIMIT $2", claim::COLUMNS);
    pages(db, &sql, "id", |row| {
        each(Row::Claim(Box::new(claim::read(row)?)));
        Ok(())
    })
    .await
}

async fn allocations(db: &DatabaseTransaction, each: Each<'_>) -> Result<(), StoreError> {
    let sql = "SELECT order_line_id, variant_id, quantity, places FROM allocation WHERE order_line_id > $1 \
               ORDER BY order_line_id LIMIT $2";
    pages(db, sql, "order_line_id", |row| {
        each(Row::Allocation {
            line: parsed(row, "order_line_id")?,
            variant: parsed(row, "variant_id")?,
            quantity: int(row, "quantity")?,
            places: json(row, "places")?,
        });
        Ok(())
    })
    .await
}

async fn offers(db: &DatabaseTransaction, each: Each<'_>) -> Result<(), StoreError> {
    let sql = "SELECT id, used FROM offer WHERE id > $1 ORDER BY id LIMIT $2";
    pages(db, sql, "id", |row| {
        each(Row::Offer { offer: parsed(row, "id")?, used: int(row, "used")? });
        Ok(())
    })
    .await
}

async fn returns(db: &DatabaseTransaction, each: Each<'_>) -> Result<(), StoreError> {
    let sql = "SELECT id, order_id, step FROM order_return WHERE id > $1 ORDER BY id LIMIT $2";
    pages(db, sql, "id", |row| {
        each(Row::Return { id: parsed(row, "id")?, order: parsed(row, "order_id")?, step: text(row, "step")? });
        Ok(())
    })
    .await
}

async fn orders(db: &DatabaseTransaction, each: Each<'_>) -> Result<(), StoreError> {
    let sql = "SELECT id, total_minor, unfinished FROM orders WHERE id > $1 ORDER BY id LIMIT $2";
    let mut last = String::new();
    loop {
        let rows = found(db, sql, vec![last.clone().into(), i64::from(PAGE).into()]).await?;
        let mut heads: BTreeMap<OrderId, (i64, bool)> = BTreeMap::new();
        for row in &rows {
            heads.insert(parsed(row, "id")?, (int(row, "total_minor")?, int(row, "unfinished")? == 1));
        }
        for order in order::look(db, heads.keys().copied()).await? {
            let (total_minor, unfinished) = heads.get(&order.id).copied().unwrap_or_default();
            each(Row::Order { order: Box::new(order), total_minor, unfinished });
        }
        let Some(row) = rows.last().filter(|_| rows.len() == usize::from(PAGE)) else { return Ok(()) };
        last = text(row, "id")?;
    }
}
