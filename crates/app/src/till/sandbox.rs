//! The sandbox provider's own page and its webhook.

use kernel::PaymentId;

use crate::ports::{NoAnswer, SandboxDesk, SandboxOutcome, SandboxPayment};
use crate::{App, Code, Problem};

fn desk(app: &App) -> Result<&dyn SandboxDesk, Problem> {
    app.till.sandbox.as_deref().ok_or_else(|| Code::NotFound.into())
}

fn silent(error: NoAnswer) -> Problem {
    Problem { cause: Some(error.to_string()), ..Problem::from(Code::PaymentUnavailable) }
}

/// What the page shows.
pub async fn look(app: &App, payment: PaymentId) -> Result<SandboxPayment, Problem> {
    desk(app)?.look(payment).await.map_err(silent)?.ok_or_else(|| Code::NotFound.into())
}

/// What the buyer pressed.
pub async fn decide(app: &App, payment: PaymentId, outcome: SandboxOutcome) -> Result<SandboxPayment, Problem> {
    desk(app)?.decide(payment, outcome).await.map_err(silent)?.ok_or_else(|| Code::NotFound.into())
}

/// The provider says that something happened to a payment. The message is believed only for its signature, and only
/// that far: what happened is asked of the provider.
pub async fn webhook(app: &App, body: &[u8], signature: &str) -> Result<(), Problem> {
    #[derive(serde::Deserialize)]
    struct Message {
        payment: PaymentId,
    }
    if !desk(app)?.signed(body, signature) {
        return Err(Code::BadSignature.into());
    }
    let message: Message = serde_json::from_slice(body).map_err(|_| Code::BadRequest)?;
    let order = app.till.orders().by_payment(message.payment).await?.ok_or(Code::NotFound)?;
    app.till.desk.complete(order).await.map(drop)
}
