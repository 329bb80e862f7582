//! What a signed-in buyer has asked us to keep for the next time: where to send, and how they pay. The card itself stays with
//! its provider.

use kernel::{EntryId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::buyer::Contact;
use crate::payment::Method;

/// Addresses of one buyer that are kept; the one that was used longest ago goes first.
pub const MAX_ADDRESSES: usize = 5;
/// Ways to pay of one buyer that are kept; the oldest goes first.
pub const MAX_METHODS: usize = 5;

/// A way to pay as its provider keeps it: enough to name it to the buyer, and to ask the provider for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub method: Method,
    /// The provider's own name for it.
    pub token: String,
    /// Whose it is, as the provider names them; none where the token says it all.
    pub customer: Option<String>,
    /// `visa`, as the provider says.
    pub brand: String,
    /// The last four digits.
    pub last_four: String,
    /// The last month in which it can be paid with; none where it does not end.
    pub expires: Option<Month>,
}

/// A month of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Month {
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
}

impl Month {
    /// The month that it is, in UTC.
    #[must_use]
    pub fn of(at: Timestamp) -> Self {
        let date = at.to_string();
        let part = |range: std::ops::Range<usize>| date.get(range).and_then(|digits| digits.parse().ok());
        Self { year: part(0..4).unwrap_or(0), month: part(5..7).and_then(|month| month.try_into().ok()).unwrap_or(1) }
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl Kept {
    /// Whether its last month is over.
    #[must_use]
    pub fn expired(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|last| last < Month::of(now))
    }
}

/// Where a buyer had something sent before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedAddress {
    pub id: EntryId,
    pub contact: Contact,
    pub address: Address,
    /// When it was saved, or saved again.
    pub saved_at: Timestamp,
}

/// How a buyer paid before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedMethod {
    pub id: EntryId,
    /// The payment provider's name.
    pub provider: String,
    pub kept: Kept,
    pub saved_at: Timestamp,
}

/// All that is kept of one buyer, the newest of each first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wallet {
    pub addresses: Vec<SavedAddress>,
    pub methods: Vec<SavedMethod>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_good_until_its_last_month_is_over() {
        let check = |expires: Option<(u16, u8)>, now: &str, expected: bool| {
            let kept = Kept {
                method: Method::Card,
                token: "pm_1".into(),
                customer: None,
                brand: "visa".into(),
                last_four: "4242".into(),
                expires: expires.map(|(year, month)| Month { year, month }),
            };
            assert_eq!(kept.expired(now.parse().expect("a time")), expected, "{expires:?} {now}");
        };
        check(Some((2026, 11)), "2026-11-30T23:59:59Z", false);
        check(Some((2026, 11)), "2026-12-01T00:00:00Z", true);
        check(Some((2027, 1)), "2026-12-31T00:00:00Z", false);
        check(Some((2025, 12)), "2026-01-01T00:00:00Z", true);
        check(None, "2099-01-01T00:00:00Z", false);
    }
}
