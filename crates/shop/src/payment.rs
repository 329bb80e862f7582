//! The payment ledger: events are appended, never changed; what is authorised, captured and refunded is derived.

mod dispute;
mod method;

use kernel::{EntryId, Money, PaymentId, Timestamp};
use serde::{Deserialize, Serialize};

pub use dispute::{Dispute, DisputeState};
pub use method::{Flow, Method, Taking, Terms, Unfit};

/// What happened to a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// We asked for the money; the provider may not know yet.
    Opened,
    /// The provider holds the money for us.
    Authorised,
    /// The money is ours.
    Captured,
    /// One attempt was refused; the buyer may try again.
    Declined,
    /// A held amount was let go.
    Voided,
    /// We owe the money back; the provider may not know yet.
    RefundAsked,
    /// The money is back with the buyer.
    Refunded,
}

impl EventKind {
    pub const ALL: [Self; 7] = [
        Self::Opened,
        Self::Authorised,
        Self::Captured,
        Self::Declined,
        Self::Voided,
        Self::RefundAsked,
        Self::Refunded,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Authorised => "authorised",
            Self::Captured => "captured",
            Self::Declined => "declined",
            Self::Voided => "voided",
            Self::RefundAsked => "refund_asked",
            Self::Refunded => "refunded",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// One row of the ledger. Unique on (provider, reference) and on the idempotency key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    pub id: EntryId,
    pub payment: PaymentId,
    pub kind: EventKind,
    pub amount: Money,
    /// The provider's name for the event; `None` for what we wrote ourselves (opened, refund asked).
    pub reference: Option<String>,
    /// What makes a second writing of the same event no event.
    pub idempotency_key: String,
    pub at: Timestamp,
}

/// Something that a provider says happened, in whatever order it tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderEvent {
    pub kind: EventKind,
    pub amount: Money,
    /// The provider's own name for this event: the same event always carries the same one.
    pub reference: String,
    pub at: Timestamp,
}

/// The sums of a ledger, in minor units of the order's currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    pub authorised: i64,
    pub captured: i64,
    pub voided: i64,
    pub refund_asked: i64,
    pub refunded: i64,
}

impl Balance {
    #[must_use]
    pub fn of(ledger: &[LedgerEntry]) -> Self {
        let sum =
            |kind: EventKind| ledger.iter().filter(|entry| entry.kind == kind).map(|entry| entry.amount.minor).sum();
        Self {
            authorised: sum(EventKind::Authorised),
            captured: sum(EventKind::Captured),
            voided: sum(EventKind::Voided),
            refund_asked: sum(EventKind::RefundAsked),
            refunded: sum(EventKind::Refunded),
        }
    }

    /// Held by the provider, and not yet ours.
    #[must_use]
    pub const fn held(&self) -> i64 {
        let held = self.authorised - self.captured - self.voided;
        if held > 0 { held } else { 0 }
    }

    /// Ours already, or held so that we can take it.
    #[must_use]
    pub const fn secured(&self) -> i64 {
        self.captured + self.held()
    }

    /// Promised back and not back yet.
    #[must_use]
    pub const fn owed_back(&self) -> i64 {
        self.refund_asked - self.refunded
    }
}

/// How an order's payment stands, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    Open,
    Declined,
    Authorised,
    Captured,
    RefundPending,
    Refunded,
    Voided,
}

impl PaymentState {
    #[must_use]
    pub fn of(ledger: &[LedgerEntry]) -> Self {
        let balance = Balance::of(ledger);
        let declined = ledger.iter().rev().find(|entry| entry.kind != EventKind::Opened);
        if balance.owed_back() > 0 {
            Self::RefundPending
        } else if balance.refunded > 0 && balance.refunded >= balance.captured {
            Self::Refunded
        } else if balance.captured > 0 {
            Self::Captured
        } else if balance.held() > 0 {
            Self::Authorised
        } else if balance.voided > 0 {
            Self::Voided
        } else if declined.is_some_and(|entry| entry.kind == EventKind::Declined) {
            Self::Declined
        } else {
            Self::Open
        }
    }

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Declined => "declined",
            Self::Authorised => "authorised",
            Self::Captured => "captured",
            Self::RefundPending => "refund_pending",
            Self::Refunded => "refunded",
            Self::Voided => "voided",
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Currency, Random};

    use super::*;

    #[test]
    fn the_state_follows_from_the_events() {
        use EventKind::{Authorised, Captured, Declined, Opened, RefundAsked, Refunded, Voided};
        let mut random = Random::seeded(2);
        let mut check = |events: &[(EventKind, i64)], state: PaymentState, secured: i64| {
            let payment = PaymentId::mint(Timestamp::EPOCH, &mut random);
            let ledger: Vec<LedgerEntry> = events
                .iter()
                .map(|&(kind, minor)| LedgerEntry {
                    id: EntryId::mint(Timestamp::EPOCH, &mut random),
                    payment,
                    kind,
                    amount: Money::new(minor, Currency::USD),
                    reference: None,
                    idempotency_key: String::new(),
                    at: Timestamp::EPOCH,
                })
                .collect();
            assert_eq!((PaymentState::of(&ledger), Balance::of(&ledger).secured()), (state, secured), "{events:?}");
        };
        check(&[], PaymentState::Open, 0);
        check(&[(Opened, 9)], PaymentState::Open, 0);
        check(&[(Opened, 9), (Declined, 9)], PaymentState::Declined, 0);
        check(&[(Opened, 9), (Declined, 9), (Authorised, 9)], PaymentState::Authorised, 9);
        check(&[(Opened, 9), (Authorised, 9), (Captured, 9)], PaymentState::Captured, 9);
        check(&[(Opened, 9), (Captured, 9)], PaymentState::Captured, 9);
        check(&[(Opened, 9), (Authorised, 9), (Voided, 9)], PaymentState::Voided, 0);
        check(&[(Captured, 9), (RefundAsked, 9)], PaymentState::RefundPending, 9);
        check(&[(Captured, 9), (RefundAsked, 9), (Refunded, 9)], PaymentState::Refunded, 9);
    }
}
