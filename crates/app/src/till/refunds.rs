//! Refunds that a provider does not do: asked again ever more seldom, then given up and listed for staff.

use kernel::{Millis, Money, OrderId};
use shop::books::refund_due;
use shop::order::Order;

use super::desk::Desk;
use super::office::find;
use crate::access::{Act, Place, require};
use crate::audit::{Deed, Entry, note};
use crate::ports::{NoAnswer, Stuck};
use crate::{Actor, App, Code, Problem};

/// So often a refund is asked for: with the waits between, for some three days.
const TRIES: u32 = 20;
/// The first wait; each is twice the one before, up to the longest.
const WAIT: Millis = Millis::from_mins(1);
const LONGEST: Millis = Millis::from_mins(6 * 60);
/// The list ends here; a house with more has a provider that is gone.
const LISTED: u32 = 200;
/// Characters of what a provider says that are kept.
const DETAIL_CHARS: usize = 300;

/// A refund that is not asked for by itself any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StuckRefund {
    pub order: Order,
    /// What is missing of the oldest promise.
    pub due: Money,
    pub stuck: Stuck,
}

/// How long is waited after so many tries; none after the last.
fn wait(tries: u32) -> Option<Millis> {
    let doubled = WAIT.0.saturating_mul(1 << (tries.max(1) - 1).min(20));
    (tries < TRIES).then(|| Millis(doubled.min(LONGEST.0)))
}

impl Desk {
    /// After a round of asking: a refund that is still due was asked for once more in vain.
    pub(super) async fn count_try(&self, order: &Order, silent: Option<NoAnswer>) -> Result<(), Problem> {
        if refund_due(order).is_none() {
            return Ok(());
        }
        let now = self.now();
        let before = self.orders.stuck(order.id).await?;
        let tries = before.as_ref().map_or(0, |stuck| stuck.tries) + 1;
        let detail = silent.map_or_else(|| "the provider did not give the money back".to_owned(), |silent| silent.0);
        let stuck = Stuck {
            tries,
            next_at: wait(tries).map(|wait| now + wait),
            detail: detail.chars().take(DETAIL_CHARS).collect(),
            since: before.map_or(now, |stuck| stuck.since),
        };
        if stuck.next_at.is_none() {
            tracing::warn!(order = %order.id, tries, detail = stuck.detail, "a refund is given up: staff see it in the office");
        }
        Ok(self.orders.keep_stuck(order.id, Some(stuck)).await?)
    }

    /// Asks for an order's refund from the beginning.
    pub async fn ask_again(&self, order: OrderId) -> Result<Order, Problem> {
        self.orders.keep_stuck(order, None).await?;
        let looked = self.look(order).await?;
        self.count_try(&looked.order, looked.silent).await?;
        Ok(looked.order)
    }
}

/// Refunds that were given up, the oldest first. The money is the whole house's.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<StuckRefund>, Problem> {
    require(actor, Act::SeeOrders, Place::HOUSE)?;
    let mut found = Vec::new();
    for (id, stuck) in app.till.orders().given_up(LISTED).await? {
        let Some(order) = app.till.orders().order(id).await? else { continue };
        let Some((_, minor)) = refund_due(&order) else { continue };
        let due = Money::new(minor, order.totals.total.currency);
        found.push(StuckRefund { order, due, stuck });
    }
    Ok(found)
}

/// Staff have it asked for again, with all its tries.
///
/// # Errors
/// `nothing_to_refund` when nothing is due; `payment_unavailable` when the provider does not do it now either.
pub async fn ask_again(app: &App, actor: &Actor, id: OrderId) -> Result<Order, Problem> {
    let order = find(app, actor, id, Act::Refund).await?;
    if refund_due(&order).is_none() {
        return Err(Code::NothingToRefund.into());
    }
    note(app, actor, Entry::new(Deed::RefundAskedAgain, &order.number)).await;
    let order = app.till.desk.ask_again(id).await?;
    if refund_due(&order).is_some() { Err(Code::PaymentUnavailable.into()) } else { Ok(order) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waits_grow_and_end() {
        let waits: Vec<i64> = (1..).map_while(wait).map(|wait| wait.0 / 60_000).collect();
        assert_eq!(waits[..10], [1, 2, 4, 8, 16, 32, 64, 128, 256, 360]);
        assert_eq!((waits.len(), waits[18]), (19, 360));
    }
}
