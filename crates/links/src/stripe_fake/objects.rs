//! Objects as Stripe writes them.

use serde_json::{Value, json};

use super::books::{Books, Charge, Disputed, Intent, Refund, Session};

impl Books {
    /// `payment_intent` is the intent's id, or the intent itself where that was asked for.
    pub(super) fn session_object(&self, session: &Session, expanded: bool) -> Value {
        let intent = session.intent.as_ref().and_then(|id| self.intents.get(id));
        let paid = intent.is_some_and(|intent| intent.status == "succeeded");
        let payment_intent = match intent {
            Some(intent) if expanded => self.intent_object(intent),
            Some(intent) => json!(intent.id),
            None => Value::Null,
        };
        let url = (session.status == "open").then(|| format!("http://{}/c/pay/{}", self.address, session.id));
        json!({
            "id": session.id, "object": "checkout.session", "amount_subtotal": session.amount,
            "amount_total": session.amount, "cancel_url": session.form.get("cancel_url"),
            "client_reference_id": session.form.get("client_reference_id"), "created": session.created,
            "currency": session.currency, "customer": null, "expires_at": session.expires_at, "livemode": false,
            "locale": session.form.get("locale"), "metadata": {"payment": session.form.get("metadata[payment]")},
            "mode": "payment", "payment_intent": payment_intent, "payment_method_types": [session.method],
            "payment_status": if paid { "paid" } else { "unpaid" }, "status": session.status,
            "success_url": session.form.get("success_url"), "ui_mode": "hosted", "url": url,
        })
    }

    pub(super) fn intent_object(&self, intent: &Intent) -> Value {
        let latest = self.charges.iter().rev().find(|charge| charge.intent == intent.id);
        let received = if intent.status == "succeeded" { intent.amount } else { 0 };
        let capturable = if intent.status == "requires_capture" { intent.amount } else { 0 };
        let challenge = format!("http://{}/c/pay/challenge/{}", self.address, intent.id);
        let action = json!({"type": "redirect_to_url", "redirect_to_url": {"url": challenge}});
        let action = (intent.status == "requires_action").then_some(action);
        json!({
            "id": intent.id, "object": "payment_intent", "amount": intent.amount, "amount_capturable": capturable,
            "amount_received": received, "canceled_at": intent.canceled_at,
            "capture_method": if intent.manual { "manual" } else { "automatic" }, "created": intent.created,
            "currency": intent.currency, "latest_charge": latest.map(|charge| &charge.id), "livemode": false,
            "metadata": intent.metadata, "next_action": action, "payment_method": intent.payment_method,
            "setup_future_usage": intent.keeps.then_some("on_session"), "status": intent.status,
        })
    }

    pub(super) fn charge_object(&self, charge: &Charge) -> Value {
        let back = |refund: &&Refund| refund.charge == charge.id && refund.counts();
        let refunded: i64 = self.refunds.iter().filter(back).map(|refund| refund.amount).sum();
        let metadata = self.intents.get(&charge.intent).map(|intent| intent.metadata.clone()).unwrap_or_default();
        let mut details = json!({"type": charge.method});
        details[&charge.method] = json!({
            "brand": "visa", "last4": "4242", "exp_month": 4, "exp_year": 2029,
            "fingerprint": charge.fingerprint, "wallet": charge.wallet.map(|wallet| json!({"type": wallet})),
        });
        json!({
            "id": charge.id, "object": "charge", "amount": charge.amount,
            "amount_captured": if charge.captured { charge.amount } else { 0 }, "amount_refunded": refunded,
            "payment_method": charge.payment_method,
            "customer": self.attached.get(&charge.payment_method).map(|kept| &kept.customer),
            "captured": charge.captured, "created": charge.created, "currency": charge.currency,
            "disputed": charge.disputed,
            "failure_code": (charge.status == "failed").then_some("card_declined"), "livemode": false,
            "metadata": metadata, "paid": charge.status == "succeeded", "payment_intent": charge.intent,
            "payment_method_details": details, "refunded": refunded == charge.amount, "status": charge.status,
        })
    }

    pub(super) fn dispute_object(&self, dispute: &Disputed) -> Value {
        json!({
            "id": dispute.id, "object": "dispute", "amount": dispute.amount, "charge": dispute.charge,
            "created": dispute.created, "currency": dispute.currency,
            "evidence_details": {"due_by": dispute.created + 604_800, "has_evidence": false, "submission_count": 0},
            "livemode": false, "metadata": {}, "payment_intent": dispute.intent, "reason": "fraudulent",
            "status": dispute.status,
        })
    }

    pub(super) fn refund_object(&self, refund: &Refund) -> Value {
        json!({
            "id": refund.id, "object": "refund", "amount": refund.amount, "charge": refund.charge,
            "created": refund.created, "currency": refund.currency, "metadata": refund.metadata,
            "payment_intent": refund.intent, "status": refund.status,
        })
    }
}
