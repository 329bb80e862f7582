//! What staff do to an order: send it, cancel it, or lose its piece to somebody in the shop.

use kernel::{ClaimId, LocationId, OrderId, OrderLineId, ParcelId, Random, Timestamp, VariantId};

use super::{Books, TillEvent, append_own};
use crate::claim::{Claim, ClaimState};
use crate::drop::Drop;
use crate::order::{CancelReason, Order, OrderLine, OrderState};
use crate::parcel::Parcel;
use crate::payment::{Balance, EventKind};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cancelled {
    /// Cancelled, now or earlier; [`super::next_step`] says what money goes back.
    Order(Box<Order>),
    /// Something of it has left the house: that is a return, not a cancellation.
    AlreadySent,
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    Order(Box<Order>),
    /// Only a paid order can be sent.
    NotPaid,
    /// None of these lines is waiting to be sent.
    NothingToSend,
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// Noted, now or earlier.
    Order(Box<Order>),
    /// There is no such order, or no such parcel of it.
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShopSold {
    /// Taken off; these orders and claims, which were not paid yet, lost their piece to it.
    Done { lost: Vec<OrderId>, claims: Vec<ClaimId> },
    /// Every piece that lies there is paid for.
    AllPaidFor,
}

impl Books {
    /// A parcel leaves with the lines in it; with all that wait to be sent when none are named.
    pub fn send(&mut self, id: OrderId, parcel: Parcel, lines: Option<&[OrderLineId]>) -> Sent {
        let Some(order) = self.orders.get_mut(&id) else { return Sent::Unknown };
        if order.parcels.iter().any(|sent| sent.id == parcel.id) {
            return Sent::Order(Box::new(order.clone()));
        }
        if !order.state.stands() {
            return Sent::NotPaid;
        }
        let stands = order.line_stands();
        let taken_off = |line: &OrderLine| stands.get(&line.id).map_or(0, |stand| stand.taken_off);
        let mut sent = false;
        for line in &mut order.lines {
            if line.parcel.is_some()
                || taken_off(line) == line.quantity
                || lines.is_some_and(|named| !named.contains(&line.id))
            {
                continue;
            }
            if let Some(claim) = line.claim.and_then(|claim| self.claims.get(claim)) {
                self.shelf.send(line.variant, &claim.places);
            }
            line.parcel = Some(parcel.id);
            sent = true;
        }
        if !sent {
            return Sent::NothingToSend;
        }
        let whole = order.lines.iter().all(|line| line.parcel.is_some() || taken_off(line) == line.quantity);
        order.state = if whole { OrderState::Sent } else { OrderState::PartlySent };
        if !order.rehearsal {
            self.events.push(TillEvent::ParcelSent { order: id, parcel: parcel.id });
        }
        order.parcels.push(parcel);
        let order = order.clone();
        self.changed.insert(id);
        Sent::Order(Box::new(order))
    }

    /// Each order's parcel leaves with all that wait to be sent, or none does. Whether they left.
    pub fn send_all(&mut self, parcels: Vec<(OrderId, Parcel)>) -> bool {
        let waits = |order: &Order| {
            order.state.stands() && order.lines.iter().any(|line| line.parcel.is_none() && order.left(line) > 0)
        };
        if !parcels.iter().all(|(id, _)| self.orders.get(id).is_some_and(waits)) {
            return false;
        }
        for (id, parcel) in parcels {
            self.send(id, parcel, None);
        }
        true
    }

    /// A parcel came. What is noted first stands; an order is delivered with its last parcel.
    pub fn deliver(&mut self, id: OrderId, parcel: ParcelId, at: Timestamp) -> Delivered {
        let Some(order) = self.orders.get_mut(&id) else { return Delivered::Unknown };
        let Some(found) = order.parcels.iter_mut().find(|known| known.id == parcel) else { return Delivered::Unknown };
        if found.delivered_at.is_none() {
            found.delivered_at = Some(at.max(found.sent_at));
            if order.state == OrderState::Sent && order.parcels.iter().all(|parcel| parcel.delivered_at.is_some()) {
                order.state = OrderState::Delivered;
            }
            self.changed.insert(id);
        }
        Delivered::Order(Box::new(self.orders[&id].clone()))
    }

    /// Ends an order: unsent pieces can be sold again, captured money is owed back. What the buyer had claimed before an
    /// unpaid order goes back to the tab when the buyer asked or could not pay so, else it is let go.
    pub fn cancel(&mut self, id: OrderId, reason: CancelReason, at: Timestamp, random: &mut Random) -> Cancelled {
        let keeps = matches!(reason, CancelReason::BuyerAsked | CancelReason::Declined);
        self.cancel_keeping(id, reason, at, random, |_| keeps)
    }

    fn cancel_keeping(
        &mut self,
        id: OrderId,
        reason: CancelReason,
        at: Timestamp,
        random: &mut Random,
        keep: impl Fn(&Claim) -> bool,
    ) -> Cancelled {
        let Some(order) = self.orders.get(&id) else { return Cancelled::Unknown };
        if matches!(order.state, OrderState::AwaitingPayment | OrderState::Paid) {
            self.give_offers_back(id);
        }
        let Some(order) = self.orders.get(&id) else { return Cancelled::Unknown };
        match order.state {
            OrderState::Cancelled => return Cancelled::Order(Box::new(order.clone())),
            OrderState::PartlySent | OrderState::Sent | OrderState::Delivered => return Cancelled::AlreadySent,
            OrderState::AwaitingPayment | OrderState::Expired => self.unclaim(id, ClaimState::Released, at, keep),
            OrderState::Paid => {
                let claims: Vec<ClaimId> = order.lines.iter().filter_map(|line| line.claim).collect();
                claims.into_iter().for_each(|claim| self.end_claim(claim, ClaimState::Released, at));
            }
        }
        let order = self.orders.get_mut(&id).expect("it was there a moment ago");
        order.state = OrderState::Cancelled;
        order.cancelled_because = Some(reason);
        let balance = Balance::of(&order.ledger);
        let owed = balance.captured - balance.refund_asked;
        if owed > 0 {
            let key = format!("refund:{id}:{}", balance.refund_asked);
            append_own(order, EventKind::RefundAsked, owed, key, at, random);
        }
        if !order.rehearsal {
            self.events.push(TillEvent::OrderCancelled { order: id, reason });
        }
        let order = order.clone();
        self.changed.insert(id);
        Cancelled::Order(Box::new(order))
    }

    /// A piece goes over the counter. When it was promised, a pot that holds it gives it up; else the latest claim loses
    /// it: an order is cancelled with it, and its buyer told.
    pub fn sell_in_shop(&mut self, variant: VariantId, at: Timestamp, random: &mut Random) -> ShopSold {
        let Some(location) = self.shelf.sell_in_shop(variant) else { return ShopSold::AllPaidFor };
        let (mut lost, mut claims) = (Vec::new(), Vec::new());
        while self.shelf.short(variant, location) > 0 {
            if self.shrink_pot(variant, location) {
                continue;
            }
            let here = |claim: &&Claim| {
                claim.variant == variant
                    && claim.state == ClaimState::Open
                    && claim.order.is_none_or(|at| self.orders.contains_key(&at.order))
                    && claim.places.iter().any(|place| place.location == location)
            };
            let Some(latest) = self.claims.all().filter(here).max_by_key(|claim| (claim.made_at, claim.id)) else {
                break;
            };
            let id = latest.id;
            match latest.order {
                Some(at_order) => {
                    let keep = |claim: &Claim| claim.variant != variant;
                    self.cancel_keeping(at_order.order, CancelReason::SoldInShop, at, random, keep);
                    lost.push(at_order.order);
                }
                None => {
                    self.end_claim(id, ClaimState::Released, at);
                    claims.push(id);
                }
            }
        }
        ShopSold::Done { lost, claims }
    }

    /// Takes one piece that lies at the location out of a pot; the drop then has one piece less.
    fn shrink_pot(&mut self, variant: VariantId, location: LocationId) -> bool {
        let here = |drop: &&mut Drop| {
            let lies = |armed: &crate::drop::Armed| armed.places.iter().any(|place| place.location == location);
            drop.variant == variant && drop.armed().is_some_and(lies)
        };
        let Some(drop) = self.drops.values_mut().find(here) else { return false };
        drop.quantity -= 1;
        let piece = crate::shelf::Place { location, quantity: 1 };
        if let Some(armed) = drop.armed_mut() {
            armed.lose(piece);
        }
        self.shelf.release(variant, &[piece]);
        self.moved.insert(drop.id);
        true
    }
}
