//! A return comes in: it is received, and looked at later; or it is not taken.

use kernel::{OrderId, ReturnId};
use shop::books::Asked;
use shop::change::RefusedBecause;
use shop::order::Order;

use super::{By, change};
use crate::access::Act;
use crate::till::office::find;
use crate::{Actor, App, Problem};

/// The pieces are here. What becomes of them is decided by [`super::decide`].
pub async fn receive(app: &App, actor: &Actor, order: OrderId, version: u32, id: ReturnId) -> Result<Order, Problem> {
    let order = find(app, actor, order, Act::Fulfil).await?;
    change(app, actor, By::Staff, order.id, version, Asked::Receive { id }).await
}

/// The return is not taken, whether the pieces came or not.
pub async fn refuse(
    app: &App,
    actor: &Actor,
    order: OrderId,
    version: u32,
    id: ReturnId,
    why: RefusedBecause,
) -> Result<Order, Problem> {
    let order = find(app, actor, order, Act::Refund).await?;
    change(app, actor, By::Staff, order.id, version, Asked::Refuse { id, why }).await
}
