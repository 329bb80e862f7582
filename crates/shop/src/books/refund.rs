//! Giving a part of the money of an order back that stands: a wrong price, a scratch, goodwill.

use kernel::{OrderId, Random, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Books, TillEvent, append_own};
use crate::order::Order;
use crate::payment::{Balance, EventKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundReason {
    WrongPrice,
    Damaged,
    Goodwill,
    Other,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refunded {
    /// Promised, now or under the same key before; [`super::next_step`] asks the provider for it.
    Order(Box<Order>),
    /// The order's money is not ours, or the order does not stand: cancel it instead.
    NotPaid,
    /// More than was paid and not promised back yet.
    TooMuch {
        left_minor: i64,
    },
    /// The key came before, with another amount.
    KeyReused,
    Unknown,
}

/// What was promised back of an order's price while it stood, in minor units.
#[must_use]
pub fn corrected(order: &Order) -> i64 {
    let own = asked(order.id, "");
    let promised = order.ledger.iter().filter(|entry| entry.kind == EventKind::RefundAsked);
    promised.filter(|entry| entry.idempotency_key.starts_with(&own)).map(|entry| entry.amount.minor).sum()
}

fn asked(order: OrderId, key: &str) -> String {
    format!("refund:{order}:asked:{key}")
}

impl Books {
    /// Promises a part of an order's money back, in minor units of its currency, at least 1. The order and its pieces stay
    /// as they are. `key` makes a second asking no second refund.
    pub fn refund(
        &mut self,
        id: OrderId,
        minor: i64,
        reason: RefundReason,
        key: &str,
        at: Timestamp,
        random: &mut Random,
    ) -> Refunded {
        let Some(order) = self.orders.get_mut(&id) else { return Refunded::Unknown };
        let key = asked(id, key);
        if let Some(earlier) = order.ledger.iter().find(|entry| entry.idempotency_key == key) {
            let same = earlier.amount.minor == minor;
            return if same { Refunded::Order(Box::new(order.clone())) } else { Refunded::KeyReused };
        }
        let balance = Balance::of(&order.ledger);
        if !order.state.stands() || balance.captured == 0 {
            return Refunded::NotPaid;
        }
        let left_minor = balance.captured - balance.refund_asked;
        if !(1..=left_minor).contains(&minor) {
            return Refunded::TooMuch { left_minor };
        }
        append_own(order, EventKind::RefundAsked, minor, key, at, random);
        let order = order.clone();
        self.changed.insert(id);
        if !order.rehearsal {
            self.events.push(TillEvent::RefundPromised { order: id, minor, reason });
        }
        Refunded::Order(Box::new(order))
    }
}
