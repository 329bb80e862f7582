//! What the sandbox knows of a payment.

use kernel::{Millis, Money, PaymentId, Timestamp};
use serde::{Deserialize, Serialize};
use shop::payment::{EventKind, Method, ProviderEvent};
use shop::wallet::{Kept, Month};

/// A card's token is this and the payment that it was kept with.
pub(super) const CARD: &str = "card-";
/// How long a slow bank takes.
pub(super) const SLOW: Millis = Millis::from_secs(6);

/// One line of the sandbox's file.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Line {
    pub(super) payment: PaymentId,
    pub(super) at: Timestamp,
    pub(super) what: Happened,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Happened {
    Opened {
        amount: Money,
        merchant: String,
        return_url: String,
        /// The buyer wants to pay so again.
        #[serde(default)]
        keep: bool,
    },
    Challenged,
    Approved,
    Declined,
    /// Approved, [`SLOW`] later.
    Slowed,
    /// Nothing will ever be heard of it.
    Forgotten,
    Captured,
    Voided,
    Refunded {
        amount: Money,
        key: String,
    },
    /// What it keeps of how this was paid is let go.
    LetGo,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stand {
    Open,
    Challenged,
    Declined,
    /// The money is held from then on.
    Held(Timestamp),
    Forgotten,
}

#[derive(Clone, Debug)]
pub(super) struct Payment {
    pub(super) amount: Money,
    pub(super) merchant: String,
    pub(super) return_url: String,
    keep: bool,
    let_go: bool,
    stand: Stand,
    declined: Vec<Timestamp>,
    captured: Option<Timestamp>,
    voided: Option<Timestamp>,
    refunds: Vec<(Money, String, Timestamp)>,
    /// How many lines of the file tell of it.
    pub(super) lines: usize,
}

impl Payment {
    pub(super) const fn new(amount: Money, merchant: String, return_url: String, keep: bool) -> Self {
        Self {
            amount,
            merchant,
            return_url,
            keep,
            let_go: false,
            stand: Stand::Open,
            declined: Vec::new(),
            captured: None,
            voided: None,
            refunds: Vec::new(),
            lines: 0,
        }
    }

    pub(super) fn apply(&mut self, what: Happened, at: Timestamp) {
        match what {
            Happened::Opened { .. } => {}
            Happened::Challenged => self.stand = Stand::Challenged,
            Happened::Approved => self.stand = Stand::Held(at),
            Happened::Slowed => self.stand = Stand::Held(at + SLOW),
            Happened::Forgotten => self.stand = Stand::Forgotten,
            Happened::Declined => {
                self.stand = Stand::Declined;
                self.declined.push(at);
            }
            Happened::Captured => self.captured = Some(at),
            Happened::Voided => self.voided = Some(at),
            Happened::LetGo => self.let_go = true,
            Happened::Refunded { amount, key } => self.refunds.push((amount, key, at)),
        }
    }

    /// Whether the buyer can still choose on the page; after a refusal, another card may be tried.
    pub(super) fn undecided(&self) -> bool {
        self.voided.is_none() && matches!(self.stand, Stand::Open | Stand::Challenged | Stand::Declined)
    }

    /// Whether nothing more is to come of it but a refund.
    pub(super) const fn is_over(&self) -> bool {
        (self.captured.is_some() && !self.keeps()) || self.voided.is_some()
    }

    /// Whether the card that paid it is kept, to be paid with again.
    pub(super) const fn keeps(&self) -> bool {
        self.keep && !self.let_go && self.captured.is_some()
    }

    /// What is kept once it was approved: the sandbox has one card.
    pub(super) fn kept(&self, id: PaymentId, now: Timestamp) -> Option<Kept> {
        (self.keep && !self.let_go && self.held_at(now).is_some()).then(|| Kept {
            method: Method::Sandbox,
            token: format!("{CARD}{id}"),
            customer: None,
            brand: "visa".into(),
            last_four: "4242".into(),
            expires: Some(Month { year: 2030, month: 12 }),
        })
    }

    fn held_at(&self, now: Timestamp) -> Option<Timestamp> {
        match self.stand {
            Stand::Held(at) if at <= now && self.voided.is_none_or(|closed| at <= closed) => Some(at),
            _ => None,
        }
    }

    /// Whether it is not closed yet, and nothing was taken.
    pub(super) const fn can_void(&self) -> bool {
        self.captured.is_none() && self.voided.is_none()
    }

    /// Whether there is held money to take.
    pub(super) fn can_capture(&self, now: Timestamp) -> bool {
        self.held_at(now).is_some() && self.captured.is_none() && self.voided.is_none()
    }

    /// Whether this refund is new and there is enough left of what was captured.
    pub(super) fn can_refund(&self, amount: Money, key: &str) -> bool {
        let refunded: i64 = self.refunds.iter().map(|(amount, ..)| amount.minor).sum();
        let new = !self.refunds.iter().any(|(_, known, _)| known == key);
        new && self.captured.is_some()
            && amount.currency == self.amount.currency
            && amount.minor > 0
            && refunded + amount.minor <= self.amount.minor
    }

    /// Everything that happened, each event always under the same reference.
    pub(super) fn events(&self, id: PaymentId, now: Timestamp) -> Vec<ProviderEvent> {
        let event =
            |kind, amount, name: String, at| ProviderEvent { kind, amount, reference: format!("{id}-{name}"), at };
        let mut events = Vec::new();
        for (at, declined) in self.declined.iter().enumerate() {
            events.push(event(EventKind::Declined, self.amount, format!("declined-{at}"), *declined));
        }
        if let Some(at) = self.held_at(now) {
            events.push(event(EventKind::Authorised, self.amount, "authorised".into(), at));
        }
        if let Some(at) = self.captured {
            events.push(event(EventKind::Captured, self.amount, "captured".into(), at));
        }
        if let Some(at) = self.voided {
            events.push(event(EventKind::Voided, self.amount, "voided".into(), at));
        }
        for (amount, key, at) in &self.refunds {
            events.push(event(EventKind::Refunded, *amount, format!("refunded-{key}"), *at));
        }
        events
    }

    pub(super) fn state(&self, now: Timestamp) -> &'static str {
        if !self.refunds.is_empty() {
            return "refunded";
        }
        if self.voided.is_some() {
            return "voided";
        }
        match self.stand {
            Stand::Open => "open",
            Stand::Challenged => "challenged",
            Stand::Declined => "declined",
            Stand::Held(_) if self.held_at(now).is_some() => "approved",
            Stand::Held(_) | Stand::Forgotten => "processing",
        }
    }
}
