//! What buyers and their banks do.

use super::books::{Attached, Books, Charge, Disputed, Fields, Intent, Session};

/// What happens on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Buys {
    /// The bank says yes at once.
    Approved,
    /// As approved, with this very card.
    With(&'static str),
    /// As approved, with the card out of a phone's wallet.
    ApplePay,
    GooglePay,
    /// The bank says no; the page stays open.
    Declined,
    /// The bank asks the buyer first (3-D Secure), who passes.
    ChallengePassed,
    /// The buyer does not pass: nothing is charged, and the page stays open.
    ChallengeFailed,
    /// The buyer closes the tab in the middle of it.
    ChallengeLeft,
    /// The bank answers later: see [`super::FakeStripe::settle_later`].
    Later,
}

impl Books {
    pub(super) fn buy(&mut self, payment: &str, how: Buys) {
        let Some(id) = self.sessions_of(payment).next().map(|session| session.id.clone()) else {
            return self.answer_challenge(payment, how);
        };
        self.expire_by_time(&id);
        let Some(session) = self.sessions.get(&id).filter(|session| session.status == "open").cloned() else { return };
        let intent = self.intent_for(&session);
        match how {
            Buys::Approved | Buys::ChallengePassed => self.approve(&intent, None),
            Buys::With(card) => {
                self.card = Some(card);
                self.approve(&intent, None);
                self.card = None;
            }
            Buys::ApplePay => self.approve(&intent, Some("apple_pay")),
            Buys::GooglePay => self.approve(&intent, Some("google_pay")),
            Buys::Declined => {
                self.charge(&intent, "failed", None);
                self.set_intent(&intent, "requires_payment_method");
            }
            Buys::ChallengeFailed => self.set_intent(&intent, "requires_payment_method"),
            Buys::ChallengeLeft => self.set_intent(&intent, "requires_action"),
            Buys::Later => {
                self.charge(&intent, "pending", None);
                self.set_intent(&intent, "processing");
                self.complete(&session.id);
            }
        }
    }

    fn intent_for(&mut self, session: &Session) -> String {
        if let Some(known) = &session.intent {
            return known.clone();
        }
        let id = self.id("pi");
        let payment = session.form.get("payment_intent_data[metadata][payment]").cloned();
        let metadata: Fields = payment.into_iter().map(|payment| ("payment".to_owned(), payment)).collect();
        let intent = Intent {
            id: id.clone(),
            session: Some(session.id.clone()),
            amount: session.amount,
            currency: session.currency.clone(),
            method: session.method.clone(),
            keeps: session.form.contains_key("payment_intent_data[setup_future_usage]"),
            payment_method: None,
            manual: session.manual,
            status: "requires_payment_method",
            metadata,
            created: self.now,
            canceled_at: None,
        };
        let object = self.intent_object(&intent);
        self.intents.insert(id.clone(), intent);
        if let Some(session) = self.sessions.get_mut(&session.id) {
            session.intent = Some(id.clone());
        }
        self.tell("payment_intent.created", object);
        id
    }

    pub(super) fn charge(&mut self, intent: &str, status: &'static str, wallet: Option<&'static str>) {
        let Some(own) = self.intents.get(intent).cloned() else { return };
        let kept =
            own.payment_method.as_ref().and_then(|id| self.attached.get(id)).map(|kept| kept.fingerprint.clone());
        let fingerprint = kept.unwrap_or_else(|| self.card.map_or_else(|| format!("own-{intent}"), str::to_owned));
        let payment_method = own.payment_method.clone().unwrap_or_else(|| self.id("pm"));
        if own.keeps && status == "succeeded" {
            let (customer, fingerprint) = (self.id("cus"), fingerprint.clone());
            self.attached.insert(payment_method.clone(), Attached { customer, fingerprint });
        }
        let charge = Charge {
            id: self.id("ch"),
            intent: intent.to_owned(),
            amount: own.amount,
            currency: own.currency,
            status,
            captured: status == "succeeded" && !own.manual,
            disputed: false,
            wallet,
            fingerprint,
            payment_method,
            method: own.method,
            created: self.now,
        };
        let object = self.charge_object(&charge);
        self.charges.push(charge);
        self.tell(&format!("charge.{status}"), object);
    }

    pub(super) fn approve(&mut self, intent: &str, wallet: Option<&'static str>) {
        let Some(own) = self.intents.get(intent).cloned() else { return };
        self.charge(intent, "succeeded", wallet);
        self.set_intent(intent, if own.manual { "requires_capture" } else { "succeeded" });
        if let Some(session) = &own.session {
            self.complete(session);
        }
    }

    /// The buyer of a payment with a kept card is asked by the bank, and answers.
    fn answer_challenge(&mut self, payment: &str, how: Buys) {
        let Some(intent) = self.intent_of(payment) else { return };
        if self.intents.get(&intent).is_none_or(|intent| intent.status != "requires_action") {
            return;
        }
        match how {
            Buys::ChallengePassed => self.approve(&intent, None),
            Buys::ChallengeFailed => self.set_intent(&intent, "requires_payment_method"),
            _ => {}
        }
    }

    fn complete(&mut self, session: &str) {
        let Some(session) = self.sessions.get_mut(session) else { return };
        session.status = "complete";
        let session = session.clone();
        let object = self.session_object(&session, false);
        self.tell("checkout.session.completed", object);
    }

    /// The bank's late answer.
    pub(super) fn settle(&mut self, payment: &str, paid: bool) {
        let Some(intent) = self.intent_of(payment) else { return };
        let Some(session) = self.sessions_of(payment).next().cloned() else { return };
        if self.intents.get(&intent).is_none_or(|intent| intent.status != "processing") {
            return;
        }
        if let Some(charge) = self.charges.iter_mut().find(|one| one.intent == intent && one.status == "pending") {
            charge.status = if paid { "succeeded" } else { "failed" };
            charge.captured = paid && !session.manual;
        }
        let held = if session.manual { "requires_capture" } else { "succeeded" };
        self.set_intent(&intent, if paid { held } else { "requires_payment_method" });
        let kind = if paid { "async_payment_succeeded" } else { "async_payment_failed" };
        let object = self.session_object(&session, false);
        self.tell(&format!("checkout.session.{kind}"), object);
    }

    /// A dispute names the charge and its intent, and has no metadata of ours.
    pub(super) fn dispute(&mut self, payment: &str) {
        let Some(intent) = self.intent_of(payment) else { return };
        let Some(charge) = self.charges.iter_mut().find(|charge| charge.intent == intent && charge.captured) else {
            return;
        };
        charge.disputed = true;
        let (charge, amount, currency) = (charge.id.clone(), charge.amount, charge.currency.clone());
        let id = self.id("dp");
        let created = self.now;
        let dispute = Disputed { id, charge, intent, amount, currency, status: "needs_response", created };
        let object = self.dispute_object(&dispute);
        self.disputes.push(dispute);
        self.tell("charge.dispute.created", object);
    }

    /// The bank decides.
    pub(super) fn end_dispute(&mut self, payment: &str, won: bool) {
        let Some(intent) = self.intent_of(payment) else { return };
        let Some(dispute) = self.disputes.iter_mut().find(|dispute| dispute.intent == intent) else { return };
        dispute.status = if won { "won" } else { "lost" };
        let dispute = dispute.clone();
        let object = self.dispute_object(&dispute);
        self.tell("charge.dispute.closed", object);
    }
}
