//! Making and changing products.

use kernel::{Money, ProductId, VariantId};
use shop::catalogue::{Fault, Faults, ProductDraft, Status, StockLine};
use shop::price::PriceVersion;

use super::office::{owned, owned_by_variant, present};
use super::save::{Saved, save};
use crate::access::{Act, Place, require};
use crate::audit::{Deed, Entry, note};
use crate::ports::{NewRevision, ProductRow, SaveRefused, StoreError};
use crate::{Actor, App, Code, Problem};

pub async fn create(app: &App, actor: &Actor, status: Status, draft: ProductDraft) -> Result<ProductRow, Problem> {
    require(actor, Act::ManageCatalogue, Place::brand(draft.brand_id))?;
    let now = app.now();
    let id = app.entropy.draw(|random| ProductId::mint(now, random));
    let Saved { row, .. } = save(app, None, id, status, draft).await?;
    note(app, actor, Entry::new(Deed::ProductCreated, titled(&row)).detail(status.as_str())).await;
    Ok(row)
}

/// Replaces the product whole. `version` is the one that was edited; the status stays.
pub async fn update(
    app: &App,
    actor: &Actor,
    id: ProductId,
    version: i64,
    draft: ProductDraft,
) -> Result<ProductRow, Problem> {
    let known = owned(app, actor, id).await?;
    if known.version != version {
        return Err(Code::ChangedMeanwhile.into());
    }
    if draft.brand_id != known.product.brand_id {
        let mut faults = Faults::default();
        faults.add("brand_id", Fault::Contradicts);
        return Err(faults.into());
    }
    let Saved { row, prices, counted } = save(app, Some(&known), id, known.product.status, draft).await?;
    let entry = |deed| Entry::new(deed, titled(&row));
    note(app, actor, entry(Deed::ProductChanged).detail(format!("version {}", row.version))).await;
    if !prices.is_empty() {
        let told = prices.iter().map(|(variant, version)| told(&row, *variant, *version));
        note(app, actor, entry(Deed::PricesChanged).parts(told)).await;
    }
    if counted > 0 {
        note(app, actor, entry(Deed::StockCounted).detail(format!("{counted} lines"))).await;
    }
    Ok(row)
}

fn titled(row: &ProductRow) -> String {
    row.product.texts.title.pick(&[]).map_or_else(|| row.id.to_string(), |title| title.text)
}

fn sku(row: &ProductRow, variant: VariantId) -> String {
    row.product.variant(variant).map_or_else(|| variant.to_string(), |own| own.sku.clone())
}

fn told(row: &ProductRow, variant: VariantId, version: PriceVersion) -> String {
    let sku = sku(row, variant);
    match version.unit_minor {
        Some(minor) => format!("{sku} {}", Money::new(minor, version.currency)),
        None => format!("{sku} no longer in {}", version.currency),
    }
}

/// Puts a product on sale, back to draft, or away. The last word wins; the revision it was said about does not matter.
pub async fn set_status(app: &App, actor: &Actor, id: ProductId, status: Status) -> Result<ProductRow, Problem> {
    // Somebody may save the product between the read and the write; a third time in a row nobody does.
    for _ in 0..3 {
        let mut row = owned(app, actor, id).await?;
        if row.product.status == status {
            return Ok(row);
        }
        if status == Status::Active {
            let ids: Vec<VariantId> = row.product.variants.iter().map(|variant| variant.id).collect();
            let lists = app.ports.catalogue.price_lists(&ids).await?;
            let now = app.now();
            row.product.ready(|id| lists.get(&id).is_some_and(|list| !present(now, list).is_empty()))?;
        }
        row.product.status = status;
        let (base, handle, product) = (row.version, row.handle.clone(), row.product.clone());
        let revision = NewRevision { id, base, handle, product, prices: Vec::new(), now: app.now() };
        match app.ports.catalogue.save_product(revision).await {
            Ok(()) => {
                row.version += 1;
                crate::catalogue::search::put(app, std::slice::from_ref(&row)).await?;
                note(app, actor, Entry::new(Deed::ProductStatusChanged, titled(&row)).detail(status.as_str())).await;
                return Ok(row);
            }
            Err(SaveRefused::Store(StoreError::Changed)) => {}
            Err(SaveRefused::Store(error)) => return Err(error.into()),
            Err(other) => return Err(Problem::internal(other)),
        }
    }
    Err(Code::ChangedMeanwhile.into())
}

/// Says how many pieces of a variant lie at a location, and how many of them are kept back.
pub async fn set_stock(app: &App, actor: &Actor, variant: VariantId, line: StockLine) -> Result<(), Problem> {
    let row = owned_by_variant(app, actor, variant).await?;
    let mut faults = Faults::default();
    line.check("", &mut faults);
    let brand = row.product.brand_id;
    let known = app.ports.catalogue.locations().await?;
    let found = known.iter().any(|at| at.id == line.location_id && at.brand_id.is_none_or(|own| own == brand));
    faults.when(!found, "location_id", Fault::NotFound);
    if row.product.one_of_a_kind && line.on_hand > 1 {
        faults.add("on_hand", Fault::OneOfAKind);
    }
    faults.or(())?;
    app.ports.stock.set_on_hand(variant, line.location_id, line.on_hand, line.buffer).await?;
    let detail = format!("{} on hand, {} kept back", line.on_hand, line.buffer);
    note(app, actor, Entry::new(Deed::StockCounted, sku(&row, variant)).detail(detail)).await;
    Ok(())
}
