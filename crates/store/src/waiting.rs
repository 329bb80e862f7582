//! What waits in the store, for whoever keeps the house running.

use app::ports::StoreError;

use crate::Store;
use crate::rows::number;

/// Counts at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Events that have not reached everybody yet.
    pub outbox: i64,
    /// Pieces set aside and not paid yet.
    pub claims: i64,
}

impl Store {
    pub async fn waiting(&self) -> Result<Waiting, StoreError> {
        let sql = "SELECT (SELECT COUNT(*) FROM outbox) AS outbox, \
                   (SELECT COUNT(*) FROM claim WHERE state = 'open') AS claims";
        let rows = self.rows(sql, []).await?;
        let row = rows.first().ok_or_else(|| StoreError::Failed("no counts came back".into()))?;
        Ok(Waiting { outbox: number(row, "outbox")?, claims: number(row, "claims")? })
    }
}
