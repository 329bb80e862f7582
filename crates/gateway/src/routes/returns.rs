//! Returns: asked for by buyers, worked through by the office.

use app::Problem;
use app::till::after::ask_return::{self, AskReturn};
use app::till::after::decide::{self, Outcome};
use app::till::after::list::{self, Listed};
use app::till::after::receive;
use axum::extract::State;
use axum::http::StatusCode;
use kernel::{OrderId, ReturnId, VariantId};
use serde::{Deserialize, Serialize};
use shop::catalogue::{Fault, Faults};
use shop::change::{RefusedBecause, ReturnReason, Wish};
use utoipa::{IntoParams, ToSchema};

use crate::body::{Json, Path, Query};
use crate::identity::Caller;
use crate::language::Reader;
use crate::problem::{ProblemBody, Refused};
use crate::routes::orders::{KeyQuery, OrderViewBody, view};
use crate::state::Gateway;
use crate::wire::{LinePiecesBody, PageQuery, Reading, ReturnBody};

const REASONS: &str = "does_not_fit, not_as_shown, damaged, wrong_piece, changed_mind";
const REFUSALS: &str = "never_came, worn, not_ours, too_late, buyer_keeps";

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskReturnBody {
    /// The order's, as it was seen.
    version: u32,
    pieces: Vec<LinePiecesBody>,
    /// `does_not_fit`, `not_as_shown`, `damaged`, `wrong_piece` or `changed_mind`.
    reason: String,
    /// Another variant of the same product, at the price that was paid: of pieces of one line. The money without.
    #[serde(default)]
    exchange_for: Option<String>,
}

/// Ask to send pieces back. The buyer is told where to.
#[utoipa::path(post, path = "/orders/{id}/returns", tag = "till", params(("id" = String, Path), KeyQuery), request_body = AskReturnBody,
    responses((status = 201, body = OrderViewBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn ask(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    Path(order): Path<OrderId>,
    Query(query): Query<KeyQuery>,
    Json(body): Json<AskReturnBody>,
) -> Result<(StatusCode, axum::Json<OrderViewBody>), Refused> {
    let mut faults = Faults::default();
    let pieces = LinePiecesBody::read(&body.pieces, &mut faults);
    let why = ReturnReason::parse(&body.reason).filter(|why| *why != ReturnReason::Withdrawal);
    faults.when(why.is_none(), "reason", Fault::NotAChoice { choices: REASONS });
    let exchange = faults.id_or_none::<VariantId>("exchange_for", body.exchange_for.as_deref());
    let (Some(why), true) = (why, faults.is_empty()) else { return Err(faults.into()) };
    let wish = exchange.map_or(Wish::Refund, |variant| Wish::Exchange { variant });
    let command = AskReturn { order, version: body.version, pieces, why, wish };
    let order = ask_return::ask(&gateway.app, &actor, query.key.as_deref(), command).await?;
    Ok((StatusCode::CREATED, axum::Json(view(&gateway.app, &order, &reader).await?)))
}

#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct ReturnsQuery {
    /// `requested`, `received`, `refused`, `refunded` or `replaced`; all without.
    step: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfficeReturnBody {
    order_id: String,
    order_number: String,
    buyer: String,
    /// What comes back: "2 × Belt, Red".
    titles: Vec<String>,
    r#return: ReturnBody,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfficeReturnPageBody {
    items: Vec<OfficeReturnBody>,
    next: Option<String>,
}

/// Returns, newest first.
#[utoipa::path(get, path = "/office/returns", tag = "office", params(ReturnsQuery, PageQuery),
    responses((status = 200, body = OfficeReturnPageBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn list(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    Query(query): Query<ReturnsQuery>,
    Query(page): Query<PageQuery>,
) -> Result<axum::Json<OfficeReturnPageBody>, Refused> {
    let step = query.step.as_deref().filter(|step| !step.is_empty());
    let (found, next) = list::list(&gateway.app, &actor, step, page.after()?, page.limit()).await?;
    let body = |one: &Listed| {
        let title = |piece: &shop::change::Piece| {
            let line = one.order.line(piece.line)?;
            let texts = std::iter::once(&line.title).chain(&line.values);
            let words: Vec<String> = texts.map(|text| crate::wire::text(text, &reader).into_text()).collect();
            Some(format!("{} × {}", piece.quantity, words.join(", ")))
        };
        OfficeReturnBody {
            order_id: one.order.id.to_string(),
            order_number: one.order.number.clone(),
            buyer: one.buyer.clone(),
            titles: one.found.pieces.iter().filter_map(title).collect(),
            r#return: (&one.found).into(),
        }
    };
    let items = found.iter().map(body).collect();
    Ok(axum::Json(OfficeReturnPageBody { items, next: next.map(|id| id.to_string()) }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReceiveReturnBody {
    /// The order's, as it was seen.
    version: u32,
}

/// The pieces of a return are here. What becomes of them is decided apart.
#[utoipa::path(post, path = "/orders/{id}/returns/{return_id}/receive", tag = "office", request_body = ReceiveReturnBody,
    params(("id" = String, Path), ("return_id" = String, Path)),
    responses((status = 200, body = OrderViewBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn receive(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    Path((order, id)): Path<(OrderId, ReturnId)>,
    Json(body): Json<ReceiveReturnBody>,
) -> Result<axum::Json<OrderViewBody>, Refused> {
    let order = receive::receive(&gateway.app, &actor, order, body.version, id).await?;
    Ok(axum::Json(view(&gateway.app, &order, &reader).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefuseReturnBody {
    /// The order's, as it was seen.
    version: u32,
    /// `never_came`, `worn`, `not_ours`, `too_late` or `buyer_keeps`.
    reason: String,
}

/// Do not take a return.
#[utoipa::path(post, path = "/orders/{id}/returns/{return_id}/refuse", tag = "office", request_body = RefuseReturnBody,
    params(("id" = String, Path), ("return_id" = String, Path)),
    responses((status = 200, body = OrderViewBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn refuse(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    Path((order, id)): Path<(OrderId, ReturnId)>,
    Json(body): Json<RefuseReturnBody>,
) -> Result<axum::Json<OrderViewBody>, Refused> {
    let mut faults = Faults::default();
    let why = RefusedBecause::parse(&body.reason);
    faults.when(why.is_none(), "reason", Fault::NotAChoice { choices: REFUSALS });
    let Some(why) = why else { return Err(faults.into()) };
    let order = receive::refuse(&gateway.app, &actor, order, body.version, id, why).await?;
    Ok(axum::Json(view(&gateway.app, &order, &reader).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptReturnBody {
    /// The order's, as it was seen.
    version: u32,
    /// Put the pieces back on sale.
    restock: bool,
    /// Kept of the money, because the pieces lost worth.
    #[serde(default)]
    less_minor: i64,
    /// Send this variant of the same product instead of money.
    #[serde(default)]
    replace_with: Option<String>,
}

/// Accept a return that was received: give the money back, or send another piece.
#[utoipa::path(post, path = "/orders/{id}/returns/{return_id}/accept", tag = "office", request_body = AcceptReturnBody,
    params(("id" = String, Path), ("return_id" = String, Path)),
    responses((status = 200, body = OrderViewBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn accept(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    Path((order, id)): Path<(OrderId, ReturnId)>,
    Json(body): Json<AcceptReturnBody>,
) -> Result<axum::Json<OrderViewBody>, Refused> {
    let mut faults = Faults::default();
    let with = faults.id_or_none::<VariantId>("replace_with", body.replace_with.as_deref());
    if !faults.is_empty() {
        return Err(faults.into());
    }
    if with.is_some() && body.less_minor != 0 {
        return Err(Problem::field("less_minor", "out_of_range").into());
    }
    let outcome = with.map_or(Outcome::PayBack { less_minor: body.less_minor }, |with| Outcome::Replace { with });
    let order = decide::accept(&gateway.app, &actor, order, body.version, id, body.restock, outcome).await?;
    Ok(axum::Json(view(&gateway.app, &order, &reader).await?))
}
