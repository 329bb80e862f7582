//! What a buyer sees of their own orders.

use kernel::OrderId;
use shop::order::Order;

use super::order_key;
use crate::access::{Act, Place, may};
use crate::ports::{Next, OrderFilter, Own};
use crate::{Actor, App, Code, PersonKind, Problem};

/// The order, for who holds its key, whose device or account bought it, or staff of its brands. Anybody else's is not
/// there.
pub async fn visible(app: &App, actor: &Actor, id: OrderId, key: Option<&str>) -> Result<Order, Problem> {
    let order = app.till.orders().order(id).await?.ok_or(Code::NotFound)?;
    let by_key = key.is_some_and(|key| order_key::opens(key, &order.key_hash));
    let own = own(app, actor).await?;
    let bought = own.viewer == Some(order.viewer) || (order.person.is_some() && own.person == order.person);
    if by_key || bought || staff_may(actor, Act::SeeOrders, &order) || proven(app, &own, id).await? {
        Ok(order)
    } else {
        Err(Code::NotFound.into())
    }
}

/// Whether the order went to an address that the account has proven.
async fn proven(app: &App, own: &Own, id: OrderId) -> Result<bool, Problem> {
    if own.email.is_none() && own.phone.is_none() {
        return Ok(false);
    }
    let same = |one: &Option<String>, other: &Option<String>| one.is_some() && one == other;
    let buyer = app.till.orders().buyer(id).await?;
    Ok(buyer.is_some_and(|b| same(&own.email, &b.contact.email) || same(&own.phone, &b.contact.phone)))
}

/// Whether staff may do this to every line's brand: an order of two brands is both brands' business.
#[must_use]
pub fn staff_may(actor: &Actor, act: Act, order: &Order) -> bool {
    order.lines.iter().all(|line| {
        let place = line.show.map_or(Place::brand(line.brand), |at| Place::show(line.brand, at.show));
        may(actor, act, place)
    })
}

/// Whose orders the caller's are: those of this device, of their account on every device, and those that were bought as a
/// guest under the address that the account has proven.
async fn own(app: &App, actor: &Actor) -> Result<Own, Problem> {
    let mut own = Own { viewer: actor.viewer, person: actor.person_id(), ..Own::default() };
    if let Some(buyer) = actor.person.as_ref().filter(|person| person.kind == PersonKind::Buyer)
        && let Some(row) = app.ports.people.person(buyer.id).await?
    {
        (own.email, own.phone) = (row.email, row.phone);
    }
    Ok(own)
}

/// The caller's own orders, newest first.
pub async fn mine(app: &App, actor: &Actor, after: Option<OrderId>, limit: u32) -> Result<Vec<Order>, Problem> {
    let filter = OrderFilter { own: Some(own(app, actor).await?), after, limit, ..OrderFilter::default() };
    Ok(app.till.orders().list(filter).await?.into_iter().map(|(order, _)| order).collect())
}

/// Where the buyer goes on paying, while the order waits for it.
pub async fn payment_page(app: &App, order: &Order) -> Option<String> {
    if order.state != shop::order::OrderState::AwaitingPayment {
        return None;
    }
    match app.till.desk.status(order).await.ok()??.next {
        Next::Redirect(url) => Some(url),
        Next::Done => None,
    }
}
