//! Variants as they can be put on an order line: product, price list and seller of record, looked up together.
//!
//! A revision, a price list of so many versions and a version of the sellers never change: what was read of a variant is
//! kept under these three, and one look at how the variant stands says whether it still holds.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel::{MediaId, ProductId, SellerId, Texts, VariantId};
use shop::catalogue::{NoWithdrawal, Seller, Status};
use shop::price::PriceVersion;

use crate::App;
use crate::ports::{Standing, StoreError};

/// Variants that are kept; past it all are read anew.
const KNOWN: usize = 20_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForSale {
    pub variant: VariantId,
    pub product: ProductId,
    pub brand: kernel::BrandId,
    pub status: Status,
    pub category: String,
    pub title: Texts,
    /// The labels of its option values, in the axes' order.
    pub values: Vec<Texts>,
    pub sku: String,
    pub picture: Option<MediaId>,
    /// Why buyers may not withdraw from it.
    pub no_withdrawal: Option<NoWithdrawal>,
    /// Without a seller of record nothing is sold.
    pub seller: Option<Seller>,
    /// Every version in every currency.
    pub prices: Vec<PriceVersion>,
}

/// Revision, versions of the price lists, version of the sellers.
type Versions = (i64, i64, i64);

/// What was read of variants, by the versions that it was read at.
#[derive(Debug, Default)]
pub struct KnownGoods(Mutex<BTreeMap<VariantId, (Versions, Arc<ForSale>)>>);

const fn versions(standing: &Standing) -> Versions {
    (standing.revision, standing.prices, standing.sellers)
}

impl KnownGoods {
    fn known(&self) -> MutexGuard<'_, BTreeMap<VariantId, (Versions, Arc<ForSale>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, standing: &Standing) -> Option<Arc<ForSale>> {
        let known = self.known();
        known.get(&standing.variant).filter(|(read_at, _)| *read_at == versions(standing)).map(|(_, sale)| sale.clone())
    }

    fn keep(&self, standing: &Standing, sale: &Arc<ForSale>) {
        let mut known = self.known();
        if known.len() >= KNOWN {
            known.clear();
        }
        known.insert(standing.variant, (versions(standing), sale.clone()));
    }
}

/// Those of the variants that products have today.
pub async fn for_sale(app: &App, standing: &[Standing]) -> Result<BTreeMap<VariantId, Arc<ForSale>>, StoreError> {
    let known = &app.till.known;
    let mut found = BTreeMap::new();
    let mut unread = Vec::new();
    for variant in standing {
        match known.get(variant) {
            Some(sale) => _ = found.insert(variant.variant, sale),
            None => unread.push(*variant),
        }
    }
    for (standing, sale) in read(app, &unread).await? {
        let sale = Arc::new(sale);
        known.keep(&standing, &sale);
        found.insert(standing.variant, sale);
    }
    Ok(found)
}

async fn read(app: &App, standing: &[Standing]) -> Result<Vec<(Standing, ForSale)>, StoreError> {
    if standing.is_empty() {
        return Ok(Vec::new());
    }
    let catalogue = &app.ports.catalogue;
    let mut wanted: Vec<ProductId> = standing.iter().map(|variant| variant.product).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let products = catalogue.products(&wanted).await?;
    let variants: Vec<VariantId> = standing.iter().map(|variant| variant.variant).collect();
    let mut prices = catalogue.price_lists(&variants).await?;
    let mut sellers: BTreeMap<SellerId, Seller> = BTreeMap::new();
    for id in products.iter().filter_map(|row| row.product.seller_id) {
        if !sellers.contains_key(&id)
            && let Some(row) = catalogue.seller(id).await?
        {
            sellers.insert(id, row.seller);
        }
    }
    let mut found = Vec::with_capacity(standing.len());
    for &standing in standing {
        let Some(row) = products.iter().find(|row| row.id == standing.product) else { continue };
        let product = &row.product;
        let Some(own) = product.variant(standing.variant) else { continue };
        let sale = ForSale {
            variant: standing.variant,
            product: row.id,
            brand: product.brand_id,
            status: product.status,
            category: product.category.clone(),
            title: product.texts.title.clone(),
            values: product.labels(own).cloned().collect(),
            sku: own.sku.clone(),
            picture: product.media_ids.first().copied(),
            no_withdrawal: product.no_withdrawal,
            seller: product.seller_id.and_then(|id| sellers.get(&id).cloned()),
            prices: prices.remove(&standing.variant).unwrap_or_default(),
        };
        found.push((standing, sale));
    }
    Ok(found)
}
