//! Disputes as the office lists them.

use std::fmt;

use async_trait::async_trait;
use kernel::OrderId;
use shop::payment::Dispute;

use super::StoreError;

/// A dispute beside its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeRow {
    /// The provider's name.
    pub provider: String,
    pub order: OrderId,
    pub dispute: Dispute,
}

#[async_trait]
pub trait Disputes: Send + Sync + fmt::Debug {
    /// Writes how it stands now. One that is over stays as it is: news may come out of order.
    async fn keep(&self, row: DisputeRow) -> Result<(), StoreError>;
    /// Those that are not over first, each newest first, with the order's number.
    async fn disputes(&self, limit: u32) -> Result<Vec<(DisputeRow, String)>, StoreError>;
}
