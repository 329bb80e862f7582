//! Orders as their buyers see them.

use app::catalogue::pictures;
use app::till::{confirm, orders};
use app::{App, Code};
use axum::extract::State;
use kernel::{Language, MediaId, OrderId, Timestamp};
use serde::{Deserialize, Serialize};
use shop::order::{Order, OrderState};
use shop::payment::{EventKind, PaymentState};
use shop::withdrawal::{ends_at, pieces};
use utoipa::{IntoParams, ToSchema};

use crate::body::{Path, Query};
use crate::identity::Caller;
use crate::language::Reader;
use crate::problem::{ProblemBody, Refused};
use crate::routes::basket::{AppliedOfferBody, ReductionBody, TaxBody};
use crate::routes::checkouts::{AddressBody, ContactBody};
use crate::state::Gateway;
use crate::wire::{MoneyBody, PageQuery, PaidBackBody, PictureBody, ReturnBody, SellerBody, happened, text};

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderLineBody {
    id: String,
    variant_id: String,
    product_id: String,
    sku: String,
    title: String,
    values: Vec<String>,
    show_id: Option<String>,
    show_number: Option<u32>,
    quantity: u32,
    unit: MoneyBody,
    /// What offers took off `unit × quantity`.
    reductions: Vec<ReductionBody>,
    total: MoneyBody,
    /// As it was when the buyer agreed.
    seller: SellerBody,
    picture: Option<PictureBody>,
    sent: bool,
    /// The pieces that were sent or shall be; fewer than `quantity` where some left the order before.
    left: u32,
    /// The pieces that the buyer has and may send back.
    returnable: u32,
    /// `made_to_measure`, `hygiene` or `perishable`: it was sold without the right to withdraw.
    no_withdrawal: Option<String>,
    /// The line that paid for this one, where it is sent in exchange: then it costs nothing.
    replaces: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ParcelBody {
    id: String,
    carrier: String,
    tracking_number: String,
    tracking_url: Option<String>,
    sent_at: String,
    /// When it came, where somebody noted it.
    delivered_at: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefundBody {
    amount: MoneyBody,
    at: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PaymentEventBody {
    /// `authorised`, `captured` or `refunded`.
    kind: String,
    amount: MoneyBody,
    at: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TimelineBody {
    at: String,
    /// `placed`, `authorised`, `declined`, `paid`, `sent`, `delivered`, `refund_asked`, `refunded`, `voided`, `pieces_refunded`, `withdrawn`,
    /// `return_asked`, `return_received`, `return_refused`, `return_refunded`, `return_replaced`.
    what: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderTotalsBody {
    subtotal: MoneyBody,
    shipping: MoneyBody,
    tax: TaxBody,
    total: MoneyBody,
    /// The offers in the sum.
    offers: Vec<AppliedOfferBody>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderViewBody {
    id: String,
    /// For people, to say on the phone.
    number: String,
    state: String,
    /// `open`, `declined`, `authorised`, `captured`, `refund_pending`, `refunded` or `voided`.
    payment_state: String,
    /// Where to go on paying, while the order waits for it.
    pay_url: Option<String>,
    placed_at: String,
    lines: Vec<OrderLineBody>,
    contact: Option<ContactBody>,
    address: Option<AddressBody>,
    shipping_name: String,
    totals: OrderTotalsBody,
    held_until: Option<String>,
    parcels: Vec<ParcelBody>,
    refunds: Vec<RefundBody>,
    /// What the provider did with the money, oldest first.
    payments: Vec<PaymentEventBody>,
    timeline: Vec<TimelineBody>,
    cancelled_because: Option<String>,
    rehearsal: bool,
    /// How often it was changed after the sale: a further change names it.
    version: u32,
    /// Whether some of it may be withdrawn from now.
    withdrawable: bool,
    /// When the time to withdraw is over; null while something is still to be sent.
    withdrawal_ends_at: Option<String>,
    /// Oldest first.
    returns: Vec<ReturnBody>,
    /// Money for pieces that nothing came back for, oldest first.
    paid_back: Vec<PaidBackBody>,
}

fn payments(order: &Order) -> Vec<PaymentEventBody> {
    let moved = |kind| matches!(kind, EventKind::Authorised | EventKind::Captured | EventKind::Refunded);
    let body = |entry: &shop::payment::LedgerEntry| PaymentEventBody {
        kind: entry.kind.as_str().into(),
        amount: entry.amount.into(),
        at: entry.at.to_string(),
    };
    order.ledger.iter().filter(|entry| moved(entry.kind)).map(body).collect()
}

fn timeline(order: &Order) -> Vec<TimelineBody> {
    let mut steps = vec![(order.placed_at, "placed")];
    steps.extend(order.ledger.iter().filter_map(|entry| {
        let what = match entry.kind {
            EventKind::Opened => return None,
            EventKind::Captured => "paid",
            other => other.as_str(),
        };
        Some((entry.at, what))
    }));
    steps.extend(order.parcels.iter().map(|parcel| (parcel.sent_at, "sent")));
    steps.extend(order.parcels.iter().filter_map(|parcel| Some((parcel.delivered_at?, "delivered"))));
    steps.extend(order.changes.iter().filter_map(|change| Some((change.at, happened(&change.what)?))));
    steps.sort_by_key(|(at, _)| *at);
    steps.into_iter().map(|(at, what)| TimelineBody { at: at.to_string(), what: what.into() }).collect()
}

fn may_withdraw(order: &Order, now: Timestamp) -> bool {
    let in_time = ends_at(order).is_none_or(|ends_at| now < ends_at);
    order.state.stands() && !order.rehearsal && in_time && !pieces(order).is_empty()
}

/// The whole order, with its buyer's side row.
pub(crate) async fn view(app: &App, order: &Order, reader: &Language) -> Result<OrderViewBody, Refused> {
    let buyer = app.till.orders().buyer(order.id).await.map_err(app::Problem::from)?;
    let waiting = order.state == OrderState::AwaitingPayment;
    let shown: Vec<MediaId> = order.lines.iter().filter_map(|line| line.picture).collect();
    let pictures = pictures::pictures(app, &shown).await?;
    let line = |line: &shop::order::OrderLine| {
        let title = text(&line.title, reader).into_text();
        OrderLineBody {
            id: line.id.to_string(),
            variant_id: line.variant.to_string(),
            product_id: line.product.to_string(),
            sku: line.sku.clone(),
            values: line.values.iter().map(|value| text(value, reader).into_text()).collect(),
            show_id: line.show.map(|at| at.show.to_string()),
            show_number: line.show.map(|at| at.number),
            quantity: line.quantity,
            unit: line.unit.into(),
            reductions: ReductionBody::all(&line.reductions, &order.totals.offers, reader),
            total: line.total.into(),
            seller: (&line.seller).into(),
            picture: pictures
                .iter()
                .find(|known| Some(known.media_id) == line.picture)
                .map(|p| PictureBody::new(*p, &title)),
            sent: line.parcel.is_some(),
            left: order.left(line),
            returnable: if order.state.stands() { order.with_buyer(line) } else { 0 },
            no_withdrawal: line.no_withdrawal.map(|why| why.as_str().into()),
            replaces: line.replaces.map(|line| line.to_string()),
            title,
        }
    };
    let parcel = |parcel: &shop::parcel::Parcel| ParcelBody {
        id: parcel.id.to_string(),
        carrier: parcel.carrier.clone(),
        tracking_number: parcel.tracking_number.clone(),
        tracking_url: parcel.tracking_url.clone(),
        sent_at: parcel.sent_at.to_string(),
        delivered_at: parcel.delivered_at.map(|at| at.to_string()),
    };
    let refunds = order.ledger.iter().filter(|entry| entry.kind == EventKind::Refunded);
    let totals = &order.totals;
    Ok(OrderViewBody {
        id: order.id.to_string(),
        number: order.number.clone(),
        state: order.state.as_str().into(),
        payment_state: PaymentState::of(&order.ledger).as_str().into(),
        pay_url: orders::payment_page(app, order).await,
        placed_at: order.placed_at.to_string(),
        lines: order.lines.iter().map(line).collect(),
        contact: buyer.as_ref().map(|buyer| buyer.contact.clone().into()),
        address: buyer.map(|buyer| buyer.address.into()),
        shipping_name: text(&totals.shipping.name, reader).into_text(),
        totals: OrderTotalsBody {
            subtotal: totals.subtotal.into(),
            shipping: totals.shipping.price.into(),
            tax: TaxBody::new(totals.tax_included, totals.tax, reader),
            total: totals.total.into(),
            offers: totals.offers.iter().map(|applied| AppliedOfferBody::new(applied, reader)).collect(),
        },
        held_until: waiting.then(|| order.held_until.to_string()),
        parcels: order.parcels.iter().map(parcel).collect(),
        refunds: refunds.map(|e| RefundBody { amount: e.amount.into(), at: e.at.to_string() }).collect(),
        payments: payments(order),
        timeline: timeline(order),
        cancelled_because: order.cancelled_because.map(|reason| reason.as_str().into()),
        rehearsal: order.rehearsal,
        withdrawable: may_withdraw(order, app.now()),
        withdrawal_ends_at: ends_at(order).map(|at| at.to_string()),
        version: order.version(),
        returns: order.returns().iter().map(Into::into).collect(),
        paid_back: PaidBackBody::all(order),
    })
}

#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct KeyQuery {
    /// The order's key, for who is not signed in and on another device.
    pub(crate) key: Option<String>,
}

/// An order, for its buyer.
#[utoipa::path(get, path = "/orders/{id}", tag = "till", params(("id" = String, Path), KeyQuery),
    responses((status = 200, body = OrderViewBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn show(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    Path(id): Path<OrderId>,
    Query(query): Query<KeyQuery>,
) -> Result<axum::Json<OrderViewBody>, Refused> {
    let order = orders::visible(&gateway.app, &actor, id, query.key.as_deref()).await?;
    Ok(axum::Json(view(&gateway.app, &order, &reader).await?))
}

/// Bring an order's payment as far as it can go now. Safe to call as often as you like.
#[utoipa::path(post, path = "/orders/{id}/confirm", tag = "till", params(("id" = String, Path), KeyQuery),
    responses((status = 200, body = OrderViewBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn confirm(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    Path(id): Path<OrderId>,
    Query(query): Query<KeyQuery>,
) -> Result<axum::Json<OrderViewBody>, Refused> {
    let order = confirm::confirm(&gateway.app, &actor, id, query.key.as_deref()).await?;
    Ok(axum::Json(view(&gateway.app, &order, &reader).await?))
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderPageBody {
    items: Vec<OrderViewBody>,
    /// Send it as `after` for the next page.
    next: Option<String>,
}

/// The caller's own orders, newest first.
#[utoipa::path(get, path = "/my/orders", tag = "till", params(PageQuery),
    responses((status = 200, body = OrderPageBody), (status = "default", body = ProblemBody)))]
pub(crate) async fn mine(
    State(gateway): State<Gateway>,
    Caller(actor): Caller,
    Reader(reader): Reader,
    Query(page): Query<PageQuery>,
) -> Result<axum::Json<OrderPageBody>, Refused> {
    if actor.viewer.is_none() && actor.person.is_none() {
        return Err(Code::SignInFirst.into());
    }
    let found = orders::mine(&gateway.app, &actor, page.after()?, page.limit()).await?;
    let next = found.last().filter(|_| page.is_full(found.len())).map(|order| order.id.to_string());
    let mut items = Vec::with_capacity(found.len());
    for order in &found {
        items.push(view(&gateway.app, order, &reader).await?);
    }
    Ok(axum::Json(OrderPageBody { items, next }))
}
