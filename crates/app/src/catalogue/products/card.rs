//! A product as it stands in a list, for one reader.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{BrandId, Country, Currency, Language, MediaId, Money, ProductId, Text, VariantId};
use shop::price;

use crate::ports::{MediaRow, PriceLists, ProductRow};
use crate::{App, Problem};

/// From so few pieces on, a buyer is told how many are left.
pub const LOW: i64 = 5;

/// Who reads: their languages, best first, and what they pay in and where they live.
#[derive(Clone, Debug)]
pub struct Reader {
    pub languages: Vec<Language>,
    pub currency: Currency,
    pub country: Option<Country>,
}

/// How much is left, without saying how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Free {
    In,
    Low,
    Out,
}

impl Free {
    #[must_use]
    pub const fn of(pieces: i64) -> Self {
        match pieces {
            ..=0 => Self::Out,
            1..=LOW => Self::Low,
            _ => Self::In,
        }
    }

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Low => "low",
            Self::Out => "out",
        }
    }
}

/// An uploaded picture, by its id and the size of its original.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture {
    pub media_id: MediaId,
    pub width: u32,
    pub height: u32,
}

impl From<&MediaRow> for Picture {
    fn from(row: &MediaRow) -> Self {
        Self { media_id: row.id, width: row.width, height: row.height }
    }
}

#[derive(Clone, Debug)]
pub struct Card {
    pub id: ProductId,
    pub title: Text,
    pub brand: (BrandId, String),
    pub category: String,
    pub picture: Option<Picture>,
    /// The lowest of its variants' prices in the reader's currency; none: it is not sold in it.
    pub price: Option<Money>,
    /// The highest, where it differs.
    pub price_to: Option<Money>,
    pub free: Free,
    pub one_of_a_kind: bool,
}

/// What cards and views of some products are made of, read once for all of them.
pub(super) struct Material {
    pub(super) prices: PriceLists,
    pub(super) free: BTreeMap<VariantId, i64>,
    brands: BTreeMap<BrandId, String>,
    media: BTreeMap<MediaId, Picture>,
}

impl Material {
    pub(super) async fn of(app: &App, rows: &[ProductRow], all_pictures: bool) -> Result<Self, Problem> {
        let variants: Vec<VariantId> =
            rows.iter().flat_map(|row| &row.product.variants).map(|variant| variant.id).collect();
        let prices = app.ports.catalogue.price_lists(&variants).await?;
        let mut free = BTreeMap::new();
        for count in app.ports.stock.counts(&variants).await? {
            *free.entry(count.variant).or_default() += count.free;
        }
        let shown = if all_pictures { usize::MAX } else { 1 };
        let ids: BTreeSet<MediaId> =
            rows.iter().flat_map(|row| row.product.media_ids.iter().take(shown)).copied().collect();
        let media = app.ports.media.media(&ids.into_iter().collect::<Vec<_>>()).await?;
        let brands = app.ports.catalogue.brands().await?;
        Ok(Self {
            prices,
            free,
            brands: brands.into_iter().map(|brand| (brand.id, brand.name)).collect(),
            media: media.iter().map(|row| (row.id, row.into())).collect(),
        })
    }

    pub(super) fn pictures(&self, row: &ProductRow) -> Vec<Picture> {
        row.product.media_ids.iter().filter_map(|id| self.media.get(id)).copied().collect()
    }

    pub(super) fn free_of(&self, variant: VariantId) -> i64 {
        self.free.get(&variant).copied().unwrap_or_default()
    }

    pub(super) fn card(&self, app: &App, reader: &Reader, row: &ProductRow) -> Card {
        let product = &row.product;
        let now = app.now();
        let held = |variant: VariantId| {
            let list = self.prices.get(&variant)?;
            price::current(now, reader.currency, list)?.unit()
        };
        let units = || product.variants.iter().filter_map(|variant| held(variant.id));
        let lowest = units().min_by_key(|unit| unit.minor);
        let highest = units().max_by_key(|unit| unit.minor);
        Card {
            id: row.id,
            title: product.texts.title.pick(&reader.languages).unwrap_or_else(|| untitled(reader)),
            brand: (product.brand_id, self.brands.get(&product.brand_id).cloned().unwrap_or_default()),
            category: product.category.clone(),
            picture: product.media_ids.iter().find_map(|id| self.media.get(id)).copied(),
            price: lowest,
            price_to: highest.filter(|highest| Some(*highest) != lowest),
            free: Free::of(product.variants.iter().map(|variant| self.free_of(variant.id)).sum()),
            one_of_a_kind: product.one_of_a_kind,
        }
    }
}

/// A product cannot be saved without a title; this only fills the type.
fn untitled(reader: &Reader) -> Text {
    let lang = reader.languages.first().cloned().unwrap_or_else(Language::english);
    Text { text: String::new(), lang }
}

/// The cards of these rows, in their order.
pub async fn cards(app: &App, reader: &Reader, rows: &[ProductRow]) -> Result<Vec<Card>, Problem> {
    let material = Material::of(app, rows, false).await?;
    Ok(rows.iter().map(|row| material.card(app, reader, row)).collect())
}

/// The cards of those ids that exist, whatever their status, in the order of `ids`: for trays and baskets.
pub async fn card_of(app: &App, reader: &Reader, ids: &[ProductId]) -> Result<Vec<Card>, Problem> {
    let rows = in_order(ids, app.ports.catalogue.products(ids).await?);
    cards(app, reader, &rows).await
}

/// Rows in the order of `ids`, without those that are not there.
pub(super) fn in_order(ids: &[ProductId], rows: Vec<ProductRow>) -> Vec<ProductRow> {
    let mut by_id: BTreeMap<ProductId, ProductRow> = rows.into_iter().map(|row| (row.id, row)).collect();
    ids.iter().filter_map(|id| by_id.remove(id)).collect()
}
