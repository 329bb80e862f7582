//! A drop: so many pieces of one variant, at one price, for a while or until they are gone, in a show.
//!
//! Arming it claims all its pieces at once; they lie in its pot, and a buyer's claim takes from there. So a hot drop is
//! one row however many buy.

use kernel::{
    Country, Currency, DropId, Millis, Money, MoneyError, PersonId, ProductId, Timestamp, VariantId, ViewerId, WaiterId,
};
use serde::{Deserialize, Serialize};

use crate::claim::{ClaimQuote, LONGEST_SHOW};
use crate::order::ShowNumber;
use crate::prize::Prize;
use crate::shelf::Place;

/// The most pieces of a drop.
pub const MAX_PIECES: i64 = 1_000_000;
/// The most pieces that a drop may allow one buyer.
pub const MAX_LIMIT: u32 = 10;
/// The longest countdown after firing.
pub const MAX_LEAD: Millis = Millis::from_secs(60);
/// The longest that a drop stays open by itself.
pub const MAX_WINDOW: Millis = Millis::from_days(7);
/// The most who wait for one drop; past it the answer is "sold out".
pub const MAX_WAITING: i64 = 100_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drop {
    pub id: DropId,
    pub at: ShowNumber,
    pub product: ProductId,
    pub variant: VariantId,
    /// The price of one piece, one per currency; where the list price is lower it is the list price. Empty: the list
    /// price.
    pub unit: Vec<Money>,
    /// Pieces, 1 to [`MAX_PIECES`]: once armed, what lies in the pot and what its claims hold or bought.
    pub quantity: i64,
    /// Pieces for one buyer, 1 to [`MAX_LIMIT`].
    pub limit: u32,
    pub hold: Hold,
    /// Only for delivery to these; `None` is everywhere.
    pub countries: Option<Vec<Country>>,
    /// How long it stays open; `None` is until gone.
    pub window: Option<Millis>,
    /// Made while the show was rehearsed: it touches no stock.
    pub rehearsal: bool,
    /// Its one piece is won by an answer, not claimed by who comes first.
    pub prize: Option<Prize>,
    pub stage: Stage,
}

/// How long a buyer has to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// 1 to 1,440.
    Minutes(u16),
    /// 1 to 72 hours after the end of the show.
    AfterShow { hours: u16 },
}

impl Hold {
    /// Until when a claim of `at` stands, and the hours to which that moves once the show is over.
    #[must_use]
    pub fn from(self, at: Timestamp) -> (Timestamp, Option<u16>) {
        match self {
            Self::Minutes(minutes) => (at + Millis::from_mins(i64::from(minutes)), None),
            Self::AfterShow { hours } => (at + LONGEST_SHOW, Some(hours)),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Stage {
    Planned,
    Armed(Armed),
    /// For good: what ended is never armed again.
    Ended {
        at: Timestamp,
        why: EndedBecause,
    },
}

/// An armed drop's pot and its line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Armed {
    /// `None` until it is fired.
    pub opens_at: Option<Timestamp>,
    /// `None` until it is fired, and for a drop without a window.
    pub closes_at: Option<Timestamp>,
    /// Where the pieces of the pot lie; they add up to `left`, and are none in a rehearsal.
    pub places: Vec<Place>,
    /// Pieces in the pot.
    pub left: i64,
    /// Who waits.
    pub waiting: i64,
    /// The ticket of the next who comes to wait.
    pub next_ticket: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndedBecause {
    /// Everything is paid for.
    Gone,
    /// Its time was over.
    Closed,
    /// Staff ended it.
    Stopped,
}

impl EndedBecause {
    pub const ALL: [Self; 3] = [Self::Gone, Self::Closed, Self::Stopped];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Closed => "closed",
            Self::Stopped => "stopped",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.as_str() == text)
    }
}

/// How a drop stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    Planned,
    /// Its pieces are set aside; it has not opened yet.
    Armed,
    Open,
    /// Its window is over; who waits may still get what comes back.
    Closed,
    Ended,
}

impl Phase {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Armed => "armed",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Ended => "ended",
        }
    }
}

/// What of a plan cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DropFault {
    #[error("a drop has 1 to {MAX_PIECES} pieces")]
    Quantity,
    #[error("a buyer gets 1 to {MAX_LIMIT} pieces")]
    Limit,
    #[error("a hold is 1 to 1,440 minutes, or 1 to 72 hours after the show")]
    Hold,
    #[error("a window is 1 second to 7 days")]
    Window,
    #[error("name one country at least, or leave them open")]
    Countries,
    #[error("a price is not negative, and there is one for each currency")]
    Unit,
    #[error("a prize is one piece at 0.01 % to 100 % off, and an answer has 5 s to 10 min")]
    Prize,
}

impl Drop {
    #[must_use]
    pub fn phase(&self, now: Timestamp) -> Phase {
        match &self.stage {
            Stage::Planned => Phase::Planned,
            Stage::Ended { .. } => Phase::Ended,
            Stage::Armed(armed) if armed.closes_at.is_some_and(|closes| closes <= now) => Phase::Closed,
            Stage::Armed(armed) if armed.opens_at.is_some_and(|opens| opens <= now) => Phase::Open,
            Stage::Armed(_) => Phase::Armed,
        }
    }

    #[must_use]
    pub const fn armed(&self) -> Option<&Armed> {
        match &self.stage {
            Stage::Armed(armed) => Some(armed),
            Stage::Planned | Stage::Ended { .. } => None,
        }
    }

    pub const fn armed_mut(&mut self) -> Option<&mut Armed> {
        match &mut self.stage {
            Stage::Armed(armed) => Some(armed),
            Stage::Planned | Stage::Ended { .. } => None,
        }
    }

    /// Pieces in the pot: what can still be claimed.
    #[must_use]
    pub fn left(&self) -> i64 {
        self.armed().map_or(0, |armed| armed.left)
    }

    /// Its own price in a currency.
    #[must_use]
    pub fn unit_in(&self, currency: Currency) -> Option<Money> {
        self.unit.iter().copied().find(|unit| unit.currency == currency)
    }

    /// What one piece costs that the price list has at `listed`: never more than that.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] past what money can say.
    pub fn price(&self, listed: Money) -> Result<Money, MoneyError> {
        let own = self.unit_in(listed.currency).filter(|own| own.minor < listed.minor);
        self.prize.map_or(Ok(own.unwrap_or(listed)), |prize| prize.price(listed))
    }

    /// Whether who lives there may claim.
    #[must_use]
    pub fn ships_to(&self, country: Country) -> bool {
        self.countries.as_ref().is_none_or(|countries| countries.contains(&country))
    }

    /// Everything of the plan that cannot be taken.
    #[must_use]
    pub fn faults(&self) -> Vec<DropFault> {
        let hold = match self.hold {
            Hold::Minutes(minutes) => (1..=1_440).contains(&minutes),
            Hold::AfterShow { hours } => (1..=72).contains(&hours),
        };
        let window = self.window.is_none_or(|window| (Millis::from_secs(1)..=MAX_WINDOW).contains(&window));
        let repeated = |at: usize, unit: &Money| self.unit[..at].iter().any(|other| other.currency == unit.currency);
        let unit = self.unit.iter().enumerate().all(|(at, unit)| unit.minor >= 0 && !repeated(at, unit));
        let prize = self.prize.is_none_or(|prize| prize.fits(self));
        let checks = [
            ((1..=MAX_PIECES).contains(&self.quantity), DropFault::Quantity),
            ((1..=MAX_LIMIT).contains(&self.limit), DropFault::Limit),
            (hold, DropFault::Hold),
            (window, DropFault::Window),
            (self.countries.as_ref().is_none_or(|countries| !countries.is_empty()), DropFault::Countries),
            (unit, DropFault::Unit),
            (prize, DropFault::Prize),
        ];
        checks.into_iter().filter(|(good, _)| !good).map(|(_, fault)| fault).collect()
    }
}

impl Armed {
    /// Opens at `opens`; with `None` it waits to be fired.
    pub fn open_at(&mut self, opens: Option<Timestamp>, window: Option<Millis>) {
        self.opens_at = opens;
        self.closes_at = opens.zip(window).map(|(opens, window)| opens + window);
    }

    /// Takes pieces out of the pot, from one location where one has enough. The caller has seen that there are so many.
    pub(crate) fn take(&mut self, pieces: i64) -> Vec<Place> {
        assert!(pieces <= self.left, "a pot never gives more than it holds");
        self.left -= pieces;
        let whole = self.places.iter().position(|place| place.quantity >= pieces);
        let order: Vec<usize> = whole.map_or_else(|| (0..self.places.len()).collect(), |at| vec![at]);
        let mut missing = pieces;
        let mut taken = Vec::new();
        for at in order {
            let place = &mut self.places[at];
            let part = place.quantity.min(missing);
            if part > 0 {
                place.quantity -= part;
                missing -= part;
                taken.push(Place { location: place.location, quantity: part });
            }
        }
        self.places.retain(|place| place.quantity > 0);
        taken
    }

    /// A piece of the pot is gone from where it lay. The caller has seen it there.
    pub(crate) fn lose(&mut self, piece: Place) {
        self.left -= piece.quantity;
        for place in self.places.iter_mut().filter(|place| place.location == piece.location) {
            place.quantity -= piece.quantity;
        }
        self.places.retain(|place| place.quantity > 0);
    }

    /// Puts pieces back into the pot.
    pub(crate) fn put(&mut self, pieces: i64, places: &[Place]) {
        self.left += pieces;
        for place in places {
            match self.places.iter_mut().find(|known| known.location == place.location) {
                Some(known) => known.quantity += place.quantity,
                None => self.places.push(*place),
            }
        }
    }
}

/// Somebody who waits for a piece of a drop. A viewer waits once a drop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiter {
    pub id: WaiterId,
    pub drop: DropId,
    pub viewer: ViewerId,
    pub person: Option<PersonId>,
    /// Pieces; who waits for several takes fewer when fewer come back.
    pub quantity: u32,
    pub country: Country,
    /// The price that was promised.
    pub quote: ClaimQuote,
    /// Who has the lower one is served first.
    pub ticket: i64,
    /// The place in the line when it joined, from 1.
    pub place: i64,
    pub joined_at: Timestamp,
}

#[cfg(test)]
mod tests;
