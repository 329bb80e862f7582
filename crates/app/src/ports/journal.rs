//! What is written down before it is whole: on this machine's own disk, whatever the object store is.

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::ShowId;

/// The disk did not do it. The text is for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the journal: {0}")]
pub struct NotWritten(pub String);

/// One page a show, which only ever holds the segment in the making.
#[async_trait]
pub trait Journal: Send + Sync + fmt::Debug {
    /// Adds to the show's page, or begins it anew. Durable when it returns; a write that a power cut breaks off may leave
    /// a part of its bytes at the page's end.
    async fn write(&self, show: ShowId, bytes: Bytes, anew: bool) -> Result<(), NotWritten>;
    /// The shows that have a page.
    async fn shows(&self) -> Result<Vec<ShowId>, NotWritten>;
    /// The show's page; empty where there is none.
    async fn read(&self, show: ShowId) -> Result<Bytes, NotWritten>;
    /// Tears the page out. Where there is none that is no error.
    async fn tear_out(&self, show: ShowId) -> Result<(), NotWritten>;
}
