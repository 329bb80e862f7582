//! Stripe: buyers pay on its page; money is held and then taken where the method can hold; what happened is asked of it,
//! never believed from a message.
//!
//! A payment is one Checkout Session, or with a card that Stripe keeps one PaymentIntent. Its name is noted before a buyer is sent there, so that a payment without a note was
//! never opened, and one without a name was never shown to anybody and cannot have been paid.

mod disputes;
mod event;
mod http;
mod money;
mod object;
mod secret;
mod session;
mod standing;

use std::sync::Arc;

use app::ports::{
    Clock, Heard, Next, NoAnswer, PaymentNote, PaymentNotes, PaymentRequest, Payments, Status, StoreError, Unheard,
};
use async_trait::async_trait;
use kernel::{Currency, Money, PaymentId, Timestamp};
use serde::de::DeserializeOwned;
use shop::payment::{EventKind, Method, ProviderEvent, Terms};
use shop::wallet::Kept;

use crate::signed;
use event::About;
use http::{Api, Form, Refusal};
use object::{Charge, Intent, List, PAYMENT, Refund, Session};
use standing::Standing;

#[cfg(any(test, feature = "conformance"))]
pub(crate) use http::API_VERSION;
pub use secret::Secret;

const NAME: &str = "stripe";
/// What the name of an intent begins with: a payment with a kept card has no session, and is noted by its intent.
const INTENT: &str = "pi_";
/// Pages of a list that are read, of a hundred each. More attempts at one payment are nobody's.
const MAX_PAGES: usize = 10;
/// Closing takes two steps at most; a third look sees what a buyer did meanwhile.
const CLOSING_STEPS: usize = 4;
/// A refund that the bank sent back is tried again so often; after that somebody has to talk to the buyer.
const MAX_FAILED_REFUNDS: usize = 3;

#[derive(Clone, Debug)]
pub struct StripeSettings {
    /// `https://api.stripe.com`.
    pub url: String,
    /// `sk_…` or `rk_…`.
    pub key: Secret,
    /// `whsec_…`; several while they are changed.
    pub webhook_secrets: Vec<Secret>,
    /// What the account may take, in the order in which buyers see it.
    pub methods: Vec<Method>,
}

/// See the module.
#[derive(Debug)]
pub struct Stripe {
    api: Api,
    webhook_secrets: Vec<Secret>,
    methods: Vec<Method>,
    clock: Arc<dyn Clock>,
    notes: Arc<dyn PaymentNotes>,
}

fn unwritten(error: StoreError) -> NoAnswer {
    NoAnswer(format!("the payment's note: {error}"))
}

impl Stripe {
    /// Reads the settings; connects to nothing yet.
    ///
    /// # Errors
    /// When this machine cannot speak TLS: it has no certificates to trust.
    pub fn new(
        settings: StripeSettings,
        clock: Arc<dyn Clock>,
        notes: Arc<dyn PaymentNotes>,
    ) -> Result<Self, NoAnswer> {
        let api = Api::new(&settings.url, settings.key).map_err(|error| NoAnswer(error.to_string()))?;
        Ok(Self { api, webhook_secrets: settings.webhook_secrets, methods: settings.methods, clock, notes })
    }

    async fn note(&self, payment: PaymentId) -> Result<PaymentNote, NoAnswer> {
        let note = self.notes.note(payment).await.map_err(unwritten)?;
        note.ok_or_else(|| NoAnswer(format!("no payment {payment}")))
    }

    async fn standing(&self, session: &str) -> Result<Standing, NoAnswer> {
        let session: Session = if session.starts_with(INTENT) {
            self.api.get::<Intent>(&format!("/v1/payment_intents/{session}"), &Form::new()).await?.into()
        } else {
            let expand: Form = vec![("expand[0]", "payment_intent".into())];
            self.api.get(&format!("/v1/checkout/sessions/{session}"), &expand).await?
        };
        let Some(intent) = &session.payment_intent else {
            return Ok(Standing { session, charges: Vec::new(), refunds: Vec::new() });
        };
        let charges: Vec<Charge> = self.list("/v1/charges", &intent.id, |charge: &Charge| charge.id.clone()).await?;
        let refunds = if charges.iter().any(|charge| charge.captured) {
            self.list("/v1/refunds", &intent.id, |refund: &Refund| refund.id.clone()).await?
        } else {
            Vec::new()
        };
        Ok(Standing { session, charges, refunds })
    }

    /// Everything of one kind that belongs to an intent, oldest first.
    async fn list<T: DeserializeOwned>(
        &self,
        path: &str,
        intent: &str,
        id: impl Fn(&T) -> String,
    ) -> Result<Vec<T>, NoAnswer> {
        let mut found: Vec<T> = Vec::new();
        for _ in 0..MAX_PAGES {
            let mut query: Form = vec![("payment_intent", intent.to_owned()), ("limit", "100".into())];
            query.extend(found.last().map(|last| ("starting_after", id(last))));
            let page: List<T> = self.api.get(path, &query).await?;
            let more = page.has_more && !page.data.is_empty();
            found.extend(page.data);
            if !more {
                found.reverse();
                return Ok(found);
            }
        }
        Err(NoAnswer(format!("{intent} has more of {path} than anybody reads")))
    }

    async fn told(&self, note: &PaymentNote) -> Result<Status, NoAnswer> {
        match &note.reference {
            Some(session) => self.standing(session).await?.status(self.clock.now()),
            None => Ok(unnamed(note)),
        }
    }

    /// Asks Stripe to change what stands; where it says no, something else has changed it already.
    async fn change(&self, payment: PaymentId, what: &str, path: &str) -> Result<(), NoAnswer> {
        // None of these does more when it is done twice. An answer is repeated under its key for a day, be it a failure of
        // Stripe's own: the next minute asks anew.
        let key = format!("{payment}/{what}/{}", self.clock.now().unix_secs() / 60);
        match self.api.post::<serde_json::Value>(path, &Form::new(), &key).await {
            Ok(_) => Ok(()),
            Err(Refusal::Said(why)) => {
                tracing::debug!(%payment, what, why, "Stripe did not");
                Ok(())
            }
            Err(silent) => Err(silent.into()),
        }
    }

    /// The one step that brings a payment nearer to being closed; false when there is none.
    async fn close_further(&self, payment: PaymentId, standing: &Standing) -> Result<bool, NoAnswer> {
        let session = &standing.session;
        if session.is("open") {
            self.change(payment, "expire", &format!("/v1/checkout/sessions/{}/expire", session.id)).await?;
            return Ok(true);
        }
        match &session.payment_intent {
            Some(intent) if intent.cancellable() => {
                let (what, path) =
                    (format!("cancel/{}", intent.status), format!("/v1/payment_intents/{}/cancel", intent.id));
                self.change(payment, &what, &path).await?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}

/// A kept card that is gone says no, always under the same name.
fn unknown_card(request: &PaymentRequest, note: &PaymentNote) -> Status {
    let reference = format!("{}/no-card", request.payment);
    let no = ProviderEvent { kind: EventKind::Declined, amount: request.amount, reference, at: note.opened_at };
    Status { next: Next::Done, events: vec![no], payer: None, kept: None }
}

/// A payment that Stripe has not named: closed by us, or being opened.
fn unnamed(note: &PaymentNote) -> Status {
    let closed = |at: Timestamp| ProviderEvent {
        kind: EventKind::Voided,
        amount: note.amount,
        reference: format!("{}/closed", note.payment),
        at,
    };
    Status { next: Next::Done, events: note.closed_at.map(closed).into_iter().collect(), payer: None, kept: None }
}

#[async_trait]
impl Payments for Stripe {
    fn name(&self) -> &'static str {
        NAME
    }

    fn terms(&self, currency: Currency) -> Vec<Terms> {
        money::terms(&self.methods, currency)
    }

    async fn start(&self, request: PaymentRequest) -> Result<Status, NoAnswer> {
        let payment = request.payment;
        let amount = money::to_stripe(request.amount).ok_or_else(|| NoAnswer("too fine for Stripe".into()))?;
        let note = PaymentNote {
            payment,
            provider: NAME.into(),
            amount: request.amount,
            method: Some(request.method),
            opened_at: self.clock.now(),
            reference: None,
            closed_at: None,
        };
        let note = self.notes.begin(note).await.map_err(unwritten)?;
        if let Some(kept) = &request.using {
            return self.start_with(&request, kept, note, amount).await;
        }
        if note.reference.is_some() || note.closed_at.is_some() {
            return self.told(&note).await;
        }
        let form = session::form(&request, &note, amount);
        let session: Session = self.api.post("/v1/checkout/sessions", &form, &format!("{payment}/open")).await?;
        let named = self.notes.name(payment, &session.id).await.map_err(unwritten)?.unwrap_or(note);
        let standing = Standing { session, charges: Vec::new(), refunds: Vec::new() };
        if named.reference.as_ref() == Some(&standing.session.id) {
            return standing.status(self.clock.now());
        }
        // It was closed while Stripe was answering. Nobody has seen the page, which ends by itself if this is not heard.
        if let Err(silent) = self.close_further(payment, &standing).await {
            tracing::warn!(%payment, %silent, "a page that nobody saw stays open for a while");
        }
        self.told(&named).await
    }

    async fn status(&self, payment: PaymentId) -> Result<Option<Status>, NoAnswer> {
        match self.notes.note(payment).await.map_err(unwritten)? {
            Some(note) => self.told(&note).await.map(Some),
            None => Ok(None),
        }
    }

    async fn capture(&self, payment: PaymentId) -> Result<Status, NoAnswer> {
        let note = self.note(payment).await?;
        let Some(session) = &note.reference else { return Ok(unnamed(&note)) };
        let standing = self.standing(session).await?;
        match &standing.session.payment_intent {
            Some(intent) if intent.status == "requires_capture" => {
                self.change(payment, "capture", &format!("/v1/payment_intents/{}/capture", intent.id)).await?;
                self.told(&note).await
            }
            _ => standing.status(self.clock.now()),
        }
    }

    async fn void(&self, payment: PaymentId, amount: Money) -> Result<Status, NoAnswer> {
        let now = self.clock.now();
        let unopened = PaymentNote {
            payment,
            provider: NAME.into(),
            amount,
            method: None,
            opened_at: now,
            reference: None,
            closed_at: Some(now),
        };
        let known = self.notes.begin(unopened).await.map_err(unwritten)?;
        let note = self.notes.close(payment, now).await.map_err(unwritten)?.unwrap_or(known);
        let Some(session) = &note.reference else { return Ok(unnamed(&note)) };
        for _ in 0..CLOSING_STEPS {
            let standing = self.standing(session).await?;
            if standing.captured() || standing.closed() || !self.close_further(payment, &standing).await? {
                return standing.status(self.clock.now());
            }
        }
        Err(NoAnswer(format!("{session} does not close")))
    }

    async fn refund(&self, payment: PaymentId, amount: Money, key: &str) -> Result<Status, NoAnswer> {
        let note = self.note(payment).await?;
        let session = note.reference.as_ref().ok_or_else(|| NoAnswer(format!("{payment} took no money")))?;
        let standing = self.standing(session).await?;
        let ours: Vec<&Refund> = standing.refunds().filter(|refund| refund.has_key(key)).collect();
        if ours.iter().any(|refund| refund.counts()) {
            return standing.status(self.clock.now());
        }
        if ours.len() >= MAX_FAILED_REFUNDS {
            return Err(NoAnswer(format!("the refund {key} of {payment} fails: pay it back by hand")));
        }
        let intent = standing.session.payment_intent.as_ref().filter(|_| standing.captured());
        let intent = intent.ok_or_else(|| NoAnswer(format!("{payment} took no money")))?;
        let theirs = money::to_stripe(amount).ok_or_else(|| NoAnswer("too fine for Stripe".into()))?;
        let form: Form = vec![
            ("payment_intent", intent.id.clone()),
            ("amount", theirs.to_string()),
            ("metadata[payment]", payment.to_string()),
            ("metadata[refund_key]", key.to_owned()),
        ];
        let once = format!("{payment}/{key}/{}", ours.len());
        let _refund: Refund = self.api.post("/v1/refunds", &form, &once).await?;
        self.told(&note).await
    }

    async fn forget(&self, token: &str) -> Result<(), NoAnswer> {
        let path = format!("/v1/payment_methods/{token}/detach");
        match self.api.post::<serde_json::Value>(&path, &Form::new(), &format!("{token}/detach")).await {
            // What it does not know, or has let go before, is gone.
            Ok(_) | Err(Refusal::Said(_)) => Ok(()),
            Err(silent) => Err(silent.into()),
        }
    }

    fn signature_header(&self) -> &'static str {
        "stripe-signature"
    }

    async fn hear(&self, body: &[u8], signature: &str) -> Result<Heard, Unheard> {
        let now = self.clock.now();
        let signed = |secret: &Secret| signed::verify(secret.reveal().as_bytes(), body, signature, now);
        if !self.webhook_secrets.iter().any(signed) {
            return Err(Unheard::BadSignature);
        }
        let told = event::read(body).ok_or(Unheard::Unreadable)?;
        let event = told.id;
        let heard = match told.about {
            About::Payment(payment) => Some(Heard::Payment { event, payment }),
            About::Intent(id) => self.whose(&id).await?.map(|payment| Heard::Payment { event, payment }),
            About::Dispute(id) => self.dispute(&id).await?.map(|dispute| Heard::Dispute { event, dispute }),
            About::Nothing => None,
        };
        Ok(heard.unwrap_or(Heard::Nothing))
    }
}

impl Stripe {
    /// A payment with a kept card. The intent is named before it is confirmed, so that no money can move that we do not know
    /// of; asked again, whatever of the two is missing is done.
    async fn start_with(
        &self,
        request: &PaymentRequest,
        kept: &Kept,
        note: PaymentNote,
        amount: i64,
    ) -> Result<Status, NoAnswer> {
        let payment = request.payment;
        let mut note = note;
        if note.reference.is_none() && note.closed_at.is_none() {
            let form = session::kept_form(request, kept, amount);
            match self.api.post::<Intent>("/v1/payment_intents", &form, &format!("{payment}/open")).await {
                Ok(intent) => note = self.notes.name(payment, &intent.id).await.map_err(unwritten)?.unwrap_or(note),
                // It keeps no such card any more: nothing was opened, and nothing will be.
                Err(Refusal::Said(why)) => {
                    tracing::info!(%payment, why, "Stripe does not know the kept card");
                    return Ok(unknown_card(request, &note));
                }
                Err(silent) => return Err(silent.into()),
            }
        }
        let Some(intent) = &note.reference else { return Ok(unnamed(&note)) };
        if self
            .standing(intent)
            .await?
            .session
            .payment_intent
            .is_some_and(|found| found.status == "requires_confirmation")
        {
            let path = format!("/v1/payment_intents/{intent}/confirm");
            let said =
                self.api.post::<Intent>(&path, &session::confirmation(request), &format!("{payment}/confirm")).await;
            // A bank that says no is told by how the payment stands.
            if let Err(Refusal::Silent(why)) = said {
                return Err(NoAnswer(why));
            }
        }
        self.told(&note).await
    }

    /// Whose an intent is; nobody's where something else than this house opened it.
    async fn whose(&self, intent: &str) -> Result<Option<PaymentId>, NoAnswer> {
        match self.api.get::<Intent>(&format!("/v1/payment_intents/{intent}"), &Form::new()).await {
            Ok(intent) => Ok(intent.metadata.get(PAYMENT).and_then(|text| text.parse().ok())),
            Err(Refusal::Said(_)) => Ok(None),
            Err(silent) => Err(silent.into()),
        }
    }
}
