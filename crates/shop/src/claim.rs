//! Pieces set aside for one buyer until a deadline: a claim is paid, released or expires.

use kernel::{
    ClaimId, Country, DropId, EntryId, Millis, Money, OrderId, OrderLineId, PersonId, ProductId, Timestamp, VariantId,
    ViewerId,
};
use serde::{Deserialize, Serialize};

use crate::order::ShowNumber;
use crate::shelf::Place;

/// How long a checkout holds its pieces while the buyer pays.
pub const CHECKOUT_HOLD: Millis = Millis::from_mins(10);

/// A claim that ends hours after its show stands so long at most, should the show never end.
pub const LONGEST_SHOW: Millis = Millis::from_days(7);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub id: ClaimId,
    pub variant: VariantId,
    pub product: ProductId,
    /// Pieces, at least 1.
    pub quantity: u32,
    /// Where the pieces lie. Empty in a rehearsal, which touches no stock.
    pub places: Vec<Place>,
    /// Until then nobody else gets the pieces; after it the till may take them back.
    pub until: Timestamp,
    /// So many hours after the end of its show: there `until` moves once the show is over.
    pub after_show_hours: Option<u16>,
    pub state: ClaimState,
    pub of: Source,
    pub viewer: ViewerId,
    pub person: Option<PersonId>,
    pub show: Option<ShowNumber>,
    /// Where the buyer wants it delivered; `None` where the order says it.
    pub country: Option<Country>,
    /// The price that was promised; `None` where the order line says it.
    pub quote: Option<ClaimQuote>,
    /// What makes a repeated request find its claim again: unique with drop and viewer.
    pub key: Option<String>,
    pub made_at: Timestamp,
    /// The order that it is being paid in, or was.
    pub order: Option<InOrder>,
}

/// The line that a claim belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InOrder {
    pub order: OrderId,
    pub line: OrderLineId,
}

/// The price of one piece as the buyer was promised it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimQuote {
    /// What the price list said, and which version of it.
    pub listed: Money,
    pub price: EntryId,
    /// What the buyer pays; never more than `listed`.
    pub unit: Money,
}

/// What made a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    Checkout,
    Drop {
        drop: DropId,
    },
    /// The buyer waited for it.
    Waitlist {
        drop: DropId,
    },
    /// Staff set it aside for the buyer.
    Staff {
        by: PersonId,
    },
}

impl Source {
    /// The drop whose pot the pieces came from.
    #[must_use]
    pub const fn drop(self) -> Option<DropId> {
        match self {
            Self::Drop { drop } | Self::Waitlist { drop } => Some(drop),
            Self::Checkout | Self::Staff { .. } => None,
        }
    }
}

impl Claim {
    /// Open, and in no order: it lies on the buyer's tab.
    #[must_use]
    pub fn on_tab(&self) -> bool {
        self.state == ClaimState::Open && self.order.is_none()
    }

    /// Whether it is this buyer's.
    #[must_use]
    pub fn belongs_to(&self, viewer: ViewerId, person: Option<PersonId>) -> bool {
        self.viewer == viewer || (self.person.is_some() && self.person == person)
    }

    #[must_use]
    pub const fn is_rehearsal(&self) -> bool {
        self.places.is_empty()
    }

    /// Whether its pieces are the buyer's, or may become so: it counts against a drop's limit.
    #[must_use]
    pub const fn counts(&self) -> bool {
        matches!(self.state, ClaimState::Open | ClaimState::Paid)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimState {
    /// Counted in the stock's `claimed`.
    Open,
    /// Counted in the stock's `allocated`, later sent.
    Paid,
    /// Let go before it was paid, or given back after.
    Released,
    /// Not paid in time.
    Expired,
}

impl ClaimState {
    pub const ALL: [Self; 4] = [Self::Open, Self::Paid, Self::Released, Self::Expired];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Paid => "paid",
            Self::Released => "released",
            Self::Expired => "expired",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}
