//! The till's books: the rows that a batch of commands touches, and every command's decision over them.
//!
//! A store reads (and locks) the rows that its queued commands name, lets them decide here in order of arrival, and
//! writes what changed, all in one transaction. The in-memory store of tests keeps one `Books` for good.

mod change;
mod claim;
mod claims;
mod command;
mod drop;
mod fulfil;
mod hold;
mod line;
mod marks;
mod offers;
mod payer;
mod place;
mod refund;
mod settle;

use std::collections::{BTreeMap, BTreeSet};

use kernel::{ClaimId, DropId, EntryId, OrderId, ProductId, Random, Timestamp, VariantId, ViewerId, WaiterId};
use serde::{Deserialize, Serialize};

use crate::buyer::Buyer;
use crate::claim::{Claim, ClaimState, Source};
use crate::drop::{Drop, Waiter};
use crate::order::{CancelReason, Order, OrderState, ShowNumber};
use crate::payment::{EventKind, LedgerEntry};
use crate::shelf::Shelf;
use crate::strikes::Strikes;

use claims::Claims;
use line::Line;
use marks::Marks;
use offers::Offers;

pub(crate) use change::owed;
pub use change::{Asked, ChangeOrder, OrderChanged};
pub use claim::{ClaimInDrop, Claimed};
pub use command::{Command, Outcome, What};
pub use drop::DropMoved;
pub use fulfil::{Cancelled, Delivered, Sent, ShopSold};
pub use hold::{Extended, LetGo, SetAside};
pub use marks::Marked;
pub use offers::{OfferCount, OfferUse, limited, marks_of};
pub use payer::PaidBy;
pub use place::{PlaceOrder, Placed};
pub(crate) use refund::change_key;
pub use refund::{RefundReason, Refunded, corrected, price_key, repriced};
pub use settle::{NextStep, Settled, next_step, refund_due};

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
    /// A part of the money goes back; the order stands.
    RefundPromised {
        order: OrderId,
        minor: i64,
        reason: RefundReason,
    },
    ParcelSent {
        order: OrderId,
        parcel: kernel::ParcelId,
    },
    /// Something happened to an order's pieces after the sale.
    OrderChanged {
        order: OrderId,
        change: EntryId,
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
    /// Something that viewers see of a drop changed; once a batch, however many claimed in it.
    DropMoved {
        drop: DropId,
    },
    /// Staff set pieces aside for a viewer.
    ClaimMade {
        claim: ClaimId,
        viewer: ViewerId,
    },
    /// Who waited got pieces.
    Offered {
        claim: ClaimId,
        viewer: ViewerId,
    },
    /// The deadline of a claim is another one.
    ClaimMoved {
        claim: ClaimId,
        viewer: ViewerId,
    },
    /// A claim on a tab ended unpaid.
    ClaimEnded {
        claim: ClaimId,
        viewer: ViewerId,
        state: ClaimState,
    },
}

#[derive(Clone, Debug, Default)]
pub struct Books {
    pub shelf: Shelf,
    orders: BTreeMap<OrderId, Order>,
    by_key: BTreeMap<(ViewerId, String), OrderId>,
    claims: Claims,
    drops: BTreeMap<DropId, Drop>,
    line: Line,
    strikes: BTreeMap<ViewerId, Strikes>,
    marks: Marks,
    offers: Offers,
    baskets: BTreeMap<ViewerId, i64>,
    stopped: BTreeSet<ProductId>,
    placed: BTreeMap<OrderId, Buyer>,
    changed: BTreeSet<OrderId>,
    moved: BTreeSet<DropId>,
    struck: BTreeSet<ViewerId>,
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
    /// Claims that are new or changed, in order of their ids.
    pub claims: Vec<&'a Claim>,
    pub drops: Vec<&'a Drop>,
    /// Who came to wait.
    pub joined: Vec<&'a Waiter>,
    /// Who waits no longer. Who waited for a drop that ended waits no longer either; a store forgets them as it likes.
    pub left: Vec<WaiterId>,
    pub strikes: Vec<(ViewerId, &'a Strikes)>,
    /// Marks that claims have borne since.
    pub marked: Vec<&'a Marked>,
    /// Limited offers, with the orders that they count in now.
    pub offers: Vec<(EntryId, i64)>,
    /// Orders whose uses of offers are forgotten, before those below are added.
    pub given_back: Vec<OrderId>,
    pub used: Vec<&'a OfferUse>,
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

    /// Adds an order as it is stored; its claims are added apart.
    pub fn add_order(&mut self, order: Order) {
        self.by_key.insert((order.viewer, order.idempotency_key.clone()), order.id);
        self.orders.insert(order.id, order);
    }

    /// Adds a claim as it is stored.
    pub fn add_claim(&mut self, claim: Claim) {
        self.claims.add(claim);
    }

    /// Adds a drop as it is stored.
    pub fn add_drop(&mut self, drop: Drop) {
        self.drops.insert(drop.id, drop);
    }

    /// Takes out a drop that was planned and never armed.
    pub fn forget_drop(&mut self, drop: DropId) {
        self.drops.remove(&drop);
    }

    /// Adds somebody who waits.
    pub fn add_waiter(&mut self, waiter: Waiter) {
        self.line.add(waiter);
    }

    /// Adds what a viewer left unpaid lately.
    pub fn add_strikes(&mut self, viewer: ViewerId, strikes: Strikes) {
        self.strikes.insert(viewer, strikes);
    }

    /// Adds a mark that a claim bears which is open or paid.
    pub fn add_mark(&mut self, marked: Marked) {
        self.marks.add(marked);
    }

    /// Adds how often a limited offer was used.
    pub fn add_offer(&mut self, id: EntryId, count: OfferCount) {
        self.offers.add(id, count);
    }

    /// How often a limited offer was used.
    #[must_use]
    pub fn offer_count(&self, id: EntryId) -> Option<&OfferCount> {
        self.offers.get(id)
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

    #[must_use]
    pub fn claim_of(&self, id: ClaimId) -> Option<&Claim> {
        self.claims.get(id)
    }

    /// Every claim that the books hold, in order of its id.
    pub fn claims(&self) -> impl Iterator<Item = &Claim> {
        self.claims.all()
    }

    #[must_use]
    pub fn drop_of(&self, id: DropId) -> Option<&Drop> {
        self.drops.get(&id)
    }

    /// Every drop that the books hold, in order of its id.
    pub fn drops(&self) -> impl Iterator<Item = &Drop> {
        self.drops.values()
    }

    /// Who waits for a drop, first come first.
    pub fn waiting(&self, drop: DropId) -> impl Iterator<Item = &Waiter> {
        self.line.of(drop)
    }

    #[must_use]
    pub fn strikes_of(&self, viewer: ViewerId) -> Option<&Strikes> {
        self.strikes.get(&viewer)
    }

    /// What the commands so far have changed.
    #[must_use]
    pub fn changes(&self) -> Changes<'_> {
        let mut events = self.events.clone();
        events.extend(self.moved.iter().map(|drop| TillEvent::DropMoved { drop: *drop }));
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
            claims: self.claims.changed().collect(),
            drops: self.moved.iter().filter_map(|id| self.drops.get(id)).collect(),
            joined: self.line.joined().collect(),
            left: self.line.left().collect(),
            strikes: self.struck.iter().filter_map(|viewer| Some((*viewer, self.strikes.get(viewer)?))).collect(),
            marked: self.marks.new_ones().collect(),
            offers: self.offers.changed().collect(),
            given_back: self.offers.given_back().collect(),
            used: self.offers.used().collect(),
            emptied: self.emptied.iter().copied().collect(),
            events,
        }
    }

    /// Forgets what changed, after it was written: the in-memory store goes on with the same books.
    pub fn written(&mut self) {
        self.placed.clear();
        self.changed.clear();
        self.claims.written();
        self.moved.clear();
        self.line.written();
        self.struck.clear();
        self.marks.written();
        self.offers.written();
        self.emptied.clear();
        self.events.clear();
        self.shelf.written();
    }

    /// An unpaid order ends because its deadline has passed. Does nothing before it, or to any other order. Claims of
    /// drops and of staff that still stand go back to the buyer's tab; the others end.
    pub fn expire(&mut self, id: OrderId, at: Timestamp) -> bool {
        let Some(order) = self.orders.get_mut(&id) else { return false };
        if order.state != OrderState::AwaitingPayment || at < order.held_until {
            return false;
        }
        order.state = OrderState::Expired;
        self.changed.insert(id);
        self.give_offers_back(id);
        self.unclaim(id, ClaimState::Expired, at, |_| true);
        true
    }

    /// Ends the open claims of an order. Those that were made before it, still stand and are worth keeping go back to
    /// the buyer's tab.
    fn unclaim(&mut self, id: OrderId, into: ClaimState, at: Timestamp, keep: impl Fn(&Claim) -> bool) {
        let Some(order) = self.orders.get(&id) else { return };
        let held: Vec<ClaimId> = order.lines.iter().filter_map(|line| line.claim).collect();
        let mut kept = BTreeSet::new();
        for claim in held {
            let Some(found) = self.claims.get(claim).filter(|claim| claim.state == ClaimState::Open) else { continue };
            if found.of != Source::Checkout && at < found.until && keep(found) {
                self.claims.change(claim).order = None;
                kept.insert(claim);
            } else {
                self.end_claim(claim, into, at);
            }
        }
        let lines = self.orders.get_mut(&id).into_iter().flat_map(|order| &mut order.lines);
        lines.filter(|line| line.claim.is_some_and(|claim| kept.contains(&claim))).for_each(|line| line.claim = None);
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
