//! Giving a part of the money of an order back that stands: a wrong price, a scratch, goodwill, pieces.

use kernel::{EntryId, OrderId, Random, Timestamp, VariantId};
use serde::{Deserialize, Serialize};

use super::{Books, TillEvent, append_own};
use crate::order::Order;
use crate::payment::{Balance, EventKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundReason {
    WrongPrice,
    /// It does not lie where it should.
    Missing,
    Damaged,
    BuyerAsked,
    Goodwill,
    Other,
}

impl RefundReason {
    pub const ALL: [Self; 6] =
        [Self::WrongPrice, Self::Missing, Self::Damaged, Self::BuyerAsked, Self::Goodwill, Self::Other];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WrongPrice => "wrong_price",
            Self::Missing => "missing",
            Self::Damaged => "damaged",
            Self::BuyerAsked => "buyer_asked",
            Self::Goodwill => "goodwill",
            Self::Other => "other",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text)
    }

    /// Whether a piece that was not sent for this reason cannot be sold to anybody else either.
    #[must_use]
    pub const fn loses_pieces(self) -> bool {
        matches!(self, Self::Missing | Self::Damaged)
    }
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

/// The key of the refund of a wrong price of a variant, of which the right price is `over_minor` less.
#[must_use]
pub fn price_key(variant: VariantId, over_minor: i64) -> String {
    format!("price:{variant}:{over_minor}")
}

/// What was promised back because the price of a variant was wrong, in minor units.
#[must_use]
pub fn repriced(order: &Order, variant: VariantId) -> i64 {
    let own = asked(order.id, &format!("price:{variant}:"));
    let promised = order.ledger.iter().filter(|entry| entry.kind == EventKind::RefundAsked);
    promised.filter(|entry| entry.idempotency_key.starts_with(&own)).map(|entry| entry.amount.minor).sum()
}

/// The ledger's key of the money that goes back with a change.
pub(crate) fn change_key(order: OrderId, change: EntryId) -> String {
    asked(order, &format!("change:{change}"))
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
