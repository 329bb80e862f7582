//! The sandbox provider's page.

use app::Problem;
use app::ports::SandboxOutcome;
use app::till::sandbox;
use axum::extract::State;
use kernel::PaymentId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::body::{Json, Path};
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;
use crate::wire::MoneyBody;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SandboxPaymentBody {
    amount: MoneyBody,
    merchant: String,
    /// `open`, `challenged`, `processing`, `declined`, `approved`, `voided` or `refunded`.
    state: String,
    return_url: String,
}

/// What the sandbox's page shows.
#[utoipa::path(get, path = "/sandbox/payments/{id}", tag = "sandbox", params(("id" = String, Path)),
    responses((status = 200, body = SandboxPaymentBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn look(
    State(gateway): State<Gateway>,
    Path(id): Path<PaymentId>,
) -> Result<axum::Json<SandboxPaymentBody>, Refused> {
    let found = sandbox::look(&gateway.app, id).await?;
    Ok(axum::Json(SandboxPaymentBody {
        amount: found.amount.into(),
        merchant: found.merchant,
        state: found.state.into(),
        return_url: found.return_url,
    }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SandboxChoiceBody {
    /// `approve`, `decline`, `challenge`, `slow` or `never`.
    outcome: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SandboxDecidedBody {
    state: String,
    /// Where the browser goes next: back to the shop, or again to the sandbox's page after a challenge.
    return_url: String,
}

/// Decide as the buyer's bank would.
#[utoipa::path(post, path = "/sandbox/payments/{id}", tag = "sandbox", params(("id" = String, Path)),
    request_body = SandboxChoiceBody,
    responses((status = 200, body = SandboxDecidedBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn decide(
    State(gateway): State<Gateway>,
    Path(id): Path<PaymentId>,
    Json(choice): Json<SandboxChoiceBody>,
) -> Result<axum::Json<SandboxDecidedBody>, Refused> {
    let outcome = SandboxOutcome::parse(&choice.outcome).ok_or_else(|| Problem::field("outcome", "not_a_choice"))?;
    let found = sandbox::decide(&gateway.app, id, outcome).await?;
    let return_url = if found.state == "challenged" { found.page_url } else { found.return_url };
    Ok(axum::Json(SandboxDecidedBody { state: found.state.into(), return_url }))
}
