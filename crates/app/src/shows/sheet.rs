//! The run sheet as the control desk shows it: what each number is, costs, and how much of it is left.

use std::collections::BTreeMap;

use hub::RunItem;
use kernel::{Currency, Money, ProductId, Texts, VariantId};
use shop::catalogue::Status;

use crate::catalogue::products::{Picture, present};
use crate::ports::{ProductRow, ShowRow, ShowTakings};
use crate::{App, Problem};

/// One number of the sheet.
#[derive(Clone, Debug)]
pub struct SheetItem {
    pub item: RunItem,
    /// Empty when the product is no longer there.
    pub title: Texts,
    pub status: Option<Status>,
    pub picture: Option<Picture>,
    /// The lowest of its variants, in every currency that it is sold in.
    pub prices: Vec<Money>,
    /// Pieces that can be claimed now, of all its variants.
    pub free: i64,
    /// In orders of this show that wait for their payment.
    pub claimed: i64,
    /// In orders of this show that stand.
    pub sold: i64,
}

/// The sheet in its order.
pub async fn sheet(app: &App, show: &ShowRow, takings: &ShowTakings) -> Result<Vec<SheetItem>, Problem> {
    let ids: Vec<ProductId> = show.run_sheet.items.iter().map(|item| item.product).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: BTreeMap<ProductId, ProductRow> =
        app.ports.catalogue.products(&ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let variants: Vec<VariantId> = rows.values().flat_map(|row| &row.product.variants).map(|v| v.id).collect();
    let lists = app.ports.catalogue.price_lists(&variants).await?;
    let mut free: BTreeMap<VariantId, i64> = BTreeMap::new();
    for count in app.ports.stock.counts(&variants).await? {
        *free.entry(count.variant).or_default() += count.free;
    }
    let covers: Vec<_> = rows.values().filter_map(|row| row.product.media_ids.first().copied()).collect();
    let media = app.ports.media.media(&covers).await?;
    let now = app.now();
    let prices = |row: &ProductRow| {
        let mut lowest: BTreeMap<Currency, Money> = BTreeMap::new();
        let lists = row.product.variants.iter().filter_map(|variant| lists.get(&variant.id));
        for money in lists.flat_map(|list| present(now, list)) {
            let known = lowest.entry(money.currency).or_insert(money);
            if money.minor < known.minor {
                *known = money;
            }
        }
        lowest.into_values().collect()
    };
    let item = |item: &RunItem| {
        let row = rows.get(&item.product);
        let cover = row.and_then(|row| row.product.media_ids.first());
        let own = takings.numbers.iter().find(|sums| sums.number == item.number);
        SheetItem {
            item: item.clone(),
            title: row.map(|row| row.product.texts.title.clone()).unwrap_or_default(),
            status: row.map(|row| row.product.status),
            picture: media.iter().find(|media| Some(&media.id) == cover).map(Into::into),
            prices: row.map(prices).unwrap_or_default(),
            free: row.map_or(0, |row| row.product.variants.iter().filter_map(|v| free.get(&v.id)).sum()),
            claimed: own.map_or(0, |sums| sums.claimed),
            sold: own.map_or(0, |sums| sums.sold),
        }
    };
    Ok(show.run_sheet.items.iter().map(item).collect())
}
