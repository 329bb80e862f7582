//! The till's books: the rows that a batch of commands touches, and every command's decision over them.
//!
//! A store reads (and locks) the rows that its queued commands name, lets them decide here in order of arrival, and
//! writes what changed, all in one transaction. The in-memory store of tests keeps one `Books` for good.

mod command;
mod fulfil;
mod place;
mod settle;

use std::collections::{BTreeMap, BTreeSet};

use kernel::{EntryId, OrderId, ProductId, Random, Timestamp, VariantId, ViewerId};
use serde::{Deserialize, Serialize};

use crate::buyer::Buyer;
use crate::claim::ClaimState;
use crate::order::{CancelReason, Order, OrderState, ShowNumber};
use crate::payment::{EventKind, LedgerEntry};
use crate::shelf::Shelf;

pub use command::{Command, Outcome, What};
pub use fulfil::{Cancelled, Sent, ShopSold};
pub use place::{PlaceOrder, Placed};
pub use settle::{NextStep, Settled, next_step};

/// Something that others want to know of; written in the same transaction as what it tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TillEvent {
    OrderPaid {
        order: OrderId,
    },
    OrderCancelled {
        order: OrderId,
        reason: CancelReason,
    },
    /// Money came after the claims had expired and nothing was left: it goes back.
    MoneyReturned {
        order: OrderId,
    },
    ParcelSent {
        order: OrderId,
        parcel: kernel::ParcelId,
    },
    Sold {
        at: ShowNumber,
        variant: VariantId,
        quantity: u32,
    },
    /// Pieces that can be claimed now, per variant whose stock moved.
    StockMoved {
        free: Vec<(VariantId, i64)>,
    },
}

#[derive(Clone, Debug, Default)]
pub struct Books {
    pub shelf: Shelf,
    orders: BTreeMap<OrderId, Order>,
    by_key: BTreeMap<(ViewerId, String), OrderId>,
    baskets: BTreeMap<ViewerId, i64>,
    stopped: BTreeSet<ProductId>,
    placed: BTreeMap<OrderId, Buyer>,
    changed: BTreeSet<OrderId>,
    emptied: BTreeSet<ViewerId>,
    events: Vec<TillEvent>,
}

/// What a batch changed, to be written at once.
#[derive(Debug)]
pub struct Changes<'a> {
    pub shelf: &'a Shelf,
    /// Orders that are new, with their side rows.
    pub placed: Vec<(&'a Order, &'a Buyer)>,
    /// Orders that were there before.
    pub changed: Vec<&'a Order>,
    /// Whose baskets were bought.
    pub emptied: Vec<ViewerId>,
    /// In order of happening.
    pub events: Vec<TillEvent>,
}

impl Books {
    #[must_use]
    pub fn new(shelf: Shelf) -> Self {
        Self { shelf, ..Self::default() }
    }

    /// Adds an order as it is stored.
    pub fn add_order(&mut self, order: Order) {
        self.by_key.insert((order.viewer, order.idempotency_key.clone()), order.id);
        self.orders.insert(order.id, order);
    }

    /// Adds the version of a viewer's basket.
    pub fn add_basket(&mut self, viewer: ViewerId, version: i64) {
        self.baskets.insert(viewer, version);
    }

    /// Adds a product whose sale staff have stopped; the opposite is [`Self::resume`].
    pub fn stop(&mut self, product: ProductId) {
        self.stopped.insert(product);
    }

    pub fn resume(&mut self, product: ProductId) {
        self.stopped.remove(&product);
    }

    #[must_use]
    pub fn order(&self, id: OrderId) -> Option<&Order> {
        self.orders.get(&id)
    }

    /// Every order that the books hold, in order of its id.
    pub fn orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.values()
    }

    /// What the commands so far have changed.
    #[must_use]
    pub fn changes(&self) -> Changes<'_> {
        let mut events = self.events.clone();
        let free: Vec<(VariantId, i64)> =
            self.shelf.changed_variants().into_iter().map(|variant| (variant, self.shelf.free(variant))).collect();
        if !free.is_empty() {
            events.push(TillEvent::StockMoved { free });
        }
        let known = |id: &&OrderId| !self.placed.contains_key(id);
        Changes {
            shelf: &self.shelf,
            placed: self.placed.iter().filter_map(|(id, buyer)| Some((self.orders.get(id)?, buyer))).collect(),
            changed: self.changed.iter().filter(known).filter_map(|id| self.orders.get(id)).collect(),
            emptied: self.emptied.iter().copied().collect(),
            events,
        }
    }

    /// Forgets what changed, after it was written: the in-memory store goes on with the same books.
    pub fn written(&mut self) {
        self.placed.clear();
        self.changed.clear();
        self.emptied.clear();
        self.events.clear();
        self.shelf.written();
    }

    /// An order's claims end because their deadline has passed. Does nothing before it, or to any other order.
    pub fn expire(&mut self, id: OrderId, at: Timestamp) -> bool {
        let Some(order) = self.orders.get_mut(&id) else { return false };
        if order.state != OrderState::AwaitingPayment || at < order.held_until {
            return false;
        }
        order.state = OrderState::Expired;
        end_claims(order, &mut self.shelf, ClaimState::Expired);
        self.changed.insert(id);
        true
    }
}

/// Ends the open claims of an order: their pieces are free again.
fn end_claims(order: &mut Order, shelf: &mut Shelf, into: ClaimState) {
    for line in &mut order.lines {
        if let Some(claim) = line.claim.as_mut().filter(|claim| claim.state == ClaimState::Open) {
            shelf.release(line.variant, &claim.places);
            claim.state = into;
        }
    }
}

/// Appends what we write into the ledger ourselves; a second time under the same key it is no event.
fn append_own(order: &mut Order, kind: EventKind, minor: i64, key: String, at: Timestamp, random: &mut Random) {
    if order.ledger.iter().any(|entry| entry.idempotency_key == key) {
        return;
    }
    let amount = kernel::Money::new(minor, order.totals.total.currency);
    let id = EntryId::mint(at, random);
    let payment = order.payment;
    order.ledger.push(LedgerEntry { id, payment, kind, amount, reference: None, idempotency_key: key, at });
}

#[cfg(test)]
pub(crate) mod tests;
