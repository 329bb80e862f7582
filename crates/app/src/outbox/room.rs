//! What a room hears of the till: stock as it is now, and what was paid for.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{ProductId, VariantId};
use room::{Free, Notice};
use shop::books::TillEvent;
use shop::order::ShowNumber;

use crate::catalogue::products::card::{Free as Left, LOW};
use crate::ports::{RoomFeed, RoomKey, Stage};
use crate::{App, Problem};

/// Tells the rooms on air how much is left of the products whose stock moved. A room adds nothing to its log when it
/// says so already. Returns the variants whose product cannot be read: they hold up no other's.
pub(super) async fn show_stock<'a>(
    app: &App,
    events: impl Iterator<Item = &'a TillEvent>,
) -> Result<BTreeSet<VariantId>, Problem> {
    let mut moved: BTreeSet<VariantId> = BTreeSet::new();
    for event in events {
        if let TillEvent::StockMoved { free } = event {
            moved.extend(free.iter().map(|(variant, _)| *variant));
        }
    }
    let moved: Vec<VariantId> = moved.into_iter().collect();
    let owners = app.ports.catalogue.products_of(&moved).await?;
    let products: BTreeSet<ProductId> = owners.iter().map(|(_, product)| *product).collect();
    let products: Vec<ProductId> = products.into_iter().collect();
    let offered = app.till.goods.on_air(&products).await?;
    if offered.is_empty() {
        return Ok(BTreeSet::new());
    }
    let offered_products: BTreeSet<ProductId> = offered.iter().map(|(_, product)| *product).collect();
    let offered_products: Vec<ProductId> = offered_products.into_iter().collect();
    let (left, unread) = left_of_each(app, &offered_products).await;
    for (at, product) in offered.into_iter().filter(|(_, product)| !unread.contains(product)) {
        let pieces = left.get(&product).copied().unwrap_or_default();
        let free = match Left::of(pieces) {
            Left::In => Free::In,
            Left::Low => Free::Low,
            Left::Out => Free::Out,
        };
        let low_count = u32::try_from(pieces).ok().filter(|_| (1..=LOW).contains(&pieces));
        let notice = Notice::Stock { number: at.number, free, low_count };
        app.rooms.post(RoomKey { show: at.show, stage: Stage::Live }, notice).await;
    }
    Ok(owners.into_iter().filter(|(_, product)| unread.contains(product)).map(|(variant, _)| variant).collect())
}

/// As [`left`], and the products that cannot be read.
async fn left_of_each(app: &App, products: &[ProductId]) -> (BTreeMap<ProductId, i64>, BTreeSet<ProductId>) {
    if let Ok(all) = left(app, products).await {
        return (all, BTreeSet::new());
    }
    let (mut found, mut unread) = (BTreeMap::new(), BTreeSet::new());
    for product in products {
        match left(app, std::slice::from_ref(product)).await {
            Ok(one) => found.extend(one),
            Err(problem) => {
                tracing::warn!(%product, %problem, "what is left of a product cannot be shown");
                unread.insert(*product);
            }
        }
    }
    (found, unread)
}

/// Pieces that can be claimed now, of all variants of each product together.
async fn left(app: &App, products: &[ProductId]) -> Result<BTreeMap<ProductId, i64>, Problem> {
    let rows = app.ports.catalogue.products(products).await?;
    let owners: BTreeMap<VariantId, ProductId> =
        rows.iter().flat_map(|row| row.product.variants.iter().map(|variant| (variant.id, row.id))).collect();
    let variants: Vec<VariantId> = owners.keys().copied().collect();
    let mut left = BTreeMap::new();
    for count in app.ports.stock.counts(&variants).await? {
        if let Some(product) = owners.get(&count.variant) {
            *left.entry(*product).or_default() += count.free;
        }
    }
    Ok(left)
}

/// Adds up what was paid for under each number, and tells its room once.
pub(super) async fn count_sales(app: &App, events: impl Iterator<Item = &TillEvent>) {
    let mut sold: BTreeMap<ShowNumber, u32> = BTreeMap::new();
    for event in events {
        if let TillEvent::Sold { at, quantity, .. } = event {
            let sum = sold.entry(*at).or_default();
            *sum = sum.saturating_add(*quantity);
        }
    }
    for (at, quantity) in sold {
        let notice = Notice::Sold { number: at.number, quantity };
        app.rooms.post(RoomKey { show: at.show, stage: Stage::Live }, notice).await;
    }
}
