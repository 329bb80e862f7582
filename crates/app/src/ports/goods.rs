//! What the till needs to know of shows, and no more.

use std::fmt;

use async_trait::async_trait;
use kernel::ProductId;
use shop::order::ShowNumber;

use super::StoreError;

/// How a show number stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShowSale {
    pub at: ShowNumber,
    pub product: ProductId,
    /// The show is rehearsing: what staff buy in it is a rehearsal.
    pub rehearsing: bool,
    pub stopped: bool,
}

#[async_trait]
pub trait Goods: Send + Sync + fmt::Debug {
    /// Those of the show numbers that exist, in any order.
    async fn show_sales(&self, at: &[ShowNumber]) -> Result<Vec<ShowSale>, StoreError>;
    /// The numbers under which shows that are on air now offer these products.
    async fn on_air(&self, products: &[ProductId]) -> Result<Vec<(ShowNumber, ProductId)>, StoreError>;
    /// Those of the products whose sale is stopped in a show that is not over.
    async fn stopped(&self, products: &[ProductId]) -> Result<Vec<ProductId>, StoreError>;
}
