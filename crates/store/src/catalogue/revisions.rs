//! Writing a product: a whole new revision, the identities of its variants, and what changes in its price lists.

use app::ports::{NewRevision, SaveRefused, StoreError};
use kernel::{ImportId, ProductId};
use shop::catalogue::Variant;

use super::parties::changed;
use super::prices;
use crate::rows::{number, parsed, to_document};
use crate::{Tx, failed};

/// `import`: staged, so that nobody sees it before the import is applied.
pub(super) async fn write(tx: &Tx, revision: &NewRevision, import: Option<ImportId>) -> Result<(), SaveRefused> {
    let import_text: Option<String> = import.map(|id| id.to_string());
    if revision.base == 0 {
        identify(tx, revision, import_text.clone()).await?;
    } else if newest(tx, revision.id).await? != revision.base {
        return Err(StoreError::Changed.into());
    }
    let sql = "INSERT INTO product_revision (product_id, version, import_id, status, category, doc, written_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    let values = [
        revision.id.to_string().into(),
        (revision.base + 1).into(),
        import_text.clone().into(),
        revision.product.status.as_str().into(),
        revision.product.category.clone().into(),
        to_document(&revision.product)?,
        revision.now.unix_micros().into(),
    ];
    changed(tx.run(sql, values).await.map_err(failed)?.rows_affected())?;
    for variant in &revision.product.variants {
        identify_variant(tx, revision, variant, import_text.clone()).await?;
    }
    prices::add(tx, &revision.prices, import).await?;
    Ok(())
}

async fn identify(tx: &Tx, revision: &NewRevision, import: Option<String>) -> Result<(), SaveRefused> {
    let sql = "INSERT INTO product (id, brand_id, handle, import_id, created_at) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT DO NOTHING";
    let values = [
        revision.id.to_string().into(),
        revision.product.brand_id.to_string().into(),
        revision.handle.clone().into(),
        import.into(),
        revision.now.unix_micros().into(),
    ];
    let written = tx.run(sql, values).await.map_err(failed)?.rows_affected();
    match (written, &revision.handle) {
        (1, _) => Ok(()),
        (_, Some(handle)) => Err(SaveRefused::HandleTaken(handle.clone())),
        (_, None) => Err(StoreError::Changed.into()),
    }
}

async fn newest(tx: &Tx, id: ProductId) -> Result<i64, StoreError> {
    let sql = "SELECT COALESCE(MAX(v.version), 0) AS newest FROM product_revision v \
               LEFT JOIN import_run i ON i.id = v.import_id \
               WHERE v.product_id = $1 AND (v.import_id IS NULL OR i.applied_at IS NOT NULL)";
    let rows = tx.rows(sql, [id.to_string().into()]).await.map_err(failed)?;
    rows.first().map_or(Ok(0), |row| number(row, "newest"))
}

async fn identify_variant(
    tx: &Tx,
    revision: &NewRevision,
    variant: &Variant,
    import: Option<String>,
) -> Result<(), SaveRefused> {
    let (id, brand) = (variant.id.to_string(), revision.product.brand_id.to_string());
    let holder = "SELECT id FROM variant WHERE brand_id = $1 AND sku = $2";
    let held = tx.rows(holder, [brand.clone().into(), variant.sku.clone().into()]).await.map_err(failed)?;
    match held.first().map(|row| parsed::<kernel::VariantId>(row, "id")).transpose()? {
        Some(holder) if holder == variant.id => return Ok(()),
        Some(_) => return Err(SaveRefused::SkuTaken(variant.sku.clone())),
        None => {}
    }
    let sql = "INSERT INTO variant (id, product_id, brand_id, sku, import_id) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (id) DO UPDATE SET sku = excluded.sku WHERE variant.product_id = excluded.product_id";
    let values = [id.into(), revision.id.to_string().into(), brand.into(), variant.sku.clone().into(), import.into()];
    let written = tx.run(sql, values).await.map_err(failed)?.rows_affected();
    changed(written).map_err(Into::into)
}
