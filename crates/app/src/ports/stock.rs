//! How many pieces of a variant lie where. The till counts; the catalogue only says what was put there.

use std::fmt;

use async_trait::async_trait;
use kernel::{LocationId, VariantId};

use super::StoreError;

/// One variant at one location. Counts are pieces, never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockCount {
    pub variant: VariantId,
    pub location: LocationId,
    /// What lies there, sold pieces that were not sent yet included.
    pub on_hand: i64,
    /// Kept back from sale online.
    pub buffer: i64,
    /// What can be claimed now.
    pub free: i64,
}

#[async_trait]
pub trait StockCounts: Send + Sync + fmt::Debug {
    /// Sets what lies at a location and how much of it is kept back; open claims and sold pieces stay as they are.
    async fn set_on_hand(
        &self,
        variant: VariantId,
        location: LocationId,
        on_hand: i64,
        buffer: i64,
    ) -> Result<(), StoreError>;

    /// Every count of these variants, by variant and location; a variant without stock has none.
    async fn counts(&self, variants: &[VariantId]) -> Result<Vec<StockCount>, StoreError>;
}
