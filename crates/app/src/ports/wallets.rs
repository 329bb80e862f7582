//! What signed-in buyers have asked us to keep for the next time.

use std::fmt;

use async_trait::async_trait;
use kernel::{EntryId, PersonId, Timestamp};
use shop::wallet::{SavedAddress, SavedMethod, Wallet};

use super::StoreError;

/// Wallets, one a person. Past [`shop::wallet::MAX_ADDRESSES`] and [`shop::wallet::MAX_METHODS`] the oldest goes.
#[async_trait]
pub trait Wallets: Send + Sync + fmt::Debug {
    /// What the person has, the newest of each first. The empty one for who keeps nothing.
    async fn wallet(&self, person: PersonId) -> Result<Wallet, StoreError>;
    /// Keeps an address. One of the same contact and place is the same address, saved again.
    async fn keep_address(&self, person: PersonId, address: SavedAddress) -> Result<(), StoreError>;
    /// Forgets it. Whether it was there.
    async fn forget_address(&self, person: PersonId, id: EntryId) -> Result<bool, StoreError>;
    /// Keeps a method. One of the same provider and token stays as it is; an older one of the same card ends.
    async fn keep_method(&self, person: PersonId, method: SavedMethod) -> Result<(), StoreError>;
    /// Ends it: nobody sees it or pays with it any more, and its provider has to let it go. Whether it was there.
    async fn end_method(&self, person: PersonId, id: EntryId, at: Timestamp) -> Result<bool, StoreError>;
    /// Ended methods that their providers have to be asked to let go by now, the longest due first.
    async fn ended_methods(&self, now: Timestamp, limit: u32) -> Result<Vec<SavedMethod>, StoreError>;
    /// The provider of an ended method is asked again from then on.
    async fn put_off_method(&self, id: EntryId, until: Timestamp) -> Result<(), StoreError>;
    /// The provider has let an ended method go: its row goes too.
    async fn forget_method(&self, id: EntryId) -> Result<(), StoreError>;
}
