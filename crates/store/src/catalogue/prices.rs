//! Price lists: rows are only ever added.

use app::ports::{PriceLists, StoreError};
use kernel::{ImportId, Timestamp, VariantId};
use sea_orm::QueryResult;
use shop::price::PriceVersion;

use crate::rows::{json_list, number, parsed};
use crate::{Store, Tx, failed};

/// A staged price begins when its import is switched on.
macro_rules! select {
    ($of:literal) => {
        concat!(
            "SELECT e.id, e.variant_id, e.currency, e.unit_minor, COALESCE(i.applied_at, e.starts_at) AS starts_at ",
            "FROM variant_price e LEFT JOIN import_run i ON i.id = e.import_id ",
            "WHERE (e.import_id IS NULL OR i.applied_at IS NOT NULL) AND e.variant_id IN (",
            $of,
            ") ORDER BY starts_at, e.id"
        )
    };
}

pub(super) async fn lists(store: &Store, variants: &[VariantId]) -> Result<PriceLists, StoreError> {
    let mut lists = PriceLists::new();
    if variants.is_empty() {
        return Ok(lists);
    }
    let sql = store.either(
        select!("SELECT value FROM json_each($1)"),
        select!("SELECT json_array_elements_text(CAST($1 AS json))"),
    );
    for row in store.rows(sql, [json_list(variants)?]).await? {
        lists.entry(parsed(&row, "variant_id")?).or_default().push(read(&row)?);
    }
    Ok(lists)
}

fn read(row: &QueryResult) -> Result<PriceVersion, StoreError> {
    Ok(PriceVersion {
        id: parsed(row, "id")?,
        currency: parsed(row, "currency")?,
        unit_minor: row.try_get("", "unit_minor").map_err(failed)?,
        from: Timestamp::from_unix_micros(number(row, "starts_at")?),
    })
}

pub(super) async fn add(
    tx: &Tx,
    prices: &[(VariantId, PriceVersion)],
    import: Option<ImportId>,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO variant_price (id, variant_id, currency, unit_minor, starts_at, import_id) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let import: Option<String> = import.map(|id| id.to_string());
    for (variant, price) in prices {
        let values = [
            price.id.to_string().into(),
            variant.to_string().into(),
            price.currency.to_string().into(),
            price.unit_minor.into(),
            price.from.unix_micros().into(),
            import.clone().into(),
        ];
        tx.run(sql, values).await.map_err(failed)?;
    }
    Ok(())
}
