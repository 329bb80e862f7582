//! What the till asks of shows' run sheets.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use app::ports::{Goods, ShowSale, Standing, StoreError};
use async_trait::async_trait;
use futures::FutureExt;
use futures::future::{BoxFuture, try_join_all};
use kernel::{ProductId, VariantId};
use sea_orm::DatabaseConnection;
use serde::Serialize;
use shop::order::ShowNumber;

use super::TillStore;
use super::sql::{Int, Sql, Text, ids, int, parsed, text};

static SALES: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT i.show_id, i.number, i.product_id, i.sale, s.state FROM {rows} \
                JOIN run_item i ON i.show_id = r.show AND i.number = r.number JOIN show s ON s.id = i.show_id";
    Sql::over(&[("show", Text), ("number", Int)], text)
});
/// A show that is over stops nothing any more.
pub(super) static STOPPED: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT DISTINCT i.product_id FROM {rows} JOIN run_item i ON i.product_id = r.id \
                JOIN show s ON s.id = i.show_id WHERE i.sale = 'stopped' AND s.state <> 'ended'";
    Sql::over(&[("id", Text)], text)
});
/// What an import staged does not count before the import is applied.
static STANDING: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT v.id AS variant_id, v.product_id, \
                (SELECT COALESCE(MAX(n.version), 0) FROM product_revision n LEFT JOIN import_run i ON i.id = n.import_id \
                 WHERE n.product_id = v.product_id AND (n.import_id IS NULL OR i.applied_at IS NOT NULL)) AS revision, \
                (SELECT COUNT(*) FROM variant_price e LEFT JOIN import_run i ON i.id = e.import_id \
                 WHERE e.variant_id = v.id AND (e.import_id IS NULL OR i.applied_at IS NOT NULL)) AS prices, \
                (SELECT CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM seller) AS sellers, \
                (SELECT CAST(COALESCE(SUM(s.on_hand - s.buffer - s.claimed - s.allocated), 0) AS BIGINT) FROM stock s \
                 WHERE s.variant_id = v.id AND s.on_hand > s.buffer + s.claimed + s.allocated) AS free, \
                (SELECT COUNT(*) FROM run_item m JOIN show w ON w.id = m.show_id \
                 WHERE m.product_id = v.product_id AND m.sale = 'stopped' AND w.state <> 'ended') AS stopped \
                FROM {rows} JOIN variant v ON v.id = r.id";
    Sql::over(&[("id", Text)], text)
});
static ON_AIR: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT i.show_id, i.number, i.product_id FROM {rows} JOIN run_item i ON i.product_id = r.id \
                JOIN show s ON s.id = i.show_id WHERE s.state = 'live' ORDER BY i.show_id, i.number";
    Sql::over(&[("id", Text)], text)
});

#[derive(Debug, Serialize)]
struct Asked {
    show: String,
    number: u32,
}

fn at_number(row: &sea_orm::QueryResult) -> Result<ShowNumber, StoreError> {
    let number = int(row, "number")?;
    let number = u32::try_from(number).map_err(|_| StoreError::Failed(format!("number holds {number}")))?;
    Ok(ShowNumber { show: parsed(row, "show_id")?, number })
}

/// How these show numbers stand.
pub(super) fn sales<'a>(
    reader: &'a DatabaseConnection,
    at: &'a BTreeSet<ShowNumber>,
) -> BoxFuture<'a, Result<BTreeMap<ShowNumber, ShowSale>, StoreError>> {
    async move {
        let asked: Vec<Asked> = at.iter().map(|at| Asked { show: at.show.to_string(), number: at.number }).collect();
        let read = |row: &sea_orm::QueryResult| -> Result<(ShowNumber, ShowSale), StoreError> {
            let sale = ShowSale {
                at: at_number(row)?,
                product: parsed(row, "product_id")?,
                rehearsing: text(row, "state")? == "rehearsing",
                live: text(row, "state")? == "live",
                stopped: text(row, "sale")? == "stopped",
            };
            Ok((sale.at, sale))
        };
        SALES.find(reader, &asked).await?.iter().map(read).collect()
    }
    .boxed()
}

/// How these variants stand.
pub(super) fn standing<'a>(
    reader: &'a DatabaseConnection,
    variants: &'a BTreeSet<VariantId>,
) -> BoxFuture<'a, Result<BTreeMap<VariantId, Standing>, StoreError>> {
    async move {
        let read = |row: &sea_orm::QueryResult| -> Result<(VariantId, Standing), StoreError> {
            let standing = Standing {
                variant: parsed(row, "variant_id")?,
                product: parsed(row, "product_id")?,
                revision: int(row, "revision")?,
                prices: int(row, "prices")?,
                sellers: int(row, "sellers")?,
                free: int(row, "free")?,
                stopped: int(row, "stopped")? > 0,
            };
            Ok((standing.variant, standing))
        };
        STANDING.find(reader, &ids(variants)).await?.iter().map(read).collect()
    }
    .boxed()
}

#[async_trait]
impl Goods for TillStore {
    async fn show_sales(&self, at: &[ShowNumber]) -> Result<Vec<ShowSale>, StoreError> {
        let found = try_join_all(at.iter().map(|at| self.asked.sales.ask(*at))).await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn on_air(&self, products: &[ProductId]) -> Result<Vec<(ShowNumber, ProductId)>, StoreError> {
        let rows = ON_AIR.find(self.store.read(), &ids(products)).await?;
        rows.iter().map(|row| Ok((at_number(row)?, parsed(row, "product_id")?))).collect()
    }

    async fn standing(&self, variants: &[VariantId]) -> Result<Vec<Standing>, StoreError> {
        let found = try_join_all(variants.iter().map(|variant| self.asked.standing.ask(*variant))).await?;
        Ok(found.into_iter().flatten().collect())
    }
}
