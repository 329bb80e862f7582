//! Commands and outcomes as a store queues them.

use kernel::{OrderId, OrderLineId, ProductId, Random, Timestamp, VariantId, ViewerId};

use super::{Books, Cancelled, PlaceOrder, Placed, Sent, Settled, ShopSold};
use crate::order::CancelReason;
use crate::parcel::Parcel;
use crate::payment::ProviderEvent;

/// What the till is asked to do, with all that deciding it takes.
#[derive(Clone, Debug)]
pub struct Command {
    pub what: What,
    /// When it was asked.
    pub at: Timestamp,
    /// Names the rows that the decision adds.
    pub random: Random,
}

#[derive(Clone, Debug)]
pub enum What {
    Place(Box<PlaceOrder>),
    Settle { order: OrderId, news: Vec<ProviderEvent> },
    Expire { order: OrderId },
    Cancel { order: OrderId, reason: CancelReason },
    Send { order: OrderId, parcel: Parcel, lines: Option<Vec<OrderLineId>> },
    SellInShop { variant: VariantId },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Placed(Placed),
    Settled(Settled),
    /// Whether it was due.
    Expired(bool),
    Cancelled(Cancelled),
    Sent(Sent),
    ShopSold(ShopSold),
}

impl What {
    /// The order that must be read before deciding.
    #[must_use]
    pub const fn order(&self) -> Option<OrderId> {
        match self {
            Self::Settle { order, .. }
            | Self::Expire { order }
            | Self::Cancel { order, .. }
            | Self::Send { order, .. } => Some(*order),
            Self::Place(_) | Self::SellInShop { .. } => None,
        }
    }

    /// The earlier order that must be read if there is one: by viewer and idempotency key.
    #[must_use]
    pub fn key(&self) -> Option<(ViewerId, &str)> {
        match self {
            Self::Place(place) => Some((place.order.viewer, &place.order.idempotency_key)),
            _ => None,
        }
    }

    /// The variants whose stock must be read; those of [`Self::order`] come on top.
    pub fn variants(&self) -> impl Iterator<Item = VariantId> {
        let (lines, one) = match self {
            Self::Place(place) => (place.order.lines.as_slice(), None),
            Self::SellInShop { variant } => (&[][..], Some(*variant)),
            _ => (&[][..], None),
        };
        lines.iter().filter(|line| line.claim.is_some()).map(|line| line.variant).chain(one)
    }

    /// The products whose sale staff may have stopped.
    pub fn products(&self) -> impl Iterator<Item = ProductId> {
        let lines = match self {
            Self::Place(place) => place.order.lines.as_slice(),
            _ => &[],
        };
        lines.iter().map(|line| line.product)
    }
}

impl Books {
    /// Decides one command. Commands of a batch are decided in order of arrival.
    pub fn decide(&mut self, command: Command) -> Outcome {
        let Command { what, at, mut random } = command;
        match what {
            What::Place(place) => Outcome::Placed(self.place(*place, at, &mut random)),
            What::Settle { order, news } => Outcome::Settled(self.settle(order, &news, at, &mut random)),
            What::Expire { order } => Outcome::Expired(self.expire(order, at)),
            What::Cancel { order, reason } => Outcome::Cancelled(self.cancel(order, reason, at, &mut random)),
            What::Send { order, parcel, lines } => Outcome::Sent(self.send(order, parcel, lines.as_deref())),
            What::SellInShop { variant } => Outcome::ShopSold(self.sell_in_shop(variant, at, &mut random)),
        }
    }
}
