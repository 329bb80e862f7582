//! Drops, claims and who waits, looked up in the books.

use std::collections::BTreeSet;

use async_trait::async_trait;
use kernel::{ClaimId, DropId, ShowId, Timestamp, ViewerId};
use shop::books::next_step;
use shop::claim::{Claim, ClaimState, Source};
use shop::drop::{Drop, Stage, Waiter};
use shop::order::OrderState;
use shop::reconcile::Row;

use super::MemoryTill;
use crate::ports::{BookRows, Drops, StoreError, Tab};

fn some(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

fn of_show(claim: &Claim, show: ShowId) -> bool {
    claim.show.is_some_and(|at| at.show == show)
}

#[async_trait]
impl Drops for MemoryTill {
    async fn plan_drop(&self, drop: Drop) -> Result<(), StoreError> {
        let books = &mut self.rows().books;
        if books.drop_of(drop.id).is_some_and(|known| known.stage != Stage::Planned) {
            return Err(StoreError::Changed);
        }
        books.add_drop(drop);
        Ok(())
    }

    async fn unplan_drop(&self, id: DropId) -> Result<bool, StoreError> {
        let books = &mut self.rows().books;
        let planned = books.drop_of(id).is_some_and(|drop| drop.stage == Stage::Planned);
        if planned {
            books.forget_drop(id);
        }
        Ok(planned)
    }

    async fn drop_of(&self, id: DropId) -> Result<Option<Drop>, StoreError> {
        Ok(self.rows().books.drop_of(id).cloned())
    }

    async fn drops_of_show(&self, show: ShowId) -> Result<Vec<Drop>, StoreError> {
        Ok(self.rows().books.drops().filter(|drop| drop.at.show == show).cloned().collect())
    }

    async fn armed_drops(&self, limit: u32) -> Result<Vec<Drop>, StoreError> {
        Ok(self.rows().books.drops().filter(|drop| drop.armed().is_some()).take(some(limit)).cloned().collect())
    }

    async fn unpaid_drops(&self, drops: &[DropId]) -> Result<Vec<DropId>, StoreError> {
        let rows = self.rows();
        let open = rows.books.claims().filter(|claim| claim.state == ClaimState::Open);
        let found: BTreeSet<DropId> = open.filter_map(|claim| claim.of.drop()).collect();
        Ok(found.into_iter().filter(|drop| drops.contains(drop)).collect())
    }

    async fn waiters(&self, drop: DropId, limit: u32) -> Result<Vec<Waiter>, StoreError> {
        Ok(self.rows().books.waiting(drop).take(some(limit)).cloned().collect())
    }

    async fn sweep_lines(&self, _ended_drops_keep_no_line_here: u32) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn claim_of(&self, id: ClaimId) -> Result<Option<Claim>, StoreError> {
        Ok(self.rows().books.claim_of(id).cloned())
    }

    async fn tab(&self, viewer: ViewerId, show: Option<ShowId>) -> Result<Tab, StoreError> {
        let rows = self.rows();
        let own = |claim: &&Claim| {
            claim.viewer == viewer
                && claim.state == ClaimState::Open
                && claim.of != Source::Checkout
                && show.is_none_or(|show| of_show(claim, show))
        };
        let mut waiting = Vec::new();
        for drop in rows.books.drops().filter(|drop| show.is_none_or(|show| drop.at.show == show)) {
            let found = (1..).zip(rows.books.waiting(drop.id)).find(|(_, waiter)| waiter.viewer == viewer);
            waiting.extend(found.map(|(place, waiter)| (waiter.clone(), place)));
        }
        Ok(Tab { claims: rows.books.claims().filter(own).cloned().collect(), waiting })
    }

    async fn claims_of_show(&self, show: ShowId, limit: u32) -> Result<Vec<Claim>, StoreError> {
        let rows = self.rows();
        let own = |claim: &&Claim| claim.of != Source::Checkout && of_show(claim, show);
        let mut found: Vec<Claim> = rows.books.claims().filter(own).cloned().collect();
        found.reverse();
        found.truncate(some(limit));
        Ok(found)
    }

    async fn claims_of_drop(&self, drop: DropId) -> Result<Vec<Claim>, StoreError> {
        Ok(self.rows().books.claims().filter(|claim| claim.of.drop() == Some(drop)).cloned().collect())
    }

    async fn due_claims(&self, now: Timestamp, limit: u32) -> Result<Vec<ClaimId>, StoreError> {
        let rows = self.rows();
        let mut due: Vec<&Claim> = rows.books.claims().filter(|claim| claim.on_tab() && claim.until <= now).collect();
        due.sort_by_key(|claim| (claim.until, claim.id));
        Ok(due.into_iter().take(some(limit)).map(|claim| claim.id).collect())
    }

    async fn shows_with_loose_claims(&self) -> Result<Vec<ShowId>, StoreError> {
        let rows = self.rows();
        let loose = rows.books.claims().filter(|claim| claim.on_tab() && claim.after_show_hours.is_some());
        let shows: BTreeSet<ShowId> = loose.filter_map(|claim| claim.show).map(|at| at.show).collect();
        Ok(shows.into_iter().collect())
    }

    async fn loose_claims(&self, show: ShowId, limit: u32) -> Result<Vec<(ClaimId, u16)>, StoreError> {
        let rows = self.rows();
        let own = rows.books.claims().filter(|claim| claim.on_tab() && of_show(claim, show));
        Ok(own.filter_map(|claim| Some((claim.id, claim.after_show_hours?))).take(some(limit)).collect())
    }

    async fn barred_until(&self, viewer: ViewerId, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.rows().books.strikes_of(viewer).and_then(|strikes| strikes.barred(now)))
    }
}

/// Paid pieces that wait to be sent, sums and what is unfinished are not kept here: they are what they should be.
#[async_trait]
impl BookRows for MemoryTill {
    async fn every_row(&self, each: &mut (dyn FnMut(Row) + Send)) -> Result<(), StoreError> {
        let rows = self.rows();
        let books = &rows.books;
        books.shelf.rows().for_each(|stock| each(Row::Stock(*stock)));
        for drop in books.drops() {
            let waiters = i64::try_from(books.waiting(drop.id).count()).unwrap_or(i64::MAX);
            each(Row::Drop { drop: Box::new(drop.clone()), waiters });
        }
        books.claims().for_each(|claim| each(Row::Claim(Box::new(claim.clone()))));
        for order in books.orders().filter(|order| order.state.stands()) {
            for line in order.lines.iter().filter(|line| line.parcel.is_none() && order.left(line) > 0) {
                let Some(claim) = line.claim.and_then(|claim| books.claim_of(claim)) else { continue };
                let (quantity, places) = (i64::from(claim.quantity), claim.places.clone());
                if !claim.is_rehearsal() {
                    each(Row::Allocation { line: line.id, variant: claim.variant, quantity, places });
                }
            }
        }
        for offer in rows.offers.keys() {
            let used = books.offer_count(*offer).map_or(0, |count| count.used);
            each(Row::Offer { offer: *offer, used });
        }
        for order in books.orders() {
            for one in order.returns() {
                each(Row::Return { id: one.id, order: order.id, step: one.step.as_str().to_owned() });
            }
        }
        for order in books.orders() {
            let unfinished = order.state == OrderState::AwaitingPayment || next_step(order).is_some();
            let total_minor = order.totals.total.minor;
            each(Row::Order { order: Box::new(order.clone()), total_minor, unfinished });
        }
        Ok(())
    }
}
