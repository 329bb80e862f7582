//! Shows and their run sheets.

use std::fmt;

use async_trait::async_trait;
use hub::{Lifecycle, RunSheet, ShowPlan};
use kernel::{ShowId, Timestamp};

use super::StoreError;

/// A show as stored: saved whole, under its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShowRow {
    pub id: ShowId,
    /// Counts the saves; starts at 1.
    pub version: i64,
    pub plan: ShowPlan,
    pub lifecycle: Lifecycle,
    pub run_sheet: RunSheet,
    /// SHA-256 of the stream key, which finds the show when an encoder comes.
    pub stream_key_hash: String,
    /// The key itself, sealed, since the studio has to show it again.
    pub stream_key_sealed: String,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
}

/// Which shows a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShowList {
    /// On air now, the newest first.
    Live,
    /// Planned or in rehearsal, the next first.
    Coming,
    /// Over, the latest first.
    Ended,
    /// All of them, the latest start first.
    All,
}

#[async_trait]
pub trait Shows: Send + Sync + fmt::Debug {
    async fn show(&self, id: ShowId) -> Result<Option<ShowRow>, StoreError>;
    async fn by_stream_key(&self, hash: &str) -> Result<Option<ShowRow>, StoreError>;
    /// At most `limit`, behind the show `after` where it is given.
    async fn shows(&self, list: ShowList, after: Option<ShowId>, limit: u32) -> Result<Vec<ShowRow>, StoreError>;
    async fn add_show(&self, show: ShowRow) -> Result<(), StoreError>;
    /// Saves the show whole, with its version raised by one.
    ///
    /// # Errors
    /// [`StoreError::Changed`] when the stored version is not `show.version`, [`StoreError::Duplicate`] when the show is
    /// live and its host is live in another one.
    async fn save_show(&self, show: ShowRow) -> Result<(), StoreError>;
    /// Takes a show away; only one that nobody ever saw.
    async fn remove_show(&self, id: ShowId) -> Result<(), StoreError>;
}
