//! What was received is accepted: paid back, or exchanged for another size.

use kernel::{Money, OrderId, OrderLineId, ReturnId, VariantId};
use shop::books::Asked;
use shop::order::{Order, OrderLine};
use shop::returns::Return;

use super::{By, change};
use crate::access::Act;
use crate::till::goods::for_sale;
use crate::till::office::find;
use crate::{Actor, App, Code, Problem};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Pay it back, less what it lost in worth, in minor units.
    PayBack { less_minor: i64 },
    /// Send pieces of this variant of the same product, at the price that was paid.
    Replace { with: VariantId },
}

/// Accepts a return that was received. `restock` puts its pieces back on sale.
///
/// # Errors
/// `return_not_at_that_step` when it was not received yet, or was decided before; `sold_out` when nothing is left to send.
pub async fn accept(
    app: &App,
    actor: &Actor,
    order: OrderId,
    version: u32,
    id: ReturnId,
    restock: bool,
    outcome: Outcome,
) -> Result<Order, Problem> {
    let order = find(app, actor, order, Act::Refund).await?;
    let what = match outcome {
        Outcome::PayBack { less_minor } => Asked::PayBack { id, less_minor, restock },
        Outcome::Replace { with } => {
            let with = Box::new(exchanged(app, &order, id, with).await?);
            Asked::Replace { id, with, restock }
        }
    };
    change(app, actor, By::Staff, order.id, version, what).await
}

/// The line that is sent for a return, as it shall be stored.
async fn exchanged(app: &App, order: &Order, id: ReturnId, with: VariantId) -> Result<OrderLine, Problem> {
    let known: Option<Return> = order.returns().into_iter().find(|one| one.id == id);
    let pieces = known.ok_or(Code::NotFound)?.pieces;
    let [piece] = pieces.as_slice() else { return Err(Problem::field("replace_with", "not_a_choice")) };
    let line = order.line(piece.line).ok_or(Code::NotFound)?;
    let standing = app.till.goods.standing(&[with]).await?;
    let found = for_sale(app, &standing).await?.remove(&with).filter(|found| found.product == line.product);
    let found = found.ok_or_else(|| Problem::field("replace_with", "not_a_choice"))?;
    let now = app.now();
    let nothing = Money::zero(order.totals.total.currency);
    Ok(OrderLine {
        id: app.entropy.draw(|random| OrderLineId::mint(now, random)),
        variant: with,
        quantity: piece.quantity,
        unit: nothing,
        total: nothing,
        reductions: Vec::new(),
        title: found.title.clone(),
        values: found.values.clone(),
        sku: found.sku.clone(),
        picture: found.picture,
        claim: None,
        parcel: None,
        ..line.clone()
    })
}
