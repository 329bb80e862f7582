//! A buyer wants to send pieces back.

use kernel::OrderId;
use shop::books::Asked;
use shop::change::{Piece, ReturnReason, Wish};
use shop::order::Order;

use super::{By, change};
use crate::access::Act;
use crate::till::orders::{staff_may, visible};
use crate::{Actor, App, Problem};

#[derive(Clone, Debug)]
pub struct AskReturn {
    pub order: OrderId,
    /// Of the order, as the buyer saw it.
    pub version: u32,
    pub pieces: Vec<Piece>,
    pub why: ReturnReason,
    pub wish: Wish,
}

/// Asks for a return: the buyer for their own order, which `key` may open, or staff who were called.
///
/// # Errors
/// `pieces_not_there` when the buyer does not have so many; a field of the wish when the product has no such variant.
pub async fn ask(app: &App, actor: &Actor, key: Option<&str>, command: AskReturn) -> Result<Order, Problem> {
    let AskReturn { order, version, pieces, why, wish } = command;
    let order = visible(app, actor, order, key).await?;
    if let Wish::Exchange { variant } = wish {
        let named = pieces.first().and_then(|piece| order.line(piece.line));
        let standing = app.till.goods.standing(&[variant]).await?;
        let same = |line: &shop::order::OrderLine| standing.iter().any(|other| other.product == line.product);
        if !named.is_some_and(same) {
            return Err(Problem::field("exchange_for", "not_a_choice"));
        }
    }
    let by = if staff_may(actor, Act::SeeOrders, &order) { By::Staff } else { By::Buyer };
    change(app, actor, by, order.id, version, Asked::Return { pieces, why, wish }).await
}
