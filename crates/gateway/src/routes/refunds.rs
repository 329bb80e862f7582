//! Refunds that the provider did not do, for the office.

use app::till::refunds::{self, StuckRefund};
use axum::extract::State;
use axum::http::StatusCode;
use kernel::OrderId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::Path;
use crate::identity::Caller;
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;
use crate::wire::MoneyBody;

/// A refund that is not asked for by itself any more.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StuckRefundBody {
    order_id: String,
    order_number: String,
    /// What is still owed to the buyer.
    due: MoneyBody,
    /// How often the provider was asked.
    tries: u32,
    since: String,
    /// What the provider said last.
    detail: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StuckRefundsBody {
    /// The oldest first, 200 at most.
    items: Vec<StuckRefundBody>,
}

/// Money that is owed back, and that the provider did not give back however often it was asked.
#[utoipa::path(get, path = "/office/stuck-refunds", tag = "office",
    responses((status = 200, body = StuckRefundsBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn list(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
) -> Result<axum::Json<StuckRefundsBody>, Refused> {
    let found = refunds::list(&gateway.app, &actor).await?;
    let body = |found: StuckRefund| StuckRefundBody {
        order_id: found.order.id.to_string(),
        order_number: found.order.number,
        due: found.due.into(),
        tries: found.stuck.tries,
        since: found.stuck.since.to_string(),
        detail: found.stuck.detail,
    };
    Ok(axum::Json(StuckRefundsBody { items: found.into_iter().map(body).collect() }))
}

/// Ask the provider for an order's refund again, from the beginning. Safe to ask twice.
#[utoipa::path(post, path = "/orders/{id}/refund-again", tag = "office", params(("id" = String, Path)),
    responses((status = 204, description = "The money is on its way"), (status = "default", body = ProblemBody)))]
pub(crate) async fn ask_again(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Path(id): Path<OrderId>,
) -> Result<StatusCode, Refused> {
    refunds::ask_again(&gateway.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
