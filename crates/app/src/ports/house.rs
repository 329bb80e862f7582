use std::fmt;

use async_trait::async_trait;

use super::StoreError;
use crate::house::House;

/// The settings that staff change while the house runs.
#[async_trait]
pub trait Houses: Send + Sync + fmt::Debug {
    /// None before they were ever changed.
    async fn house(&self) -> Result<Option<House>, StoreError>;
    /// Saves version `house.version + 1`.
    ///
    /// # Errors
    /// [`StoreError::Changed`] when the stored version is not `house.version`.
    async fn save_house(&self, house: House) -> Result<(), StoreError>;
}
