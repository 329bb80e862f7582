//! The sandbox provider's own page.

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
