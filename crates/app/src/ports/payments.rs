//! Payment providers. Every call may be made twice: the payment's id is the idempotency key.

use std::fmt;

use async_trait::async_trait;
use kernel::{Money, PaymentId};
use shop::payment::ProviderEvent;

/// Why a provider did not answer. Whatever was asked may or may not have happened: ask again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the payment provider did not answer: {0}")]
pub struct NoAnswer(pub String);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRequest {
    pub payment: PaymentId,
    pub amount: Money,
    /// Who is paid, as the buyer reads it on the provider's page.
    pub merchant: String,
    /// Where the provider sends the browser afterwards.
    pub return_url: String,
    /// Sandbox only: approve without a page.
    pub approve_at_once: bool,
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
}

#[async_trait]
pub trait Payments: Send + Sync + fmt::Debug {
    /// The provider's name in the ledger: `sandbox`.
    fn name(&self) -> &'static str;
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
}

/// The header that a webhook of the sandbox is signed in: `t=<Unix seconds>,v1=<hex of HMAC-SHA256 over "t.body">`.
pub const SANDBOX_SIGNATURE: &str = "sandbox-signature";

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
    /// Whether this webhook's body was signed by the sandbox.
    fn signed(&self, body: &[u8], signature: &str) -> bool;
}
