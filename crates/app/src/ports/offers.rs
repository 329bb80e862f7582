//! Offers as staff keep them. How often limited ones count is the till's to say.

use std::fmt;

use async_trait::async_trait;
use kernel::{EntryId, ViewerId};
use shop::offer::Offer;

use super::StoreError;

/// An offer, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferRow {
    pub offer: Offer,
    /// 1 when it was made; each change adds 1.
    pub version: i64,
    /// Orders that a limited one counts in.
    pub used: i64,
}

#[async_trait]
pub trait Offers: Send + Sync + fmt::Debug {
    /// Offers, the newest first.
    async fn offers(&self, limit: u32) -> Result<Vec<OfferRow>, StoreError>;
    async fn offer(&self, id: EntryId) -> Result<Option<OfferRow>, StoreError>;
    /// Keeps a new offer (`seen` 0), or changes the one of that version. [`StoreError::Changed`] where it is another one by now,
    /// [`StoreError::Duplicate`] where another offer has the code.
    async fn keep_offer(&self, offer: Offer, seen: i64) -> Result<(), StoreError>;
    /// How many orders of a viewer's each of these counts in; those that count in none are left out.
    async fn used_by(&self, viewer: ViewerId, offers: &[EntryId]) -> Result<Vec<(EntryId, i64)>, StoreError>;
}
