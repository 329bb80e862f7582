//! What was asked about a product on air, and what the shop replied.

use std::fmt;

use async_trait::async_trait;
use kernel::{ProductId, ShowId};
use room::Reply;

use super::StoreError;

/// A reply that is kept with its product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductAnswer {
    pub show: ShowId,
    /// When it was said, Unix milliseconds of the programme.
    pub at_ms: i64,
    /// [`Reply::is_kept`], with its words.
    pub reply: Reply,
}

/// Reads the rooms' logs by product.
#[async_trait]
pub trait ProductAnswers: Send + Sync + fmt::Debug {
    /// The newest first; none of a rehearsal, none whose words were removed or erased. Looks at the last `limit` replies of the
    /// product's shows.
    async fn answers(&self, product: ProductId, limit: u32) -> Result<Vec<ProductAnswer>, StoreError>;
}
