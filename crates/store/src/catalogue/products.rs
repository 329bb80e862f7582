//! Reading products: always the newest revision that is visible.

use std::collections::BTreeMap;

use app::ports::{ListProducts, ProductRow, StoreError};
use kernel::{BrandId, ProductId, Timestamp, VariantId};
use sea_orm::{QueryResult, Value};

use crate::Store;
use crate::rows::{document, json_list, number, parsed};

/// The columns of a product and its newest visible revision; conditions on `p` and `r` follow.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.handle, p.created_at, r.version, r.doc FROM product p ",
            "JOIN product_revision r ON r.product_id = p.id WHERE r.version = (",
            "SELECT MAX(v.version) FROM product_revision v LEFT JOIN import_run i ON i.id = v.import_id ",
            "WHERE v.product_id = p.id AND (v.import_id IS NULL OR i.applied_at IS NOT NULL)) ",
            $rest
        )
    };
}

fn read(row: &QueryResult) -> Result<ProductRow, StoreError> {
    Ok(ProductRow {
        id: parsed(row, "id")?,
        version: number(row, "version")?,
        handle: row.try_get("", "handle").map_err(crate::failed)?,
        product: document(row, "doc")?,
        created_at: Timestamp::from_unix_micros(number(row, "created_at")?),
    })
}

pub(super) async fn by_ids(store: &Store, ids: &[ProductId]) -> Result<Vec<ProductRow>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = store.either(
        select!("AND p.id IN (SELECT value FROM json_each($1))"),
        select!("AND p.id IN (SELECT json_array_elements_text(CAST($1 AS json)))"),
    );
    let rows = store.rows(sql, [json_list(ids)?]).await?;
    rows.iter().map(read).collect()
}

pub(super) async fn by_handle(
    store: &Store,
    brand: BrandId,
    handles: &[String],
) -> Result<Vec<ProductRow>, StoreError> {
    let sql = store.either(
        select!("AND p.brand_id = $1 AND p.handle IN (SELECT value FROM json_each($2))"),
        select!("AND p.brand_id = $1 AND p.handle IN (SELECT json_array_elements_text(CAST($2 AS json)))"),
    );
    let rows = store.rows(sql, [brand.to_string().into(), json_list(handles)?]).await?;
    rows.iter().map(read).collect()
}

pub(super) async fn of_variants(
    store: &Store,
    variants: &[VariantId],
) -> Result<Vec<(VariantId, ProductId)>, StoreError> {
    if variants.is_empty() {
        return Ok(Vec::new());
    }
    let sql = store.either(
        "SELECT id, product_id FROM variant WHERE id IN (SELECT value FROM json_each($1))",
        "SELECT id, product_id FROM variant WHERE id IN (SELECT json_array_elements_text(CAST($1 AS json)))",
    );
    let rows = store.rows(sql, [json_list(variants)?]).await?;
    rows.iter().map(|row| Ok((parsed(row, "id")?, parsed(row, "product_id")?))).collect()
}

pub(super) async fn skus(
    store: &Store,
    brand: BrandId,
    skus: &[String],
) -> Result<BTreeMap<String, (VariantId, ProductId)>, StoreError> {
    let sql = store.either(
        "SELECT id, product_id, sku FROM variant WHERE brand_id = $1 AND sku IN (SELECT value FROM json_each($2))",
        "SELECT id, product_id, sku FROM variant WHERE brand_id = $1 \
         AND sku IN (SELECT json_array_elements_text(CAST($2 AS json)))",
    );
    let rows = store.rows(sql, [brand.to_string().into(), json_list(skus)?]).await?;
    rows.iter().map(|row| Ok((parsed(row, "sku")?, (parsed(row, "id")?, parsed(row, "product_id")?)))).collect()
}

pub(super) async fn list(store: &Store, which: ListProducts) -> Result<Vec<ProductRow>, StoreError> {
    const ON_SQLITE: &str = select!(
        "AND ($1 = '' OR r.status = $1) AND ($2 = '' OR r.category = $2) AND ($3 = '' OR p.id < $3) \
         AND ($4 = '' OR p.brand_id IN (SELECT value FROM json_each(CASE $4 WHEN '' THEN '[]' ELSE $4 END))) \
         ORDER BY p.id DESC LIMIT $5"
    );
    const ON_POSTGRES: &str = select!(
        "AND ($1 = '' OR r.status = $1) AND ($2 = '' OR r.category = $2) AND ($3 = '' OR p.id < $3) \
         AND ($4 = '' OR p.brand_id IN (SELECT json_array_elements_text(\
         CAST(CASE $4 WHEN '' THEN '[]' ELSE $4 END AS json)))) \
         ORDER BY p.id DESC LIMIT $5"
    );
    let text = |value: Option<String>| Value::from(value.unwrap_or_default());
    let brands = which.brands.map_or_else(|| Ok(Value::from(String::new())), json_list)?;
    let values = [
        text(which.status.map(|status| status.to_string())),
        text(which.category),
        text(which.after.map(|id| id.to_string())),
        brands,
        i64::from(which.limit).into(),
    ];
    let rows = store.rows(store.either(ON_SQLITE, ON_POSTGRES), values).await?;
    rows.iter().map(read).collect()
}
