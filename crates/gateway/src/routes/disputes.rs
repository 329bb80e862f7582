//! Disputes, for the office.

use app::till::disputes;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::identity::Caller;
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;
use crate::wire::MoneyBody;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DisputeBody {
    order_id: String,
    order_number: String,
    amount: MoneyBody,
    /// `needs_answer`, `under_review`, `won`, `lost` or `closed`.
    state: String,
    /// The bank's word: `fraudulent`, `product_not_received`, …
    reason: String,
    /// An answer after this counts for nothing.
    answer_by: Option<String>,
    opened_at: String,
    /// The provider's page, where it is answered.
    page: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DisputesBody {
    items: Vec<DisputeBody>,
}

/// What buyers' banks took back or ask about; what waits for an answer comes first.
#[utoipa::path(get, path = "/office/disputes", tag = "office",
    responses((status = 200, body = DisputesBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn list(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
) -> Result<axum::Json<DisputesBody>, Refused> {
    let found = disputes::list(&gateway.app, &actor).await?;
    let body = |(row, order_number): (app::ports::DisputeRow, String)| DisputeBody {
        order_id: row.order.to_string(),
        order_number,
        amount: row.dispute.amount.into(),
        state: row.dispute.state.as_str().into(),
        reason: row.dispute.reason,
        answer_by: row.dispute.answer_by.map(|at| at.to_string()),
        opened_at: row.dispute.opened_at.to_string(),
        page: row.dispute.page,
    };
    Ok(axum::Json(DisputesBody { items: found.into_iter().map(body).collect() }))
}
