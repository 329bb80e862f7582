//! Claim → order: the first half of a checkout.

use kernel::{Random, Timestamp, VariantId};

use super::{Books, append_own};
use crate::buyer::Buyer;
use crate::claim::ClaimState;
use crate::order::{Order, OrderState};
use crate::payment::EventKind;

/// A checkout that was priced and checked, and now wants its pieces.
#[derive(Clone, Debug)]
pub struct PlaceOrder {
    /// As it shall be stored; its claims are open and have no places yet, its ledger is empty.
    pub order: Order,
    pub buyer: Buyer,
    /// The basket that the buyer saw. `None` for an order that comes of no basket.
    pub basket_version: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placed {
    New(Box<Order>),
    /// The same checkout came before: this is what became of it.
    Replayed(Box<Order>),
    /// The key came before, with another body.
    KeyReused,
    /// The basket is another one by now.
    BasketChanged,
    /// Staff stopped the sale of these.
    Stopped(Vec<VariantId>),
    /// Fewer are free than wanted.
    SoldOut(Vec<VariantId>),
}

impl Books {
    /// Takes the order's pieces and opens its payment, or says why not; then nothing has changed.
    pub fn place(&mut self, command: PlaceOrder, at: Timestamp, random: &mut Random) -> Placed {
        let PlaceOrder { mut order, buyer, basket_version } = command;
        let key = (order.viewer, order.idempotency_key.clone());
        if let Some(earlier) = self.by_key.get(&key).and_then(|id| self.orders.get(id)) {
            let same = earlier.request_hash == order.request_hash;
            return if same { Placed::Replayed(Box::new(earlier.clone())) } else { Placed::KeyReused };
        }
        if basket_version.is_some_and(|seen| self.baskets.get(&order.viewer).copied().unwrap_or(0) != seen) {
            return Placed::BasketChanged;
        }
        let stopped: Vec<VariantId> =
            order.lines.iter().filter(|line| self.stopped.contains(&line.product)).map(|line| line.variant).collect();
        if !stopped.is_empty() {
            return Placed::Stopped(stopped);
        }
        let held: Vec<usize> = (0..order.lines.len()).filter(|at| order.lines[*at].claim.is_some()).collect();
        let wanted: Vec<(VariantId, i64)> =
            held.iter().map(|at| (order.lines[*at].variant, i64::from(order.lines[*at].quantity))).collect();
        let places = match self.shelf.claim(&wanted) {
            Ok(places) => places,
            Err(short) => return Placed::SoldOut(short.variants),
        };
        for (line, places) in held.into_iter().zip(places) {
            if let Some(claim) = &mut order.lines[line].claim {
                claim.places = places;
                claim.state = ClaimState::Open;
            }
        }
        order.state = OrderState::AwaitingPayment;
        let (total, opening) = (order.totals.total.minor, format!("open:{}", order.payment));
        append_own(&mut order, EventKind::Opened, total, opening, at, random);
        if let Some(version) = basket_version {
            self.baskets.insert(order.viewer, version + 1);
            self.emptied.insert(order.viewer);
        }
        self.placed.insert(order.id, buyer);
        self.add_order(order.clone());
        Placed::New(Box::new(order))
    }
}
