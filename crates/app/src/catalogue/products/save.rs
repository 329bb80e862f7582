//! From a draft to a new revision.

use std::collections::BTreeSet;

use kernel::{BrandId, Currency, EntryId, LocationId, Money, Timestamp, VariantId};
use shop::catalogue::{Fault, Faults, Product, ProductDraft, Status};
use shop::price::{self, PriceVersion};

use crate::ports::{NewRevision, PriceLists, ProductRow, SaveRefused};
use crate::{App, Problem};

/// What changes in the lists so that `wanted` holds from now on: one more version for each currency that changes, none
/// for those that stay. The first microsecond after the newest version, should the clock not have moved since.
pub(crate) fn price_changes(
    app: &App,
    variant: VariantId,
    list: &[PriceVersion],
    wanted: &[Money],
) -> Vec<(VariantId, PriceVersion)> {
    let now = app.now();
    let newest = list.iter().map(|version| version.from).max();
    let from = newest
        .filter(|newest| *newest >= now)
        .map_or(now, |newest| Timestamp::from_unix_micros(newest.unix_micros() + 1));
    let mut currencies: BTreeSet<Currency> = list.iter().map(|version| version.currency).collect();
    currencies.extend(wanted.iter().map(|money| money.currency));
    let mut changes = Vec::new();
    for currency in currencies {
        let unit_minor = wanted.iter().find(|money| money.currency == currency).map(|money| money.minor);
        let held = price::current(from, currency, list).and_then(|version| version.unit_minor);
        if held != unit_minor {
            let id = app.entropy.draw(|random| EntryId::mint(now, random));
            changes.push((variant, PriceVersion { id, currency, unit_minor, from }));
        }
    }
    changes
}

/// What a draft names must be there, and must be the house's own or of the same brand.
async fn references(app: &App, draft: &ProductDraft, faults: &mut Faults) -> Result<(), Problem> {
    let own = |brand: Option<BrandId>| brand.is_none_or(|brand| brand == draft.brand_id);
    let catalogue = &app.ports.catalogue;
    faults.when(catalogue.brand(draft.brand_id).await?.is_none(), "brand_id", Fault::NotFound);
    if let Some(seller) = draft.seller_id {
        let found = catalogue.seller(seller).await?.is_some_and(|row| own(row.brand_id));
        faults.when(!found, "seller_id", Fault::NotFound);
    }
    let media = app.ports.media.media(&draft.media_ids).await?;
    for (at, id) in draft.media_ids.iter().enumerate() {
        let found = media.iter().any(|row| row.id == *id && own(row.brand_id));
        faults.when(!found, format!("media_ids.{at}"), Fault::NotFound);
    }
    if draft.variants.iter().any(|variant| !variant.stock.is_empty()) {
        let known = catalogue.locations().await?;
        let known: BTreeSet<LocationId> = known.into_iter().filter(|row| own(row.brand_id)).map(|row| row.id).collect();
        for (at, variant) in draft.variants.iter().enumerate() {
            for (line, stock) in variant.stock.iter().enumerate() {
                let found = known.contains(&stock.location_id);
                faults.when(!found, format!("variants.{at}.stock.{line}.location_id"), Fault::NotFound);
            }
        }
    }
    Ok(())
}

/// A product as it was just saved.
pub(super) struct Saved {
    pub(super) row: ProductRow,
    /// What changed in the price lists.
    pub(super) prices: Vec<(VariantId, PriceVersion)>,
    /// Lines whose stock was counted with it.
    pub(super) counted: usize,
}

/// Checks a draft against everything, writes it as the revision after `known`, and gives the counts to the till.
pub(super) async fn save(
    app: &App,
    known: Option<&ProductRow>,
    id: kernel::ProductId,
    status: Status,
    mut draft: ProductDraft,
) -> Result<Saved, Problem> {
    let now = app.now();
    let mut faults = Faults::default();
    for (at, variant) in draft.variants.iter().enumerate() {
        let foreign = variant.id.is_some_and(|id| known.is_none_or(|row| row.product.variant(id).is_none()));
        faults.when(foreign, format!("variants.{at}.id"), Fault::NotFound);
    }
    references(app, &draft, &mut faults).await?;
    faults.or(())?;
    adopt(app, id, &mut draft).await?;
    let product = draft.check(status, || app.entropy.draw(|random| VariantId::mint(now, random)))?;
    let variants: Vec<VariantId> = product.variants.iter().map(|variant| variant.id).collect();
    let lists = app.ports.catalogue.price_lists(&variants).await?;
    if status == Status::Active {
        let priced = |id| product.variants.iter().zip(&draft.variants).any(|(v, d)| v.id == id && !d.prices.is_empty());
        product.ready(priced)?;
    }
    let prices = changes(app, &product, &draft, &lists);
    let base = known.map_or(0, |row| row.version);
    let handle = known.and_then(|row| row.handle.clone());
    let revision =
        NewRevision { id, base, handle: handle.clone(), product: product.clone(), prices: prices.clone(), now };
    app.ports.catalogue.save_product(revision).await.map_err(|refused| taken(refused, &product))?;
    let mut counted = 0;
    for (variant, draft) in product.variants.iter().zip(&draft.variants) {
        counted += draft.stock.len();
        for line in &draft.stock {
            app.ports.stock.set_on_hand(variant.id, line.location_id, line.on_hand, line.buffer).await?;
        }
    }
    let created_at = known.map_or(now, |row| row.created_at);
    let row = ProductRow { id, version: base + 1, handle, product, created_at };
    crate::catalogue::search::put(app, std::slice::from_ref(&row)).await?;
    Ok(Saved { row, prices, counted })
}

/// A variant that this product had before under the same SKU is the same variant again.
async fn adopt(app: &App, id: kernel::ProductId, draft: &mut ProductDraft) -> Result<(), Problem> {
    let skus: Vec<String> = draft.variants.iter().map(|variant| variant.sku.trim().to_owned()).collect();
    let held = app.ports.catalogue.skus(draft.brand_id, &skus).await?;
    let named: BTreeSet<VariantId> = draft.variants.iter().filter_map(|variant| variant.id).collect();
    for (variant, sku) in draft.variants.iter_mut().zip(&skus) {
        let earlier = held.get(sku).filter(|(earlier, product)| *product == id && !named.contains(earlier));
        variant.id = variant.id.or(earlier.map(|(earlier, _)| *earlier));
    }
    Ok(())
}

fn changes(app: &App, product: &Product, draft: &ProductDraft, lists: &PriceLists) -> Vec<(VariantId, PriceVersion)> {
    let list = |id| lists.get(&id).map(Vec::as_slice).unwrap_or_default();
    let both = product.variants.iter().zip(&draft.variants);
    both.flat_map(|(variant, draft)| price_changes(app, variant.id, list(variant.id), &draft.prices)).collect()
}

fn taken(refused: SaveRefused, product: &Product) -> Problem {
    match refused {
        SaveRefused::Store(error) => error.into(),
        SaveRefused::SkuTaken(sku) => {
            let at = product.variants.iter().position(|variant| variant.sku == sku).unwrap_or_default();
            let mut faults = Faults::default();
            faults.add(format!("variants.{at}.sku"), Fault::Taken);
            faults.into()
        }
        SaveRefused::HandleTaken(handle) => Problem::internal(format!("a handle from a form: {handle}")),
    }
}
