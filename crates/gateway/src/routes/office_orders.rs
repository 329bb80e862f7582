//! Orders as the office works through them.

use app::Problem;
use app::access::Act;
use app::ports::OrderFilter;
use app::till::after::delivered::note_delivered;
use app::till::office::{self, SendParcel};
use axum::extract::State;
use axum::http::StatusCode;
use kernel::{OrderId, ParcelId};
use serde::{Deserialize, Serialize};
use shop::order::{CancelReason, Order, OrderState};
use shop::payment::PaymentState;
use utoipa::{IntoParams, ToSchema};

use crate::body::{Json, Path, Query};
use crate::identity::Caller;
use crate::language::Reader;
use crate::problem::{ProblemBody, Refused};
use crate::routes::orders::{OrderViewBody, view};
use crate::state::Gateway;
use crate::wire::{IdempotencyKey, MoneyBody, PageQuery};

#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct OfficeQuery {
    /// `paid`, `sent`, …
    state: Option<String>,
    /// A number, an e-mail address, a phone number, or the beginning of a name.
    query: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfficeOrderBody {
    id: String,
    number: String,
    state: String,
    payment_state: String,
    placed_at: String,
    buyer: String,
    pieces: u32,
    show_numbers: Vec<u32>,
    total: MoneyBody,
    rehearsal: bool,
}

fn row(order: &Order, buyer: String) -> OfficeOrderBody {
    OfficeOrderBody {
        id: order.id.to_string(),
        number: order.number.clone(),
        state: order.state.as_str().into(),
        payment_state: PaymentState::of(&order.ledger).as_str().into(),
        placed_at: order.placed_at.to_string(),
        buyer,
        pieces: order.lines.iter().map(|line| line.quantity).sum(),
        show_numbers: order.lines.iter().filter_map(|line| line.show).map(|at| at.number).collect(),
        total: order.totals.total.into(),
        rehearsal: order.rehearsal,
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfficeOrderPageBody {
    items: Vec<OfficeOrderBody>,
    next: Option<String>,
}

/// Orders, newest first.
#[utoipa::path(get, path = "/office/orders", tag = "office", params(OfficeQuery, PageQuery),
    responses((status = 200, body = OfficeOrderPageBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn list(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Query(query): Query<OfficeQuery>,
    Query(page): Query<PageQuery>,
) -> Result<axum::Json<OfficeOrderPageBody>, Refused> {
    let state = match query.state.as_deref().filter(|state| !state.is_empty()) {
        Some(state) => Some(OrderState::parse(state).ok_or_else(|| Problem::field("state", "not_a_choice"))?),
        None => None,
    };
    let (after, limit) = (page.after()?, page.limit());
    let text = query.query.filter(|query| !query.trim().is_empty());
    let filter = OrderFilter { state, query: text, after, limit, ..OrderFilter::default() };
    let found = office::list(&gateway.app, &actor, filter).await?;
    let next = found.last().filter(|_| page.is_full(found.len())).map(|(order, _)| order.id.to_string());
    let items = found.into_iter().map(|(order, buyer)| row(&order, buyer)).collect();
    Ok(axum::Json(OfficeOrderPageBody { items, next }))
}

/// One order, with the buyer's address.
#[utoipa::path(get, path = "/office/orders/{id}", tag = "office", params(("id" = String, Path)),
    responses((status = 200, body = OrderViewBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn show(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    Path(id): Path<OrderId>,
) -> Result<axum::Json<OrderViewBody>, Refused> {
    let order = office::find(&gateway.app, &actor, id, Act::SeeOrders).await?;
    Ok(axum::Json(view(&gateway.app, &order, &reader).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SendParcelBody {
    carrier: String,
    tracking_number: String,
    #[serde(default)]
    tracking_url: Option<String>,
    /// All that wait to be sent, without.
    #[serde(default)]
    line_ids: Option<Vec<String>>,
}

/// Mark an order, or some of its lines, as sent. The buyer is told.
#[utoipa::path(post, path = "/orders/{id}/parcels", tag = "office", params(("id" = String, Path)), request_body = SendParcelBody,
    responses((status = 201, body = OrderViewBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn send(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    Path(order): Path<OrderId>,
    Json(body): Json<SendParcelBody>,
) -> Result<(StatusCode, axum::Json<OrderViewBody>), Refused> {
    let read = |id: &String| id.parse().map_err(|_| Problem::field("line_ids", "not_an_id"));
    let lines = match &body.line_ids {
        Some(ids) => Some(ids.iter().map(read).collect::<Result<Vec<_>, _>>()?),
        None => None,
    };
    let SendParcelBody { carrier, tracking_number, tracking_url, .. } = body;
    let command = SendParcel { order, carrier, tracking_number, tracking_url, lines };
    let order = office::send(&gateway.app, &actor, command).await?;
    Ok((StatusCode::CREATED, axum::Json(view(&gateway.app, &order, &reader).await?)))
}

/// Note that a parcel came. From the last one on the time runs in which the buyer may withdraw.
#[utoipa::path(post, path = "/orders/{id}/parcels/{parcel_id}/delivered", tag = "office",
    params(("id" = String, Path), ("parcel_id" = String, Path)),
    responses((status = 200, body = OrderViewBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn delivered(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    Path((order, parcel)): Path<(OrderId, ParcelId)>,
) -> Result<axum::Json<OrderViewBody>, Refused> {
    let order = note_delivered(&gateway.app, &actor, order, parcel).await?;
    Ok(axum::Json(view(&gateway.app, &order, &reader).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CancelBody {
    /// `buyer_asked`, `out_of_stock`, `wrong_price`, `suspicious` or `other`.
    reason: String,
}

/// Cancel an order that was not sent, and give its money back. Asking twice cancels once.
#[utoipa::path(post, path = "/orders/{id}/cancel", tag = "office", request_body = CancelBody,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header, description = "Of your choosing")),
    responses((status = 200, body = OrderViewBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn cancel(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    _key: IdempotencyKey,
    Path(id): Path<OrderId>,
    Json(body): Json<CancelBody>,
) -> Result<axum::Json<OrderViewBody>, Refused> {
    let reason = CancelReason::parse(&body.reason).unwrap_or(CancelReason::Other);
    let order = office::cancel(&gateway.app, &actor, id, reason).await?;
    Ok(axum::Json(view(&gateway.app, &order, &reader).await?))
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TakenBody {
    orders: i64,
    amount: MoneyBody,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FiguresBody {
    /// Orders that stand, of the last 30 days, a currency each; rehearsals are no figures.
    taken: Vec<TakenBody>,
}

/// What was sold in the last 30 days.
#[utoipa::path(get, path = "/office/figures", tag = "office",
    responses((status = 200, body = FiguresBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn figures(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
) -> Result<axum::Json<FiguresBody>, Refused> {
    let taken = office::figures(&gateway.app, &actor).await?;
    let body = |(orders, amount): (i64, kernel::Money)| TakenBody { orders, amount: amount.into() };
    Ok(axum::Json(FiguresBody { taken: taken.into_iter().map(body).collect() }))
}
