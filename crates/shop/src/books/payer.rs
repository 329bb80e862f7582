//! Who pays, where the provider knows them again: a card counts against limits as a contact does. It is told after the buyer was
//! at the provider's page, when the order has its pieces already.

use std::collections::BTreeMap;

use kernel::{ClaimId, OrderId, OrderLineId, Random, Timestamp};

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
    /// Somebody with this mark pays for an order. Told again, or of an order that is paid or over, it changes nothing.
    pub fn paid_by(&mut self, id: OrderId, mark: &str, at: Timestamp, random: &mut Random) -> PaidBy {
        let Some(order) = self.orders.get(&id).cloned() else { return PaidBy::Unknown };
        if order.state != OrderState::AwaitingPayment {
            return PaidBy::Fine;
        }
        let marks = [mark.to_owned()];
        let held: BTreeMap<OrderLineId, ClaimId> =
            order.lines.iter().filter_map(|line| Some((line.id, line.claim?))).collect();
        if self.over_limit(&held, &marks).is_none() && !self.used_too_often(&order, mark) {
            self.mark(&order, &marks);
            self.mark_offers(&order, mark);
            return PaidBy::Fine;
        }
        match self.cancel(id, CancelReason::OverLimit, at, random) {
            Cancelled::Order(order) => PaidBy::OverLimit(order),
            Cancelled::AlreadySent | Cancelled::Unknown => PaidBy::Unknown,
        }
    }
}
