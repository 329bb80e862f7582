//! Stock rows and shipping rates.

use std::sync::LazyLock;

use app::ports::{Rates, StockCount, StockCounts, StoreError};
use async_trait::async_trait;
use futures::FutureExt;
use kernel::{LocationId, VariantId};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use shop::shelf::Stock;
use shop::shipping::{ShippingRate, Zone};

use super::TillStore;
use super::sql::{Int, Sql, Text, ids, int, json, parsed, text, written};
use crate::{Lane, failed};

static STOCK: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT s.variant_id, s.location_id, s.on_hand, s.buffer, s.claimed, s.allocated FROM stock s \
                WHERE s.variant_id IN (SELECT r.id FROM {rows}) ORDER BY s.variant_id, s.location_id {lock}";
    Sql::over(&[("id", Text)], text)
});
/// Readers take no lock.
static STOCK_SEEN: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT s.variant_id, s.location_id, s.on_hand, s.buffer, s.claimed, s.allocated FROM stock s \
                WHERE s.variant_id IN (SELECT r.id FROM {rows}) ORDER BY s.variant_id, s.location_id";
    Sql::over(&[("id", Text)], text)
});
static KEEP: LazyLock<Sql> = LazyLock::new(|| {
    let columns = [
        ("variant_id", Text),
        ("location_id", Text),
        ("on_hand", Int),
        ("buffer", Int),
        ("claimed", Int),
        ("allocated", Int),
    ];
    let known = "ON CONFLICT (variant_id, location_id) DO UPDATE SET \
                 on_hand = excluded.on_hand, claimed = excluded.claimed, allocated = excluded.allocated";
    Sql::insert("stock", &columns, known)
});
static RATES: LazyLock<Sql> = LazyLock::new(|| {
    let columns =
        [("id", Text), ("zone", Text), ("name", Text), ("prices", Text), ("fewest_days", Int), ("most_days", Int)];
    Sql::insert("shipping_rate", &columns, "")
});

#[derive(Debug, Serialize)]
struct StockRow {
    variant_id: String,
    location_id: String,
    on_hand: i64,
    buffer: i64,
    claimed: i64,
    allocated: i64,
}

/// The rows of these variants, locked for who decides over them.
pub(super) async fn load(
    db: &impl ConnectionTrait,
    variants: impl IntoIterator<Item = VariantId>,
) -> Result<Vec<Stock>, StoreError> {
    STOCK.find(db, &ids(variants)).await?.iter().map(read).collect()
}

fn read(row: &sea_orm::QueryResult) -> Result<Stock, StoreError> {
    Ok(Stock {
        variant: parsed(row, "variant_id")?,
        location: parsed(row, "location_id")?,
        on_hand: int(row, "on_hand")?,
        buffer: int(row, "buffer")?,
        claimed: int(row, "claimed")?,
        allocated: int(row, "allocated")?,
    })
}

/// Writes rows back as the till changed them.
pub(super) async fn keep<'a>(
    db: &impl ConnectionTrait,
    changed: impl Iterator<Item = &'a Stock>,
) -> Result<(), StoreError> {
    let rows: Vec<StockRow> = changed
        .map(|stock| StockRow {
            variant_id: stock.variant.to_string(),
            location_id: stock.location.to_string(),
            on_hand: stock.on_hand,
            buffer: stock.buffer,
            claimed: stock.claimed,
            allocated: stock.allocated,
        })
        .collect();
    KEEP.run(db, &rows).await.map(drop)
}

#[derive(Debug, Serialize)]
struct RateRow {
    id: String,
    zone: String,
    name: String,
    prices: String,
    fewest_days: u16,
    most_days: u16,
}

#[async_trait]
impl StockCounts for TillStore {
    async fn set_on_hand(
        &self,
        variant: VariantId,
        location: LocationId,
        on_hand: i64,
        buffer: i64,
    ) -> Result<(), StoreError> {
        let text = "INSERT INTO stock (variant_id, location_id, on_hand, buffer) VALUES ($1, $2, $3, $4) \
                    ON CONFLICT (variant_id, location_id) DO UPDATE SET \
                    on_hand = excluded.on_hand, buffer = excluded.buffer";
        self.store
            .unit(Lane::Till, move |tx| {
                async move {
                    let (variant, location) = (variant.to_string(), location.to_string());
                    let values = [variant.into(), location.into(), on_hand.into(), buffer.into()];
                    tx.run(text, values).await.map(drop).map_err(failed)
                }
                .boxed()
            })
            .await
    }

    async fn counts(&self, variants: &[VariantId]) -> Result<Vec<StockCount>, StoreError> {
        let rows = STOCK_SEEN.find(self.store.read(), &ids(variants)).await?;
        let count = |stock: Stock| StockCount {
            variant: stock.variant,
            location: stock.location,
            on_hand: stock.on_hand,
            buffer: stock.buffer,
            free: stock.free(),
        };
        rows.iter().map(|row| read(row).map(count)).collect()
    }
}

#[async_trait]
impl Rates for TillStore {
    async fn rates(&self) -> Result<Vec<ShippingRate>, StoreError> {
        let text_of = "SELECT id, zone, name, prices, fewest_days, most_days FROM shipping_rate ORDER BY zone, id";
        let statement = sea_orm::Statement::from_string(self.store.backend(), text_of);
        let rows = self.store.read().query_all_raw(statement).await.map_err(failed)?;
        let days = |row: &sea_orm::QueryResult, column: &str| -> Result<u16, StoreError> {
            int(row, column).map(|days| u16::try_from(days).unwrap_or(u16::MAX))
        };
        let read = |row: &sea_orm::QueryResult| -> Result<ShippingRate, StoreError> {
            let zone = match text(row, "zone")?.as_str() {
                "*" => Zone::Elsewhere,
                _ => Zone::Country(parsed(row, "zone")?),
            };
            let days = (days(row, "fewest_days")?, days(row, "most_days")?);
            Ok(ShippingRate {
                id: parsed(row, "id")?,
                zone,
                name: json(row, "name")?,
                prices: json(row, "prices")?,
                days,
            })
        };
        rows.iter().map(read).collect()
    }

    async fn keep_rates(&self, rates: Vec<ShippingRate>) -> Result<(), StoreError> {
        let rows: Vec<RateRow> = rates
            .iter()
            .map(|rate| RateRow {
                id: rate.id.to_string(),
                zone: match rate.zone {
                    Zone::Country(country) => country.to_string(),
                    Zone::Elsewhere => "*".into(),
                },
                name: written(&rate.name),
                prices: written(&rate.prices),
                fewest_days: rate.days.0,
                most_days: rate.days.1,
            })
            .collect();
        self.store
            .unit(Lane::Ordinary, move |tx| {
                async move {
                    tx.run("DELETE FROM shipping_rate", []).await.map_err(failed)?;
                    RATES.run(tx, &rows).await.map(drop)
                }
                .boxed()
            })
            .await
    }
}
