//! Payment → paid order: the second half of a checkout, woken by the browser, by the webhook, or by a job after a crash.

use kernel::{ClaimId, EntryId, OrderId, Random, Timestamp, VariantId};

use super::claims::Claims;
use super::place::fresh_claim;
use super::refund::corrected;
use super::{Books, TillEvent, append_own};
use crate::claim::{Claim, ClaimState, InOrder, Source};
use crate::order::{Order, OrderLine, OrderState};
use crate::payment::{Balance, EventKind, LedgerEntry, ProviderEvent};
use crate::shelf::Shelf;

/// What became of a provider's news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// The order as it is now; without news it is as before.
    Order(Box<Order>),
    Unknown,
}

/// What has to be asked of the provider next, outside any batch; each is safe to ask twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// The order stands and its money is only held.
    Capture { minor: i64 },
    /// The order does not stand: held money is let go, and the payment closed, so that none comes later.
    Void,
    /// Money is owed back.
    Refund { minor: i64 },
}

/// The next thing to ask of the provider, if any.
#[must_use]
pub fn next_step(order: &Order) -> Option<NextStep> {
    let balance = Balance::of(&order.ledger);
    let over = matches!(order.state, OrderState::Cancelled | OrderState::Expired);
    if let Some((_, minor)) = refund_due(order) {
        Some(NextStep::Refund { minor })
    } else if order.state.stands() && balance.held() > 0 && balance.captured < order.totals.total.minor {
        Some(NextStep::Capture { minor: order.totals.total.minor - balance.captured })
    } else if over && (balance.held() > 0 || !closed(order)) {
        Some(NextStep::Void)
    } else {
        None
    }
}

/// The oldest promise of money back that was not kept yet, and how much of it is missing. Each is asked of the provider
/// under its own key, one after the other, so that a lost answer never gives money back twice.
#[must_use]
pub fn refund_due(order: &Order) -> Option<(&LedgerEntry, i64)> {
    let mut back = Balance::of(&order.ledger).refunded;
    for entry in order.ledger.iter().filter(|entry| entry.kind == EventKind::RefundAsked) {
        if back < entry.amount.minor {
            return Some((entry, entry.amount.minor - back));
        }
        back -= entry.amount.minor;
    }
    None
}

/// Whether no money can come any more: it came already, or the provider closed the payment.
fn closed(order: &Order) -> bool {
    order.ledger.iter().any(|entry| matches!(entry.kind, EventKind::Captured | EventKind::Voided))
}

impl Books {
    /// Writes a provider's news into the ledger and draws the consequence. The same news twice is news once; in
    /// whatever order they come, the outcome is the same: an order that has its money has its pieces, and money that
    /// found none is owed back.
    pub fn settle(&mut self, id: OrderId, news: &[ProviderEvent], at: Timestamp, random: &mut Random) -> Settled {
        let Some(order) = self.orders.get_mut(&id) else { return Settled::Unknown };
        let fresh = news.iter().filter(|event| record(order, event, random)).count();
        let balance = Balance::of(&order.ledger);
        let enough = balance.secured() >= order.totals.total.minor && balance.secured() - balance.refund_asked > 0;
        let had_state = order.state;
        match order.state {
            OrderState::AwaitingPayment if enough => pay(order, &mut self.claims, &mut self.shelf),
            OrderState::Expired if enough => revive(order, &mut self.claims, &mut self.shelf, at, random),
            _ => {}
        }
        if had_state == OrderState::Expired && order.state == OrderState::Paid {
            self.use_offers_again(id);
        }
        let Some(order) = self.orders.get_mut(&id) else { return Settled::Unknown };
        let became_paid = had_state != OrderState::Paid && order.state == OrderState::Paid;
        let owed = owed(order);
        if owed > 0 {
            let key = format!("refund:{id}:{}", balance.refund_asked);
            append_own(order, EventKind::RefundAsked, owed, key, at, random);
        }
        if !order.rehearsal {
            if became_paid {
                self.events.push(TillEvent::OrderPaid { order: id });
                self.events.extend(order.lines.iter().filter_map(|line| {
                    Some(TillEvent::Sold { at: line.show?, variant: line.variant, quantity: line.quantity })
                }));
            }
            if owed > 0 {
                self.events.push(TillEvent::MoneyReturned { order: id });
            }
        }
        if fresh > 0 || owed > 0 || became_paid {
            self.changed.insert(id);
        }
        Settled::Order(Box::new(self.orders[&id].clone()))
    }
}

/// Whether it was news. In another currency than the order's, it is no news of this order.
fn record(order: &mut Order, event: &ProviderEvent, random: &mut Random) -> bool {
    let key = format!("{}:{}", order.provider, event.reference);
    let known = order.ledger.iter().any(|entry| entry.idempotency_key == key);
    if known || event.amount.currency != order.totals.total.currency {
        return false;
    }
    order.ledger.push(LedgerEntry {
        id: EntryId::mint(event.at, random),
        payment: order.payment,
        kind: event.kind,
        amount: event.amount,
        reference: Some(event.reference.clone()),
        idempotency_key: key,
        at: event.at,
    });
    true
}

/// What was captured beyond what the order is worth, and not promised back yet.
fn owed(order: &Order) -> i64 {
    let balance = Balance::of(&order.ledger);
    let worth = match order.state {
        OrderState::AwaitingPayment => balance.captured.min(order.totals.total.minor),
        OrderState::Cancelled | OrderState::Expired => 0,
        OrderState::Paid | OrderState::PartlySent | OrderState::Sent | OrderState::Delivered => {
            order.totals.total.minor - corrected(order)
        }
    };
    balance.captured - balance.refund_asked - worth
}

/// Every claim is still open: the pieces are the buyer's, even a moment after the deadline.
fn pay(order: &mut Order, claims: &mut Claims, shelf: &mut Shelf) {
    for id in order.lines.iter().filter_map(|line| line.claim) {
        let claim = claims.change(id);
        assert!(claim.state == ClaimState::Open, "an order that awaits payment has open claims");
        shelf.allocate(claim.variant, &claim.places);
        claim.state = ClaimState::Paid;
    }
    order.state = OrderState::Paid;
}

/// The order had ended unpaid: it takes back what went to the buyer's tab and still stands there, and what is free now for
/// the rest; all of it or nothing.
fn revive(order: &mut Order, claims: &mut Claims, shelf: &mut Shelf, at: Timestamp, random: &mut Random) {
    let mut on_tab = on_tab_again(order, claims);
    let missing = |line: &usize| !order.rehearsal && on_tab[*line].is_none();
    let missing: Vec<usize> = (0..order.lines.len()).filter(missing).collect();
    let wanted: Vec<(VariantId, i64)> =
        missing.iter().map(|line| (order.lines[*line].variant, i64::from(order.lines[*line].quantity))).collect();
    let Ok(places) = shelf.claim(&wanted) else { return };
    for (at_line, places) in missing.into_iter().zip(places) {
        let line = &order.lines[at_line];
        // A claim that ended was let go where it came from; what comes now comes off the shelf.
        let id = line.claim.unwrap_or_else(|| {
            let claim = fresh_claim(order, line, at, random);
            let id = claim.id;
            claims.make(claim);
            id
        });
        let claim = claims.change(id);
        (claim.places, claim.state, claim.of) = (places, ClaimState::Open, Source::Checkout);
        on_tab[at_line] = Some(id);
    }
    for (line, id) in order.lines.iter_mut().zip(on_tab) {
        if let Some(id) = id {
            claims.change(id).order = Some(InOrder { order: order.id, line: line.id });
            line.claim = Some(id);
        }
    }
    pay(order, claims, shelf);
}

/// For each line of an order that ended unpaid, the claim on the buyer's tab that it would take back.
pub(super) fn on_tab_again(order: &Order, claims: &Claims) -> Vec<Option<ClaimId>> {
    let mut on_tab: Vec<Option<ClaimId>> = Vec::new();
    for line in &order.lines {
        let found = claims.all().find(|claim| fits_again(claim, order, line) && !on_tab.contains(&Some(claim.id)));
        on_tab.push(found.map(|claim| claim.id));
    }
    on_tab
}

fn fits_again(claim: &Claim, order: &Order, line: &OrderLine) -> bool {
    line.claim.is_none()
        && claim.on_tab()
        && claim.belongs_to(order.viewer, order.person)
        && (claim.variant, claim.quantity) == (line.variant, line.quantity)
        && claim.is_rehearsal() == order.rehearsal
}
