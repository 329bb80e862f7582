//! What stands behind each provider.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use app::conformance::payments::Bank;
use app::memory::MemoryPaymentNotes;
use app::ports::{Clock, Heard, NoAnswer, PaymentRequest, Payments, SandboxDesk, SandboxOutcome, Status, Unheard};
use async_trait::async_trait;
use kernel::{Currency, Millis, Money, PaymentId, Timestamp};
use links::stripe_fake::{Buys, FakeStripe, Fault, KEY, WEBHOOK_SECRET};
use links::{Sandbox, SandboxSettings, Secret, Stripe, StripeSettings};
use shop::payment::{EventKind, Method, Terms};

const START: Timestamp = Timestamp::from_unix_millis(1_795_348_800_000);

#[derive(Debug)]
pub struct HandClock(AtomicI64);

impl Default for HandClock {
    fn default() -> Self {
        Self(AtomicI64::new(START.unix_micros()))
    }
}

impl HandClock {
    pub fn pass(&self, span: Millis) {
        self.0.fetch_add(span.0 * 1_000, Ordering::Relaxed);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_micros(self.0.load(Ordering::Relaxed))
    }
}

/// Loses the answer of one call after it had its effect.
#[derive(Debug)]
struct Lossy(Sandbox, AtomicBool);

impl Lossy {
    fn back<T>(&self, answer: Result<T, NoAnswer>) -> Result<T, NoAnswer> {
        if self.1.swap(false, Ordering::Relaxed) { Err(NoAnswer("lost on the way back".into())) } else { answer }
    }
}

#[async_trait]
impl Payments for Lossy {
    fn name(&self) -> &'static str {
        self.0.name()
    }
    fn terms(&self, currency: Currency) -> Vec<Terms> {
        self.0.terms(currency)
    }
    async fn start(&self, request: PaymentRequest) -> Result<Status, NoAnswer> {
        self.back(self.0.start(request).await)
    }
    async fn status(&self, payment: PaymentId) -> Result<Option<Status>, NoAnswer> {
        self.0.status(payment).await
    }
    async fn capture(&self, payment: PaymentId) -> Result<Status, NoAnswer> {
        self.back(self.0.capture(payment).await)
    }
    async fn void(&self, payment: PaymentId, amount: Money) -> Result<Status, NoAnswer> {
        self.back(self.0.void(payment, amount).await)
    }
    async fn refund(&self, payment: PaymentId, amount: Money, key: &str) -> Result<Status, NoAnswer> {
        self.back(self.0.refund(payment, amount, key).await)
    }
    async fn forget(&self, token: &str) -> Result<(), NoAnswer> {
        self.0.forget(token).await
    }
    fn signature_header(&self) -> &'static str {
        self.0.signature_header()
    }
    async fn hear(&self, body: &[u8], signature: &str) -> Result<Heard, Unheard> {
        self.0.hear(body, signature).await
    }
}

pub struct SandboxBank {
    sandbox: Sandbox,
    lossy: Arc<Lossy>,
    clock: Arc<HandClock>,
    _folder: tempfile::TempDir,
}

impl SandboxBank {
    pub fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(HandClock::default());
        let settings = SandboxSettings {
            file: folder.path().join("sandbox.jsonl"),
            public_url: "https://shop.example".into(),
            webhook: None,
            secret: [1; 32],
        };
        let sandbox = Sandbox::open(settings, clock.clone()).expect("the sandbox opens");
        let lossy = Arc::new(Lossy(sandbox.clone(), AtomicBool::new(false)));
        Self { sandbox, lossy, clock, _folder: folder }
    }
}

#[async_trait]
impl Bank for SandboxBank {
    fn payments(&self) -> Arc<dyn Payments> {
        self.lossy.clone()
    }
    fn method(&self) -> Method {
        Method::Sandbox
    }
    fn now(&self) -> Timestamp {
        self.clock.now()
    }
    async fn decide(&self, payment: PaymentId, approve: bool) {
        let outcome = if approve { SandboxOutcome::Approve } else { SandboxOutcome::Decline };
        self.sandbox.decide(payment, outcome).await.expect("the page answers");
    }
    async fn charged(&self, payment: PaymentId) -> (i64, i64) {
        let events = self.sandbox.status(payment).await.expect("answers").map(|status| status.events);
        let sum = |kind| {
            let of_kind = events.iter().flatten().filter(|event| event.kind == kind);
            of_kind.map(|event| event.amount.minor).sum()
        };
        (sum(EventKind::Captured), sum(EventKind::Refunded))
    }
    fn lose_next_answer(&self) {
        self.lossy.1.store(true, Ordering::Relaxed);
    }
}

pub struct StripeBank {
    pub fake: FakeStripe,
    pub stripe: Arc<Stripe>,
    pub clock: Arc<HandClock>,
    method: Method,
}

impl StripeBank {
    pub async fn open(method: Method) -> Self {
        let clock = Arc::new(HandClock::default());
        let fake = FakeStripe::start(clock.clone()).await.expect("the fake listens");
        let settings = StripeSettings {
            url: fake.url(),
            key: Secret::new(KEY),
            webhook_secrets: vec![Secret::new("whsec_next"), Secret::new(WEBHOOK_SECRET)],
            methods: vec![Method::Card, Method::Alipay, Method::WechatPay],
        };
        let notes = Arc::new(MemoryPaymentNotes::default());
        let stripe = Arc::new(Stripe::new(settings, clock.clone(), notes).expect("certificates"));
        Self { fake, stripe, clock, method }
    }
}

#[async_trait]
impl Bank for StripeBank {
    fn payments(&self) -> Arc<dyn Payments> {
        self.stripe.clone()
    }
    fn method(&self) -> Method {
        self.method
    }
    fn now(&self) -> Timestamp {
        self.clock.now()
    }
    async fn decide(&self, payment: PaymentId, approve: bool) {
        self.fake.buy(payment, if approve { Buys::Approved } else { Buys::Declined });
    }
    async fn charged(&self, payment: PaymentId) -> (i64, i64) {
        self.fake.charged(payment)
    }
    fn lose_next_answer(&self) {
        self.fake.fail_next([Fault::AnswerLost]);
    }
}
