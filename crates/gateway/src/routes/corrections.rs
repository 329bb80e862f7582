//! A price that was wrong for a while, put right for everybody who bought at it.

use app::Problem;
use app::till::corrections::{self, Correction, How, Mispriced};
use axum::extract::State;
use kernel::{OrderId, Timestamp, VariantId};
use serde::{Deserialize, Serialize};
use shop::catalogue::{Fault, Faults};
use utoipa::{IntoParams, ToSchema};

use crate::body::{Json, Query};
use crate::identity::Caller;
use crate::problem::{ProblemBody, Refused};
use crate::state::Gateway;
use crate::wire::{MoneyBody, Reading, TextsBody};

#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct MispricedQuery {
    #[param(value_type = String)]
    variant_id: VariantId,
    /// When the wrong price was set.
    #[param(value_type = String)]
    from: Timestamp,
    /// When it was put right.
    #[param(value_type = String)]
    until: Timestamp,
}

/// An order that stands, with pieces at another price than today's.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MispricedBody {
    order_id: String,
    number: String,
    state: String,
    placed_at: String,
    buyer: String,
    quantity: u32,
    /// What the buyer paid for one.
    unit: MoneyBody,
    /// What one costs today; null where it is not sold in that currency any more.
    right: Option<MoneyBody>,
    /// What all of them cost too much; negative where too little was paid.
    over: MoneyBody,
    /// Promised back already.
    refunded: MoneyBody,
}

impl From<Mispriced> for MispricedBody {
    fn from(found: Mispriced) -> Self {
        Self {
            order_id: found.order.id.to_string(),
            number: found.order.number.clone(),
            state: found.order.state.as_str().into(),
            placed_at: found.order.placed_at.to_string(),
            buyer: found.buyer,
            quantity: found.quantity,
            unit: found.unit.into(),
            right: found.right.map(Into::into),
            over: found.over.into(),
            refunded: found.refunded.into(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MispricedListBody {
    /// Newest first, 500 at most.
    items: Vec<MispricedBody>,
}

/// Orders that bought a variant at a price which held at some time between, and is not today's.
#[utoipa::path(get, path = "/office/corrections", tag = "office", params(MispricedQuery),
    responses((status = 200, body = MispricedListBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn list(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Query(query): Query<MispricedQuery>,
) -> Result<axum::Json<MispricedListBody>, Refused> {
    let found = corrections::list(&gateway.app, &actor, query.variant_id, query.from, query.until).await?;
    Ok(axum::Json(MispricedListBody { items: found.into_iter().map(Into::into).collect() }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CorrectionBody {
    variant_id: String,
    /// 1 to 500.
    orders: Vec<String>,
    /// `honour`, `refund` (what was paid too much) or `cancel`.
    how: String,
    /// To every buyer, in their language; a plain sentence without.
    #[serde(default)]
    message: TextsBody,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CorrectedOrderBody {
    order_id: String,
    /// The code of what stood in the way; null where it is done.
    problem: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CorrectedBody {
    items: Vec<CorrectedOrderBody>,
}

/// Honour the price of orders, give back what was paid too much, or cancel them, with one message to all their buyers.
#[utoipa::path(post, path = "/office/corrections", tag = "office", request_body = CorrectionBody,
    responses((status = 200, body = CorrectedBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn correct(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Json(body): Json<CorrectionBody>,
) -> Result<axum::Json<CorrectedBody>, Refused> {
    let mut faults = Faults::default();
    let variant = faults.id::<VariantId>("variant_id", &body.variant_id);
    let numbered = body.orders.iter().enumerate();
    let orders: Vec<OrderId> = numbered.filter_map(|(at, id)| faults.id(&format!("orders.{at}"), id)).collect();
    let how = match body.how.as_str() {
        "honour" => Some(How::Honour),
        "refund" => Some(How::Refund),
        "cancel" => Some(How::Cancel),
        _ => None,
    };
    faults.when(how.is_none(), "how", Fault::NotAChoice { choices: "honour, refund, cancel" });
    let message = body.message.read("message", &mut faults);
    let (Some(variant), Some(how), true) = (variant, how, faults.is_empty()) else { return Err(faults.into()) };
    let correction = Correction { variant, orders, how, message };
    let done = corrections::correct(&gateway.app, &actor, &correction).await?;
    let told = |(id, result): (OrderId, Result<(), Problem>)| CorrectedOrderBody {
        order_id: id.to_string(),
        problem: result.err().map(|problem| problem.code.as_str().to_owned()),
    };
    Ok(axum::Json(CorrectedBody { items: done.into_iter().map(told).collect() }))
}
