//! Every row of the till's books, for who adds them up again.

use std::fmt;

use async_trait::async_trait;
use shop::reconcile::Row;

use super::StoreError;

#[async_trait]
pub trait BookRows: Send + Sync + fmt::Debug {
    /// Every row as it stands in one moment, kind by kind in the order of [`Row`]; writers go on meanwhile.
    async fn every_row(&self, each: &mut (dyn FnMut(Row) + Send)) -> Result<(), StoreError>;
}
