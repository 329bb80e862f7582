//! Brands, sellers, locations, products and price lists, by migration 0020.

mod imports;
mod media;
mod parties;
mod prices;
mod products;
mod revisions;

use app::ports::{Catalogue, ListProducts, NewRevision, PriceLists, ProductRow, SaveRefused, SellerRow, StoreError};
use async_trait::async_trait;
use futures::FutureExt;
use kernel::{BrandId, ProductId, SellerId, Timestamp, VariantId};
use shop::catalogue::{Brand, Location};
use shop::price::PriceVersion;
use std::collections::BTreeMap;

use crate::{Lane, Store};

#[async_trait]
impl Catalogue for Store {
    async fn brands(&self) -> Result<Vec<Brand>, StoreError> {
        parties::brands(self).await
    }

    async fn brand(&self, id: BrandId) -> Result<Option<Brand>, StoreError> {
        parties::brand(self, id).await
    }

    async fn save_brand(&self, brand: Brand, now: Timestamp) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| async move { parties::save_brand(tx, &brand, now).await }.boxed()).await
    }

    async fn sellers(&self) -> Result<Vec<SellerRow>, StoreError> {
        parties::sellers(self).await
    }

    async fn seller(&self, id: SellerId) -> Result<Option<SellerRow>, StoreError> {
        parties::seller(self, id).await
    }

    async fn save_seller(&self, seller: SellerRow, now: Timestamp) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| async move { parties::save_seller(tx, &seller, now).await }.boxed()).await
    }

    async fn locations(&self) -> Result<Vec<Location>, StoreError> {
        parties::locations(self).await
    }

    async fn add_location(&self, location: Location, now: Timestamp) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| async move { parties::add_location(tx, &location, now).await }.boxed())
            .await
    }

    async fn products(&self, ids: &[ProductId]) -> Result<Vec<ProductRow>, StoreError> {
        products::by_ids(self, ids).await
    }

    async fn products_of(&self, variants: &[VariantId]) -> Result<Vec<(VariantId, ProductId)>, StoreError> {
        products::of_variants(self, variants).await
    }

    async fn products_by_handle(&self, brand: BrandId, handles: &[String]) -> Result<Vec<ProductRow>, StoreError> {
        products::by_handle(self, brand, handles).await
    }

    async fn skus(
        &self,
        brand: BrandId,
        skus: &[String],
    ) -> Result<BTreeMap<String, (VariantId, ProductId)>, StoreError> {
        products::skus(self, brand, skus).await
    }

    async fn list_products(&self, which: ListProducts) -> Result<Vec<ProductRow>, StoreError> {
        products::list(self, which).await
    }

    async fn save_product(&self, revision: NewRevision) -> Result<(), SaveRefused> {
        self.unit(Lane::Ordinary, move |tx| async move { revisions::write(tx, &revision, None).await }.boxed()).await
    }

    async fn price_lists(&self, variants: &[VariantId]) -> Result<PriceLists, StoreError> {
        prices::lists(self, variants).await
    }

    async fn add_prices(&self, prices: Vec<(VariantId, PriceVersion)>) -> Result<(), StoreError> {
        self.unit(Lane::Ordinary, move |tx| async move { prices::add(tx, &prices, None).await }.boxed()).await
    }
}
