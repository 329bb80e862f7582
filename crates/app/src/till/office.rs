//! Orders as the house's people work through them: find, send, cancel.

use kernel::{Millis, Money, OrderId, OrderLineId, ParcelId};
use shop::books::{Cancelled, Sent, What};
use shop::order::{CancelReason, Order};
use shop::parcel::sheet::MAX_WORD;
use shop::parcel::{Parcel, tracking_url};

use super::orders::staff_may;
use crate::access::{Act, Place, require, require_somewhere};
use crate::audit::{Deed, Entry, note};
use crate::ports::{OrderFilter, till};
use crate::{Actor, App, Code, Problem};

/// How many pages of orders are read to fill one page for staff who may only see some.
const PAGES: usize = 4;

/// Orders that the actor may see, with their buyers' names, newest first.
pub async fn list(app: &App, actor: &Actor, mut filter: OrderFilter) -> Result<Vec<(Order, String)>, Problem> {
    require_somewhere(actor, Act::SeeOrders)?;
    let wanted = usize::try_from(filter.limit).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    for _ in 0..PAGES {
        let page = app.till.orders().list(filter.clone()).await?;
        let last = page.last().map(|(order, _)| order.id);
        let full = page.len() >= wanted;
        found.extend(page.into_iter().filter(|(order, _)| staff_may(actor, Act::SeeOrders, order)));
        filter.after = last;
        if !full || found.len() >= wanted {
            break;
        }
    }
    found.truncate(wanted);
    Ok(found)
}

/// One order, for who may do this to it; another brand's is not there.
pub async fn find(app: &App, actor: &Actor, id: OrderId, act: Act) -> Result<Order, Problem> {
    require_somewhere(actor, Act::SeeOrders)?;
    let order = app.till.orders().order(id).await?.ok_or(Code::NotFound)?;
    if !staff_may(actor, Act::SeeOrders, &order) {
        return Err(Code::NotFound.into());
    }
    if staff_may(actor, act, &order) { Ok(order) } else { Err(Code::NotAllowed.into()) }
}

#[derive(Clone, Debug)]
pub struct SendParcel {
    pub order: OrderId,
    pub carrier: String,
    pub tracking_number: String,
    /// For a carrier whose address we do not know; `https://` only.
    pub tracking_url: Option<String>,
    /// All that wait to be sent, when none are named.
    pub lines: Option<Vec<OrderLineId>>,
}

pub async fn send(app: &App, actor: &Actor, command: SendParcel) -> Result<Order, Problem> {
    let order = find(app, actor, command.order, Act::Fulfil).await?;
    let carrier = shop::address::tidy(&command.carrier);
    let tracking_number = shop::address::tidy(&command.tracking_number);
    for (field, text) in [("carrier", &carrier), ("tracking_number", &tracking_number)] {
        if text.is_empty() {
            return Err(Problem::field(field, "missing"));
        }
        if text.chars().count() > MAX_WORD {
            return Err(Problem::field(field, "too_long"));
        }
    }
    let given = command.tracking_url.filter(|url| !url.trim().is_empty());
    if given.as_ref().is_some_and(|url| !url.starts_with("https://") || url.len() > 500) {
        return Err(Problem::field("tracking_url", "not_a_web_address"));
    }
    let desk = &app.till.desk;
    let sent_at = app.now();
    let id = app.entropy.draw(|random| ParcelId::mint(sent_at, random));
    let tracking_url = given.or_else(|| tracking_url(&carrier, &tracking_number));
    let parcel = Parcel { id, carrier, tracking_number, tracking_url, sent_at, delivered_at: None };
    let what = What::Send { order: order.id, parcel, lines: command.lines };
    match till::send(&*desk.till, desk.command(what)).await? {
        Sent::Order(order) => Ok(*order),
        Sent::NotPaid => Err(Code::NotPaid.into()),
        Sent::NothingToSend => Err(Code::NothingToSend.into()),
        Sent::Unknown => Err(Code::NotFound.into()),
    }
}

/// Cancels an order and gives its money back. Safe to ask twice; what the provider leaves open, a job finishes.
pub async fn cancel(app: &App, actor: &Actor, id: OrderId, reason: CancelReason) -> Result<Order, Problem> {
    let order = find(app, actor, id, Act::Refund).await?;
    let desk = &app.till.desk;
    match till::cancel(&*desk.till, desk.command(What::Cancel { order: order.id, reason })).await? {
        Cancelled::Order(cancelled) => {
            if order.state != cancelled.state {
                note(app, actor, Entry::new(Deed::OrderCancelled, &order.number).detail(reason.as_str())).await;
            }
            desk.complete(id).await
        }
        Cancelled::AlreadySent => Err(Code::AlreadySent.into()),
        Cancelled::Unknown => Err(Code::NotFound.into()),
    }
}

/// What the last 30 days took: (orders, sum), a currency each. Whole-house figures need the whole house's orders.
pub async fn figures(app: &App, actor: &Actor) -> Result<Vec<(i64, Money)>, Problem> {
    require(actor, Act::SeeOrders, Place::HOUSE)?;
    let taken = app.till.orders().taken(app.now() - Millis::from_days(30)).await?;
    Ok(taken.into_iter().map(|(currency, orders, minor)| (orders, Money::new(minor, currency))).collect())
}
