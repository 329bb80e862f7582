//! A payment provider for trying things out. It behaves as a foreign one would: it keeps its own books in its own file,
//! has a page of its own, answers late or never when told to, and signs its webhooks.

mod book;
mod journal;
mod webhook;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use app::ports::{
    Clock, Heard, Next, NoAnswer, PaymentRequest, Payments, SandboxDesk, SandboxOutcome, SandboxPayment, Status,
    Unheard,
};
use async_trait::async_trait;
use kernel::{Currency, Money, PaymentId};
use shop::payment::{Flow, Method, Taking, Terms};

use book::{CARD, Happened, Line, Payment};

use crate::signed;

/// The sandbox remembers so many payments; past it, it forgets the oldest of those that are over.
const MAX_PAYMENTS: usize = 200_000;

/// Where the sandbox lives and whom it tells.
#[derive(Clone, Debug)]
pub struct SandboxSettings {
    /// Its own file. What was answered is written first, so it outlives a killed process (not a power cut).
    pub file: PathBuf,
    /// The house's address, under which the sandbox's page is shown.
    pub public_url: String,
    /// Where its webhooks go; none are sent without.
    pub webhook: Option<SocketAddr>,
    /// Signs webhooks.
    pub secret: [u8; 32],
}

#[derive(Debug)]
struct Books {
    payments: BTreeMap<PaymentId, Payment>,
    journal: File,
    most: usize,
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Sandbox {
    settings: SandboxSettings,
    clock: Arc<dyn Clock>,
    books: Arc<Mutex<Books>>,
}

impl Sandbox {
    /// Opens its file, or begins one, and leaves out of it what is forgotten: the file stays bounded by what is
    /// remembered. A last line that a crash cut off is as if never written.
    pub fn open(settings: SandboxSettings, clock: Arc<dyn Clock>) -> std::io::Result<Self> {
        Self::open_with(settings, clock, MAX_PAYMENTS)
    }

    fn open_with(settings: SandboxSettings, clock: Arc<dyn Clock>, most: usize) -> std::io::Result<Self> {
        let (payments, journal) = journal::open(&settings.file, most)?;
        let books = Arc::new(Mutex::new(Books { payments, journal, most }));
        Ok(Self { settings, clock, books })
    }

    fn page(&self, payment: PaymentId) -> String {
        format!("{}/sandbox/pay/{payment}", self.settings.public_url)
    }

    fn status_of(&self, id: PaymentId, payment: &Payment) -> Status {
        let events = payment.events(id, self.clock.now());
        let next = if payment.undecided() { Next::Redirect(self.page(id)) } else { Next::Done };
        Status { next, events, payer: None, kept: payment.kept(id, self.clock.now()) }
    }

    /// Writes what happened to one payment and answers how it stands. `with` says what happens, if anything.
    fn write(
        &self,
        id: PaymentId,
        with: impl FnOnce(Option<&Payment>) -> Vec<Happened>,
    ) -> Result<Option<Payment>, NoAnswer> {
        let mut books = self.books.lock().unwrap_or_else(PoisonError::into_inner);
        let at = self.clock.now();
        let lines: Vec<Line> =
            with(books.payments.get(&id)).into_iter().map(|what| Line { payment: id, at, what }).collect();
        let mut text = Vec::new();
        for line in &lines {
            serde_json::to_writer(&mut text, line).map_err(|error| NoAnswer(error.to_string()))?;
            text.push(b'\n');
        }
        if !text.is_empty() {
            books.journal.write_all(&text).map_err(|error| NoAnswer(error.to_string()))?;
        }
        let most = books.most;
        lines.into_iter().for_each(|line| journal::apply(&mut books.payments, line, most));
        Ok(books.payments.get(&id).cloned())
    }

    fn known(&self, id: PaymentId, with: impl FnOnce(&Payment) -> Option<Happened>) -> Result<Status, NoAnswer> {
        let payment = self.write(id, |known| known.and_then(with).into_iter().collect())?;
        let payment = payment.ok_or_else(|| NoAnswer(format!("no payment {id}")))?;
        Ok(self.status_of(id, &payment))
    }

    /// The payment that a card was kept with, while it is.
    fn card(&self, token: &str) -> Option<PaymentId> {
        let payment: PaymentId = token.strip_prefix(CARD)?.parse().ok()?;
        let books = self.books.lock().unwrap_or_else(PoisonError::into_inner);
        books.payments.get(&payment).filter(|known| known.keeps()).map(|_| payment)
    }

    fn shown(&self, id: PaymentId, payment: &Payment) -> SandboxPayment {
        SandboxPayment {
            amount: payment.amount,
            merchant: payment.merchant.clone(),
            state: payment.state(self.clock.now()),
            return_url: payment.return_url.clone(),
            page_url: self.page(id),
        }
    }
}

impl From<SandboxOutcome> for Happened {
    fn from(outcome: SandboxOutcome) -> Self {
        match outcome {
            SandboxOutcome::Approve => Self::Approved,
            SandboxOutcome::Decline => Self::Declined,
            SandboxOutcome::Challenge => Self::Challenged,
            SandboxOutcome::Slow => Self::Slowed,
            SandboxOutcome::Never => Self::Forgotten,
        }
    }
}

#[async_trait]
impl Payments for Sandbox {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    /// Everything in every currency, so that whatever the shop can price can be tried.
    fn terms(&self, currency: Currency) -> Vec<Terms> {
        vec![Terms {
            method: Method::Sandbox,
            flow: Flow::Redirect,
            taking: Taking::HoldThenCapture,
            refund_days: None,
            least: Money::zero(currency),
            most: Money::new(i64::MAX, currency),
            step: 1,
        }]
    }

    async fn start(&self, request: PaymentRequest) -> Result<Status, NoAnswer> {
        let id = request.payment;
        let by_card = request.using.as_ref().map(|kept| self.card(&kept.token).is_some());
        let payment = self.write(id, |known| {
            let mut happened = Vec::new();
            if known.is_none() {
                let (merchant, return_url, keep) = (request.merchant, request.return_url, request.keep);
                happened.push(Happened::Opened { amount: request.amount, merchant, return_url, keep });
                let outcome = match by_card {
                    None => request.sandbox,
                    Some(true) => Some(request.sandbox.unwrap_or(SandboxOutcome::Approve)),
                    // It keeps no such card.
                    Some(false) => Some(SandboxOutcome::Decline),
                };
                happened.extend(outcome.map(Into::into));
            }
            happened
        })?;
        let payment = payment.ok_or_else(|| NoAnswer("the payment was not opened".into()))?;
        Ok(self.status_of(id, &payment))
    }

    async fn status(&self, payment: PaymentId) -> Result<Option<Status>, NoAnswer> {
        let found = self.write(payment, |_| Vec::new())?;
        Ok(found.map(|found| self.status_of(payment, &found)))
    }

    async fn capture(&self, payment: PaymentId) -> Result<Status, NoAnswer> {
        let now = self.clock.now();
        self.known(payment, |known| known.can_capture(now).then_some(Happened::Captured))
    }

    async fn void(&self, payment: PaymentId, amount: Money) -> Result<Status, NoAnswer> {
        let closed = self.write(payment, |known| match known {
            Some(known) => known.can_void().then_some(Happened::Voided).into_iter().collect(),
            None => {
                let (merchant, return_url) = (String::new(), String::new());
                let opened = Happened::Opened { amount, merchant, return_url, keep: false };
                vec![opened, Happened::Voided]
            }
        })?;
        let closed = closed.ok_or_else(|| NoAnswer("the payment was not closed".into()))?;
        Ok(self.status_of(payment, &closed))
    }

    async fn refund(&self, payment: PaymentId, amount: Money, key: &str) -> Result<Status, NoAnswer> {
        let refunded = Happened::Refunded { amount, key: key.to_owned() };
        self.known(payment, |known| known.can_refund(amount, key).then_some(refunded))
    }

    async fn forget(&self, token: &str) -> Result<(), NoAnswer> {
        let Some(payment) = self.card(token) else { return Ok(()) };
        self.write(payment, |known| known.map(|_| Happened::LetGo).into_iter().collect()).map(drop)
    }

    fn signature_header(&self) -> &'static str {
        webhook::SIGNATURE
    }

    async fn hear(&self, body: &[u8], signature: &str) -> Result<Heard, Unheard> {
        if !signed::verify(&self.settings.secret, body, signature, self.clock.now()) {
            return Err(Unheard::BadSignature);
        }
        let told: webhook::Told = serde_json::from_slice(body).map_err(|_| Unheard::Unreadable)?;
        Ok(Heard::Payment { event: told.id, payment: told.payment })
    }
}

#[async_trait]
impl SandboxDesk for Sandbox {
    async fn look(&self, payment: PaymentId) -> Result<Option<SandboxPayment>, NoAnswer> {
        let found = self.write(payment, |_| Vec::new())?;
        Ok(found.map(|found| self.shown(payment, &found)))
    }

    async fn decide(&self, payment: PaymentId, outcome: SandboxOutcome) -> Result<Option<SandboxPayment>, NoAnswer> {
        let decided = self.write(payment, |known| {
            let open = known.is_some_and(Payment::undecided);
            open.then(|| outcome.into()).into_iter().collect()
        })?;
        if let (Some(at), Some(wait)) = (self.settings.webhook, webhook::after(outcome)) {
            tokio::spawn(webhook::tell(at, self.settings.secret, Arc::clone(&self.clock), payment, wait));
        }
        Ok(decided.map(|found| self.shown(payment, &found)))
    }
}

#[cfg(test)]
mod tests;
