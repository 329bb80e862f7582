//! A unit set aside for one buyer until a deadline: it is paid, released or expires.

use kernel::{ClaimId, Millis, Timestamp};
use serde::{Deserialize, Serialize};

use crate::shelf::Place;

/// How long a checkout holds its pieces while the buyer pays.
pub const CHECKOUT_HOLD: Millis = Millis::from_mins(10);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub id: ClaimId,
    pub places: Vec<Place>,
    /// Until then nobody else gets the pieces; after it the till may take them back.
    pub until: Timestamp,
    pub state: ClaimState,
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
