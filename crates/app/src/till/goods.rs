//! Variants as they can be put on an order line: product, price list and seller of record, looked up together.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use kernel::{MediaId, ProductId, Texts, VariantId};
use shop::catalogue::{Seller, Status};
use shop::price::PriceVersion;

use crate::ports::{Catalogue, StoreError};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForSale {
    pub variant: VariantId,
    pub product: ProductId,
    pub brand: kernel::BrandId,
    pub brand_name: String,
    pub category: String,
    pub one_of_a_kind: bool,
    pub status: Status,
    pub title: Texts,
    /// The labels of its option values, in the axes' order.
    pub values: Vec<Texts>,
    pub sku: String,
    pub picture: Option<MediaId>,
    /// Without a seller of record nothing is sold.
    pub seller: Option<Seller>,
    /// Every version in every currency.
    pub prices: Vec<PriceVersion>,
}

/// Those of the variants that products have today.
pub async fn for_sale(
    catalogue: &dyn Catalogue,
    variants: &[VariantId],
) -> Result<BTreeMap<VariantId, ForSale>, StoreError> {
    if variants.is_empty() {
        return Ok(BTreeMap::new());
    }
    let owners: BTreeMap<VariantId, ProductId> = catalogue.products_of(variants).await?.into_iter().collect();
    let mut wanted: Vec<ProductId> = owners.values().copied().collect();
    wanted.sort_unstable();
    wanted.dedup();
    let products = catalogue.products(&wanted).await?;
    let mut prices = catalogue.price_lists(variants).await?;
    let mut sellers = BTreeMap::new();
    for seller in products.iter().filter_map(|row| row.product.seller_id) {
        if let Entry::Vacant(unknown) = sellers.entry(seller) {
            unknown.insert(catalogue.seller(seller).await?.map(|row| row.seller));
        }
    }
    let mut brands = BTreeMap::new();
    for brand in products.iter().map(|row| row.product.brand_id) {
        if let Entry::Vacant(unknown) = brands.entry(brand) {
            unknown.insert(catalogue.brand(brand).await?.map(|brand| brand.name).unwrap_or_default());
        }
    }
    let mut found = BTreeMap::new();
    for &variant in variants {
        let row = owners.get(&variant).and_then(|owner| products.iter().find(|row| row.id == *owner));
        let Some(row) = row else { continue };
        let Some(own) = row.product.variant(variant) else { continue };
        let product = &row.product;
        let sale = ForSale {
            variant,
            product: row.id,
            brand: product.brand_id,
            brand_name: brands.get(&product.brand_id).cloned().unwrap_or_default(),
            category: product.category.clone(),
            one_of_a_kind: product.one_of_a_kind,
            status: product.status,
            title: product.texts.title.clone(),
            values: product.labels(own).cloned().collect(),
            sku: own.sku.clone(),
            picture: product.media_ids.first().copied(),
            seller: product.seller_id.and_then(|id| sellers.get(&id).cloned().flatten()),
            prices: prices.remove(&variant).unwrap_or_default(),
        };
        found.insert(variant, sale);
    }
    Ok(found)
}
