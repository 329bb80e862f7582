//! Adding the books up again, from the first row.

use shop::reconcile::{Disagreement, Reconcile};

use crate::ports::{BookRows, StoreError};

/// What adding up came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciled {
    pub orders: u64,
    pub claims: usize,
    /// Empty when everything adds up.
    pub disagreements: Vec<Disagreement>,
}

/// Reads every row in one look and names each that does not follow from the others. It changes nothing.
pub async fn reconcile(rows: &dyn BookRows) -> Result<Reconciled, StoreError> {
    let mut sums = Reconcile::default();
    rows.every_row(&mut |row| sums.row(row)).await?;
    let (orders, claims) = sums.looked_at();
    Ok(Reconciled { orders, claims, disagreements: sums.finish() })
}
