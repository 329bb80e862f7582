//! What a buyer sees of their own orders.

use kernel::OrderId;
use shop::order::Order;

use super::order_key;
use crate::access::{Act, Place, may};
use crate::ports::{Next, OrderFilter};
use crate::{Actor, App, Code, Problem};

/// The order, for who holds its key, whose device or account bought it, or staff of its brands. Anybody else's is not
/// there.
pub async fn visible(app: &App, actor: &Actor, id: OrderId, key: Option<&str>) -> Result<Order, Problem> {
    let order = app.till.orders().order(id).await?.ok_or(Code::NotFound)?;
    let by_key = key.is_some_and(|key| order_key::opens(key, &order.key_hash));
    let own = actor.viewer == Some(order.viewer) || (order.person.is_some() && actor.person_id() == order.person);
    if by_key || own || staff_may(actor, Act::SeeOrders, &order) { Ok(order) } else { Err(Code::NotFound.into()) }
}

/// Whether staff may do this to every line's brand: an order of two brands is both brands' business.
#[must_use]
pub fn staff_may(actor: &Actor, act: Act, order: &Order) -> bool {
    order.lines.iter().all(|line| {
        let place = line.show.map_or(Place::brand(line.brand), |at| Place::show(line.brand, at.show));
        may(actor, act, place)
    })
}

/// The caller's own orders, newest first.
pub async fn mine(app: &App, actor: &Actor, after: Option<OrderId>, limit: u32) -> Result<Vec<Order>, Problem> {
    let (viewer, person) = match (actor.person_id(), actor.viewer) {
        (Some(person), _) => (None, Some(person)),
        (None, Some(viewer)) => (Some(viewer), None),
        (None, None) => return Ok(Vec::new()),
    };
    let filter = OrderFilter { viewer, person, after, limit, ..OrderFilter::default() };
    Ok(app.till.orders().list(filter).await?.into_iter().map(|(order, _)| order).collect())
}

/// Where the buyer goes on paying, while the order waits for it.
pub async fn payment_page(app: &App, order: &Order) -> Option<String> {
    if order.state != shop::order::OrderState::AwaitingPayment {
        return None;
    }
    let desk = &app.till.desk;
    match desk.ask(desk.payments.status(order.payment)).await.ok()??.next {
        Next::Redirect(url) => Some(url),
        Next::Done => None,
    }
}
