//! PaymentIntents, their charges, and refunds: each moves only as Stripe's do.

use serde_json::Value;

use super::books::{Books, Fields, No, Refund};

impl Books {
    pub(super) fn set_intent(&mut self, id: &str, status: &'static str) {
        let now = self.now;
        let Some(intent) = self.intents.get_mut(id) else { return };
        intent.status = status;
        if status == "canceled" {
            intent.canceled_at = Some(now);
        }
        let intent = intent.clone();
        let object = self.intent_object(&intent);
        match status {
            "canceled" => self.tell("payment_intent.canceled", object),
            "succeeded" => self.tell("payment_intent.succeeded", object),
            "requires_capture" => self.tell("payment_intent.amount_capturable_updated", object),
            "requires_action" => self.tell("payment_intent.requires_action", object),
            "processing" => self.tell("payment_intent.processing", object),
            "requires_payment_method" => self.tell("payment_intent.payment_failed", object),
            _ => {}
        }
    }

    fn wrong_state(&self, id: &str, verb: &str) -> No {
        let status = self.intents.get(id).map_or("gone", |intent| intent.status);
        let why = format!("This PaymentIntent could not be {verb} because it has a status of {status}.");
        No::bad("payment_intent_unexpected_state", why)
    }

    pub(super) fn capture(&mut self, id: &str) -> Result<Value, No> {
        let intent = self.intents.get(id).ok_or_else(|| No::missing(id))?;
        if intent.status != "requires_capture" {
            return Err(self.wrong_state(id, "captured"));
        }
        let held = |charge: &&mut super::books::Charge| charge.intent == id && charge.status == "succeeded";
        if let Some(charge) = self.charges.iter_mut().find(held) {
            charge.captured = true;
            let charge = charge.clone();
            let object = self.charge_object(&charge);
            self.tell("charge.captured", object);
        }
        self.set_intent(id, "succeeded");
        Ok(self.intent_object(&self.intents[id]))
    }

    pub(super) fn cancel(&mut self, id: &str) -> Result<Value, No> {
        let intent = self.intents.get(id).ok_or_else(|| No::missing(id))?.clone();
        if intent.session.as_ref().and_then(|id| self.sessions.get(id)).is_some_and(|session| session.status == "open")
        {
            let why = "You cannot cancel the PaymentIntent of an open Checkout Session. Expire the session instead.";
            return Err(No::bad("payment_intent_unexpected_state", why));
        }
        match intent.status {
            "requires_payment_method" | "requires_confirmation" | "requires_action" | "requires_capture" => {}
            _ => return Err(self.wrong_state(id, "canceled")),
        }
        // Money that was held comes back as a refund of a charge that was never captured.
        let held = self.charges.iter().find(|charge| charge.intent == id && charge.status == "succeeded").cloned();
        if let Some(charge) = held {
            self.give_back(&charge.id, charge.amount, "succeeded", Fields::new());
        }
        self.set_intent(id, "canceled");
        Ok(self.intent_object(&self.intents[id]))
    }

    fn give_back(&mut self, charge: &str, amount: i64, status: &'static str, metadata: Fields) -> Option<Value> {
        let charge = self.charges.iter().find(|known| known.id == charge)?.clone();
        let refund = Refund {
            id: self.id("re"),
            intent: charge.intent.clone(),
            charge: charge.id.clone(),
            amount,
            currency: charge.currency.clone(),
            status,
            metadata,
            created: self.now,
        };
        self.refunds.push(refund.clone());
        let object = self.refund_object(&refund);
        self.tell("refund.created", object.clone());
        let of = self.charge_object(&charge);
        self.tell("charge.refunded", of);
        Some(object)
    }

    pub(super) fn refund(&mut self, form: &Fields) -> Result<Value, No> {
        let missing = |name| No::bad("parameter_missing", name);
        let intent = form.get("payment_intent").ok_or_else(|| missing("payment_intent"))?;
        let amount = form.get("amount").and_then(|text| text.parse::<i64>().ok()).ok_or_else(|| missing("amount"))?;
        if !self.intents.contains_key(intent) {
            return Err(No::missing(intent));
        }
        let taken = self.charges.iter().find(|charge| &charge.intent == intent && charge.captured).cloned();
        let Some(charge) = taken else {
            return Err(No::bad("payment_intent_unexpected_state", "It has no successful charge to refund."));
        };
        if charge.disputed {
            return Err(No::bad("charge_disputed", "The charge is disputed and cannot be refunded."));
        }
        let gone: i64 = self
            .refunds
            .iter()
            .filter(|refund| refund.charge == charge.id && refund.counts())
            .map(|refund| refund.amount)
            .sum();
        if gone == charge.amount {
            return Err(No::bad("charge_already_refunded", "The charge has already been refunded."));
        }
        if amount < 1 || gone + amount > charge.amount {
            return Err(No::bad("amount_too_large", "The refund is greater than the unrefunded amount on the charge."));
        }
        let metadata: Fields = form
            .iter()
            .filter_map(|(name, value)| {
                let key = name.strip_prefix("metadata[")?.strip_suffix(']')?;
                Some((key.to_owned(), value.clone()))
            })
            .collect();
        // Cards at once; wallets of banks answer later.
        let status = if charge.method == "card" { "succeeded" } else { "pending" };
        self.give_back(&charge.id, amount, status, metadata).ok_or_else(|| No::missing(&charge.id))
    }

    pub(super) fn fail_refund(&mut self, id: &str) {
        let Some(refund) = self.refunds.iter_mut().find(|refund| refund.id == id) else { return };
        refund.status = "failed";
        let refund = refund.clone();
        let object = self.refund_object(&refund);
        self.tell("refund.failed", object);
    }
}
