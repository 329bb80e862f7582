//! Drops, claims and who waits, as pages and jobs read them. What moves them are commands of the till.

use std::fmt;

use async_trait::async_trait;
use kernel::{ClaimId, DropId, ShowId, Timestamp, ViewerId};
use shop::claim::Claim;
use shop::drop::{Drop, Waiter};

use super::StoreError;

/// What a viewer has claimed and waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tab {
    /// Open ones, oldest first; those in an order that waits for its payment too.
    pub claims: Vec<Claim>,
    /// With the place in the line as it is now, from 1.
    pub waiting: Vec<(Waiter, i64)>,
}

#[async_trait]
pub trait Drops: Send + Sync + fmt::Debug {
    /// Keeps a planned drop, or changes one. [`StoreError::Changed`] once it was armed.
    async fn plan_drop(&self, drop: Drop) -> Result<(), StoreError>;
    /// Takes a planned drop away. Returns whether there was one; an armed one stays.
    async fn unplan_drop(&self, id: DropId) -> Result<bool, StoreError>;
    async fn drop_of(&self, id: DropId) -> Result<Option<Drop>, StoreError>;
    /// Every drop of a show, in order of its making.
    async fn drops_of_show(&self, show: ShowId) -> Result<Vec<Drop>, StoreError>;
    /// Armed drops, of every show, in order of their making: what may have to be opened, offered or ended.
    async fn armed_drops(&self, limit: u32) -> Result<Vec<Drop>, StoreError>;
    /// Those of the drops of which a claim is still open, in any order.
    async fn unpaid_drops(&self, drops: &[DropId]) -> Result<Vec<DropId>, StoreError>;
    /// Who waits for an armed drop, first come first.
    async fn waiters(&self, drop: DropId, limit: u32) -> Result<Vec<Waiter>, StoreError>;
    /// Forgets who waited for drops that ended, so many rows at most. Returns how many; fewer when all of a drop are.
    async fn sweep_lines(&self, limit: u32) -> Result<u64, StoreError>;
    async fn claim_of(&self, id: ClaimId) -> Result<Option<Claim>, StoreError>;
    /// What a viewer has on the tab, in one show or in all.
    async fn tab(&self, viewer: ViewerId, show: Option<ShowId>) -> Result<Tab, StoreError>;
    /// Claims of a show that drops and staff made, newest first, whatever became of them.
    async fn claims_of_show(&self, show: ShowId, limit: u32) -> Result<Vec<Claim>, StoreError>;
    /// Every claim that a drop has made, in order; for a prize, whose are few.
    async fn claims_of_drop(&self, drop: DropId) -> Result<Vec<Claim>, StoreError>;
    /// Claims on a tab whose deadline has passed, the most overdue first.
    async fn due_claims(&self, now: Timestamp, limit: u32) -> Result<Vec<ClaimId>, StoreError>;
    /// Shows with claims whose deadline is still to be counted from the end of the show.
    async fn shows_with_loose_claims(&self) -> Result<Vec<ShowId>, StoreError>;
    /// Those claims, with the hours.
    async fn loose_claims(&self, show: ShowId, limit: u32) -> Result<Vec<(ClaimId, u16)>, StoreError>;
    /// Until when a viewer may not claim; `None` for who may.
    async fn barred_until(&self, viewer: ViewerId, now: Timestamp) -> Result<Option<Timestamp>, StoreError>;
}
