//! How a payment stands at Stripe, told in the events of our ledger.

use app::ports::{Next, NoAnswer, Status};
use kernel::{Money, Timestamp};
use shop::payment::{EventKind, Method, ProviderEvent};
use shop::wallet::{Kept, Month};

use super::money::from_stripe;
use super::object::{Card, Charge, Refund, Session};

/// Everything that Stripe knows of one payment.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub(super) session: Session,
    /// Oldest first, failed ones too.
    pub(super) charges: Vec<Charge>,
    /// Oldest first.
    pub(super) refunds: Vec<Refund>,
}

impl Standing {
    /// Whether money came that is ours.
    pub(super) fn captured(&self) -> bool {
        self.charges.iter().any(|charge| charge.status == "succeeded" && charge.captured)
    }

    /// Whether no money can come any more, and none came.
    pub(super) fn closed(&self) -> bool {
        let intent = self.session.payment_intent.as_ref().map(|intent| intent.status.as_str());
        let over = match intent {
            Some("canceled") => true,
            Some("requires_payment_method") | None => self.session.is("expired"),
            Some(_) => false,
        };
        over && !self.captured()
    }

    /// The refunds of captured money. Money that was only held comes back as a "refund" too when it is let go.
    pub(super) fn refunds(&self) -> impl Iterator<Item = &Refund> {
        let captured = |id: &str| self.charges.iter().any(|charge| charge.id == id && charge.captured);
        self.refunds.iter().filter(move |refund| refund.charge.as_deref().is_some_and(captured))
    }

    /// # Errors
    /// When an amount is none that we could have asked for.
    pub(super) fn status(&self, now: Timestamp) -> Result<Status, NoAnswer> {
        let next = match &self.session.url {
            Some(url) if self.session.is("open") => Next::Redirect(url.clone()),
            _ => self.challenge().map_or(Next::Done, Next::Redirect),
        };
        Ok(Status { next, events: self.events(now)?, payer: self.payer(), kept: self.kept() })
    }

    /// Where a bank asks for the buyer of a payment that has no page of Stripe's.
    fn challenge(&self) -> Option<String> {
        let intent = self.session.payment_intent.as_ref().filter(|_| self.session.status.is_none())?;
        intent.challenge().map(str::to_owned)
    }

    /// The card, where the buyer wanted to pay with it again and it was paid with.
    fn kept(&self) -> Option<Kept> {
        self.session.payment_intent.as_ref()?.setup_future_usage.as_ref()?;
        let paid = self.charges.iter().rev().find(|charge| charge.status == "succeeded")?;
        let card: Card = serde_json::from_value(paid.payment_method_details.as_ref()?.get("card")?.clone()).ok()?;
        Some(Kept {
            method: Method::Card,
            token: paid.payment_method.clone()?,
            customer: Some(paid.customer.clone()?),
            brand: card.brand,
            last_four: card.last4,
            expires: Some(Month { year: card.exp_year, month: card.exp_month }),
        })
    }

    /// The fingerprint of what paid: the same card, or account of a wallet, has the same one under any name.
    fn payer(&self) -> Option<String> {
        let paid = self.charges.iter().rev().find(|charge| charge.status == "succeeded")?;
        let details = paid.payment_method_details.as_ref()?;
        let kind = details.get("type")?.as_str()?;
        details.get(kind)?.get("fingerprint")?.as_str().map(str::to_owned)
    }

    /// Stripe tells no time for capturing and closing: it is when we first saw it.
    fn events(&self, now: Timestamp) -> Result<Vec<ProviderEvent>, NoAnswer> {
        let mut events = Vec::new();
        let mut add = |kind, amount: i64, currency: &str, reference: String, at| {
            let amount = read(amount, currency)?;
            events.push(ProviderEvent { kind, amount, reference, at });
            Ok::<_, NoAnswer>(())
        };
        let holds = self.session.payment_intent.as_ref().is_some_and(|intent| intent.capture_method == "manual");
        for charge in &self.charges {
            let (id, currency, made) = (&charge.id, charge.currency.as_str(), at(charge.created));
            match charge.status.as_str() {
                "failed" => add(EventKind::Declined, charge.amount, currency, format!("{id}/failed"), made)?,
                "succeeded" => {
                    if holds {
                        add(EventKind::Authorised, charge.amount, currency, format!("{id}/authorised"), made)?;
                    }
                    if charge.captured {
                        let name = format!("{id}/captured");
                        add(EventKind::Captured, charge.amount_captured, currency, name, now)?;
                    }
                }
                _ => {}
            }
        }
        for refund in self.refunds().filter(|refund| refund.counts()) {
            let made = at(refund.created);
            add(EventKind::Refunded, refund.amount, &refund.currency, refund.id.clone(), made)?;
        }
        if self.closed() {
            let (session, name) = (&self.session, format!("{}/closed", self.session.id));
            add(EventKind::Voided, session.amount_total, &session.currency, name, now)?;
        }
        Ok(events)
    }
}

fn at(unix_secs: i64) -> Timestamp {
    Timestamp::from_unix_millis(unix_secs.saturating_mul(1_000))
}

fn read(amount: i64, currency: &str) -> Result<Money, NoAnswer> {
    from_stripe(amount, currency).ok_or_else(|| NoAnswer(format!("{amount} {currency} is no amount of ours")))
}
