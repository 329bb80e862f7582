//! Products as staff see them: every status, every language, every currency.

use std::collections::BTreeSet;

use kernel::{Currency, Money, ProductId, VariantId};
use shop::catalogue::Status;
use shop::price::{self, PriceVersion};

use super::list::{Browse, rows};
use crate::access::{Act, Place, may, require, require_somewhere};
use crate::ports::{ProductRow, StockCount};
use crate::{Actor, App, Code, Problem};

/// A product with what its form edits.
#[derive(Clone, Debug)]
pub struct ProductEdit {
    pub row: ProductRow,
    /// Present prices by variant, in the variants' order.
    pub prices: Vec<Vec<Money>>,
    pub stock: Vec<StockCount>,
}

#[derive(Clone, Debug)]
pub struct OfficePage {
    pub items: Vec<ProductEdit>,
    pub next: Option<String>,
}

/// Products of the brands whose catalogue the actor manages.
pub async fn list(app: &App, actor: &Actor, status: Option<Status>, browse: &Browse) -> Result<OfficePage, Problem> {
    require_somewhere(actor, Act::ManageCatalogue)?;
    let brands = if may(actor, Act::ManageCatalogue, Place::HOUSE) {
        browse.brand.map(|brand| vec![brand])
    } else {
        let all = app.ports.catalogue.brands().await?.into_iter().map(|brand| brand.id);
        let wanted = |id: &kernel::BrandId| browse.brand.is_none_or(|brand| brand == *id);
        Some(all.filter(|id| wanted(id) && may(actor, Act::ManageCatalogue, Place::brand(*id))).collect())
    };
    let (rows, next) = rows(app, browse, status, brands).await?;
    Ok(OfficePage { items: edits(app, rows).await?, next })
}

pub async fn edit(app: &App, actor: &Actor, id: ProductId) -> Result<ProductEdit, Problem> {
    let row = owned(app, actor, id).await?;
    edits(app, vec![row]).await?.pop().ok_or_else(|| Code::NotFound.into())
}

/// The product, when the actor manages the catalogue that it is in.
pub(super) async fn owned(app: &App, actor: &Actor, id: ProductId) -> Result<ProductRow, Problem> {
    require_somewhere(actor, Act::ManageCatalogue)?;
    let row = app.ports.catalogue.products(&[id]).await?.pop().ok_or(Code::NotFound)?;
    require(actor, Act::ManageCatalogue, Place::brand(row.product.brand_id))?;
    Ok(row)
}

/// As [`owned`], by one of its variants.
pub(super) async fn owned_by_variant(app: &App, actor: &Actor, variant: VariantId) -> Result<ProductRow, Problem> {
    require_somewhere(actor, Act::ManageCatalogue)?;
    let (_, product) = app.ports.catalogue.products_of(&[variant]).await?.pop().ok_or(Code::NotFound)?;
    let row = owned(app, actor, product).await?;
    if row.product.variant(variant).is_some() { Ok(row) } else { Err(Code::NotFound.into()) }
}

async fn edits(app: &App, rows: Vec<ProductRow>) -> Result<Vec<ProductEdit>, Problem> {
    let ids: Vec<VariantId> = rows.iter().flat_map(|row| &row.product.variants).map(|variant| variant.id).collect();
    let lists = app.ports.catalogue.price_lists(&ids).await?;
    let counts = app.ports.stock.counts(&ids).await?;
    let now = app.now();
    let edit = |row: ProductRow| {
        let list = |id: VariantId| lists.get(&id).map(Vec::as_slice).unwrap_or_default();
        let prices = row.product.variants.iter().map(|variant| present(now, list(variant.id))).collect();
        let own = |count: &&StockCount| row.product.variant(count.variant).is_some();
        let stock = counts.iter().filter(own).copied().collect();
        ProductEdit { prices, stock, row }
    };
    Ok(rows.into_iter().map(edit).collect())
}

/// The price in each currency that a list holds one in now, by the currency's letters.
pub(crate) fn present(now: kernel::Timestamp, list: &[PriceVersion]) -> Vec<Money> {
    let currencies: BTreeSet<Currency> = list.iter().map(|version| version.currency).collect();
    let held = |currency| price::current(now, currency, list).and_then(PriceVersion::unit);
    currencies.into_iter().filter_map(held).collect()
}
