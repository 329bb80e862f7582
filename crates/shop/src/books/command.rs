//! Commands and outcomes as a store queues them.

use kernel::{
    ClaimId, DropId, Millis, OrderId, OrderLineId, ParcelId, PersonId, ProductId, Random, Timestamp, VariantId,
    ViewerId, WaiterId,
};

use super::{
    Books, Cancelled, ChangeOrder, ClaimInDrop, Claimed, Delivered, DropMoved, Extended, LetGo, OrderChanged, PaidBy,
    PlaceOrder, Placed, RefundReason, Refunded, Sent, SetAside, Settled, ShopSold,
};
use crate::claim::Claim;
use crate::drop::EndedBecause;
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
    Settle {
        order: OrderId,
        news: Vec<ProviderEvent>,
    },
    /// By whom it is paid, where the provider knows them again; before the news that it is.
    PaidBy {
        order: OrderId,
        mark: String,
    },
    Expire {
        order: OrderId,
    },
    Cancel {
        order: OrderId,
        reason: CancelReason,
    },
    Send {
        order: OrderId,
        parcel: Parcel,
        lines: Option<Vec<OrderLineId>>,
    },
    /// A parcel for each of these orders, at most [`crate::parcel::sheet::MAX_PARCELS`], or none.
    SendAll {
        parcels: Vec<(OrderId, Parcel)>,
    },
    /// A parcel came.
    Deliver {
        order: OrderId,
        parcel: ParcelId,
    },
    Refund {
        order: OrderId,
        minor: i64,
        reason: RefundReason,
        key: String,
    },
    Change(Box<ChangeOrder>),
    SellInShop {
        variant: VariantId,
    },
    ArmDrop {
        drop: DropId,
        opens_at: Option<Timestamp>,
    },
    FireDrop {
        drop: DropId,
        lead: Millis,
    },
    EndDrop {
        drop: DropId,
        why: EndedBecause,
    },
    Claim(Box<ClaimInDrop>),
    LeaveLine {
        drop: DropId,
        viewer: ViewerId,
    },
    /// Who waits, first come first, and until when each has to pay.
    OfferWaiting {
        drop: DropId,
        offers: Vec<(WaiterId, Timestamp)>,
    },
    SetAside(Box<SetAside>),
    /// By its buyer, who is named, or by staff.
    LetGo {
        claim: ClaimId,
        buyer: Option<(ViewerId, Option<PersonId>)>,
    },
    ExpireClaims {
        claims: Vec<ClaimId>,
    },
    Extend {
        claim: ClaimId,
        until: Timestamp,
    },
    /// A viewer signed in.
    TakeAlong {
        device: ViewerId,
        account: ViewerId,
        person: PersonId,
    },
    Unbar {
        viewer: ViewerId,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Placed(Placed),
    Settled(Settled),
    PaidBy(PaidBy),
    /// Whether it was due.
    Expired(bool),
    Cancelled(Cancelled),
    Sent(Sent),
    /// Whether they left.
    SentAll(bool),
    Delivered(Delivered),
    Refunded(Refunded),
    Changed(OrderChanged),
    ShopSold(ShopSold),
    DropMoved(DropMoved),
    Claimed(Claimed),
    /// Whether somebody waited.
    LeftLine(bool),
    Offered(Vec<Claim>),
    /// `None` when there are not as many.
    SetAside(Option<Box<Claim>>),
    LetGo(LetGo),
    /// How many were due.
    ClaimsExpired(u32),
    Extended(Extended),
    /// How many claims came along.
    TakenAlong(u32),
    /// Whether there was something to forget.
    Unbarred(bool),
}

impl What {
    /// The order that must be read before deciding.
    #[must_use]
    pub const fn order(&self) -> Option<OrderId> {
        match self {
            Self::Settle { order, .. }
            | Self::PaidBy { order, .. }
            | Self::Expire { order }
            | Self::Cancel { order, .. }
            | Self::Send { order, .. }
            | Self::Deliver { order, .. }
            | Self::Refund { order, .. } => Some(*order),
            Self::Change(change) => Some(change.order),
            _ => None,
        }
    }

    /// Further orders that must be read.
    pub fn further_orders(&self) -> impl Iterator<Item = OrderId> {
        let parcels = match self {
            Self::SendAll { parcels } => parcels.as_slice(),
            _ => &[],
        };
        parcels.iter().map(|(order, _)| *order)
    }

    /// The earlier order that must be read if there is one: by viewer and idempotency key.
    #[must_use]
    pub fn key(&self) -> Option<(ViewerId, &str)> {
        match self {
            Self::Place(place) => Some((place.order.viewer, &place.order.idempotency_key)),
            _ => None,
        }
    }

    /// The drop that must be read.
    #[must_use]
    pub fn drop(&self) -> Option<DropId> {
        match self {
            Self::ArmDrop { drop, .. }
            | Self::FireDrop { drop, .. }
            | Self::EndDrop { drop, .. }
            | Self::LeaveLine { drop, .. }
            | Self::OfferWaiting { drop, .. } => Some(*drop),
            Self::Claim(wish) => Some(wish.drop),
            Self::Place(place) => place.claiming.as_ref().map(|wish| wish.drop),
            _ => None,
        }
    }

    /// Whose claims in which drop must be read, and whether the buyer stands in its line.
    #[must_use]
    pub fn buyer_in_drop(&self) -> Option<(DropId, ViewerId)> {
        match self {
            Self::Claim(wish) => Some((wish.drop, wish.viewer)),
            Self::Place(place) => place.claiming.as_ref().map(|wish| (wish.drop, wish.viewer)),
            Self::LeaveLine { drop, viewer } => Some((*drop, *viewer)),
            _ => None,
        }
    }

    /// The claims that must be read; those of [`Self::order`] come on top.
    pub fn claims(&self) -> impl Iterator<Item = ClaimId> {
        let (many, adopted, one) = match self {
            Self::ExpireClaims { claims } => (claims.as_slice(), None, None),
            Self::Place(place) => (&[][..], Some(place.adopted.values()), None),
            Self::LetGo { claim, .. } | Self::Extend { claim, .. } => (&[][..], None, Some(*claim)),
            _ => (&[][..], None, None),
        };
        many.iter().copied().chain(adopted.into_iter().flatten().copied()).chain(one)
    }

    /// Whether it may end claims, so that the drops that these came from must be read.
    #[must_use]
    pub const fn ends_claims(&self) -> bool {
        matches!(
            self,
            Self::Expire { .. }
                | Self::PaidBy { .. }
                | Self::Cancel { .. }
                | Self::Change(_)
                | Self::SellInShop { .. }
                | Self::LetGo { .. }
                | Self::ExpireClaims { .. }
        )
    }

    /// Whether it moves the drop's pieces from or to the shelf, whose rows must then be read.
    #[must_use]
    pub const fn moves_pot(&self) -> bool {
        matches!(self, Self::ArmDrop { .. } | Self::EndDrop { .. })
    }

    /// The variants whose stock must be read; those of the orders, claims and drops come on top.
    pub fn variants(&self) -> impl Iterator<Item = VariantId> {
        let (fresh, one) = match self {
            Self::Place(place) => (Some(place).filter(|place| place.claiming.is_none()), None),
            Self::SellInShop { variant } => (None, Some(*variant)),
            Self::SetAside(wish) => (None, Some(wish.variant)),
            Self::Change(change) => (None, change.what.other_variant()),
            _ => (None, None),
        };
        let fresh = fresh.into_iter().filter(|place| !place.order.rehearsal).flat_map(|place| {
            let own = |line: &&crate::order::OrderLine| !place.adopted.contains_key(&line.id);
            place.order.lines.iter().filter(own).map(|line| line.variant)
        });
        fresh.chain(one)
    }

    /// The products whose sale staff may have stopped; those of drops come on top.
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
            What::PaidBy { order, mark } => Outcome::PaidBy(self.paid_by(order, &mark, at, &mut random)),
            What::Expire { order } => Outcome::Expired(self.expire(order, at)),
            What::Cancel { order, reason } => Outcome::Cancelled(self.cancel(order, reason, at, &mut random)),
            What::Send { order, parcel, lines } => Outcome::Sent(self.send(order, parcel, lines.as_deref())),
            What::SendAll { parcels } => Outcome::SentAll(self.send_all(parcels)),
            What::Deliver { order, parcel } => Outcome::Delivered(self.deliver(order, parcel, at)),
            What::Refund { order, minor, reason, key } => {
                Outcome::Refunded(self.refund(order, minor, reason, &key, at, &mut random))
            }
            What::Change(change) => Outcome::Changed(self.change(*change, at, &mut random)),
            What::SellInShop { variant } => Outcome::ShopSold(self.sell_in_shop(variant, at, &mut random)),
            What::ArmDrop { drop, opens_at } => Outcome::DropMoved(self.arm_drop(drop, opens_at, at)),
            What::FireDrop { drop, lead } => Outcome::DropMoved(self.fire_drop(drop, lead, at)),
            What::EndDrop { drop, why } => Outcome::DropMoved(self.end_drop(drop, why, at)),
            What::Claim(wish) => Outcome::Claimed(self.claim(*wish, at, &mut random)),
            What::LeaveLine { drop, viewer } => Outcome::LeftLine(self.leave_line(drop, viewer)),
            What::OfferWaiting { drop, offers } => Outcome::Offered(self.offer_waiting(drop, &offers, at, &mut random)),
            What::SetAside(wish) => Outcome::SetAside(self.set_aside(*wish, at, &mut random).map(Box::new)),
            What::LetGo { claim, buyer } => Outcome::LetGo(self.let_go(claim, buyer, at)),
            What::ExpireClaims { claims } => Outcome::ClaimsExpired(self.expire_claims(&claims, at)),
            What::Extend { claim, until } => Outcome::Extended(self.extend(claim, until, at)),
            What::TakeAlong { device, account, person } => {
                Outcome::TakenAlong(self.take_along(device, account, person))
            }
            What::Unbar { viewer } => Outcome::Unbarred(self.unbar(viewer)),
        }
    }
}
