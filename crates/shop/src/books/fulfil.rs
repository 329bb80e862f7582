//! What staff do to an order: send it, cancel it, or lose its piece to somebody in the shop.

use kernel::{OrderId, OrderLineId, Random, Timestamp, VariantId};

use super::{Books, TillEvent, append_own, end_claims};
use crate::claim::ClaimState;
use crate::order::{CancelReason, Order, OrderState};
use crate::parcel::Parcel;
use crate::payment::{Balance, EventKind};
use crate::shelf::ShopSale;

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
pub enum ShopSold {
    /// Taken off; these orders, which had not paid yet, lost their claim to it.
    Done { lost: Vec<OrderId> },
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
        let mut sent = false;
        for line in &mut order.lines {
            if line.parcel.is_some() || lines.is_some_and(|named| !named.contains(&line.id)) {
                continue;
            }
            if let Some(claim) = &line.claim {
                self.shelf.send(line.variant, &claim.places);
            }
            line.parcel = Some(parcel.id);
            sent = true;
        }
        if !sent {
            return Sent::NothingToSend;
        }
        let whole = order.lines.iter().all(|line| line.parcel.is_some());
        order.state = if whole { OrderState::Sent } else { OrderState::PartlySent };
        if !order.rehearsal {
            self.events.push(TillEvent::ParcelSent { order: id, parcel: parcel.id });
        }
        order.parcels.push(parcel);
        let order = order.clone();
        self.changed.insert(id);
        Sent::Order(Box::new(order))
    }

    /// Ends an order: claims are let go, unsent pieces can be sold again, captured money is owed back.
    pub fn cancel(&mut self, id: OrderId, reason: CancelReason, at: Timestamp, random: &mut Random) -> Cancelled {
        let Some(order) = self.orders.get_mut(&id) else { return Cancelled::Unknown };
        match order.state {
            OrderState::Cancelled => return Cancelled::Order(Box::new(order.clone())),
            OrderState::PartlySent | OrderState::Sent | OrderState::Delivered => return Cancelled::AlreadySent,
            OrderState::AwaitingPayment | OrderState::Expired => {
                end_claims(order, &mut self.shelf, ClaimState::Released)
            }
            OrderState::Paid => {
                for line in &mut order.lines {
                    if let Some(claim) = &mut line.claim {
                        self.shelf.give_back(line.variant, &claim.places);
                        claim.state = ClaimState::Released;
                    }
                }
            }
        }
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

    /// A piece goes over the counter. When an open claim held it, the latest claim loses it: its order is cancelled,
    /// and its buyer told.
    pub fn sell_in_shop(&mut self, variant: VariantId, at: Timestamp, random: &mut Random) -> ShopSold {
        let Some(ShopSale { location, short }) = self.shelf.sell_in_shop(variant) else { return ShopSold::AllPaidFor };
        let mut lost = Vec::new();
        let mut left = short;
        while left > 0 {
            let holds = |order: &&Order| {
                let here = |line: &crate::order::OrderLine| {
                    let open = line.claim.as_ref().filter(|claim| claim.state == ClaimState::Open);
                    line.variant == variant && open.is_some_and(|c| c.places.iter().any(|p| p.location == location))
                };
                order.state == OrderState::AwaitingPayment && order.lines.iter().any(here)
            };
            let latest = self.orders.values().filter(holds).max_by_key(|order| (order.placed_at, order.id));
            let Some(id) = latest.map(|order| order.id) else { break };
            self.cancel(id, CancelReason::SoldInShop, at, random);
            lost.push(id);
            left -= 1;
        }
        ShopSold::Done { lost }
    }
}
