//! What is known of each uploaded picture; its pixels are objects.

use std::fmt;

use async_trait::async_trait;
use kernel::{BrandId, MediaId, Timestamp};

use super::StoreError;

/// An uploaded picture. Sizes are those of the upright original.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaRow {
    pub id: MediaId,
    /// None: the house's own.
    pub brand_id: Option<BrandId>,
    pub width: u32,
    pub height: u32,
    pub size_bytes: i64,
    pub created_at: Timestamp,
}

#[async_trait]
pub trait MediaRows: Send + Sync + fmt::Debug {
    async fn add_media(&self, media: MediaRow) -> Result<(), StoreError>;
    /// Those that exist, in no order.
    async fn media(&self, ids: &[MediaId]) -> Result<Vec<MediaRow>, StoreError>;
}
