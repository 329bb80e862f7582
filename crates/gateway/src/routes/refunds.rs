//! Money that goes back, for the office: for pieces, as an amount, and what the provider did not do.

use app::till::after::pay_back;
use app::till::refunds::{self, StuckRefund};
use axum::extract::State;
use axum::http::StatusCode;
use kernel::OrderId;
use serde::{Deserialize, Serialize};
use shop::books::RefundReason;
use shop::catalogue::{Fault, Faults};
use utoipa::ToSchema;

use crate::body::{Json, Path};
use crate::identity::Caller;
use crate::language::Reader;
use crate::problem::{ProblemBody, Refused};
use crate::routes::orders::{OrderViewBody, view};
use crate::state::Gateway;
use crate::wire::{IdempotencyKey, LinePiecesBody, MoneyBody, SumBody};

const REASONS: &str = "missing, damaged, buyer_asked, goodwill, wrong_price, other";

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefundPreviewBody {
    pieces: Vec<LinePiecesBody>,
    /// Kept of it, because the pieces lost worth.
    #[serde(default)]
    less_minor: i64,
}

/// What would go back for pieces of an order now, line by line. Nothing is done.
#[utoipa::path(post, path = "/orders/{id}/refunds/preview", tag = "office", params(("id" = String, Path)), request_body = RefundPreviewBody,
    responses((status = 200, body = SumBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn preview(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Path(order): Path<OrderId>,
    Json(body): Json<RefundPreviewBody>,
) -> Result<axum::Json<SumBody>, Refused> {
    let mut faults = Faults::default();
    let pieces = LinePiecesBody::read(&body.pieces, &mut faults);
    if !faults.is_empty() {
        return Err(faults.into());
    }
    let sum = pay_back::preview(&gateway.app, &actor, order, &pieces, body.less_minor).await?;
    Ok(axum::Json((&sum).into()))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefundPiecesBody {
    /// The order's, as it was seen.
    version: u32,
    pieces: Vec<LinePiecesBody>,
    /// `missing` and `damaged` take pieces that were not sent out of stock; `buyer_asked`, `goodwill`, `wrong_price` or `other`
    /// put them back on sale.
    reason: String,
}

/// Give the money for pieces back without getting them back. Those that were not sent leave the order. The buyer is told.
#[utoipa::path(post, path = "/orders/{id}/refunds", tag = "office", params(("id" = String, Path)), request_body = RefundPiecesBody,
    responses((status = 201, body = OrderViewBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn pieces(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    Path(order): Path<OrderId>,
    Json(body): Json<RefundPiecesBody>,
) -> Result<(StatusCode, axum::Json<OrderViewBody>), Refused> {
    let mut faults = Faults::default();
    let pieces = LinePiecesBody::read(&body.pieces, &mut faults);
    let why = RefundReason::parse(&body.reason);
    faults.when(why.is_none(), "reason", Fault::NotAChoice { choices: REASONS });
    let (Some(why), true) = (why, faults.is_empty()) else { return Err(faults.into()) };
    let order = pay_back::pieces(&gateway.app, &actor, order, body.version, pieces, why).await?;
    Ok((StatusCode::CREATED, axum::Json(view(&gateway.app, &order, &reader).await?)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefundAmountBody {
    /// At least 1, and no more than is left of what was paid.
    amount_minor: i64,
    /// `missing`, `damaged`, `buyer_asked`, `goodwill`, `wrong_price` or `other`.
    reason: String,
}

/// Give an amount back; every piece stays as it is. Asking twice gives it back once.
#[utoipa::path(post, path = "/orders/{id}/refunds/amount", tag = "office", request_body = RefundAmountBody,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header, description = "Of your choosing")),
    responses((status = 201, body = OrderViewBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn amount(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    IdempotencyKey(key): IdempotencyKey,
    Path(order): Path<OrderId>,
    Json(body): Json<RefundAmountBody>,
) -> Result<(StatusCode, axum::Json<OrderViewBody>), Refused> {
    let mut faults = Faults::default();
    let why = RefundReason::parse(&body.reason);
    faults.when(why.is_none(), "reason", Fault::NotAChoice { choices: REASONS });
    let Some(why) = why else { return Err(faults.into()) };
    let order = pay_back::amount(&gateway.app, &actor, order, body.amount_minor, why, &key).await?;
    Ok((StatusCode::CREATED, axum::Json(view(&gateway.app, &order, &reader).await?)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TakeElsewhereBody {
    /// The order's, as it was seen.
    version: u32,
    pieces: LinePiecesBody,
}

/// Pieces do not lie where they should: others that are free are packed instead.
#[utoipa::path(post, path = "/orders/{id}/take-elsewhere", tag = "office", params(("id" = String, Path)), request_body = TakeElsewhereBody,
    responses((status = 200, body = OrderViewBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn take_elsewhere(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    Path(order): Path<OrderId>,
    Json(body): Json<TakeElsewhereBody>,
) -> Result<axum::Json<OrderViewBody>, Refused> {
    let mut faults = Faults::default();
    let pieces = LinePiecesBody::read(std::slice::from_ref(&body.pieces), &mut faults);
    let (Some(pieces), true) = (pieces.first(), faults.is_empty()) else { return Err(faults.into()) };
    let order = pay_back::take_elsewhere(&gateway.app, &actor, order, body.version, *pieces).await?;
    Ok(axum::Json(view(&gateway.app, &order, &reader).await?))
}

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
