//! A payment provider that fails: before doing what it was asked, or after.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::memory::MemoryTill;
use app::ports::{
    Clock, Heard, Next, NoAnswer, PaymentRequest, Payments, SandboxOutcome, Status, StoreError, Till, Unheard,
};
use async_trait::async_trait;
use kernel::{Currency, Money, PaymentId, Random, Timestamp};
use shop::books::{Command, Outcome};
use shop::payment::{EventKind, ProviderEvent, Terms};

use crate::clock::VirtualClock;

#[derive(Clone, Debug)]
struct Payment {
    amount: Money,
    events: Vec<ProviderEvent>,
}

impl Payment {
    fn has(&self, kind: EventKind) -> bool {
        self.events.iter().any(|event| event.kind == kind)
    }

    fn sum(&self, kind: EventKind) -> i64 {
        self.events.iter().filter(|event| event.kind == kind).map(|event| event.amount.minor).sum()
    }

    /// Held, and neither taken nor let go.
    fn held(&self) -> bool {
        self.has(EventKind::Authorised) && !self.has(EventKind::Captured) && !self.has(EventKind::Voided)
    }

    fn add(&mut self, kind: EventKind, amount: Money, reference: String, at: Timestamp) {
        if !self.events.iter().any(|event| event.reference == reference) {
            self.events.push(ProviderEvent { kind, amount, reference, at });
        }
    }
}

#[derive(Debug)]
struct Inside {
    payments: BTreeMap<PaymentId, Payment>,
    random: Random,
    /// One call in so many fails before its effect, and as many after it; none at 0.
    fails_in: u64,
}

/// What the buyer's bank says.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Charged {
    pub(crate) captured: i64,
    pub(crate) refunded: i64,
}

#[derive(Debug)]
pub(crate) struct Provider {
    inside: Mutex<Inside>,
    clock: Arc<VirtualClock>,
}

impl Provider {
    pub(crate) fn new(random: Random, clock: Arc<VirtualClock>) -> Self {
        Self { inside: Mutex::new(Inside { payments: BTreeMap::new(), random, fails_in: 6 }), clock }
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn heal(&self) {
        self.inside().fails_in = 0;
    }

    /// The buyer decides on the provider's page, whenever they like.
    pub(crate) fn decide(&self, id: PaymentId, approve: bool) {
        let now = self.clock.now();
        let mut inside = self.inside();
        let Some(payment) = inside.payments.get_mut(&id) else { return };
        if payment.has(EventKind::Voided) {
            return;
        }
        let amount = payment.amount;
        if approve {
            payment.add(EventKind::Authorised, amount, format!("{id}-authorised"), now);
        } else if !payment.has(EventKind::Authorised) {
            let tries = payment.events.len();
            payment.add(EventKind::Declined, amount, format!("{id}-declined-{tries}"), now);
        }
    }

    pub(crate) fn charged(&self, id: PaymentId) -> Charged {
        let inside = self.inside();
        let payment = inside.payments.get(&id);
        payment.map_or(Charged::default(), |payment| Charged {
            captured: payment.sum(EventKind::Captured),
            refunded: payment.sum(EventKind::Refunded),
        })
    }

    fn fails(&self) -> bool {
        let mut inside = self.inside();
        let one_in = inside.fails_in;
        one_in > 0 && inside.random.below(one_in) == 0
    }

    /// A call: it may never arrive, and its answer may never come back. The process may die before, between or after.
    async fn call(
        &self,
        id: PaymentId,
        effect: impl FnOnce(&mut Payment, Timestamp) + Send,
    ) -> Result<Option<Status>, NoAnswer> {
        tokio::task::yield_now().await;
        if self.fails() {
            return Err(NoAnswer("lost on the way there".into()));
        }
        let found = {
            let now = self.clock.now();
            let mut inside = self.inside();
            inside.payments.get_mut(&id).map(|payment| {
                effect(payment, now);
                // Some pay with one of a few cards, and are known again by it.
                let card = id.to_string().chars().next_back().filter(|last| last.is_ascii_digit());
                let payer = card.map(|card| format!("card {card}"));
                Status { next: Next::Done, events: payment.events.clone(), payer, kept: None }
            })
        };
        tokio::task::yield_now().await;
        if self.fails() { Err(NoAnswer("lost on the way back".into())) } else { Ok(found) }
    }

    fn known(found: Option<Status>) -> Result<Status, NoAnswer> {
        found.ok_or_else(|| NoAnswer("no such payment".into()))
    }
}

#[async_trait]
impl Payments for Provider {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    fn terms(&self, _: Currency) -> Vec<Terms> {
        Vec::new()
    }

    async fn start(&self, request: PaymentRequest) -> Result<Status, NoAnswer> {
        let id = request.payment;
        self.inside().payments.entry(id).or_insert_with(|| Payment { amount: request.amount, events: Vec::new() });
        let approve = request.sandbox == Some(SandboxOutcome::Approve);
        let found = self.call(id, |payment, now| {
            if approve && !payment.has(EventKind::Voided) {
                payment.add(EventKind::Authorised, payment.amount, format!("{id}-authorised"), now);
            }
        });
        Self::known(found.await?)
    }

    async fn status(&self, payment: PaymentId) -> Result<Option<Status>, NoAnswer> {
        self.call(payment, |_, _| {}).await
    }

    async fn capture(&self, id: PaymentId) -> Result<Status, NoAnswer> {
        let found = self.call(id, |payment, now| {
            if payment.held() {
                payment.add(EventKind::Captured, payment.amount, format!("{id}-captured"), now);
            }
        });
        Self::known(found.await?)
    }

    async fn void(&self, id: PaymentId, amount: Money) -> Result<Status, NoAnswer> {
        self.inside().payments.entry(id).or_insert_with(|| Payment { amount, events: Vec::new() });
        let found = self.call(id, |payment, now| {
            if !payment.has(EventKind::Captured) {
                payment.add(EventKind::Voided, payment.amount, format!("{id}-voided"), now);
            }
        });
        Self::known(found.await?)
    }

    async fn refund(&self, id: PaymentId, amount: Money, key: &str) -> Result<Status, NoAnswer> {
        let reference = format!("{id}-{key}");
        let found = self.call(id, move |payment, now| {
            let left = payment.sum(EventKind::Captured) - payment.sum(EventKind::Refunded);
            if amount.minor <= left || payment.events.iter().any(|event| event.reference == reference) {
                payment.add(EventKind::Refunded, amount, reference, now);
            }
        });
        Self::known(found.await?)
    }

    async fn forget(&self, _: &str) -> Result<(), NoAnswer> {
        Ok(())
    }

    fn signature_header(&self) -> &'static str {
        "unsigned"
    }

    async fn hear(&self, _: &[u8], _: &str) -> Result<Heard, Unheard> {
        Err(Unheard::BadSignature)
    }
}

/// The till, with a place to die before each command and after it.
#[derive(Debug)]
pub(crate) struct ShakyTill(pub(crate) Arc<MemoryTill>);

#[async_trait]
impl Till for ShakyTill {
    async fn run(&self, command: Command) -> Result<Outcome, StoreError> {
        tokio::task::yield_now().await;
        let outcome = self.0.run(command).await;
        tokio::task::yield_now().await;
        outcome
    }
}
