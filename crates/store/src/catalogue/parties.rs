//! Brands, sellers and locations: a document each, replaced by version.

use app::ports::{SellerRow, StoreError};
use kernel::{BrandId, SellerId, Timestamp};
use sea_orm::QueryResult;
use shop::catalogue::{Brand, Location};

use crate::rows::{document, number, parsed_or_none, to_document};
use crate::{Store, Tx, failed};

pub(super) async fn brands(store: &Store) -> Result<Vec<Brand>, StoreError> {
    let rows = store.rows("SELECT version, doc FROM brand ORDER BY id", []).await?;
    rows.iter().map(read_brand).collect()
}

pub(super) async fn brand(store: &Store, id: BrandId) -> Result<Option<Brand>, StoreError> {
    let rows = store.rows("SELECT version, doc FROM brand WHERE id = $1", [id.to_string().into()]).await?;
    rows.first().map(read_brand).transpose()
}

fn read_brand(row: &QueryResult) -> Result<Brand, StoreError> {
    Ok(Brand { version: number(row, "version")?, ..document(row, "doc")? })
}

pub(super) async fn save_brand(tx: &Tx, brand: &Brand, now: Timestamp) -> Result<(), StoreError> {
    let (id, doc) = (brand.id.to_string(), to_document(brand)?);
    let written = if brand.version == 1 {
        let sql = "INSERT INTO brand (id, version, doc, created_at) VALUES ($1, 1, $2, $3)";
        tx.run(sql, [id.into(), doc, now.unix_micros().into()]).await
    } else {
        let sql = "UPDATE brand SET version = $2, doc = $3 WHERE id = $1 AND version = $2 - 1";
        tx.run(sql, [id.into(), brand.version.into(), doc]).await
    };
    changed(written.map_err(failed)?.rows_affected())
}

pub(super) async fn sellers(store: &Store) -> Result<Vec<SellerRow>, StoreError> {
    let rows = store.rows("SELECT version, brand_id, doc FROM seller ORDER BY id", []).await?;
    rows.iter().map(read_seller).collect()
}

pub(super) async fn seller(store: &Store, id: SellerId) -> Result<Option<SellerRow>, StoreError> {
    let sql = "SELECT version, brand_id, doc FROM seller WHERE id = $1";
    let rows = store.rows(sql, [id.to_string().into()]).await?;
    rows.first().map(read_seller).transpose()
}

fn read_seller(row: &QueryResult) -> Result<SellerRow, StoreError> {
    let brand_id = parsed_or_none(row, "brand_id")?;
    Ok(SellerRow { version: number(row, "version")?, brand_id, seller: document(row, "doc")? })
}

pub(super) async fn save_seller(tx: &Tx, row: &SellerRow, now: Timestamp) -> Result<(), StoreError> {
    let (id, doc) = (row.seller.id.to_string(), to_document(&row.seller)?);
    let brand: Option<String> = row.brand_id.map(|id| id.to_string());
    let written = if row.version == 1 {
        let sql = "INSERT INTO seller (id, version, brand_id, doc, created_at) VALUES ($1, 1, $2, $3, $4)";
        tx.run(sql, [id.into(), brand.into(), doc, now.unix_micros().into()]).await
    } else {
        let sql = "UPDATE seller SET version = $2, brand_id = $3, doc = $4 WHERE id = $1 AND version = $2 - 1";
        tx.run(sql, [id.into(), row.version.into(), brand.into(), doc]).await
    };
    changed(written.map_err(failed)?.rows_affected())
}

pub(super) async fn locations(store: &Store) -> Result<Vec<Location>, StoreError> {
    let rows = store.rows("SELECT doc FROM location ORDER BY id", []).await?;
    rows.iter().map(|row| document(row, "doc")).collect()
}

pub(super) async fn add_location(tx: &Tx, location: &Location, now: Timestamp) -> Result<(), StoreError> {
    let brand: Option<String> = location.brand_id.map(|id| id.to_string());
    let sql = "INSERT INTO location (id, brand_id, doc, created_at) VALUES ($1, $2, $3, $4)";
    let values = [location.id.to_string().into(), brand.into(), to_document(location)?, now.unix_micros().into()];
    tx.run(sql, values).await.map(|_| ()).map_err(failed)
}

/// One row, or somebody was quicker.
pub(super) const fn changed(rows: u64) -> Result<(), StoreError> {
    if rows == 1 { Ok(()) } else { Err(StoreError::Changed) }
}
