//! What a provider's adapter has to remember of a payment: under which name the provider knows it.

use std::fmt;

use async_trait::async_trait;
use kernel::{Money, PaymentId, Timestamp};
use shop::payment::Method;

use super::StoreError;

/// Written before the provider is asked for anything, so that nothing is open there that we do not know of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentNote {
    pub payment: PaymentId,
    /// The provider's name.
    pub provider: String,
    pub amount: Money,
    /// None where it was closed before it was opened.
    pub method: Option<Method>,
    pub opened_at: Timestamp,
    /// The provider's own name for the payment. Without one, the buyer was never sent to the provider.
    pub reference: Option<String>,
    /// Closed by us before the provider had named it. Never together with a reference.
    pub closed_at: Option<Timestamp>,
}

/// Each call answers with the note as it stands then.
#[async_trait]
pub trait PaymentNotes: Send + Sync + fmt::Debug {
    async fn note(&self, payment: PaymentId) -> Result<Option<PaymentNote>, StoreError>;
    /// Writes the note, unless there is one.
    async fn begin(&self, note: PaymentNote) -> Result<PaymentNote, StoreError>;
    /// Writes the provider's name, unless there is one or the payment is closed.
    async fn name(&self, payment: PaymentId, reference: &str) -> Result<Option<PaymentNote>, StoreError>;
    /// Closes the payment, unless the provider has named it.
    async fn close(&self, payment: PaymentId, at: Timestamp) -> Result<Option<PaymentNote>, StoreError>;
}
