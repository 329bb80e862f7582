//! Paying a part of an order back without a return: a piece that is missing at packing, a scratch, goodwill.

use kernel::OrderId;
use shop::books::{Asked, RefundReason, Refunded, What};
use shop::change::Piece;
use shop::give_back::{Sum, sum};
use shop::order::Order;

use super::{By, change};
use crate::access::Act;
use crate::audit::{Deed, Entry, note};
use crate::ports::till;
use crate::till::office::find;
use crate::{Actor, App, Code, Problem};

/// What would go back for these pieces now, explained line by line, less what the shop keeps.
pub async fn preview(
    app: &App,
    actor: &Actor,
    order: OrderId,
    pieces: &[Piece],
    less_minor: i64,
) -> Result<Sum, Problem> {
    let order = find(app, actor, order, Act::SeeOrders).await?;
    sum(&order, pieces, less_minor).map_err(|_| Problem::field("less_minor", "out_of_range"))
}

/// Pays pieces back, and takes those off the order that were not sent.
pub async fn pieces(
    app: &App,
    actor: &Actor,
    order: OrderId,
    version: u32,
    pieces: Vec<Piece>,
    why: RefundReason,
) -> Result<Order, Problem> {
    let order = find(app, actor, order, Act::Refund).await?;
    change(app, actor, By::Staff, order.id, version, Asked::Refund { pieces, why }).await
}

/// A piece does not lie where it should: another one that is free is packed instead.
pub async fn take_elsewhere(
    app: &App,
    actor: &Actor,
    order: OrderId,
    version: u32,
    pieces: Piece,
) -> Result<Order, Problem> {
    let order = find(app, actor, order, Act::Fulfil).await?;
    change(app, actor, By::Staff, order.id, version, Asked::TakeElsewhere { pieces }).await
}

/// Pays an amount back that is no piece's price, in minor units; every piece stays as it is. `key` makes a second asking no
/// second refund.
pub async fn amount(
    app: &App,
    actor: &Actor,
    order: OrderId,
    minor: i64,
    why: RefundReason,
    key: &str,
) -> Result<Order, Problem> {
    let order = find(app, actor, order, Act::Refund).await?;
    let desk = &app.till.desk;
    let what = What::Refund { order: order.id, minor, reason: why, key: format!("amount:{key}") };
    match till::refund(&*desk.till, desk.command(what)).await? {
        Refunded::Order(_) => {
            note(app, actor, Entry::new(Deed::OrderChanged, &order.number).detail(why.as_str())).await;
            desk.complete(order.id).await
        }
        Refunded::NotPaid => Err(Code::NotPaid.into()),
        Refunded::TooMuch { left_minor } => {
            Err(Problem::field("amount_minor", "out_of_range").with("left_minor", left_minor))
        }
        Refunded::KeyReused => Err(Code::IdempotencyKeyReused.into()),
        Refunded::Unknown => Err(Code::NotFound.into()),
    }
}
