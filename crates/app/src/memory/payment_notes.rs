//! Payment notes in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use kernel::{PaymentId, Timestamp};

use crate::ports::{PaymentNote, PaymentNotes, StoreError};

#[derive(Debug, Default)]
pub struct MemoryPaymentNotes(Mutex<BTreeMap<PaymentId, PaymentNote>>);

impl MemoryPaymentNotes {
    fn with<T>(&self, work: impl FnOnce(&mut BTreeMap<PaymentId, PaymentNote>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn change(&self, payment: PaymentId, work: impl FnOnce(&mut PaymentNote)) -> Option<PaymentNote> {
        self.with(|notes| {
            notes.get_mut(&payment).map(|note| {
                work(note);
                note.clone()
            })
        })
    }
}

#[async_trait]
impl PaymentNotes for MemoryPaymentNotes {
    async fn note(&self, payment: PaymentId) -> Result<Option<PaymentNote>, StoreError> {
        Ok(self.with(|notes| notes.get(&payment).cloned()))
    }

    async fn begin(&self, note: PaymentNote) -> Result<PaymentNote, StoreError> {
        Ok(self.with(|notes| notes.entry(note.payment).or_insert(note).clone()))
    }

    async fn name(&self, payment: PaymentId, reference: &str) -> Result<Option<PaymentNote>, StoreError> {
        Ok(self.change(payment, |note| {
            if note.closed_at.is_none() && note.reference.is_none() {
                note.reference = Some(reference.to_owned());
            }
        }))
    }

    async fn close(&self, payment: PaymentId, at: Timestamp) -> Result<Option<PaymentNote>, StoreError> {
        Ok(self.change(payment, |note| {
            if note.reference.is_none() && note.closed_at.is_none() {
                note.closed_at = Some(at);
            }
        }))
    }
}
