//! Who pays, where the provider knows them again: a card counts against limits as a contact does. It is told after the buyer was
//! at the provider's page, when the order has its pieces already.

use std::collections::BTreeMap;

use kernel::{ClaimId, OrderId, OrderLineId, Random, Timestamp};

use super::settle::on_tab_again;
use super::{Books, Cancelled};
use crate::order::{CancelReason, Order, OrderState};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaidBy {
    /// They may have it; from now on it counts for them.
    Fine,
    /// With what they have already it is more than one buyer may have: the order is cancelled, and its money goes back.
    OverLimit(Box<Order>),
    Unknown,
}

impl Books {
    /// Somebody with this mark pays for an order. Told again, or of an order that is paid or cancelled, it changes nothing. One
    /// that had ended unpaid would take back what lies on the buyer's tab: that counts as well.
    pub fn paid_by(&mut self, id: OrderId, mark: &str, at: Timestamp, random: &mut Random) -> PaidBy {
        let Some(order) = self.orders.get(&id).cloned() else { return PaidBy::Unknown };
        let late = match order.state {
            OrderState::AwaitingPayment => false,
            OrderState::Expired => true,
            _ => return PaidBy::Fine,
        };
        let marks = [mark.to_owned()];
        let claims =
            if late { on_tab_again(&order, &self.claims) } else { order.lines.iter().map(|line| line.claim).collect() };
        let held: BTreeMap<OrderLineId, ClaimId> =
            order.lines.iter().zip(claims).filter_map(|(line, claim)| Some((line.id, claim?))).collect();
        // An order that comes late has its price, whatever is left of its offers.
        if self.over_limit(&held, &marks).is_none() && (late || !self.used_too_often(&order, mark)) {
            self.mark(held.values().copied(), &marks);
            if !late {
                self.mark_offers(&order, mark);
            }
            return PaidBy::Fine;
        }
        match self.cancel(id, CancelReason::OverLimit, at, random) {
            Cancelled::Order(order) => PaidBy::OverLimit(order),
            Cancelled::AlreadySent | Cancelled::Unknown => PaidBy::Unknown,
        }
    }
}
