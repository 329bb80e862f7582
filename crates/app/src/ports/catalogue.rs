//! Brands, sellers, locations, products and their price lists.

use std::collections::BTreeMap;
use std::fmt;

use async_trait::async_trait;
use kernel::{BrandId, ProductId, SellerId, Timestamp, VariantId};
use shop::catalogue::{Brand, Location, Product, Seller, Status};
use shop::price::PriceVersion;

use super::StoreError;

/// A product's newest visible revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductRow {
    pub id: ProductId,
    /// The number of the revision, from 1.
    pub version: i64,
    /// What a sheet calls it, when it came from one.
    pub handle: Option<String>,
    pub product: Product,
    pub created_at: Timestamp,
}

/// A seller of record. `brand_id` None: the house's own, usable by every brand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SellerRow {
    pub version: i64,
    pub brand_id: Option<BrandId>,
    pub seller: Seller,
}

/// A whole new revision of a product, and what changes in its price lists.
#[derive(Clone, Debug)]
pub struct NewRevision {
    pub id: ProductId,
    /// The version that was edited; 0 for a new product.
    pub base: i64,
    pub handle: Option<String>,
    pub product: Product,
    /// Added to the lists; nothing is overwritten.
    pub prices: Vec<(VariantId, PriceVersion)>,
    pub now: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SaveRefused {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another product of the brand has this SKU.
    #[error("the SKU {0} is taken")]
    SkuTaken(String),
    /// Another product of the brand came from a sheet under this handle.
    #[error("the handle {0} is taken")]
    HandleTaken(String),
}

/// Which products, newest first.
#[derive(Clone, Debug, Default)]
pub struct ListProducts {
    pub status: Option<Status>,
    /// None: of every brand.
    pub brands: Option<Vec<BrandId>>,
    pub category: Option<String>,
    /// Only older ones than this.
    pub after: Option<ProductId>,
    pub limit: u32,
}

/// The price lists of some variants: each list holds every version in the order of its start.
pub type PriceLists = BTreeMap<VariantId, Vec<PriceVersion>>;

#[async_trait]
pub trait Catalogue: Send + Sync + fmt::Debug {
    async fn brands(&self) -> Result<Vec<Brand>, StoreError>;
    async fn brand(&self, id: BrandId) -> Result<Option<Brand>, StoreError>;
    /// Version 1 adds; a later one replaces the version before it, or is [`StoreError::Changed`].
    async fn save_brand(&self, brand: Brand, now: Timestamp) -> Result<(), StoreError>;

    async fn sellers(&self) -> Result<Vec<SellerRow>, StoreError>;
    async fn seller(&self, id: SellerId) -> Result<Option<SellerRow>, StoreError>;
    /// As [`Catalogue::save_brand`].
    async fn save_seller(&self, seller: SellerRow, now: Timestamp) -> Result<(), StoreError>;

    async fn locations(&self) -> Result<Vec<Location>, StoreError>;
    async fn add_location(&self, location: Location, now: Timestamp) -> Result<(), StoreError>;

    /// Those that exist, in no order.
    async fn products(&self, ids: &[ProductId]) -> Result<Vec<ProductRow>, StoreError>;
    /// The products that have these variants, or had them, each once.
    async fn products_of(&self, variants: &[VariantId]) -> Result<Vec<(VariantId, ProductId)>, StoreError>;
    /// The brand's products under these handles.
    async fn products_by_handle(&self, brand: BrandId, handles: &[String]) -> Result<Vec<ProductRow>, StoreError>;
    /// Who has these SKUs of the brand, variants of earlier revisions included.
    async fn skus(
        &self,
        brand: BrandId,
        skus: &[String],
    ) -> Result<BTreeMap<String, (VariantId, ProductId)>, StoreError>;
    async fn list_products(&self, which: ListProducts) -> Result<Vec<ProductRow>, StoreError>;
    /// Writes revision `base + 1`; [`StoreError::Changed`] when `base` is no longer the newest.
    async fn save_product(&self, revision: NewRevision) -> Result<(), SaveRefused>;

    async fn price_lists(&self, variants: &[VariantId]) -> Result<PriceLists, StoreError>;
    async fn add_prices(&self, prices: Vec<(VariantId, PriceVersion)>) -> Result<(), StoreError>;
}
