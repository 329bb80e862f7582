//! Changing prices: a new version each time, never an overwrite.

use kernel::{Money, ProductId, VariantId};
use shop::catalogue::{Fault, Faults, price_faults};
use shop::price::PriceVersion;

use super::office::owned_by_variant;
use super::save::price_changes;
use crate::audit::{Deed, Entry, note};
use crate::{Actor, App, Code, Problem};

fn checked(prices: &[Money]) -> Result<(), Problem> {
    let mut faults = Faults::default();
    price_faults(prices, "prices", &mut faults);
    faults.when(prices.is_empty(), "prices", Fault::Required);
    Ok(faults.or(())?)
}

/// The prices of a variant from now on, in every currency that it is sold in; a currency left out is sold in no more.
pub async fn set_prices(
    app: &App,
    actor: &Actor,
    variant: VariantId,
    prices: &[Money],
) -> Result<Vec<PriceVersion>, Problem> {
    let row = owned_by_variant(app, actor, variant).await?;
    checked(prices)?;
    set(app, &[variant], prices, true).await?;
    let sku = row.product.variant(variant).map_or_else(|| variant.to_string(), |own| own.sku.clone());
    note(app, actor, Entry::new(Deed::PricesChanged, sku).detail(listed(prices))).await;
    history_of(app, variant).await
}

/// Every price that a variant ever had, newest first.
pub async fn history(app: &App, actor: &Actor, variant: VariantId) -> Result<Vec<PriceVersion>, Problem> {
    owned_by_variant(app, actor, variant).await?;
    history_of(app, variant).await
}

/// A price corrected on air, for every variant of a product, in the currencies given; the others stay. The caller has
/// checked that the actor may.
pub async fn reprice_product(app: &App, product: ProductId, prices: &[Money]) -> Result<(), Problem> {
    checked(prices)?;
    let row = app.ports.catalogue.products(&[product]).await?.pop().ok_or(Code::NotFound)?;
    let variants: Vec<VariantId> = row.product.variants.iter().map(|variant| variant.id).collect();
    set(app, &variants, prices, false).await
}

/// Prices as the trail tells them.
pub(crate) fn listed(prices: &[Money]) -> String {
    prices.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

async fn set(app: &App, variants: &[VariantId], prices: &[Money], whole: bool) -> Result<(), Problem> {
    let lists = app.ports.catalogue.price_lists(variants).await?;
    let mut changes = Vec::new();
    for variant in variants {
        let list = lists.get(variant).map(Vec::as_slice).unwrap_or_default();
        let given = |version: &&PriceVersion| whole || prices.iter().any(|money| money.currency == version.currency);
        let touched: Vec<PriceVersion> = list.iter().filter(given).copied().collect();
        changes.extend(price_changes(app, *variant, &touched, prices));
    }
    if changes.is_empty() { Ok(()) } else { Ok(app.ports.catalogue.add_prices(changes).await?) }
}

async fn history_of(app: &App, variant: VariantId) -> Result<Vec<PriceVersion>, Problem> {
    let mut lists = app.ports.catalogue.price_lists(&[variant]).await?;
    let mut list = lists.remove(&variant).unwrap_or_default();
    list.reverse();
    Ok(list)
}
