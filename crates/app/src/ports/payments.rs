//! Payment providers. Every call may be made twice: the payment's id is the idempotency key.

use std::fmt;

use async_trait::async_trait;
use kernel::{Currency, Language, Money, PaymentId, Timestamp};
use shop::payment::{Dispute, Method, ProviderEvent, Terms};
use shop::wallet::Kept;

/// Why a provider did not answer. Whatever was asked may or may not have happened: ask again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the payment provider did not answer: {0}")]
pub struct NoAnswer(pub String);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRequest {
    pub payment: PaymentId,
    pub amount: Money,
    /// One of the provider's [`Payments::terms`] that fits the amount.
    pub method: Method,
    /// Who is paid, as the buyer reads it on the provider's page.
    pub merchant: String,
    /// The order's number, for people.
    pub order_number: String,
    /// Where the provider sends the browser afterwards.
    pub return_url: String,
    /// The language of the provider's page.
    pub language: Language,
    /// When the pieces stop being held. A provider may let the buyer pay a little longer; the order is then closed by
    /// [`Payments::void`].
    pub until: Timestamp,
    /// The buyer wants to pay so again: once they have paid, the provider keeps how, and says so in [`Status::kept`].
    pub keep: bool,
    /// Pay with what the provider keeps, without a page: the buyer is here, and has agreed. Where the bank asks for them
    /// first, there is a page after all; where it says no, there is none.
    pub using: Option<Kept>,
    /// Sandbox only: what its page would be told, without a page.
    pub sandbox: Option<SandboxOutcome>,
}

/// Where a payment begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing to do for the buyer.
    Done,
    /// The buyer's browser goes there.
    Redirect(String),
}

/// A payment as the provider tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    pub next: Next,
    /// All that happened so far, in the provider's order.
    pub events: Vec<ProviderEvent>,
    /// By what the provider knows who paid again, such as a card's fingerprint; none where it does not say, or nobody paid.
    pub payer: Option<String>,
    /// What it keeps of how this was paid, where that was asked for.
    pub kept: Option<Kept>,
}

/// What a provider's message is about, once its signature was believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Something happened to a payment: ask how it stands.
    Payment {
        /// The message's own name: the same message always carries the same one.
        event: String,
        payment: PaymentId,
    },
    /// The buyer's bank disputes a payment. How it stands was asked of the provider.
    Dispute { event: String, dispute: Dispute },
    /// Nothing of ours.
    Nothing,
}

/// Why a provider's message is not acted on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unheard {
    /// The provider did not sign it, or too long ago.
    BadSignature,
    /// It is signed, and cannot be read.
    Unreadable,
    /// It names what has to be asked of the provider first, who does not answer.
    NoAnswer(NoAnswer),
}

impl From<NoAnswer> for Unheard {
    fn from(silent: NoAnswer) -> Self {
        Self::NoAnswer(silent)
    }
}

#[async_trait]
pub trait Payments: Send + Sync + fmt::Debug {
    /// The provider's name in the ledger and in its webhook's address: `sandbox`.
    fn name(&self) -> &'static str;
    /// What it offers in this currency, in the order in which buyers see it.
    fn terms(&self, currency: Currency) -> Vec<Terms>;
    /// Opens the payment, or finds it open already.
    async fn start(&self, request: PaymentRequest) -> Result<Status, NoAnswer>;
    /// How the payment stands; `None` when the provider never heard of it.
    async fn status(&self, payment: PaymentId) -> Result<Option<Status>, NoAnswer>;
    /// Takes money that is held.
    async fn capture(&self, payment: PaymentId) -> Result<Status, NoAnswer>;
    /// Lets held money go and closes the payment for good, even one that never reached the provider. Money that was
    /// captured before stays captured, as the answer says.
    async fn void(&self, payment: PaymentId, amount: Money) -> Result<Status, NoAnswer>;
    /// Gives captured money back; `key` tells one refund from the next.
    async fn refund(&self, payment: PaymentId, amount: Money, key: &str) -> Result<Status, NoAnswer>;
    /// Lets go of a method that it keeps, by its token: nothing can be paid with it any more. What it does not know is gone
    /// already.
    async fn forget(&self, token: &str) -> Result<(), NoAnswer>;
    /// The header that its messages are signed in, in lower case.
    fn signature_header(&self) -> &'static str;
    /// Reads a message that came to the webhook. It is believed only for its signature, and only that far.
    async fn hear(&self, body: &[u8], signature: &str) -> Result<Heard, Unheard>;
}

/// What the buyer chooses on the sandbox's own page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SandboxOutcome {
    Approve,
    Decline,
    /// The bank wants to see the buyer first: the page asks again.
    Challenge,
    /// Approved, but only after a while.
    Slow,
    /// Nothing is ever heard of it.
    Never,
}

impl SandboxOutcome {
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Approve, "approve"),
        (Self::Decline, "decline"),
        (Self::Challenge, "challenge"),
        (Self::Slow, "slow"),
        (Self::Never, "never"),
    ];

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, name)| *name == text).map(|(outcome, _)| outcome)
    }
}

/// What the sandbox's page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SandboxPayment {
    pub amount: Money,
    pub merchant: String,
    /// `open`, `challenged`, `processing`, `declined`, `approved`, `voided` or `refunded`.
    pub state: &'static str,
    pub return_url: String,
    /// The sandbox's page itself.
    pub page_url: String,
}

/// The sandbox's own page: a foreign provider's, in the real world.
#[async_trait]
pub trait SandboxDesk: Send + Sync + fmt::Debug {
    async fn look(&self, payment: PaymentId) -> Result<Option<SandboxPayment>, NoAnswer>;
    async fn decide(&self, payment: PaymentId, outcome: SandboxOutcome) -> Result<Option<SandboxPayment>, NoAnswer>;
}
