//! A drop as everybody in the room sees it. The till decides it; the room shows it, at one server time for all.

use kernel::{Country, DropId, Money, VariantId};
use serde::{Deserialize, Serialize};

/// Where a drop stands when it is told. From [`DropPhase::Armed`] to open and on to closed a client goes by itself, at the
/// times that the drop names, on the server's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DropPhase {
    /// Its pieces are set aside; it opens at `opens_at_ms`, or when it is fired.
    Armed,
    Open,
    /// Its window is over; claims in it may still be paid.
    Closed,
    /// Open, and nothing is left: whoever comes now waits for what others let go.
    Gone,
    /// Over for good.
    Ended,
}

/// A limited quantity of a number's variant, for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DropShown {
    pub id: DropId,
    pub number: u32,
    pub variant_id: VariantId,
    pub phase: DropPhase,
    /// Pieces in the drop when it was armed.
    pub quantity: i64,
    /// Pieces that nobody has claimed.
    pub left: i64,
    /// Viewers who wait for a piece.
    pub waiting: i64,
    /// Pieces that one buyer may claim.
    pub limit: u32,
    /// Its price for one piece in each currency; without any it is sold at the list price.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unit: Vec<Money>,
    /// The countries that it delivers to; everywhere without any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub countries: Option<Vec<Country>>,
    /// On the server's clock, Unix milliseconds; none until it is fired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens_at_ms: Option<i64>,
    /// None when it stays open until it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_at_ms: Option<i64>,
}
