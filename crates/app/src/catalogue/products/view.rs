//! A product whole, as its page shows it.

use kernel::{Money, ProductId, VariantId};
use shop::catalogue::{Seller, tax_included};
use shop::price;

use super::card::{Card, Free, LOW, Material, Picture, Reader, in_order};
use crate::access::{Act, Place, may};
use crate::ports::ProductRow;
use crate::{Actor, App, Code, Problem};
use shop::catalogue::Status;

#[derive(Clone, Debug)]
pub struct VariantView {
    pub id: VariantId,
    pub sku: String,
    /// Value ids, in the axes' order.
    pub values: Vec<String>,
    pub price: Option<Money>,
    /// May stand struck out: the lowest of 30 days.
    pub was: Option<Money>,
    pub free: Free,
    /// Said only when few are left.
    pub low_count: Option<i64>,
}

#[derive(Clone, Debug)]
pub struct View {
    pub card: Card,
    /// Everything else that the product says, in all its languages: the reader's is picked at the edge.
    pub row: ProductRow,
    pub pictures: Vec<Picture>,
    pub variants: Vec<VariantView>,
    /// None only before a product was ever active.
    pub seller: Option<Seller>,
    /// Whether the reader's prices hold the tax already.
    pub tax_included: bool,
}

/// One product. Public when it is active; those who manage the brand's catalogue see it at any time.
pub async fn view(app: &App, actor: &Actor, reader: &Reader, id: ProductId) -> Result<View, Problem> {
    let rows = app.ports.catalogue.products(&[id]).await?;
    let row = rows.first().ok_or(Code::NotFound)?;
    let own = may(actor, Act::ManageCatalogue, Place::brand(row.product.brand_id));
    if row.product.status != Status::Active && !own {
        return Err(Code::NotFound.into());
    }
    views_of(app, reader, rows).await?.pop().ok_or_else(|| Code::NotFound.into())
}

/// Those of the products that exist, whatever their status, in the order of `ids`: for the tray of a show.
pub async fn views(app: &App, reader: &Reader, ids: &[ProductId]) -> Result<Vec<View>, Problem> {
    let rows = in_order(ids, app.ports.catalogue.products(ids).await?);
    views_of(app, reader, rows).await
}

async fn views_of(app: &App, reader: &Reader, rows: Vec<ProductRow>) -> Result<Vec<View>, Problem> {
    let material = Material::of(app, &rows, true).await?;
    let sellers = app.ports.catalogue.sellers().await?;
    let view = |row: ProductRow| View {
        card: material.card(app, reader, &row),
        pictures: material.pictures(&row),
        variants: row.product.variants.iter().map(|v| variant_view(app, &material, reader, v)).collect(),
        seller: sellers.iter().find(|s| Some(s.seller.id) == row.product.seller_id).map(|s| s.seller.clone()),
        tax_included: tax_included(reader.currency),
        row,
    };
    Ok(rows.into_iter().map(view).collect())
}

fn variant_view(app: &App, material: &Material, reader: &Reader, variant: &shop::catalogue::Variant) -> VariantView {
    let (now, free) = (app.now(), material.free_of(variant.id));
    let list = material.prices.get(&variant.id).map(Vec::as_slice).unwrap_or_default();
    VariantView {
        id: variant.id,
        sku: variant.sku.clone(),
        values: variant.values.clone(),
        price: price::current(now, reader.currency, list).and_then(price::PriceVersion::unit),
        was: price::was(now, reader.currency, list),
        free: Free::of(free),
        low_count: (1..=LOW).contains(&free).then_some(free),
    }
}
