//! What the till needs to know of shows, and no more.

use std::fmt;

use async_trait::async_trait;
use kernel::{ProductId, VariantId};
use shop::order::ShowNumber;

use super::StoreError;

/// How a show number stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShowSale {
    pub at: ShowNumber,
    pub product: ProductId,
    /// The show is rehearsing: what staff buy in it is a rehearsal.
    pub rehearsing: bool,
    /// It is on air.
    pub live: bool,
    pub stopped: bool,
}

/// How a variant stands now, in one look: what of it moves, and the versions of what stays as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub variant: VariantId,
    pub product: ProductId,
    /// The product's newest visible revision; 0 before the first.
    pub revision: i64,
    /// How many versions its price lists hold; they are only ever added to.
    pub prices: i64,
    /// Grows with every change of any seller.
    pub sellers: i64,
    /// Pieces that can be claimed, over all locations.
    pub free: i64,
    /// Its sale is stopped in a show that is not over.
    pub stopped: bool,
}

#[async_trait]
pub trait Goods: Send + Sync + fmt::Debug {
    /// Those of the show numbers that exist, in any order.
    async fn show_sales(&self, at: &[ShowNumber]) -> Result<Vec<ShowSale>, StoreError>;
    /// The numbers under which shows that are on air now offer these products.
    async fn on_air(&self, products: &[ProductId]) -> Result<Vec<(ShowNumber, ProductId)>, StoreError>;
    /// Those of the variants that there are, in any order.
    async fn standing(&self, variants: &[VariantId]) -> Result<Vec<Standing>, StoreError>;
}
