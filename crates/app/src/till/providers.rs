//! The payment providers of the house: the one that new orders are paid with, and those of older orders.

use std::sync::Arc;

use shop::order::Order;

use crate::ports::{NoAnswer, Payments};

/// An order keeps its provider's name, and finishes with that provider after the house has changed to another.
#[derive(Clone, Debug)]
pub struct Providers {
    current: Arc<dyn Payments>,
    former: Vec<Arc<dyn Payments>>,
}

impl Providers {
    #[must_use]
    pub const fn new(current: Arc<dyn Payments>, former: Vec<Arc<dyn Payments>>) -> Self {
        Self { current, former }
    }

    #[must_use]
    pub const fn only(current: Arc<dyn Payments>) -> Self {
        Self::new(current, Vec::new())
    }

    /// What new orders are paid with.
    #[must_use]
    pub fn current(&self) -> &dyn Payments {
        &*self.current
    }

    #[must_use]
    pub fn named(&self, name: &str) -> Option<&dyn Payments> {
        std::iter::once(&self.current).chain(&self.former).map(|one| &**one).find(|one| one.name() == name)
    }

    /// The order's own provider.
    ///
    /// # Errors
    /// When the house has it no more: its settings are needed until its orders are finished.
    pub fn of(&self, order: &Order) -> Result<&dyn Payments, NoAnswer> {
        let missing =
            || NoAnswer(format!("this house has no provider {} any more; give its settings back", order.provider));
        self.named(&order.provider).ok_or_else(missing)
    }
}
