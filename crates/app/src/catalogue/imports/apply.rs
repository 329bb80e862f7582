//! Applying a checked sheet: staged in chunks that nobody sees, switched on by one small commit, then counted.

use std::collections::BTreeMap;

use kernel::{ImportId, ProductId, VariantId};
use shop::catalogue::import::{Imported, read};

use super::resolve::resolve;
use super::{format_of, object, terms_of};
use crate::access::{Act, Place, require};
use crate::audit::{Deed, Entry, note};
use crate::catalogue::products::price_changes;
use crate::catalogue::search;
use crate::ports::{ImportRow, ImportState, NewRevision, ProductRow, SaveRefused, StoreError};
use crate::{Actor, App, Code, Problem};

/// Rows that one staging unit writes at most, about: at 30 µs a row it stays under 10 ms.
const ROWS_A_UNIT: usize = 200;
/// Products that are put into the search index at once.
const INDEX_PAGE: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    pub products_created: usize,
    pub products_changed: usize,
}

/// Applies an import once. The sheet is read again, against the catalogue as it is now: what became impossible since
/// the dry run is [`Code::ImportHasErrors`], and then nothing was changed.
pub async fn apply(app: &App, actor: &Actor, id: ImportId) -> Result<Applied, Problem> {
    let row = app.ports.imports.import(id).await?.ok_or(Code::NotFound)?;
    require(actor, Act::ManageCatalogue, Place::brand(row.brand_id))?;
    if matches!(row.state, ImportState::Applied { .. }) {
        return Err(Code::ImportApplied.into());
    }
    let _turn = app.catalogue.importing.lock().await;
    let (products, known) = planned(app, &row).await?;
    app.ports.imports.begin_import(id).await?;
    let ids = match stage(app, &row, &products, &known).await {
        Ok(ids) => ids,
        Err(problem) => {
            app.ports.imports.discard_staged(id).await?;
            return Err(problem);
        }
    };
    app.ports.imports.switch_on(id, app.now()).await?;
    count_stock(app, &row, &products).await?;
    index(app, &ids).await?;
    let products_changed = products.iter().filter(|product| known.contains_key(&product.handle)).count();
    let applied = Applied { products_created: products.len() - products_changed, products_changed };
    let detail = format!("{} created, {products_changed} changed", applied.products_created);
    note(app, actor, Entry::new(Deed::ImportApplied, id).detail(detail)).await;
    Ok(applied)
}

/// At a start: what was being staged is taken back, and what was switched on gets its counts.
pub async fn finish(app: &App) -> Result<(), Problem> {
    let _turn = app.catalogue.importing.lock().await;
    for row in app.ports.imports.unfinished_imports().await? {
        if row.state == ImportState::Staging {
            tracing::warn!(import = %row.id, "an interrupted import was taken back; apply it again");
            app.ports.imports.discard_staged(row.id).await?;
        } else {
            let (products, _) = planned(app, &row).await?;
            count_stock(app, &row, &products).await?;
        }
    }
    Ok(())
}

async fn planned(app: &App, row: &ImportRow) -> Result<(Vec<Imported>, BTreeMap<String, ProductRow>), Problem> {
    let sheet = app.ports.objects.get(&object(row.id)).await?.ok_or(Code::NotFound)?;
    let (format, terms) = (format_of(row), terms_of(row));
    let read = tokio::task::spawn_blocking(move || read(format, &sheet, &terms));
    let mut plan = read.await.map_err(Problem::internal)?;
    let known = resolve(app, row, &mut plan).await?;
    if plan.errors.is_empty() { Ok((plan.products, known)) } else { Err(Code::ImportHasErrors.into()) }
}

async fn stage(
    app: &App,
    row: &ImportRow,
    products: &[Imported],
    known: &BTreeMap<String, ProductRow>,
) -> Result<Vec<ProductId>, Problem> {
    let mut ids = Vec::with_capacity(products.len());
    let mut chunk: Vec<NewRevision> = Vec::new();
    let mut rows = 0;
    for imported in products {
        let revision = revision(app, imported, known.get(&imported.handle)).await?;
        ids.push(revision.id);
        let weight = 2 + revision.product.variants.len() + revision.prices.len();
        if rows + weight > ROWS_A_UNIT && !chunk.is_empty() {
            app.ports.imports.stage(row.id, std::mem::take(&mut chunk)).await.map_err(refused)?;
            rows = 0;
        }
        rows += weight;
        chunk.push(revision);
    }
    if !chunk.is_empty() {
        app.ports.imports.stage(row.id, chunk).await.map_err(refused)?;
    }
    Ok(ids)
}

async fn revision(app: &App, imported: &Imported, known: Option<&ProductRow>) -> Result<NewRevision, Problem> {
    let now = app.now();
    let mint = || app.entropy.draw(|random| VariantId::mint(now, random));
    let product = imported.draft.check(imported.status, mint)?;
    let old: Vec<VariantId> = imported.draft.variants.iter().filter_map(|variant| variant.id).collect();
    let lists = app.ports.catalogue.price_lists(&old).await?;
    let mut prices = Vec::new();
    for (variant, draft) in product.variants.iter().zip(&imported.draft.variants) {
        let list = lists.get(&variant.id).map(Vec::as_slice).unwrap_or_default();
        prices.extend(price_changes(app, variant.id, list, &draft.prices));
    }
    let id = known.map_or_else(|| app.entropy.draw(|random| ProductId::mint(now, random)), |row| row.id);
    let base = known.map_or(0, |row| row.version);
    Ok(NewRevision { id, base, handle: Some(imported.handle.clone()), product, prices, now })
}

fn refused(refused: SaveRefused) -> Problem {
    match refused {
        SaveRefused::Store(StoreError::Changed) => Code::ChangedMeanwhile.into(),
        SaveRefused::Store(error) => error.into(),
        SaveRefused::SkuTaken(_) | SaveRefused::HandleTaken(_) => Code::ImportHasErrors.into(),
    }
}

/// Gives the sheet's counts to the till. Done again after an interruption it says the same.
async fn count_stock(app: &App, row: &ImportRow, products: &[Imported]) -> Result<(), Problem> {
    let variants = products.iter().flat_map(|product| &product.draft.variants);
    for page in variants.collect::<Vec<_>>().chunks(INDEX_PAGE) {
        let skus: Vec<String> = page.iter().map(|variant| variant.sku.clone()).collect();
        let ids = app.ports.catalogue.skus(row.brand_id, &skus).await?;
        for variant in page {
            let Some((id, _)) = ids.get(&variant.sku) else { continue };
            for line in &variant.stock {
                app.ports.stock.set_on_hand(*id, line.location_id, line.on_hand, line.buffer).await?;
            }
        }
    }
    Ok(app.ports.imports.set_stocked(row.id).await?)
}

async fn index(app: &App, ids: &[ProductId]) -> Result<(), Problem> {
    for page in ids.chunks(INDEX_PAGE) {
        search::put(app, &app.ports.catalogue.products(page).await?).await?;
    }
    Ok(())
}
