//! What a show sold, as its staff follow it. Rehearsals are no sales.

use std::fmt;

use async_trait::async_trait;
use kernel::{Currency, Millis, Money, ShowId, Timestamp};

use super::StoreError;

/// So far back minutes are told apart.
pub const TAKINGS_MINUTES: i64 = 120;

/// A minute, as the times of orders are counted.
pub const MINUTE_MICROS: i64 = 60_000_000;

/// Pieces of one show number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberTakings {
    pub number: u32,
    /// In orders that wait for their payment, and on tabs.
    pub claimed: i64,
    /// In orders that stand.
    pub sold: i64,
}

/// Orders that stand, by the minute in which they were placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MinuteTakings {
    /// The minute's start.
    pub at: Timestamp,
    pub currency: Currency,
    pub orders: i64,
    pub minor: i64,
}

/// Sums over the lines that were bought under a show's numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShowTakings {
    /// Orders that stand.
    pub orders: i64,
    /// What their lines cost, one sum a currency, by its letters; shipping is no part of it.
    pub gmv: Vec<Money>,
    /// Pieces sold in the last minute.
    pub sold_this_minute: i64,
    /// By number.
    pub numbers: Vec<NumberTakings>,
    /// The last [`TAKINGS_MINUTES`] in which something was sold, oldest first, then by currency.
    pub minutes: Vec<MinuteTakings>,
}

/// Since when minutes are told apart, and since when a piece was sold "this minute".
#[must_use]
pub fn takings_since(now: Timestamp) -> (Timestamp, Timestamp) {
    (now - Millis::from_mins(TAKINGS_MINUTES), now - Millis::from_mins(1))
}

#[async_trait]
pub trait Takings: Send + Sync + fmt::Debug {
    async fn takings(&self, show: ShowId, now: Timestamp) -> Result<ShowTakings, StoreError>;
}
