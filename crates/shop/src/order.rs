//! An order: what was bought, frozen as it was when the buyer agreed, and how far it has come.

use kernel::{
    BrandId, ClaimId, EntryId, MediaId, Money, OrderId, OrderLineId, ParcelId, PaymentId, PersonId, ProductId, Random,
    ShowId, Texts, Timestamp, VariantId, ViewerId,
};
use serde::{Deserialize, Serialize};

use crate::catalogue::{NoWithdrawal, Seller};
use crate::change::Change;
use crate::offer::{Applied, Reduction};
use crate::parcel::Parcel;
use crate::payment::LedgerEntry;
use crate::quote::QuotedShipping;

/// How far an order has come. Payment is told apart, by the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    AwaitingPayment,
    Paid,
    PartlySent,
    Sent,
    Delivered,
    Cancelled,
    /// Not paid in time; money that still arrives revives it or goes back.
    Expired,
}

impl OrderState {
    pub const ALL: [Self; 7] = [
        Self::AwaitingPayment,
        Self::Paid,
        Self::PartlySent,
        Self::Sent,
        Self::Delivered,
        Self::Cancelled,
        Self::Expired,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingPayment => "awaiting_payment",
            Self::Paid => "paid",
            Self::PartlySent => "partly_sent",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether the buyer's money belongs to this order.
    #[must_use]
    pub const fn stands(self) -> bool {
        matches!(self, Self::Paid | Self::PartlySent | Self::Sent | Self::Delivered)
    }
}

/// The number that a show gave a product, and the show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ShowNumber {
    pub show: ShowId,
    pub number: u32,
}

/// One bought thing, frozen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    pub id: OrderLineId,
    pub variant: VariantId,
    pub product: ProductId,
    pub brand: BrandId,
    pub quantity: u32,
    pub unit: Money,
    pub total: Money,
    /// The price version that `unit` comes from, unless a claim was promised less.
    pub price: EntryId,
    /// What offers took off: `total` is `unit × quantity` less these.
    pub reductions: Vec<Reduction>,
    pub title: Texts,
    /// The labels of its option values: "Red", "38".
    pub values: Vec<Texts>,
    pub sku: String,
    pub picture: Option<MediaId>,
    pub seller: Seller,
    /// Why the buyer may not withdraw from it, as it was said before buying.
    pub no_withdrawal: Option<NoWithdrawal>,
    pub show: Option<ShowNumber>,
    /// The pieces set aside for it. `None` in a rehearsal, which touches no stock, and when the order ended unpaid and
    /// the claim went back to the buyer's tab.
    pub claim: Option<ClaimId>,
    pub parcel: Option<ParcelId>,
    /// Sent in exchange for pieces of this line, which paid for it: `unit` and `total` are nothing.
    pub replaces: Option<OrderLineId>,
}

/// The sums that the buyer agreed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    pub subtotal: Money,
    pub shipping: QuotedShipping,
    pub tax_included: bool,
    pub tax: Option<Money>,
    pub total: Money,
    /// The offers in the sum.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<Applied>,
}

/// Names nobody: the buyer's name, address and contact lie in a side row that can be erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub id: OrderId,
    /// For people: see [`number`].
    pub number: String,
    pub viewer: ViewerId,
    pub person: Option<PersonId>,
    pub state: OrderState,
    /// Bought by staff while rehearsing: no stock, no mail, no figures.
    pub rehearsal: bool,
    pub placed_at: Timestamp,
    /// When its claims end, while it awaits payment.
    pub held_until: Timestamp,
    pub payment: PaymentId,
    /// The payment provider's name.
    pub provider: String,
    /// SHA-256 of the key that opens the order without signing in, in hex.
    pub key_hash: String,
    /// With the viewer, unique: a replayed checkout finds its order again.
    pub idempotency_key: String,
    /// SHA-256 of the checkout's body, in hex: the same key with another body is refused.
    pub request_hash: String,
    pub totals: Totals,
    pub lines: Vec<OrderLine>,
    pub ledger: Vec<LedgerEntry>,
    pub parcels: Vec<Parcel>,
    /// What happened to its pieces after the sale, oldest first: appended to, never changed. What was bought stands above as it
    /// was.
    pub changes: Vec<Change>,
    /// Why it was cancelled.
    pub cancelled_because: Option<CancelReason>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelReason {
    BuyerAsked,
    OutOfStock,
    WrongPrice,
    Suspicious,
    /// The piece went over the counter first.
    SoldInShop,
    /// Who paid has as many already as one buyer may have.
    OverLimit,
    /// The saved method that it was paid with said no.
    Declined,
    Other,
}

impl CancelReason {
    pub const ALL: [Self; 8] = [
        Self::BuyerAsked,
        Self::OutOfStock,
        Self::WrongPrice,
        Self::Suspicious,
        Self::SoldInShop,
        Self::OverLimit,
        Self::Declined,
        Self::Other,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BuyerAsked => "buyer_asked",
            Self::OutOfStock => "out_of_stock",
            Self::WrongPrice => "wrong_price",
            Self::Suspicious => "suspicious",
            Self::SoldInShop => "sold_in_shop",
            Self::OverLimit => "over_limit",
            Self::Declined => "declined",
            Self::Other => "other",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text)
    }
}

/// Digits and letters that nobody mistakes on the phone: no I, L, O or U.
const READABLE: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A number to say on the phone, `2611-K7QM-2X4R`: year and month, then 40 random bits. It tells no competitor how
/// many orders there are; the store's UNIQUE catches the one in a million collision, and the checkout draws again.
#[must_use]
pub fn number(at: Timestamp, random: &mut Random) -> String {
    let date = at.to_string();
    let drawn = random.next_u64();
    let mut text = format!("{}{}", &date[2..4], &date[5..7]);
    for place in 0..8u32 {
        if place.is_multiple_of(4) {
            text.push('-');
        }
        let digit = (drawn >> (place * 5)) & 31;
        text.push(char::from(READABLE[usize::try_from(digit).unwrap_or_default()]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_number_reads_well() {
        let at: Timestamp = "2026-11-22T18:00:00Z".parse().expect("a time");
        let drawn = number(at, &mut Random::seeded(4));
        assert_eq!(drawn.len(), 14, "{drawn}");
        assert!(drawn.starts_with("2611-"), "{drawn}");
        assert!(drawn.bytes().all(|b| b == b'-' || READABLE.contains(&b)), "{drawn}");
        assert_ne!(drawn, number(at, &mut Random::seeded(5)));
    }
}
