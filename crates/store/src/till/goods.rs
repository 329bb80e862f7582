//! What the till asks of shows' run sheets.

use std::sync::LazyLock;

use app::ports::{Goods, ShowSale, StoreError};
use async_trait::async_trait;
use kernel::ProductId;
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

#[async_trait]
impl Goods for TillStore {
    async fn show_sales(&self, at: &[ShowNumber]) -> Result<Vec<ShowSale>, StoreError> {
        let asked: Vec<Asked> = at.iter().map(|at| Asked { show: at.show.to_string(), number: at.number }).collect();
        let read = |row: &sea_orm::QueryResult| -> Result<ShowSale, StoreError> {
            Ok(ShowSale {
                at: at_number(row)?,
                product: parsed(row, "product_id")?,
                rehearsing: text(row, "state")? == "rehearsing",
                stopped: text(row, "sale")? == "stopped",
            })
        };
        SALES.find(self.store.read(), &asked).await?.iter().map(read).collect()
    }

    async fn on_air(&self, products: &[ProductId]) -> Result<Vec<(ShowNumber, ProductId)>, StoreError> {
        let rows = ON_AIR.find(self.store.read(), &ids(products)).await?;
        rows.iter().map(|row| Ok((at_number(row)?, parsed(row, "product_id")?))).collect()
    }

    async fn stopped(&self, products: &[ProductId]) -> Result<Vec<ProductId>, StoreError> {
        let rows = STOPPED.find(self.store.read(), &ids(products)).await?;
        rows.iter().map(|row| parsed(row, "product_id")).collect()
    }
}
