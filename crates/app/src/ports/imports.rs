//! Imports: a sheet that was checked, and whether it was applied. The sheet itself is an object.

use std::fmt;

use async_trait::async_trait;
use kernel::{BrandId, Currency, ImportId, Language, LocationId, SellerId, Timestamp};

use super::{NewRevision, StoreError};

/// How far an import has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportState {
    /// Dry run done; nothing of it is anywhere.
    Checked,
    /// Its revisions are being written, and nobody sees them.
    Staging,
    /// Switched on at this time, by one commit.
    Applied { at: Timestamp },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRow {
    pub id: ImportId,
    /// `trunkshow` or `shopify`.
    pub format: String,
    pub brand_id: BrandId,
    pub seller_id: Option<SellerId>,
    pub location_id: LocationId,
    pub language: Language,
    pub currency: Currency,
    pub state: ImportState,
    /// Whether the counted units of the sheet were given to the till.
    pub stocked: bool,
    pub created_at: Timestamp,
}

#[async_trait]
pub trait Imports: Send + Sync + fmt::Debug {
    async fn add_import(&self, import: ImportRow) -> Result<(), StoreError>;
    async fn import(&self, id: ImportId) -> Result<Option<ImportRow>, StoreError>;
    /// From checked to staging; [`StoreError::Changed`] when it is not merely checked.
    async fn begin_import(&self, id: ImportId) -> Result<(), StoreError>;
    /// Writes revisions that nobody sees before the switch. One unit: give a chunk that stays under 20 ms.
    async fn stage(&self, id: ImportId, chunk: Vec<NewRevision>) -> Result<(), super::SaveRefused>;
    /// The one small commit by which everything staged is there. [`StoreError::Changed`] when it is not staging.
    async fn switch_on(&self, id: ImportId, now: Timestamp) -> Result<(), StoreError>;
    /// Takes away what was staged, in chunks, and goes back to checked.
    async fn discard_staged(&self, id: ImportId) -> Result<(), StoreError>;
    async fn set_stocked(&self, id: ImportId) -> Result<(), StoreError>;
    /// Imports that a stop of the process interrupted: staging, or applied and not yet stocked.
    async fn unfinished_imports(&self) -> Result<Vec<ImportRow>, StoreError>;
}
