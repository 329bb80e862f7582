//! Stripe as its HTTP interface behaves, for tests: sessions and intents that only move as Stripe's do, idempotency keys
//! that repeat an answer (a failure too) and refuse another body, buyers, faults, and signed messages to send as late, as
//! often and in whatever order a test likes.

mod books;
mod buyer;
mod http;
mod intents;
mod kept;
mod objects;
mod sessions;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::ports::Clock;
use kernel::PaymentId;

use crate::signed;
use books::Books;

pub use books::Fault;
pub use buyer::Buys;

/// The key that it answers to.
pub const KEY: &str = "sk_test_trunkshow";
/// What it signs its messages with.
pub const WEBHOOK_SECRET: &str = "whsec_trunkshow";

/// One message, as it lies ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub id: String,
    /// `payment_intent.succeeded` and its likes.
    pub kind: String,
    pub body: String,
}

/// A running fake. It ends with its runtime.
#[derive(Clone, Debug)]
pub struct FakeStripe {
    books: Arc<Mutex<Books>>,
    clock: Arc<dyn Clock>,
    address: SocketAddr,
}

impl FakeStripe {
    /// Listens on a free port of this machine.
    ///
    /// # Errors
    /// When none is free.
    pub async fn start(clock: Arc<dyn Clock>) -> std::io::Result<Self> {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let fake = Self { books: Arc::new(Mutex::new(Books::new(address))), clock, address };
        let router = http::router(fake.clone());
        tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the fake ended");
            }
        });
        Ok(fake)
    }

    /// What to give as Stripe's address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        let mut books = self.books.lock().unwrap_or_else(PoisonError::into_inner);
        books.now = self.clock.now().unix_secs();
        books
    }

    /// The next requests go wrong, one after the other. Faults that lose an answer wait for a request that changes something.
    pub fn fail_next(&self, faults: impl IntoIterator<Item = Fault>) {
        self.books().faults.extend(faults);
    }

    /// Nothing goes wrong any more.
    pub fn heal(&self) {
        self.books().faults.clear();
    }

    /// What the buyer does on the page that was opened for this payment; where there is none, or it is closed, nothing.
    pub fn buy(&self, payment: PaymentId, how: Buys) {
        self.books().buy(&payment.to_string(), how);
    }

    /// What the bank says to the next payments with kept cards, one after the other: [`Buys::Declined`], or a challenge, which
    /// [`Self::buy`] answers.
    pub fn banks_say(&self, how: impl IntoIterator<Item = Buys>) {
        self.books().confirms.extend(how);
    }

    /// Cards that are kept.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.books().attached.len()
    }

    /// What the bank had said it would tell later. `paid` is what it tells.
    pub fn settle_later(&self, payment: PaymentId, paid: bool) {
        self.books().settle(&payment.to_string(), paid);
    }

    /// A refund that was on its way comes back: the buyer's account is gone.
    pub fn fail_refund(&self, refund: &str) {
        self.books().fail_refund(refund);
    }

    /// The buyer's bank takes the money back for now.
    pub fn dispute(&self, payment: PaymentId) {
        self.books().dispute(&payment.to_string());
    }

    /// The bank decides the dispute.
    pub fn end_dispute(&self, payment: PaymentId, won: bool) {
        self.books().end_dispute(&payment.to_string(), won);
    }

    /// What the buyer's bank says was (charged, given back), in the currency's Stripe units.
    #[must_use]
    pub fn charged(&self, payment: PaymentId) -> (i64, i64) {
        self.books().charged(&payment.to_string())
    }

    /// Sessions that were opened for this payment.
    #[must_use]
    pub fn opened(&self, payment: PaymentId) -> usize {
        self.books().sessions_of(&payment.to_string()).count()
    }

    /// The form that opened this payment, field by field.
    #[must_use]
    pub fn form(&self, payment: PaymentId) -> std::collections::BTreeMap<String, String> {
        let books = self.books();
        books.sessions_of(&payment.to_string()).next().map(|session| session.form.clone()).unwrap_or_default()
    }

    /// Every message so far, oldest first.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.books().messages.clone()
    }

    /// The value of `Stripe-Signature` for a body that is sent now, under the secret and under one that is being retired.
    #[must_use]
    pub fn signature(&self, body: &str) -> String {
        let secs = self.clock.now().unix_secs();
        let retired = signed::sign(b"whsec_retired", secs, body.as_bytes());
        let retired = retired.split_once(',').map_or("", |(_, v1)| v1);
        format!("{},{retired},v0=0", signed::sign(WEBHOOK_SECRET.as_bytes(), secs, body.as_bytes()))
    }
}
