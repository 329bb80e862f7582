//! A sheet's products against those that are there: which are changed, which are new, and what stands in the way.

use std::collections::BTreeMap;

use kernel::ProductId;
use shop::catalogue::import::{Imported, Plan};
use shop::catalogue::{Axis, Fault, Product, ProductDraft, Status};

use crate::ports::{ImportRow, ProductRow};
use crate::{App, Problem};

/// Products looked up at once.
const PAGE: usize = 200;

/// The products that are there already, by handle. Drafts take over the ids of their variants and values, and what a
/// sheet has no column for; what stands in the way is added to the plan's errors.
pub(super) async fn resolve(
    app: &App,
    row: &ImportRow,
    plan: &mut Plan,
) -> Result<BTreeMap<String, ProductRow>, Problem> {
    let mut known: BTreeMap<String, ProductRow> = BTreeMap::new();
    let mut products = std::mem::take(&mut plan.products);
    for page in products.chunks_mut(PAGE) {
        let handles: Vec<String> = page.iter().map(|product| product.handle.clone()).collect();
        for found in app.ports.catalogue.products_by_handle(row.brand_id, &handles).await? {
            known.extend(found.handle.clone().map(|handle| (handle, found)));
        }
        let variants = page.iter().flat_map(|product| &product.draft.variants);
        let skus: Vec<String> = variants.map(|variant| variant.sku.clone()).collect();
        let held = app.ports.catalogue.skus(row.brand_id, &skus).await?;
        for imported in page {
            let there = known.get(&imported.handle);
            adopt(imported, there, &held, plan);
        }
    }
    let media: Vec<_> = products.iter().flat_map(|product| product.draft.media_ids.iter().copied()).collect();
    let found = app.ports.media.media(&media).await?;
    for imported in &products {
        let own = |id| found.iter().any(|m| m.id == id && m.brand_id.is_none_or(|brand| brand == row.brand_id));
        if !imported.draft.media_ids.iter().all(|id| own(*id)) {
            plan.refuse(imported.line, "pictures", Fault::NotFound);
        }
        if imported.status == Status::Active {
            ready(imported, plan);
        }
    }
    plan.products = products;
    Ok(known)
}

fn adopt(
    imported: &mut Imported,
    there: Option<&ProductRow>,
    held: &BTreeMap<String, (kernel::VariantId, ProductId)>,
    plan: &mut Plan,
) {
    for variant in &mut imported.draft.variants {
        match held.get(&variant.sku) {
            Some((id, product)) if there.is_some_and(|row| row.id == *product) => variant.id = Some(*id),
            Some(_) => plan.refuse(imported.line, "sku", Fault::Taken),
            None => {}
        }
    }
    if let Some(row) = there {
        keep(&mut imported.draft, &row.product);
    }
}

/// What the sheet leaves open stays as it was.
fn keep(draft: &mut ProductDraft, known: &Product) {
    for (axis, before) in draft.axes.iter_mut().zip(&known.axes) {
        for value in &mut axis.values {
            value.id = same_value(before, &value.label);
        }
    }
    if draft.media_ids.is_empty() {
        draft.media_ids.clone_from(&known.media_ids);
    }
    draft.measurements.clone_from(&known.measurements);
    draft.size_chart.clone_from(&known.size_chart);
    draft.seller_id = draft.seller_id.or(known.seller_id);
    let texts = &mut draft.texts;
    let before = &known.texts;
    for (text, before) in [
        (&mut texts.description, &before.description),
        (&mut texts.materials, &before.materials),
        (&mut texts.warnings, &before.warnings),
        (&mut texts.model_size, &before.model_size),
    ] {
        if text.is_empty() {
            text.clone_from(before);
        }
    }
}

fn same_value(axis: &Axis, label: &kernel::Texts) -> Option<String> {
    let same = |value: &&shop::catalogue::AxisValue| {
        label.0.iter().any(|(language, text)| value.label.0.get(language) == Some(text))
    };
    axis.values.iter().find(same).map(|value| value.id.clone())
}

fn ready(imported: &Imported, plan: &mut Plan) {
    if imported.draft.seller_id.is_none() {
        plan.refuse(imported.line, "seller", Fault::Required);
    }
    for (variant, line) in imported.draft.variants.iter().zip(&imported.lines) {
        // A price that cannot be read is said to be so; it is not missing too.
        if variant.prices.is_empty() && !plan.refused(*line, "price") {
            plan.refuse(*line, "price", Fault::Required);
        }
    }
}
