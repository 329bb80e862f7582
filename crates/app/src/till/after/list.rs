//! Returns as the office works through them.

use kernel::ReturnId;
use shop::order::Order;
use shop::returns::{Return, Step};

use crate::access::{Act, require_somewhere};
use crate::till::orders::staff_may;
use crate::{Actor, App, Problem};

/// A return beside its order and its buyer's name.
#[derive(Clone, Debug)]
pub struct Listed {
    pub order: Order,
    pub buyer: String,
    pub found: Return,
}

/// Returns that the actor may see, newest first, and behind which one the next page begins.
pub async fn list(
    app: &App,
    actor: &Actor,
    step: Option<&str>,
    after: Option<ReturnId>,
    limit: u32,
) -> Result<(Vec<Listed>, Option<ReturnId>), Problem> {
    require_somewhere(actor, Act::SeeOrders)?;
    if step.is_some_and(|step| !Step::WORDS.contains(&step)) {
        return Err(Problem::field("step", "not_a_choice"));
    }
    let rows = app.till.orders().returns(step, after, limit).await?;
    let full = rows.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let next = rows.last().map(|(id, _)| *id).filter(|_| full);
    let mut wanted: Vec<_> = rows.iter().map(|(_, order)| *order).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let orders = app.till.orders().with_buyers(wanted).await?;
    let mut listed = Vec::with_capacity(rows.len());
    for (id, order) in rows {
        let Some((order, buyer)) = orders.iter().find(|(known, _)| known.id == order) else { continue };
        if !staff_may(actor, Act::SeeOrders, order) {
            continue;
        }
        let Some(found) = order.returns().into_iter().find(|one| one.id == id) else { continue };
        let buyer = buyer.as_ref().map(|buyer| buyer.contact.name.clone()).unwrap_or_default();
        listed.push(Listed { order: order.clone(), buyer, found });
    }
    Ok((listed, next))
}
